# The rules of docs/style.md, and clang-format.
. "$(dirname "$0")/lib.sh"
run_program python3 "$KITH_ROOT/tests/tidy/tidy.py"
[ "$failed" = 0 ] || cat "$work/program"

sources() { (cd "$KITH_ROOT" && find src include tests examples -name '*.[ch]' -not -path '*/inproc/*' -o -name '*.cpp' | sort); }
format() { (cd "$KITH_ROOT" && sources | xargs clang-format --dry-run -Werror --style=file); }
# Other versions lay out other things: the one of Debian 12 is the judge.
if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
	check 'the layout is not what clang-format makes of it' format
else
	skip 'clang-format 14 is not there'
fi
finish
