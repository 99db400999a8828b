# Making and comparing the descriptions in abi/. Sourced.

exported_names() { nm -D --defined-only "$1" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' | LC_ALL=C sort -u; }

# describe_all LIBRARY INCLUDE MAP FOLDER: all of them, into the folder. Debian's own Python, for its libclang.
describe_all() {
	exported_names "$1" >"$4/kith.sym"
	/usr/bin/python3 "$(dirname "${BASH_SOURCE[0]}")/describe.py" "$2" "$3" >"$4/kith.json" || return 1
	jq -r '.constants[] | "\(.name) \(.value)"' "$4/kith.json" | LC_ALL=C sort >"$4/constants.txt"
	abidw --headers-dir "$2/kith" --drop-private-types --no-show-locs --no-comp-dir-path --no-corpus-path --no-elf-needed \
		--exported-interfaces-only "$1" | sed -E "s| path='[^']*/src/| path='src/|" >"$4/kith.abi"
	[ -s "$4/kith.abi" ]
}

# compare_abi BASELINE LIBRARY: libabigail's verdict as its status: 0 the same, 4 changed, 8 incompatible.
compare_abi() { abidiff --no-show-locs "$1" "$2"; }
