# Real sockets on loopback, real libnice; then peers in network namespaces, with NATs and a real relay.
. "$(dirname "$0")/lib.sh"
build plain
run_programs io
run_program python3 "$KITH_ROOT/tests/io/netns.py" "$build"
cat "$work/program" # who took which way, and how fast
finish
