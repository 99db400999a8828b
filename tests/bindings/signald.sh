# Starts a signaling server for the scenarios; sourced by bash, with $build the folder of a build. Exports
# KITH_TEST_SIGNALING. The server ends with the shell, after whatever the shell does at its end already.
signald_say=$(mktemp)
"$build/kith" signald --listen 127.0.0.1:0 --json >"$signald_say" 2>&1 </dev/null &
signald_pid=$!
signald_before=$(trap -p EXIT | sed -e "s/^trap -- '//" -e "s/' EXIT$//")
trap 'kill "$signald_pid" 2>/dev/null; wait "$signald_pid"; rm -f "$signald_say"; '"$signald_before" EXIT
for _ in $(seq 400); do
	grep -qs '"ready"' "$signald_say" && break
	kill -0 "$signald_pid" 2>/dev/null || break
	sleep 0.05
done
KITH_TEST_SIGNALING=tcp://$(sed -nE 's/.*"listen":"([^"]+)".*/\1/p' "$signald_say")
export KITH_TEST_SIGNALING
