# Everything that runs in one process, under AddressSanitizer and UndefinedBehaviorSanitizer.
. "$(dirname "$0")/lib.sh"
build asan
for part in unit scenario io api; do
	run_programs $part
done
. "$KITH_ROOT/tests/bindings/signald.sh"
run_program "$build/tests/bindings/scenario_driver" "$KITH_ROOT/tests/bindings/scenarios.txt"
run_program "$build/tests/sim/random_worlds" 20001 "${KITH_ASAN_WORLDS:-500}"
run_program "$build/tests/sim/messages_worlds" 20001 $((${KITH_ASAN_WORLDS:-500} / 5))
finish
