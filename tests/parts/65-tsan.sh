# What has threads, under ThreadSanitizer; tests run without criterion, which cannot start there.
. "$(dirname "$0")/lib.sh"
build tsan
export TSAN_OPTIONS="suppressions=$KITH_ROOT/tests/support/tsan.supp:halt_on_error=0:exitcode=66"
# GLib hands its own blocks from thread to thread under locks that are not instrumented.
export G_SLICE=always-malloc
# The simulations of the pure core have one thread.
rm -f "$build"/tests/unit/sim_*
for part in unit io api; do
	run_programs $part
done
. "$KITH_ROOT/tests/bindings/signald.sh"
run_program "$build/tests/bindings/scenario_driver" "$KITH_ROOT/tests/bindings/scenarios.txt"
finish
