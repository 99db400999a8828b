# `kith send` and `kith receive`.

mkdir -p "$work/tree/sub/empty" "$work/t1" "$work/t2" "$work/t3" "$work/t4" "$work/t5"
head -c 3000000 /dev/urandom >"$work/tree/a"
head -c 70000 /dev/urandom >"$work/tree/sub/b"
: >"$work/tree/sub/nothing"
chmod 755 "$work/tree/a"
head -c 200000000 /dev/zero | tr '\0' 'k' >"$work/large"

# receiver NAME ARGUMENT...: waits until it is ready; its place is then $place, its process $receiver.
receiver() {
	local name=$1
	shift
	start "$name" receive --udp 127.0.0.1:0 --json "$@"
	receiver=$started
	wait_for "$name" '"ready"' || return 1
	place=udp:$(jq -r 'select(.event == "ready").udp' "$work/$name.out")
}

# A folder, by address.
receiver tree --into "$work/t1"
check 'a folder is sent' run 0 send "$work/tree" "$place" --json
check 'the receiver ends with 0' ends 0 "$receiver"
check 'the folder arrives as it is' diff -r "$work/tree" "$work/t1/tree"
check 'with its rights' test -x "$work/t1/tree/a"
check 'each file is told, with its checksum' json -s --arg sum "$(sha256sum "$work/tree/a" | cut -d' ' -f1)" \
	'[.[] | select(.event == "file")] | length == 3 and (map(select(.path == "tree/a"))[0] | .bytes == 3000000 and .sha256 == $sum)' "$work/out"
check 'the sum of the sender' json -s 'any(.event == "summary" and .files == 3 and .failed == 0 and .bytes == 3070000)' "$work/out"
check 'the sum of the receiver' json -s 'any(.event == "summary" and .failed == 0 and .bytes == 3070000)' "$work/tree.out"

# Again: everything is there.
receiver again --into "$work/t1"
check 'what is there is not sent again' run 0 send "$work/tree" "$place" --json
check 'which is told' json -s '[.[] | select(.event == "file")] | all(.resumed == .bytes)' "$work/out"
ends 0 "$receiver" >/dev/null

# Something else is there.
echo other >"$work/t2/a"
receiver other --into "$work/t2"
check 'a file that differs is not replaced' run 1 send "$work/tree/a" "$place"
check 'which is said' grep -q 'a: another file of that name is there' "$work/err"
check 'the receiver ends with 1' ends 1 "$receiver"
check 'it is as it was' grep -qx other "$work/t2/a"
receiver overwrite --into "$work/t2" --overwrite
check 'it is with --overwrite' run 0 send "$work/tree/a" "$place"
ends 0 "$receiver" >/dev/null
check 'by what was sent' cmp -s "$work/tree/a" "$work/t2/a"

# Standard input, with a name, between identities.
start_signald
start named receive --identity str:rita --signaling "$url" --into "$work/t3" --from str:sam
receiver=$started
wait_for named '^ready'
check 'who is not on the list is refused' run 1 send "$work/tree/a" str:rita --identity str:eve --signaling "$url" --retry 0
check 'with the reason' grep -q 'not welcome' "$work/err"
check 'standard input is sent' sh -c "'$kith' send - str:rita --name words --identity str:sam --signaling $url </etc/passwd >'$work/out' 2>'$work/err'"
check 'the receiver ends' ends 0 "$receiver"
check 'under its name' cmp -s /etc/passwd "$work/t3/words"

# The receiver dies in the midst and comes back; the sender finishes by itself.
port=$((20000 + RANDOM % 20000))
start first receive --udp "127.0.0.1:$port" --into "$work/t4"
receiver=$started
wait_for first '^ready'
start sender send "$work/large" "udp:127.0.0.1:$port" --json --config SendRateMax=60000000 --config TimeoutConnected=1000 --config TimeoutInitial=3000
sender=$started
tries=0
until [ "$(stat -c %s "$work/t4/large.kith-part" 2>/dev/null || echo 0)" -gt 20000000 ] || [ $((tries += 1)) -gt 400 ]; do sleep 0.02; done
kill -KILL "$receiver"
wait "$receiver" 2>/dev/null
start second receive --udp "127.0.0.1:$port" --into "$work/t4"
receiver=$started
check 'the sender calls again and goes on' ends 0 "$sender"
check 'the new receiver has it whole' ends 0 "$receiver"
check 'and unchanged' cmp -s "$work/large" "$work/t4/large"
check 'not from the beginning' json -s 'any(.event == "file" and .resumed > 10000000)' "$work/sender.out"

# The sender dies; another one goes on.
start third receive --udp "127.0.0.1:0" --into "$work/t5" --json
receiver=$started
wait_for third '"ready"'
place=udp:$(jq -r 'select(.event == "ready").udp' "$work/third.out")
start dying send "$work/large" "$place" --config SendRateMax=60000000
sender=$started
tries=0
until [ "$(stat -c %s "$work/t5/large.kith-part" 2>/dev/null || echo 0)" -gt 20000000 ] || [ $((tries += 1)) -gt 400 ]; do sleep 0.02; done
kill -TERM "$sender"
wait "$sender" 2>/dev/null
check 'another sender goes on' run 0 send "$work/large" "$place" --json
check 'where the first was' json -s 'any(.event == "file" and .resumed > 10000000)' "$work/out"
check 'the receiver ends' ends 0 "$receiver"
check 'with the file' cmp -s "$work/large" "$work/t5/large"

# Who is not a sender.
receiver strict --into "$work/t1"
check 'a ping is no transfer' run 1 ping "$place" -c 1
check 'and is told so' grep -q 'this is not a transfer' "$work/err"
stop "$receiver" >/dev/null

# Wrong usage.
check 'a missing file' run 2 send /nonexistent udp:127.0.0.1:1
check 'is named' grep -q "/nonexistent" "$work/err"
check 'a missing target' run 2 send "$work/tree"
check 'a missing folder' run 2 receive --udp 127.0.0.1:0 --into /nonexistent
check 'is named too' grep -q "option --into: '/nonexistent'" "$work/err"
check 'a bad identity' run 2 receive --udp 127.0.0.1:0 --from nobody
check 'a name for many' run 2 send "$work/tree" "$work/large" udp:127.0.0.1:1 --name x
check 'nobody there' run 1 send "$work/tree/a" udp:127.0.0.1:1 --timeout 0.5
