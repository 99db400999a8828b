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
		command -v "$interpreter" >/dev/null && [ -f "$home/kith/core.so" ] && [ -f "$file" ] || continue
		echo "$interpreter env LUA_PATH=$home/?.lua;$home/?/init.lua;$tests/lua/?.lua;; LUA_CPATH=$home/?.so;; $interpreter $file"
	done
}

python() {
	local interpreter=/usr/bin/python3 home=$build/bindings/python file
	case $kind in
	scenarios) file=$tests/python/scenarios.py ;;
	peer) file=$tests/languages/peer.py ;;
	bench) file=$tests/bench/message_cost.py ;;
	esac
	[ -f "$file" ] && [ -x "$interpreter" ] && PYTHONPATH=$home "$interpreter" -c 'import kith' 2>/dev/null || return 0
	echo "python env PYTHONPATH=$home $interpreter $file$([ "$kind" != scenarios ] || echo " plain")"
}

# Made here, as only what is run here needs it; without the SDK there is none.
csharp() {
	local home=$build/bindings/csharp out=$build/tests/bindings/csharp
	local project=$tests/languages/csharp/programs.csproj program="$out/programs.dll $kind"
	[ "$kind" != scenarios ] ||
		{ out+=-scenarios project=$tests/csharp/Scenarios/Scenarios.csproj program=$out/Scenarios.dll; }
	[ -f "$home/generated/Native.cs" ] && dotnet --list-sdks 2>/dev/null | grep -q . || return 0
	dotnet build "$project" -c Release -nologo -v:quiet -p:KithBuild="$home" \
		-p:BaseIntermediateOutputPath="$out/obj/" -o "$out" >&2 && cp "$home"/native/*.so* "$out/" ||
		{ echo "csharp false"; return 0; }
	echo "csharp dotnet $program"
}

# Made by tests/parts/54-csharp.sh.
mono() {
	local home=$build/bindings/csharp program=
	case $kind in
	scenarios) program=$home/mono/Scenarios.exe ;;
	bench) program=$home/mono/MessageCost.exe ;;
	esac
	[ -f "$program" ] && type -P mono >/dev/null || return 0
	echo "mono env LD_LIBRARY_PATH=$home/native MONO_PATH=$home/mono mono $program"
}

for language in ${3:-c python lua csharp mono}; do
	! declare -F "$language" >/dev/null || "$language"
done
