# Shared by the tests of the `kith` command: running it in the background, waiting for what it says,
# counting. Sourced by bash; $kith is the command, $work a folder of our own.

passed=0
failed=0
skipped=0
pids=()

pass() { passed=$((passed + 1)); }
# What went wrong, then the files that tell more.
fail() {
	failed=$((failed + 1))
	echo "FAILED: $1"
	shift
	for file in "$@"; do
		[ -s "$file" ] && head -n 20 "$file" | cat -v | cut -c 1-300 | sed "s|^|    ${file##*/}: |"
	done
	return 0
}
skip() {
	skipped=$((skipped + 1))
	echo "skipped: $1"
}

# check NAME COMMAND...: the command must succeed.
check() {
	local name=$1
	shift
	if "$@"; then pass; else fail "$name" "$work/out" "$work/err"; fi
}

# run STATUS ARGUMENT...: runs kith to its end, output in $work/out and $work/err; true if it ended
# with that status within a minute.
run() {
	local wanted=$1 status=0
	shift
	timeout 60 "$kith" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	[ "$status" = "$wanted" ] || { echo "kith $*: status $status, not $wanted"; return 1; }
}

# json [OPTION] FILTER FILE: whether the JSON lines of the file pass a filter of jq.
json() { jq -e "$@" >/dev/null; }

# start NAME ARGUMENT...: runs kith in the background, output in $work/NAME.out and .err; its process
# is then $started. Standard input is that of start.
start() {
	local name=$1
	shift
	# The process empties them, but not before wait_for may look.
	rm -f "$work/$name.out" "$work/$name.err"
	"$kith" "$@" >"$work/$name.out" 2>"$work/$name.err" <&0 &
	started=$!
	pids+=("$started")
}

# wait_for NAME WORDS: until the output of a started one has a line with the words (a regular
# expression), at most 20 seconds.
wait_for() {
	local tries=0
	until grep -qsE "$2" "$work/$1.out" "$work/$1.err"; do
		tries=$((tries + 1))
		if [ $tries -gt 400 ]; then
			fail "$1: no '$2' in time" "$work/$1.out" "$work/$1.err"
			return 1
		fi
		sleep 0.05
	done
}

# ends STATUS PID: whether the process ends with that status within 30 seconds.
ends() {
	local tries=0 status=0
	while kill -0 "$2" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || { echo "process $2 does not end"; kill -KILL "$2"; }
		sleep 0.05
	done
	wait "$2" || status=$?
	[ "$status" = "$1" ] || { echo "process ended with $status, not $1"; return 1; }
}

# stop PID: SIGTERM, then a clean end.
stop() {
	kill -TERM "$1"
	ends 0 "$1"
}

# Starts a signaling server; its URL is then $url.
start_signald() {
	start signald signald --listen 127.0.0.1:0 -v
	signald=$started
	wait_for signald '^listening on ' || return 1
	url=tcp://$(sed -n 's/^listening on //p' "$work/signald.out")
}

# start_turn ADDRESS...: a TURN and STUN server of this machine; where it is is then $turn, its user gordon
# with the password xyzzy, or those of $turn_secret if that is set. With two addresses it answers as RFC 5780 has it.
# False: there is none.
start_turn() {
	local port tries address users=(-a -u gordon:xyzzy) options=(-n -v -r kith --no-tls --no-dtls --no-cli --simple-log
		--allow-loopback-peers --relay-threads=1 --log-file=stdout --db="$work/turn.db" --pidfile="$work/turn.pid")
	command -v turnserver >/dev/null || { skip "no turnserver (coturn)"; return 1; }
	turnserver --help 2>&1 | grep -q -- ' --rfc5780' && options+=(--rfc5780)
	[ -z "${turn_secret:-}" ] || users=(--use-auth-secret --static-auth-secret="$turn_secret")
	for address; do
		options+=(-L "$address")
	done
	for tries in 1 2 3 4 5; do
		port=$((20000 + RANDOM % 10000))
		turnserver "${options[@]}" "${users[@]}" -p "$port" --alt-listening-port=$((port + 1)) --min-port=$((port + 2)) \
			--max-port=$((port + 200)) >"$work/turn.out" 2>&1 </dev/null &
		pids+=("$!")
		turn=$1:$port
		for _ in $(seq 200); do
			grep -q 'SQLite DB connection success' "$work/turn.out" && return 0
			kill -0 "$!" 2>/dev/null || break
			sleep 0.05
		done
	done
	fail "coturn does not start" "$work/turn.out"
	return 1
}

# An IPv4 address of this machine that is not its loopback; empty: it has none.
own_address() { hostname -I | tr ' ' '\n' | grep -m 1 '^[0-9.]*$'; }

end_all() {
	for pid in "${pids[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	pids=()
}
