# The scenarios that every binding runs, by the C interface; and whether they reach all of it.
. "$(dirname "$0")/lib.sh"
build plain
. "$KITH_ROOT/tests/bindings/signald.sh"
run_program "$build/tests/bindings/scenario_driver" "$KITH_ROOT/tests/bindings/scenarios.txt"
finish
