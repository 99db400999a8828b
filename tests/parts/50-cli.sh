# The kith command as its users drive it.
. "$(dirname "$0")/lib.sh"
build plain
run_program bash "$KITH_ROOT/tests/cli/run.sh" "$build"
finish
