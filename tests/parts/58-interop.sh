# Against an installed GNS, found by CMake: CMAKE_PREFIX_PATH=/where/it/is tests/run.sh interop. The closing
# line counts rows of the table in docs/testing.md, "Interoperation".
. "$(dirname "$0")/lib.sh"
build plain
if ! grep -q '^GameNetworkingSockets_DIR:PATH=/' "$build/CMakeCache.txt"; then
	skip 'CMake finds no package GameNetworkingSockets (CMAKE_PREFIX_PATH says where to look)'
	finish
fi
run_program python3 "$KITH_ROOT/tests/interop/interop.py" "$build/tests/interop" "$build/kith"
[ "$failed" != 0 ] || grep -E '^(passed|skipped) ' "$work/program"
finish
