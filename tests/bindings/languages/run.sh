#!/bin/bash
# run.sh BUILD: peers of all languages call each other through `kith signald`, each every other one, and exchange
# messages. Prints N passed, N failed, N skipped: a pair and direction is one test.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/../signald.sh"
passed=0 failed=0 skipped=0

declare -A command_of=() process_of=()
while read -r name words; do
	command_of[$name]=$words
done < <(bash "$here/../programs.sh" "$build" peer)
command_of[another_c]=${command_of[c]}
for language in python lua csharp; do
	[ -n "$(bash "$here/../programs.sh" "$build" peer "$language")" ] ||
		{ skipped=$((skipped + 1)); echo "skipped $language: it has no interpreter here, or is not built"; }
done

# Words are split, and no more: there are question marks among them.
set -f
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
