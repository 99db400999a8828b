# The Python binding: what its users see, and the scenarios of all bindings.
. "$(dirname "$0")/lib.sh"
build plain
python=$(sed -n 's/^_*Python3_EXECUTABLE:[A-Z]*=//p' "$build/CMakeCache.txt" | head -n 1)
[ -n "$python" ] || python=/usr/bin/python3
export PYTHONPATH=$build/bindings/python PYTHONDONTWRITEBYTECODE=1
tests=$KITH_ROOT/tests/bindings/python
run_program "$python" -W error "$tests/run.py" "$tests"
. "$KITH_ROOT/tests/bindings/signald.sh"
for style in plain asyncio; do
	run_program "$python" -W error "$tests/scenarios.py" $style "$KITH_ROOT/tests/bindings/scenarios.txt"
done
run_program python3 "$KITH_ROOT/tests/bindings/coverage.py" python
finish
