# Wrong usage: status 2, nothing on standard output, a message that names what is wrong.

# usage WORDS ARGUMENT...
usage() {
	local words=$1
	shift
	if run 2 "$@" && [ ! -s "$work/out" ] && grep -qF -- "$words" "$work/err"; then
		pass
	else
		fail "kith $*: not refused with \"$words\"" "$work/out" "$work/err"
	fi
}

usage "missing COMMAND"
usage "'frobnicate'" frobnicate
usage "'--frobnicate'" --frobnicate
for command in signald echo ping connect listen bench; do
	check "kith $command --help" run 0 "$command" --help
	check "kith $command --help says how to use it" grep -q "^usage: kith $command" "$work/out"
	usage "unknown option '--frobnicate'" "$command" --frobnicate
	usage "unknown option '-Z'" "$command" -Z
done
check "kith --help" run 0 --help
check "kith --help names the commands" grep -q '^  listen' "$work/out"
check "kith --version" run 0 --version
check "kith --version tells it" grep -qE '^kith [0-9]+\.[0-9]+\.[0-9]+' "$work/out"

usage "missing option --listen" signald
usage "'nonsense'" signald --listen nonsense
usage "'127.0.0.1:70000'" signald --listen 127.0.0.1:70000
usage "'::1:5'" signald --listen ::1:5
usage "unexpected argument 'x'" signald --listen 127.0.0.1:0 x

usage "missing TARGET" ping
usage "missing TARGET" connect
usage "unexpected argument 'b'" ping a b
usage "option -c: 'x'" ping udp:127.0.0.1:1 -c x
usage "option --count: '-1'" ping udp:127.0.0.1:1 --count=-1
usage "option -i: '1s'" ping udp:127.0.0.1:1 -i 1s
usage "option -s: '5'" ping udp:127.0.0.1:1 -s 5
usage "option -s: '524289'" ping udp:127.0.0.1:1 -s 524289
usage "option --lane: '255'" ping udp:127.0.0.1:1 --lane 255
usage "option --port: '65536'" ping udp:127.0.0.1:1 --port 65536
usage "option --channel: '2147483648'" ping str:bob --messages --channel 2147483648
usage "option --channel: '--1'" ping str:bob --messages --channel=--1
usage "option --channel needs --messages" ping str:bob --signaling tcp://127.0.0.1:1 --channel 3
usage "does not go with --port" ping str:bob --signaling tcp://127.0.0.1:1 --messages --port 3
usage "does not go with --lane" ping str:bob --signaling tcp://127.0.0.1:1 --messages --lane 3
usage "does not go with --udp" echo --udp 127.0.0.1:0 --messages
usage "'524284'" ping str:bob --signaling tcp://127.0.0.1:1 --messages -s 524284
usage "needs an identity" ping udp:127.0.0.1:1 --messages
usage "unknown option '--messages'" connect str:bob --messages
usage "option --timeout: 'soon'" ping udp:127.0.0.1:1 --timeout soon
usage "option --share: 'private,nobody'" ping udp:127.0.0.1:1 --share private,nobody
usage "option --unreliable takes no value" ping udp:127.0.0.1:1 --unreliable=yes
usage "option --timeout needs a value" ping udp:127.0.0.1:1 --timeout
usage "option --identity: empty value" ping udp:127.0.0.1:1 --identity=
usage "'udp:127.0.0.1'" ping udp:127.0.0.1
usage "'udp:127.0.0.1:0'" ping udp:127.0.0.1:0
usage "'udp:127.0.0.1:70000'" ping udp:127.0.0.1:70000
usage "'not an identity'" ping "not an identity" --signaling tcp://127.0.0.1:1
usage "--signaling" ping str:bob
usage "'xyz'" echo --udp 127.0.0.1:0 --identity xyz
usage "'127.0.0.1'" echo --udp 127.0.0.1
usage "'nowhere:x'" listen --udp nowhere:x
usage "--udp ADDR:PORT" echo
usage "--udp ADDR:PORT" listen
usage "'tls://127.0.0.1:1'" echo --signaling tls://127.0.0.1:1
usage "'http://127.0.0.1:1'" echo --signaling http://127.0.0.1:1
usage "'tcp://127.0.0.1:99999'" ping str:bob --signaling tcp://127.0.0.1:99999
usage "'NoSuchValue'" echo --udp 127.0.0.1:0 --config NoSuchValue=1
usage "'ice'" echo --udp 127.0.0.1:0 --log ice
usage "'weather=debug'" echo --udp 127.0.0.1:0 --log weather=debug
usage "'ice=loud'" echo --udp 127.0.0.1:0 --log ice=loud
usage "'noequals'" echo --udp 127.0.0.1:0 --config noequals
usage "'/nonexistent/key'" echo --udp 127.0.0.1:0 --key /nonexistent/key
echo "too short" >"$work/badkey"
usage "badkey" echo --udp 127.0.0.1:0 --key "$work/badkey"
usage "'example.org'" echo --udp 127.0.0.1:0 --stun example.org
usage "'turn:x'" echo --udp 127.0.0.1:0 --turn turn:x --turn-user u --turn-password p
usage "'turn:127.0.0.1:3478?transport=sctp'" echo --udp 127.0.0.1:0 --turn 'turn:127.0.0.1:3478?transport=sctp' --turn-user u --turn-password p
usage "--turn-user" echo --udp 127.0.0.1:0 --turn turn:127.0.0.1:3478
usage "need --turn" echo --udp 127.0.0.1:0 --turn-secret s
usage "only one can be" echo --udp 127.0.0.1:0 --turn turn:127.0.0.1:3478 --turn-secret s --turn-password p
usage "has a comma" echo --udp 127.0.0.1:0 --turn turn:127.0.0.1:3478 --turn-secret a,b
usage "empty value" echo --udp 127.0.0.1:0 --turn turn:127.0.0.1:3478 --turn-secret ''
usage "too long" echo --udp 127.0.0.1:0 --turn turn:127.0.0.1:3478 --turn-secret "$(printf '%05000d' 0)"
usage "'sctp'" bench --peer sctp
usage "'bulk-65k'" bench --workload bulk-65k
usage "option --rounds: '0'" bench --rounds 0
usage "option --connections: 'many'" bench --connections many
usage "unexpected argument 'x'" bench x
