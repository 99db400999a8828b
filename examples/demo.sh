#!/bin/sh
# Kith's main job on this machine, in one command: installs what building needs, builds, starts a
# signaling server and two peers that know only each other's identity, connects them peer to peer,
# exchanges messages, and prints what happened.
set -eu

cd "$(dirname "$0")/.."
build=${KITH_BUILD:-build}
kith=$build/kith
megabytes=${KITH_DEMO_MEGABYTES:-64}
packages='gcc cmake ninja-build pkg-config libc6-dev libglib2.0-dev libnice-dev libgnutls28-dev nettle-dev uthash-dev'

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'demo: %s\n' "$*" >&2; exit 1; }

install_packages() {
	missing=
	for package in $packages; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	say "installing$missing"
	as_root=
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || fail "these packages are missing and I may not install them:$missing"
		as_root=sudo
	fi
	# shellcheck disable=SC2086
	$as_root apt-get update -qq
	# shellcheck disable=SC2086
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# Every process we start, to be ended when we end.
pids=
work=$(mktemp -d)
clean() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null || true
	done
	for pid in $pids; do
		wait "$pid" 2>/dev/null || true
	done
	rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM

# Waits until a file holds a line with the words; a peer that dies is noticed.
wait_for() { # file words pid
	tries=0
	until grep -q "$2" "$1" 2>/dev/null; do
		kill -0 "$3" 2>/dev/null || { cat "$1" >&2; fail "a process ended too early"; }
		tries=$((tries + 1))
		[ "$tries" -lt 200 ] || { cat "$1" >&2; fail "waited too long for '$2'"; }
		sleep 0.05
	done
}

install_packages
say 'building'
if [ ! -f "$build/CMakeCache.txt" ]; then
	cmake -S . -B "$build" -G Ninja >"$work/cmake.log" || { cat "$work/cmake.log"; fail 'cmake failed'; }
fi
cmake --build "$build" --target kith_cli >"$work/build.log" || { cat "$work/build.log"; fail 'the build failed'; }
echo "built $kith"

say 'a signaling server'
"$kith" signald --listen 127.0.0.1:0 >"$work/signald" &
pids="$pids $!"
wait_for "$work/signald" '^listening on ' $!
cat "$work/signald"
url=tcp://$(sed -n 's/^listening on //p' "$work/signald")

say 'bob waits; alice knows his identity and the signaling server, nothing else'
"$kith" echo --identity str:bob --signaling "$url" >"$work/bob" 2>&1 &
bob=$!
pids="$pids $bob"
wait_for "$work/bob" '^ready' $bob
cat "$work/bob"

say 'alice calls bob and sends ten messages; bob sends each back'
"$kith" ping str:bob --identity str:alice --signaling "$url" -c 10 -i 0.05 || fail 'alice did not reach bob'

say "carol sends $megabytes MB to dave, encrypted, through standard input and output"
"$kith" listen --identity str:dave --signaling "$url" >"$work/received" 2>"$work/dave" </dev/null &
dave=$!
pids="$pids $dave"
wait_for "$work/dave" '^ready' $dave
head -c "${megabytes}000000" /dev/urandom >"$work/sent"
begin=$(date +%s%N)
"$kith" connect str:dave --identity str:carol --signaling "$url" <"$work/sent" || fail 'carol could not send'
wait "$dave" || fail 'dave did not end well'
end=$(date +%s%N)
cmp -s "$work/sent" "$work/received" || fail 'what dave received is not what carol sent'
awk -v bytes="${megabytes}000000" -v usec=$(((end - begin) / 1000)) 'BEGIN {
	printf "received complete and unchanged; throughput %.1f MB/s, connecting included\n", bytes / usec }'

say 'all done'
