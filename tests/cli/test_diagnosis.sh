# Where a call failed and what was tried; and the report of a connection.

# failed STAGE ARGUMENT...: the command fails, and its last error names the stage, for people and programs.
failed() {
	local stage=$1
	shift
	run 1 "$@" && grep -qE "^kith: .+\(.+, -?[0-9]+\)$" "$work/err" && grep -qE "^$stage: .+" "$work/err" || return 1
	grep -qE '^  .+' "$work/err" || { echo "nothing was tried"; return 1; }
	run 1 "$@" --json && tail -n 1 "$work/out" |
		json --arg stage "${stage,,}" '.event == "error" and .stage == $stage and .summary != "" and (.tried | length > 0)'
}

start silent listen --udp 127.0.0.1:0
silent=$started
wait_for silent '^ready'
stop "$silent"
nobody=udp:$(sed -n 's/^ready: .*udp \([0-9.:]*\).*/\1/p' "$work/silent.err")
check "nobody at the address" failed PEER_SILENT ping "$nobody" -c 1 --timeout 1
check "it names the address" grep -q "${nobody#udp:}" "$work/out"

start_signald
check "nobody of that name" failed PEER_SILENT ping str:nobody --signaling "$url" -c 1 --timeout 1
check "it tells of the signals" grep -qE '[1-9][0-9]* signals sent, 0 received; signaling services: 1 of 1' "$work/out"
check "the same with messages" failed PEER_SILENT ping str:nobody --messages --signaling "$url" -c 1 --timeout 1
check "the same of connect" failed PEER_SILENT connect str:nobody --signaling "$url" --timeout 1
check "the same of send" failed PEER_SILENT send "$here/lib.sh" str:nobody --signaling "$url" --timeout 1
check "no signaling" run 1 ping str:nobody --signaling tcp://127.0.0.1:9 -c 1 --timeout 1 --json
check "its stage" sh -c "tail -n 1 '$work/out' | jq -e '.stage == \"signaling\"' >/dev/null"
check "the same for people" run 1 ping str:nobody --signaling tcp://127.0.0.1:9 -c 1 --timeout 1
check "its stage, too" grep -q '^SIGNALING: ' "$work/err"

start bob echo --identity str:bob --udp 127.0.0.1:0 --signaling "$url"
bob=$started
wait_for bob '^ready'
target=udp:$(sed -n 's/^ready: .*udp \([0-9.:]*\),.*/\1/p' "$work/bob.out")
check "somebody else" failed CERTIFICATE ping "$target" --expect str:carol -c 1 --timeout 5

# reported ARGUMENT...: what was said on standard error has the parts of a report.
reported() {
	run 0 ping "$target" -c 2 -i 0.01 --report "$@" && grep -q '^options that are not the default' "$work/err" &&
		grep -q '0-25 ms' "$work/err" && grep -q '^route: LOOPBACK' "$work/err"
}
check "a report" reported
check "it has addresses" grep -q "${target#udp:}" "$work/err"
check "a report without addresses" reported --hide-addresses
check "it has none" sh -c "! grep -qE '[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+' '$work/err'"
check "the report of one that failed" run 1 ping "$nobody" -c 1 --timeout 1 --report
check "it names the stage, too" grep -q '^stage: PEER_SILENT' "$work/err"

own=$(own_address)
if [ -z "$own" ]; then
	skip "no address for a relay"
elif start_turn "$own"; then
	relayed="--signaling $url --relay-only --turn turn:$turn --turn-user gordon"
	check "a relay works" run 0 ping str:bob $relayed --turn-password xyzzy -c 1
	check "a wrong password" failed RELAY ping str:bob $relayed --turn-password wrong -c 1
	check "it names the server" grep -q "${turn%:*}" "$work/out"
	check "and no password" sh -c "! grep -qE 'gordon|wrong' '$work/out' '$work/err'"
fi
if [ -n "$own" ] && turn_secret=shared start_turn "$own"; then
	relayed="--signaling $url --relay-only --turn turn:$turn"
	check "a relay whose secret is known" run 0 ping str:bob $relayed --turn-secret shared --report -c 1
	check "nor does the report say it" sh -c "! grep -q shared '$work/out' '$work/err'"
	check "another secret" failed RELAY ping str:bob $relayed --turn-secret other -c 1
fi
stop "$bob"
stop "$signald"
