# By address on loopback: echo, ping, their output and their ends.

start echo echo --udp 127.0.0.1:0 --identity str:bob -v
echo_pid=$started
wait_for echo '^ready: .*udp 127\.0\.0\.1:[0-9]+'
at=$(sed -n 's/^ready: .*udp \([0-9.:]*\).*/\1/p' "$work/echo.out")

check "ping gets its replies" run 0 ping "udp:$at" -c 5 -i 0.02
check "ping says where it goes" grep -qE '^connected to str:bob: route loopback, 127\.0\.0\.1:[0-9]+ -> 127\.0\.0\.1:[0-9]+, [0-9.]+ ms$' "$work/out"
check "ping counts" [ "$(grep -cE '^64 bytes from str:bob: seq=[1-5] time=[0-9.]+ ms$' "$work/out")" = 5 ]
check "ping sums up" grep -qE ': 5 sent, 5 received, 0 lost' "$work/out"
check "echo tells who came" wait_for echo '^connected: .*, route loopback, '
check "echo tells who ended it and how" wait_for echo '^closed: .* by peer, code 1000'
check "the largest message" run 0 ping "udp:$at" -c 2 -i 0 -s 524288
check "the smallest message" run 0 ping "udp:$at" -c 2 -i 0 -s 16
check "unreliable messages" run 0 ping "udp:$at" -c 5 -i 0.01 --unreliable -s 1000
check "the last lane" run 0 ping "udp:$at" -c 2 -i 0.01 --lane 254
check "as fast as it goes" run 0 ping "udp:$at" -c 500 -i 0
check "with an identity" run 0 ping "udp:$at" -c 1 --identity str:alice
check "echo names the one who gave an identity" wait_for echo '^connected: str:alice'
check "nothing is logged unasked" [ ! -s "$work/err" ]
check "--log names a subject" run 0 ping "udp:$at" -c 2 -i 0.01 --log packet=debug --log message=debug
check "and only that" eval 'grep -q "^packet debug: sent [0-9]* bytes" "$work/err" && grep -q "^message debug: sent on connection" "$work/err" && ! grep -q "^connection" "$work/err"'
check "-v logs what happens" eval 'run 0 ping "udp:$at" -c 1 -v && grep -q "^connection info: connection .* with str:bob: connected" "$work/err"'
check "SIGTERM ends echo" stop "$echo_pid"

start echo2 echo --udp '[::1]:0' --count 2 --json
second=$started
wait_for echo2 '"ready"'
at=$(jq -r 'select(.event == "ready") | .udp' "$work/echo2.out")
check "IPv6" run 0 ping "udp:$at" -c 1
check "IPv6 again" run 0 ping "udp:$at" -c 1
check "echo --count 2 ends by itself" ends 0 "$second"
check "its output is JSON, line by line" json . "$work/echo2.out"

check "nobody there: status 1" run 1 ping udp:127.0.0.1:9 -c 1 --timeout 1
check "nobody there: a reason" grep -qi 'time' "$work/err"
check "nobody there, as JSON" run 1 ping udp:127.0.0.1:9 -c 1 --timeout 1 --json
check "the error is an event" json 'select(.event == "error") | .code != 0 and (.reason | length > 0) and (.text | length > 0)' "$work/out"
check "a port in use: status 1" eval 'start busy echo --udp 127.0.0.1:0; wait_for busy "^ready" && at=$(sed -n "s/^ready: .*udp \([0-9.:]*\).*/\1/p" "$work/busy.out") && run 1 echo --udp "$at" && grep -q "$at" "$work/err" && stop "$started"'

start echo3 echo --udp 127.0.0.1:0 --json
third=$started
wait_for echo3 '"ready"'
at=$(jq -r 'select(.event == "ready") | .udp' "$work/echo3.out")
"$kith" ping "udp:$at" -i 0.05 --json >"$work/forever.out" 2>"$work/forever.err" </dev/null &
forever=$!
pids+=("$forever")
wait_for forever '"seq":5'
kill -INT "$forever"
check "SIGINT ends ping with status 0" ends 0 "$forever"
check "and it sums up" json 'select(.event == "summary") | .sent >= 5 and .lost == 0' "$work/forever.out"
check "state, reply and summary as JSON" json -s '
	([.[] | select(.event == "state" and .state == "connected")][0]
		| .route == "loopback" and (.local | test(":")) and (.remote | test(":")) and .ms > 0) and
	([.[] | select(.event == "reply")] | length >= 5 and all(.bytes == 64 and .rtt_us > 0)) and
	(.[-1] | .event == "summary" and .rtt_us.min <= .rtt_us.p50 and .rtt_us.p50 <= .rtt_us.p99 and .rtt_us.p99 <= .rtt_us.max)' "$work/forever.out"
kill -INT "$third"
check "SIGINT ends echo with status 0" ends 0 "$third"

start echo4 echo --udp 127.0.0.1:0
fourth=$started
wait_for echo4 '^ready'
at=$(sed -n 's/^ready: .*udp \([0-9.:]*\).*/\1/p' "$work/echo4.out")
"$kith" ping "udp:$at" -i 0.05 >"$work/left.out" 2>"$work/left.err" </dev/null &
left=$!
pids+=("$left")
wait_for left 'seq=2'
stop "$fourth"
check "ping ends with status 1 when its peer goes" ends 1 "$left"
check "and says why" grep -q 'closed by peer' "$work/left.err"
