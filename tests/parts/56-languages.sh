# Programs of all languages call each other peer to peer, through one signaling server; and the page that says
# which language runs which scenario is true.
. "$(dirname "$0")/lib.sh"
build plain
run_program bash "$KITH_ROOT/tests/bindings/languages/run.sh" "$build"
. "$KITH_ROOT/tests/bindings/signald.sh"
run_program python3 "$KITH_ROOT/tests/bindings/grid.py" "$build" --check
finish
