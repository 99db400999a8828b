# The scenarios that every binding runs, by the C interface; whether they reach all of it; and whether
# the memory of a program that sends a million messages grows, in each language.
. "$(dirname "$0")/lib.sh"
build plain
. "$KITH_ROOT/tests/bindings/signald.sh"
# The dynamic linker notes each function when it is called for the first time.
LD_DEBUG=bindings LD_DEBUG_OUTPUT=$work/calls \
	run_program "$build/tests/bindings/scenario_driver" "$KITH_ROOT/tests/bindings/scenarios.txt"
cat "$work"/calls.* >"$work/calls"
run_program python3 "$KITH_ROOT/tests/bindings/coverage.py" c "$work/calls"
run_program python3 "$KITH_ROOT/tests/bindings/bench/compare.py" "$build" --memory
finish
