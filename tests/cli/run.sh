#!/bin/bash
# Tests of the `kith` command, driven as a user drives it. Prints `N passed, N failed, N skipped`.
#
#   tests/cli/run.sh BUILD_FOLDER [NAME...]     names: usage signald udp p2p diagnosis messages netcat transfer trust examples doctor bench
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kith=$(cd "$1" && pwd)/kith
shift
work=$(mktemp -d)
. "$here/lib.sh"
trap 'end_all; exec 9<&-; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

[ -x "$kith" ] || { echo "$kith is not there: build it first"; exit 1; }
command -v jq >/dev/null || { echo "jq is needed"; exit 1; }

for name in "${@:-usage signald udp p2p diagnosis messages netcat transfer trust examples doctor bench}"; do
	for part in $name; do
		echo "- $part"
		. "$here/test_$part.sh"
		end_all
		# What wait_for could take for the output of a later one of the same name.
		rm -f "$work"/*.out "$work"/*.err
	done
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
