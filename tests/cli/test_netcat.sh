# `kith connect` and `kith listen`: standard input and output through a connection.

head -c 20000000 /dev/urandom >"$work/big"
head -c 10000000 /dev/urandom >"$work/other"
printf 'hello\n' >"$work/small"

# listener NAME ARGUMENT...: standard input as given, output to $work/NAME.data.
listener() {
	local name=$1
	shift
	rm -f "$work/$name.data" "$work/$name.err"
	"$kith" listen "$@" >"$work/$name.data" 2>"$work/$name.err" <&0 &
	started=$!
	pids+=("$started")
	wait_for "$name" '^ready|"ready"' || return 1
	at=udp:$(sed -n 's/^ready: .*udp \([0-9.:]*\).*/\1/p' "$work/$name.err")
}
same() { cmp -s "$1" "$2" || { ls -l "$1" "$2"; return 1; }; }
# connect STATUS INPUT ARGUMENT...: output in $work/out
connect() {
	local wanted=$1 input=$2 status=0
	shift 2
	timeout 60 "$kith" connect "$@" >"$work/out" 2>"$work/err" <"$input" || status=$?
	[ "$status" = "$wanted" ] || { echo "connect: status $status"; return 1; }
}

listener one --udp 127.0.0.1:0 </dev/null
check "connect sends its input" connect 0 "$work/big" "$at"
check "listen ends when its peer has ended" ends 0 "$started"
check "what arrives is what was sent" same "$work/big" "$work/one.data"
check "standard output carries nothing else" [ ! -s "$work/out" ]

listener two --udp 127.0.0.1:0 <"$work/other"
check "both directions at once" connect 0 "$work/big" "$at"
check "listen ends too" ends 0 "$started"
check "one way" same "$work/big" "$work/two.data"
check "other way" same "$work/other" "$work/out"

listener three --udp 127.0.0.1:0 <"$work/big"
check "only listen has something to say" connect 0 /dev/null "$at"
check "listen ends after saying it" ends 0 "$started"
check "it arrived" same "$work/big" "$work/out"

sleep 60 | listener four --udp 127.0.0.1:0
# The pipe puts listener in a shell of its own: find its address in the file.
at=udp:$(sed -n 's/^ready: .*udp \([0-9.:]*\).*/\1/p' "$work/four.err")
check "end of input closes although the other side has not ended" connect 0 "$work/small" "$at"
check "and the data is there" eval 'for i in $(seq 100); do same "$work/small" "$work/four.data" >/dev/null && break; sleep 0.05; done; same "$work/small" "$work/four.data"'

start echo echo --udp 127.0.0.1:0
echo_pid=$started
wait_for echo '^ready'
at=udp:$(sed -n 's/^ready: .*udp \([0-9.:]*\).*/\1/p' "$work/echo.out")
check "an echoing peer" connect 0 "$work/big" "$at"
check "gives everything back" same "$work/big" "$work/out"
stop "$echo_pid"

# A reader that does not read: memory stays bounded on both sides and nothing is lost.
mkfifo "$work/fifo"
"$kith" listen --udp 127.0.0.1:0 >"$work/fifo" 2>"$work/slow.err" </dev/null &
slow=$!
pids+=("$slow")
exec 9<"$work/fifo"
wait_for slow '^ready'
at=udp:$(sed -n 's/^ready: .*udp \([0-9.:]*\).*/\1/p' "$work/slow.err")
cat "$work/big" "$work/big" "$work/big" "$work/big" >"$work/huge"
"$kith" connect "$at" <"$work/huge" 2>"$work/fast.err" &
fast=$!
pids+=("$fast")
sleep 3
kilobytes=$(awk '/^VmRSS/ { print $2 }' "/proc/$slow/status" "/proc/$fast/status" | sort -n | tail -n 1)
check "memory is bounded when the reader does not read ($kilobytes KB)" [ "$kilobytes" -lt 40000 ]
cat <&9 >"$work/slow.data"
exec 9<&-
check "the sender ends well" ends 0 "$fast"
check "the receiver ends well" ends 0 "$slow"
check "nothing was lost" same "$work/huge" "$work/slow.data"

start_signald
listener five --identity str:bob --signaling "$url" </dev/null
check "by identity" connect 0 "$work/big" str:bob --identity str:alice --signaling "$url"
check "listen by identity ends" ends 0 "$started"
check "by identity it arrives" same "$work/big" "$work/five.data"

"$kith" connect str:two --identity str:one --symmetric --signaling "$url" <"$work/big" >"$work/one.data" 2>"$work/one.err" &
one=$!
pids+=("$one")
check "both sides call" connect 0 "$work/other" str:one --identity str:two --symmetric --signaling "$url"
check "the first caller ends" ends 0 "$one"
check "first to second" same "$work/big" "$work/out"
check "second to first" same "$work/other" "$work/one.data"

listener six --udp 127.0.0.1:0 --json </dev/null
at=udp:$(jq -r 'select(.event == "ready") | .udp' "$work/six.err")
kill -TERM "$started"
check "SIGTERM ends listen with status 0" ends 0 "$started"
check "nobody there: status 1" connect 1 "$work/small" udp:127.0.0.1:9 --timeout 1
check "nobody comes: status 1" run 1 listen --udp 127.0.0.1:0 --timeout 1
stop "$signald"
