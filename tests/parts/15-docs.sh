# The links of the manuals lead somewhere; pages made of the library's tables are not stale.
. "$(dirname "$0")/lib.sh"
run_program python3 "$KITH_ROOT/tests/tidy/links.py"
build plain config_page
"$build/tests/docs/config_page" >"$work/config.md"
check "docs/config.md is stale: $build/tests/docs/config_page >docs/config.md makes it new" diff "$KITH_ROOT/docs/config.md" "$work/config.md"
python3 "$KITH_ROOT/tests/docs/states_page.py" >"$work/states.md"
check 'docs/states.md is stale: python3 tests/docs/states_page.py >docs/states.md makes it new' diff "$KITH_ROOT/docs/states.md" "$work/states.md"
finish
