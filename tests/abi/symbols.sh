# The library and the headers against the descriptions in abi/, and the checks against canaries: copies with
# a change that must be noticed. Sourced by the part abi.
. "$KITH_ROOT/tests/abi/describe.sh"

# stale FOLDER LIBRARY: nothing is said when FOLDER's descriptions are those of abi/.
same_as_baseline() {
	local name
	for name in kith.sym constants.txt kith.json; do
		diff "$KITH_ROOT/abi/$name" "$1/$name" || return 1
	done
	compare_abi "$KITH_ROOT/abi/kith.abi" "$2"
}

mkdir -p "$work/now"
check 'describing the interface' describe_all "$build/libkith.so" "$KITH_ROOT/include" "$KITH_ROOT/abi/kith.map" "$work/now"
check 'a name is exported that does not begin with kith_' sh -c "! grep -vE '^kithx?_' '$work/now/kith.sym'"
check 'the library has debug information, which the comparison needs' sh -c "readelf -S '$build/libkith.so' | grep -q debug_info"
check 'the interface is not the one of abi/ (abi/README.md)' same_as_baseline "$work/now" "$build/libkith.so"

# canary NAME FILE OLD NEW: a copy of the sources with a change; building it and comparing must fail.
canary() {
	local name=$1 file=$2 old=$3 new=$4 copy=$work/canary
	rm -rf "$copy" "$work/seen"
	mkdir -p "$copy" "$work/seen"
	cp -r "$KITH_ROOT"/{CMakeLists.txt,LICENSE,include,src,abi} "$copy/"
	perl -0pi -e 'BEGIN { ($old, $new) = splice(@ARGV, 0, 2) } s/\Q$old\E/$new/' "$old" "$new" $(printf "$copy/%s " $file)
	if diff -rq "$KITH_ROOT/include" "$copy/include" >/dev/null && diff -rq "$KITH_ROOT/abi" "$copy/abi" >/dev/null; then
		fail "the canary '$name' changes nothing"
		return
	fi
	if ! { cmake -S "$copy" -B "$work/canary-build" -G Ninja -DCMAKE_C_FLAGS=-w $canary_launcher &&
		cmake --build "$work/canary-build" --target kith -j "$KITH_JOBS"; } >"$work/canary.log" 2>&1; then
		tail -n 20 "$work/canary.log"
		fail "the canary '$name' does not build"
	elif describe_all "$work/canary-build/libkith.so" "$copy/include" "$copy/abi/kith.map" "$work/seen" >/dev/null 2>&1 &&
		same_as_baseline "$work/seen" "$work/canary-build/libkith.so" >/dev/null 2>&1; then
		fail "the canary '$name' lives: nobody noticed it"
	else
		pass
	fi
}
canary_launcher=''
command -v ccache >/dev/null && canary_launcher='-DCMAKE_C_COMPILER_LAUNCHER=ccache'
canary 'a changed signature' 'include/kith/sockets.h src/api/api_sockets.c' 'kith_connection_flush(kith_connection connection)' \
	'kith_connection_flush(uint64_t connection)'
canary 'a removed symbol' 'abi/kith.map' '		kith_connection_flush;
' ''
canary 'a moved field' 'include/kith/stats.h' '	int64_t ping_us;' '	int64_t canary;
	int64_t ping_us;'
canary 'a changed constant' 'include/kith/types.h' 'KITH_STATE_CLOSED_BY_PEER = 4' 'KITH_STATE_CLOSED_BY_PEER = 6'
