#!/bin/bash
# examples.sh echo|chat|p2p BUILT: runs an example of examples/csharp and looks at what it prints.
set -eu
built=$2
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
run() { timeout 40 dotnet "$built/$1/bin/$1.dll" "${@:2}"; }
appears() { for _ in $(seq 200); do grep -q "$1" "$2" 2>/dev/null && return; sleep 0.1; done; cat "$2"; return 1; }

case $1 in
echo)
	run Echo listen 127.0.0.1:0 >"$folder/server" &
	appears listening "$folder/server"
	[ "$(run Echo connect "$(sed 's/.* //' "$folder/server")" some words)" = 'some words' ]
	;;
chat)
	(appears connected "$folder/bob"; echo hello; sleep 1) | run Chat str:alice str:bob "$KITH_TEST_SIGNALING" >"$folder/alice" &
	sleep 30 | run Chat str:bob str:alice "$KITH_TEST_SIGNALING" >"$folder/bob" &
	appears 'str:alice: hello' "$folder/bob"
	;;
p2p)
	run P2P listen str:dave "$KITH_TEST_SIGNALING" >"$folder/dave" &
	run P2P call str:carol "$KITH_TEST_SIGNALING" str:dave >"$folder/carol"
	grep -qE 'saw 60|ended after' "$folder/carol"
	;;
esac
