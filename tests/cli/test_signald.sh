# The signaling server, spoken to as a plain line protocol.

start_signald
address=${url#tcp://}
port=${address##*:}

# join FD NAME: a client in this shell on descriptor FD.
join() {
	eval "exec $1<>/dev/tcp/127.0.0.1/$port"
	printf '%s\n' "$2" >&"$1"
}
# heard FD: the next line, nothing after a second; false at the end of the connection.
heard() {
	local line=
	IFS= read -r -t 1 line <&"$1"
	[ $? -ne 1 ] || return 1
	printf '%s' "$line"
}

join 5 str:alice
join 6 "  str:bob  "
wait_for signald 'client: str:bob'
echo "str:bob 0102" >&5
check "a line reaches the one it names" [ "$(heard 6)" = "str:alice 0102" ]
printf 'nonsense\nstr:nobody 01\n\nstr:bob\n str:bob 09\nstr:bob 03\n' >&5
check "what cannot be delivered is dropped" [ "$(heard 6)" = "str:alice 03" ]
printf 'str:bob ' >&5
head -c 200000 /dev/zero | tr '\0' 'a' >&5
printf '\nstr:bob 04\n' >&5
check "a line that is too long is dropped" [ "$(heard 6)" = "str:alice 04" ]
join 7 str:bob
wait_for signald 'replaced by a new connection: str:bob'
check "the older connection of a name is closed" eval '! heard 6'
echo "str:bob 05" >&5
check "the newer one gets the lines" [ "$(heard 7)" = "str:alice 05" ]
join 8 ""
check "a client without a name is closed" eval '! heard 8'
exec 5>&- 6>&- 7>&- 8>&-

run 1 signald --listen "$address"
check "a port in use is said so" grep -q "$port.*in use" "$work/err"
start signald2 signald --listen 127.0.0.1:0 --json
second=$started
wait_for signald2 '"ready"'
check "--json tells where it listens" grep -qE '^\{"event":"ready","listen":"127\.0\.0\.1:[0-9]+"\}$' "$work/signald2.out"
kill -INT "$second"
check "SIGINT ends it with status 0" ends 0 "$second"

if cc -std=c11 -D_GNU_SOURCE -O1 -o "$work/many_clients" "${BASH_SOURCE[0]%/*}/many_clients.c" 2>"$work/err"; then
	if [ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 11000 ]; then
		check "10,000 clients reach each other" "$work/many_clients" "$port" 10000
	else
		skip "10,000 clients: the limit of open files is $(ulimit -Hn)"
	fi
	check "1,000 clients reach each other" "$work/many_clients" "$port" 1000
else
	fail "many_clients.c does not compile" "$work/err"
fi
check "SIGTERM ends it with status 0" stop "$signald"
check "-v tells at the end what happened" grep -q 'signals delivered' "$work/signald.err"
