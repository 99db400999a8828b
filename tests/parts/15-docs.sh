# The links of the manuals lead somewhere; pages made of the library's tables are not stale; what is written
# agrees with the interface.
. "$(dirname "$0")/lib.sh"
run_program python3 "$KITH_ROOT/tests/tidy/links.py"
build plain config_page kith_cli
"$build/tests/docs/config_page" >"$work/config.md"
check "docs/config.md is stale: $build/tests/docs/config_page >docs/config.md makes it new" diff "$KITH_ROOT/docs/config.md" "$work/config.md"
python3 "$KITH_ROOT/tests/docs/states_page.py" >"$work/states.md"
check 'docs/states.md is stale: python3 tests/docs/states_page.py >docs/states.md makes it new' diff "$KITH_ROOT/docs/states.md" "$work/states.md"
python3 "$KITH_ROOT/tests/docs/man_page.py" "$build/kith" >"$work/kith.1"
check "docs/kith.1 is stale: tests/docs/man_page.py $build/kith >docs/kith.1 makes it new" diff "$KITH_ROOT/docs/kith.1" "$work/kith.1"
check 'docs/nat-traversal.md is stale: tests/natlab/natlab.py docs makes it new' python3 "$KITH_ROOT/tests/natlab/natlab.py" docs check
run_program python3 "$KITH_ROOT/tests/docs/agree.py"
gns=$(find /usr/include /usr/local/include -maxdepth 1 -name GameNetworkingSockets 2>/dev/null | head -n 1)
run_program python3 "$KITH_ROOT/tests/docs/parity.py" ${gns:+"$gns"}
reference() { (cd "$KITH_ROOT" && mkdir -p build && doxygen docs/Doxyfile >"$work/doxygen" 2>&1; [ ! -s "$work/doxygen" ] || { cat "$work/doxygen"; false; }); }
if command -v doxygen >/dev/null; then
	check 'the reference manual has gaps' reference
else
	skip 'doxygen is not there'
fi
finish
