# Programs of all languages call each other peer to peer, through one signaling server.
. "$(dirname "$0")/lib.sh"
build plain
run_program bash "$KITH_ROOT/tests/bindings/languages/run.sh" "$build"
finish
