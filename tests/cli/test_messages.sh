# Without connections: kith ping --messages, kith echo --messages.

# Two that ping each other, and both begin.
both_ping() {
	local first second
	"$kith" ping str:two --messages --symmetric --identity str:one --signaling "$url" -c 5 -i 0.02 >"$work/one.out" 2>"$work/one.err" </dev/null &
	first=$!
	"$kith" ping str:one --messages --symmetric --identity str:two --signaling "$url" -c 5 -i 0.02 >"$work/two.out" 2>"$work/two.err" </dev/null &
	second=$!
	pids+=("$first" "$second")
	ends 0 "$first" && ends 0 "$second" && grep -q ': 5 sent, 5 received' "$work/one.out" && grep -q ': 5 sent, 5 received' "$work/two.out" ||
		{ cat "$work"/one.* "$work"/two.*; return 1; }
}

start_signald
start bob echo --messages --identity str:bob --signaling "$url"
bob=$started
check "echo says that it takes messages" wait_for bob '^ready: identity str:bob, signaling tcp://[^ ]*, messages$'

check "ping without a connection" run 0 ping str:bob --messages --identity str:alice --signaling "$url" -c 5 -i 0.02
check "its route has both addresses" grep -qE '^connected to str:bob: route (loopback|lan), .+:[0-9]+ -> .+:[0-9]+, [0-9.]+ ms$' "$work/out"
check "all come back" grep -q '^--- str:bob: 5 sent, 5 received, 0 lost$' "$work/out"
check "the other side sees who sent" wait_for bob '^connected: str:alice, route'
check "and that she left" wait_for bob '^closed: str:alice by peer, code 1001'
check "another session with the same peer" run 0 ping str:bob --messages --identity str:alice --signaling "$url" -c 2 -i 0
check "on a channel of its own" run 0 ping str:bob --messages --channel -2147483648 --identity str:carol --signaling "$url" -c 3 -i 0.02
check "unreliable ones" run 0 ping str:bob --messages --channel=7 --unreliable --signaling "$url" -c 10 -i 0.01
check "large ones" run 0 ping str:bob --messages -s 524283 --signaling "$url" -c 2 -i 0
check "two at once" both_ping
check "nobody of that name" run 1 ping str:nobody --messages --signaling "$url" -c 1 --timeout 1
check "and the message says it" grep -q '^kith: str:nobody: ' "$work/err"
check "who answers connections only is not there" eval 'start dave echo --identity str:dave --signaling "$url" --config MessagesWaitingMax=0; dave=$started; wait_for dave ^ready; run 1 ping str:dave --messages --signaling "$url" -c 1 --timeout 1'
stop "$dave"

check "json has the events of connections" run 0 ping str:bob --messages --identity str:alice --signaling "$url" -c 3 -i 0.02 --json
check "one connected" json -s '[.[] | select(.event == "state" and .state == "connected" and .peer == "str:bob" and .ms > 0)] | length == 1' "$work/out"
check "three replies" json -s '[.[] | select(.event == "reply" and .bytes == 64 and .rtt_us > 0) | .seq] == [1, 2, 3]' "$work/out"
check "one summary" json -s '.[-1] | .event == "summary" and .sent == 3 and .received == 3 and .lost == 0' "$work/out"
stop "$bob"

start counting echo --messages --identity str:bob --signaling "$url" --count 2 --json
counting=$started
wait_for counting '"event":"ready"'
check "echo says so in json" json -s '.[0] | .event == "ready" and .messages == true and .identity == "str:bob" and (has("port") | not)' "$work/counting.out"
run 0 ping str:bob --messages --identity str:alice --signaling "$url" -c 1
run 0 ping str:bob --messages --identity str:carol --signaling "$url" -c 1
check "echo ends after two closed sessions" ends 0 "$counting"
check "and has said how they ended" json -s '[.[] | select(.state == "closed" and .by == "peer" and .code == 1001) | .peer] == ["str:alice", "str:carol"]' "$work/counting.out"

start bob echo --messages --identity str:bob --signaling "$url" --config MessagesIdleTimeout=300
bob=$started
wait_for bob '^ready'
check "a session that was idle goes on with the next ping" run 0 ping str:bob --messages --identity str:alice --signaling "$url" -c 2 -i 1.5
check "which both saw connect twice" [ "$(grep -c '^connected' "$work/out")" = 2 ]
check "and the other side end for being idle" wait_for bob '^closed: str:alice locally, code 1002'

"$kith" ping str:bob --messages --identity str:erin --signaling "$url" -i 0.05 >"$work/left.out" 2>"$work/left.err" </dev/null &
erin=$!
pids+=("$erin")
wait_for left 'seq=3'
stop "$bob"
check "a peer that leaves ends the pings" ends 1 "$erin"
check "and is named" grep -q '^kith: str:bob: closed by peer' "$work/left.err"

check "echo --messages hears nobody in time: status 1" run 1 echo --messages --identity str:bob --signaling "$url" --timeout 0.3
stop "$signald"
