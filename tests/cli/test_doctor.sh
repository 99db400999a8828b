# `kith doctor`: against servers of our own that behave, and that do not.

# fake MODE: the ports are then $stun1, $stun2, $router.
fake() {
	python3 "$here/fake_servers.py" "$1" >"$work/fake.out" 2>"$work/fake.err" &
	fake_pid=$!
	pids+=("$fake_pid")
	wait_for fake '^ready' || return 1
	read -r _ stun1 stun2 router <"$work/fake.out"
}
end_fake() {
	kill "$fake_pid" 2>/dev/null
	wait "$fake_pid" 2>/dev/null
	rm -f "$work/fake.out"
}

# said CHECK RESULT WORDS: whether the last JSON output has such a finding.
said() {
	json -s --arg check "$1" --arg result "$2" --arg words "$3" \
		'any(.event == "check" and .check == $check and .result == $result and (.text | test($words)))' "$work/out"
}

start_signald
fake cone
check 'everything is well' run 0 doctor --json --signaling "$url" --stun "127.0.0.1:$stun1" --stun "127.0.0.2:$stun2" --gateway "127.0.0.1:$router"
check 'signaling carries' said signaling ok 'came back'
check 'STUN answers with our address' said stun ok '203\.0\.113\.7:40000'
check 'the NAT is an easy one' said nat ok 'one public address for all peers'
check 'the router maps ports' said port-mapping ok '203\.0\.113\.7'
check 'what was not given is told' said turn warning 'no server given'
check 'the sum' json -s 'any(.event == "summary" and .failed == 0)' "$work/out"
check 'the same for people' run 0 doctor --stun "127.0.0.1:$stun1"
check 'one server cannot tell the kind' grep -q 'takes two STUN servers' "$work/out"
end_fake

fake symmetric
check 'a NAT with an address for each peer is no failure' run 0 doctor --json --stun "127.0.0.1:$stun1" --stun "127.0.0.2:$stun2"
check 'but told' said nat warning 'a relay is often needed'
end_fake

fake hostile
check 'nonsense is not believed' run 0 doctor --json --stun "127.0.0.1:$stun1" --stun "127.0.0.2:$stun2"
check 'and the answer behind it is' said nat ok 'one public address'
end_fake

fake silent
check 'no answer is a failure' run 1 doctor --json --stun "127.0.0.1:$stun1" --gateway "127.0.0.1:$router"
check 'which is named' said stun failed 'no answer over IPv4'
check 'a router that says nothing' said port-mapping warning 'does not map'
end_fake

if command -v turnserver >/dev/null; then
	port=$((20000 + RANDOM % 20000))
	turnserver -n --listening-ip 127.0.0.1 --listening-ip 127.0.0.2 --relay-ip 127.0.0.1 --listening-port "$port" \
		--alt-listening-port $((port + 1)) --lt-cred-mech -u user:word -r kith --no-tls --no-dtls --no-cli \
		--allow-loopback-peers --log-file "$work/turn.log" --simple-log --pidfile "$work/turn.pid" >/dev/null 2>&1 &
	pids+=($!)
	tries=0
	until run 0 doctor --json --turn "turn:127.0.0.1:$port" --turn-user user --turn-password word || [ $((tries += 1)) -gt 20 ]; do sleep 0.2; done
	check 'a relay takes the credentials' said turn ok 'relays through 127\.0\.0\.1'
	check 'over TCP too' run 0 doctor --json --turn "turn:127.0.0.1:$port?transport=tcp" --turn-user user --turn-password word
	check 'and gives an address' said turn ok 'relays through'
	check 'a wrong password fails' run 1 doctor --json --turn "turn:127.0.0.1:$port" --turn-user user --turn-password other
	check 'and is named' said turn failed "refuses the user 'user'"
	check 'an unknown user too' run 1 doctor --turn "turn:127.0.0.1:$port" --turn-user nobody --turn-password word
	check 'a server of RFC 5780 by itself' run 0 doctor --json --stun "127.0.0.1:$port"
	check 'tells who may reach us' said filtering ok 'anybody can reach'
else
	skip 'coturn is not there'
fi

if turn_secret=shared start_turn 127.0.0.1; then
	check 'a relay takes what is made of its secret' run 0 doctor --json --turn "turn:$turn" --turn-secret shared
	check 'and gives an address' said turn ok 'relays through 127\.0\.0\.1'
	check 'with a name too' run 0 doctor --json --turn "turn:$turn" --turn-secret shared --turn-user alice
	check 'another secret fails' run 1 doctor --json --turn "turn:$turn" --turn-secret other
	check 'and is named' said turn failed 'with this secret'
fi

fake realm
for port in "127.0.0.1:$stun1" "127.0.0.2:$stun2"; do
	check 'a relay with a realm that is none' run 1 doctor --json --turn "turn:$port" --turn-user u --turn-password p
	check 'is named, and does no harm' said turn failed 'error 500'
	check 'nor to a call' run 1 ping str:nobody --signaling "$url" --relay-only --turn "turn:$port" --turn-user u --turn-password p --timeout 8
	check 'which says so' grep -q 'what realm' "$work/err"
done
end_fake

check 'a signaling server that is not there' run 1 doctor --json --signaling tcp://127.0.0.1:1
check 'is named' said signaling failed 'refused'
check 'a relay that is not there' run 1 doctor --json --turn 'turn:127.0.0.1:1?transport=tcp' --turn-user u --turn-password p
check 'is named too' said turn failed 'refused'
check 'a name that does not exist' run 1 doctor --json --stun nowhere.invalid:3478
check 'a malformed server' run 2 doctor --stun nonsense
check 'a user of quotes' run 2 doctor --turn turn:127.0.0.1:1 --turn-user '"' --turn-password p
check 'a relay without a user' run 2 doctor --turn turn:127.0.0.1:1
