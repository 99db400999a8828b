# By identity: signaling server, ICE on this machine, symmetric calls.

start_signald
start bob echo --identity str:bob --signaling "$url"
bob=$started
wait_for bob '^ready: .*identity str:bob'

check "ping by identity" run 0 ping str:bob --identity str:alice --signaling "$url" -c 5 -i 0.02
check "its route has both addresses" grep -qE '^connected to str:bob: route (loopback|lan), .+:[0-9]+ -> .+:[0-9]+, [0-9.]+ ms$' "$work/out"
check "ping without an identity of its own" run 0 ping str:bob --signaling "$url" -c 2 -i 0.02
check "the other side sees who called" wait_for bob '^connected: str:alice'
check "and that he left" wait_for bob '^closed: str:alice by peer, code 1000'
check "another virtual port has nobody" run 1 ping str:bob --port 7 --signaling "$url" -c 1 --timeout 1
check "nobody of that name" run 1 ping str:nobody --signaling "$url" -c 1 --timeout 1
stop "$bob"

head -c 32 /dev/urandom >"$work/key"
start keyed echo --key "$work/key" --signaling "$url"
keyed=$started
wait_for keyed '^ready: .*identity (key|gen):[0-9a-f]{64}'
owner=$(sed -n 's/^ready: .*identity \([a-z]*:[0-9a-f]*\).*/\1/p' "$work/keyed.out")
check "the owner of a key" run 0 ping "key:${owner#*:}" --signaling "$url" -c 2 -i 0.02
stop "$keyed"

# both NAME...: two pings call each other, with or without a head start.
both() {
	local pause=$1 first second
	shift
	"$kith" ping str:two --identity str:one --symmetric --signaling "$url" -c 5 -i 0.02 "$@" >"$work/one.out" 2>"$work/one.err" </dev/null &
	first=$!
	sleep "$pause"
	"$kith" ping str:one --identity str:two --symmetric --signaling "$url" -c 5 -i 0.02 "$@" >"$work/two.out" 2>"$work/two.err" </dev/null &
	second=$!
	pids+=("$first" "$second")
	ends 0 "$first" && ends 0 "$second" && grep -q ': 5 sent, 5 received' "$work/one.out" && grep -q ': 5 sent, 5 received' "$work/two.out" ||
		{ cat "$work"/one.* "$work"/two.*; return 1; }
}
for pause in 0 0 0 0.05 0.3; do
	check "two pings call each other, $pause s apart" both $pause
done

start signald3 signald --listen 127.0.0.1:0
third=$started
wait_for signald3 '^listening on '
other=tcp://$(sed -n 's/^listening on //p' "$work/signald3.out")
start carol echo --identity str:carol --signaling "$other"
carol=$started
wait_for carol '^ready'
"$kith" ping str:carol --identity str:alice --signaling "$other" -c 20 -i 0.1 >"$work/alone.out" 2>&1 </dev/null &
alone=$!
pids+=("$alone")
wait_for alone 'seq=2'
stop "$third"
check "the signaling server may go once connected" ends 0 "$alone"
check "and nothing is lost" grep -q ': 20 sent, 20 received, 0 lost' "$work/alone.out"
stop "$carol"

check "a signaling server that is not there: status 1" run 1 ping str:bob --signaling tcp://127.0.0.1:9 -c 1 --timeout 1
check "and the message says it" grep -q '127.0.0.1' "$work/err"
stop "$signald"
