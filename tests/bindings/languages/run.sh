#!/bin/bash
# run.sh BUILD: peers of all languages call each other through `kith signald`, each every other one, and exchange
# messages. bindings/LANGUAGE/peer.sh BUILD says how a language's peer is started, a line "NAME COMMAND..." for each
# interpreter there is. Prints N passed, N failed, N skipped: a pair and direction is one test.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../../..
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/../signald.sh"
passed=0 failed=0 skipped=0

declare -A command_of=([c]="$build/tests/bindings/peer" [another_c]="$build/tests/bindings/peer") process_of=()
for language in python lua csharp; do
	found=$(bash "$root/bindings/$language/peer.sh" "$build" 2>/dev/null)
	[ -n "$found" ] || { skipped=$((skipped + 1)); echo "skipped $language: it has no runtime here, or no binding"; }
	while read -r name words; do
		[ -z "$name" ] || command_of[$name]=$words
	done <<<"$found"
done

for name in "${!command_of[@]}"; do
	others=$(printf '%s\n' "${!command_of[@]}" | grep -vx "$name")
	# shellcheck disable=SC2086
	timeout 90 ${command_of[$name]} "$name" $others >"$work/$name" 2>&1 &
	process_of[$name]=$!
done
count=$((${#command_of[@]} - 1))
for name in "${!command_of[@]}"; do
	if wait "${process_of[$name]}" &&
		[ "$(tail -n 1 "$work/$name")" = "$name: $count called, $count served" ]; then
		passed=$((passed + count))
	else
		failed=$((failed + 1))
		echo "FAILED: $name"
		tail -n 20 "$work/$name"
	fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
