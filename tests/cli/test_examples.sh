# The examples, and the one in the README: compiled as a user would, against the public headers and
# the library alone, and run.

root=$here/../..
build=$(dirname "$kith")

# compile NAME SOURCE
compile() {
	cc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Wshadow -Werror -I"$root/include" -o "$work/$1" "$2" \
		-L"$build" -lkith -Wl,-rpath,"$build" >"$work/out" 2>"$work/err"
}
# launch NAME PROGRAM ARGUMENT...: as start, for another program than kith.
launch() {
	local name=$1
	shift
	rm -f "$work/$name.out" "$work/$name.err"
	stdbuf -oL "$@" >"$work/$name.out" 2>"$work/$name.err" <&0 &
	started=$!
	pids+=("$started")
}

for name in custom_signaling echo_direct chat_p2p messages_ping; do
	check "$name.c compiles" compile "$name" "$root/examples/$name.c"
done
sed -n '/^```c$/,/^```$/p' "$root/README.md" | sed '1d;$d' >"$work/readme.c"
check "the README's example compiles" compile readme "$work/readme.c"
check "the README's example is short" [ "$(wc -l <"$work/readme.c")" -le 40 ]

check "custom_signaling ends well" eval 'timeout 30 "$work/custom_signaling" >"$work/out" 2>"$work/err"'
check "Bob hears Alice" grep -q '^str:bob hears: hello Bob$' "$work/out"
check "Alice hears Bob" grep -q '^str:alice hears: hello Alice$' "$work/out"

launch echoer "$work/echo_direct" listen 127.0.0.1:47613
wait_for echoer '^listening'
check "echo_direct gets its word back" [ "$(timeout 30 "$work/echo_direct" connect 127.0.0.1:47613 hello)" = hello ]
kill "$started"

start_signald
mkfifo "$work/to_alice" "$work/to_bob"
exec 7<>"$work/to_alice" 8<>"$work/to_bob"
launch alice "$work/chat_p2p" str:alice str:bob "$url" <"$work/to_alice"
alice=$started
launch bob "$work/chat_p2p" str:bob str:alice "$url" <"$work/to_bob"
wait_for alice '^\(connected'
wait_for bob '^\(connected'
echo 'hello Bob' >&7
wait_for bob '^str:alice: hello Bob'
echo 'hello Alice' >&8
check "they chat" wait_for alice '^str:bob: hello Alice'
exec 7>&- 8>&-
kill "$alice" "$started"

launch ponger "$work/messages_ping" str:ponger "$url"
ponger=$started
wait_for ponger '^ready'
timeout 30 "$work/messages_ping" str:pinger "$url" str:ponger 5 >"$work/out" 2>"$work/err"
check "messages_ping hears five answers" [ "$(grep -cE '^[1-5]: [0-9.]+ ms$' "$work/out")" = 5 ]
check "messages_ping asks once" [ "$(grep -c '^str:pinger is welcome$' "$work/ponger.out")" = 1 ]
kill "$ponger"

start bob echo --identity str:bob --signaling "$url"
wait_for bob '^ready'
sed -i "s|tcp://127.0.0.1:10000|$url|" "$work/readme.c"
compile readme "$work/readme.c"
check "the README's example prints the answer" [ "$(timeout 30 "$work/readme")" = hello ]
stop "$started"
stop "$signald"
