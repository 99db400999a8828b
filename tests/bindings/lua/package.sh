#!/bin/bash
# package.sh BUILD: the Lua package as its users get it: the rock, the examples, a program with Lua in it; whether luacheck and
# the reference agree with the sources. Prints N passed, N failed.
build=$(cd "$1" && pwd)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
work=$(mktemp -d)
. "$root/tests/bindings/signald.sh"
pids=()
trap 'for pid in "${pids[@]}" "$signald_pid"; do kill "$pid" 2>/dev/null; done; wait; rm -rf "$work" "$signald_say"' EXIT
passed=0 failed=0
check() {
	local name=$1
	shift
	if "$@" >"$work/out" 2>&1; then passed=$((passed + 1)); else
		failed=$((failed + 1))
		echo "FAILED: $name"
		tail -n 20 "$work/out"
	fi
}
home=$build/bindings/lua/5.4
export LUA_PATH="$home/?.lua;$home/?/init.lua;;" LUA_CPATH="$home/?.so;;"

check 'luacheck' luacheck -q "$root/bindings/lua/kith" "$root/tests/bindings/lua" "$root/examples/lua" --max-line-length 140
check 'the reference is that of the sources' python3 "$root/bindings/lua/reference.py" --check

# --- examples
lua5.4 "$root/examples/lua/echo.lua" >"$work/echo" &
pids+=("$!")
for _ in $(seq 200); do grep -q '^ready' "$work/echo" && break; sleep 0.05; done
check 'echo.lua sends back' "$build/kith" ping "udp:$(sed -n 's/^ready: //p' "$work/echo")" -c 3 -i 0.01
pair() { # pair NAME COMMAND...: alice and bob call each other
	local name=$1
	shift
	printf 'hello bob\n\n\n' | timeout 60 "$@" str:alice str:bob "$KITH_TEST_SIGNALING" >"$work/$name.alice" 2>&1 &
	local other=$!
	printf 'hello alice\n\n\n' | timeout 60 "$@" str:bob str:alice "$KITH_TEST_SIGNALING" >"$work/$name.bob" 2>&1
	local status=$?
	wait "$other" && [ "$status" = 0 ] || { cat "$work/$name".*; return 1; }
}
p2p() { pair p2p lua5.4 "$root/examples/lua/p2p.lua" && grep -q '^hello from str:bob$' "$work/p2p.alice"; }
check 'p2p.lua connects two' p2p
chat() { pair chat lua5.4 "$root/examples/lua/chat.lua" && grep -q '^str:bob: hello alice$' "$work/chat.alice"; }
check 'chat.lua carries lines' chat
guide() {
	sed -n '/^```lua$/,/^```$/p' "$root/docs/lua.md" | sed '1d;/^```$/,$d' >"$work/guide.lua"
	[ "$(wc -l <"$work/guide.lua")" -le 15 ] || { echo 'it has more than 15 lines'; return 1; }
	"$build/kith" echo --identity str:echo --signaling "$KITH_TEST_SIGNALING" >/dev/null &
	pids+=("$!")
	sed -i "s|tcp://127.0.0.1:10000|$KITH_TEST_SIGNALING|" "$work/guide.lua"
	timeout 60 lua5.4 "$work/guide.lua" >"$work/guide" && grep -q '^hello$' "$work/guide"
}
check "the guide's first program" guide

# --- Lua inside of a program
check 'the sources of a rock' cmake --build "$build" --target lua_rock
rock=$build/bindings/lua/rock
embed() {
	# shellcheck disable=SC2046
	cc -std=c11 -Dluaopen_core=luaopen_kith_core -I"$root/include" -I"$rock" -o "$work/embed" "$root/examples/lua/embed.c" "$rock"/*.c \
		$(pkg-config --cflags --libs lua5.4) -L"$build" -lkith -Wl,-rpath,"$build" -lm &&
		LUA_CPATH='' LUA_PATH="$rock/?.lua;$rock/?/init.lua" "$work/embed" "$root/tests/bindings/lua/unit.lua"
}
check 'embed.c runs Lua with Kith in it' embed

# A warning of GLib's would be about types that the first load has left behind.
states() {
	# shellcheck disable=SC2046
	cc -std=c11 -o "$work/states" "$root/tests/bindings/lua/states.c" $(pkg-config --cflags --libs lua5.4) -rdynamic &&
		G_DEBUG=fatal-warnings timeout 90 "$work/states" "$root/tests/bindings/lua/states.lua"
}
check 'states that come one after the other' states

# --- the rock
rock_builds() {
	cmake --install "$build" --prefix "$work/prefix" >/dev/null && cd "$rock" &&
		luarocks --lua-version 5.4 --tree "$work/tree" make kith-scm-1.rockspec KITH_DIR="$work/prefix" \
			KITH_LIBDIR="$(dirname "$(find "$work/prefix" -name libkith.so)")" &&
		LUA_PATH="$work/tree/share/lua/5.4/?.lua;$work/tree/share/lua/5.4/?/init.lua" LUA_CPATH="$work/tree/lib/lua/5.4/?.so" \
			LD_LIBRARY_PATH=$(dirname "$(find "$work/prefix" -name libkith.so)") lua5.4 -e 'print((require "kith").version)'
}
check 'the rock builds against an installed Kith, and runs' rock_builds

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
