# The Python binding: what its users see, and the scenarios of all bindings.
. "$(dirname "$0")/lib.sh"
build plain
python=$(sed -n 's/^_*Python3_EXECUTABLE:[A-Z]*=//p' "$build/CMakeCache.txt" | head -n 1)
[ -n "$python" ] || python=/usr/bin/python3
export PYTHONPATH=$build/bindings/python PYTHONDONTWRITEBYTECODE=1
tests=$KITH_ROOT/tests/bindings/python
run_program "$python" -W error "$tests/run.py" "$tests"
finish
