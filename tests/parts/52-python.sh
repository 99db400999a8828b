# The Python binding: what its users see, and the scenarios of all bindings.
. "$(dirname "$0")/lib.sh"
# Also what a plain build does not make: the folder of the source package.
build plain all python_source
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
check 'the types, strictly' /usr/bin/mypy --strict --python-version 3.9 --cache-dir "$work/mypy" "$KITH_ROOT/bindings/python/kith"
check 'it reads as Python 3.9' "$python" -c 'import ast, sys
for name in sys.argv[1:]:
    ast.parse(open(name, encoding="utf-8").read(), name, feature_version=(3, 9))' "$KITH_ROOT"/bindings/python/kith/*.py
run_program "$python" "$tests/reference.py" --check
run_program bash "$tests/examples.sh" "$python"
run_program bash "$tests/packages.sh" "$build" "$python"
run_program bash "$tests/versions.sh" "$build" "$python"
finish
