#!/bin/bash
# renew.sh [BUILD]: makes the descriptions in abi/ anew from the headers and the library of a build folder
# (default build/tests/plain). From version 1.0 on, only for what is an addition.
set -eu

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${1:-$root/build/tests/plain}
. "$root/tests/abi/describe.sh"

new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
describe_all "$build/libkith.so" "$root/include" "$root/abi/kith.map" "$new"
if [ -f "$root/abi/kith.abi" ] && ! grep -q 'KITH_VERSION_MAJOR\s*0' "$root/include/kith/version.h"; then
	status=0
	compare_abi "$root/abi/kith.abi" "$build/libkith.so" || status=$?
	[ $((status & 8)) = 0 ] || { echo 'this is not an addition: old programs would break'; exit 1; }
	removed=$(comm -23 "$root/abi/constants.txt" "$new/constants.txt")
	[ -z "$removed" ] || { echo "constants that changed: $removed"; exit 1; }
fi
cp "$new"/kith.sym "$new"/kith.abi "$new"/kith.json "$new"/constants.txt "$root/abi/"
mkdir -p "$root/abi/baseline/kith"
rm -f "$root"/abi/baseline/kith/*.h
cp "$root"/include/kith/*.h "$root/abi/baseline/kith/"
echo 'abi/ is renewed'
