#!/bin/bash
# programs.sh BUILD KIND [LANGUAGE]: how the programs of each language are started that are in a build: a line
# "NAME COMMAND..." for each interpreter there is. KIND is scenarios, peer or bench.
build=$(cd "$1" && pwd)
kind=$2
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

c() {
	case $kind in
	scenarios) echo "c $build/tests/bindings/scenario_driver" ;;
	peer) echo "c $build/tests/bindings/peer" ;;
	bench) echo "c $build/tests/bindings/message_cost" ;;
	esac
}

lua() {
	local version interpreter home file
	case $kind in
	scenarios) file=$tests/lua/scenario.lua ;;
	peer) file=$tests/languages/peer.lua ;;
	bench) file=$tests/bench/message_cost.lua ;;
	esac
	for version in 5.1 5.2 5.3 5.4 jit; do
		interpreter=lua$version
		home=$build/bindings/lua/$version
		command -v "$interpreter" >/dev/null && [ -f "$home/kith/core.so" ] || continue
		echo "$interpreter env LUA_PATH=$home/?.lua;$home/?/init.lua;$tests/lua/?.lua;; LUA_CPATH=$home/?.so;; $interpreter $file"
	done
}

for language in ${3:-c python lua csharp}; do
	! declare -F "$language" >/dev/null || "$language"
done
