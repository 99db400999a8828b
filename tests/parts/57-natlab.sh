# Homes behind every kind of NAT, in network namespaces: some of everything that tests/natlab/natlab.py can do.
. "$(dirname "$0")/lib.sh"
build plain
run_program python3 "$KITH_ROOT/tests/natlab/natlab.py" sample --build "$build"
cat "$work/program" # who took which way, and how fast
finish
