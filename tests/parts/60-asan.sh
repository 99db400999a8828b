# Everything that runs in one process, under AddressSanitizer and UndefinedBehaviorSanitizer, Python and Lua with their bindings
# too.
. "$(dirname "$0")/lib.sh"
build asan
for part in unit scenario io api; do
	run_programs $part
done
. "$KITH_ROOT/tests/bindings/signald.sh"
run_program "$build/tests/bindings/scenario_driver" "$KITH_ROOT/tests/bindings/scenarios.txt"
run_program "$build/tests/sim/random_worlds" 20001 "${KITH_ASAN_WORLDS:-500}"
run_program "$build/tests/sim/messages_worlds" 20001 $((${KITH_ASAN_WORLDS:-500} / 5))

# Interpreters are not built with the sanitizers: their runtime has to be there before them.
sanitized() { run_program env LD_PRELOAD="$("${CC:-cc}" -print-file-name=libasan.so)" "$@"; }

# Python's allocator has to be out of the way. What SWIG makes anew while a module is being unloaded is never freed.
echo leak:_PyObject_New >"$work/lsan"
python=$(sed -n 's/^_*Python3_EXECUTABLE:[A-Z]*=//p' "$build/CMakeCache.txt" | head -n 1)
sanitized_python() {
	sanitized LSAN_OPTIONS="suppressions=$work/lsan:print_suppressions=0" PYTHONMALLOC=malloc PYTHONDONTWRITEBYTECODE=1 \
		PYTHONPATH="$build/bindings/python" "${python:-/usr/bin/python3}" -W error "$@"
}
tests=$KITH_ROOT/tests/bindings/python
sanitized_python "$tests/run.py" "$tests"
for style in plain asyncio; do
	sanitized_python "$tests/scenarios.py" $style "$KITH_ROOT/tests/bindings/scenarios.txt"
done

while read -r name command; do
	echo "$name"
	# shellcheck disable=SC2086
	sanitized ${command/scenario.lua/unit.lua}
done < <(bash "$KITH_ROOT/tests/bindings/programs.sh" "$build" scenarios lua)
finish
