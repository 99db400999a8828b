# Keys, certificates, an authority of one's own, and endpoints that use them.

t=$work/trust
mkdir "$t"

# prints WORDS ARGUMENT...: kith succeeds, and its output has the words (a regular expression).
prints() {
	local words=$1
	shift
	if run 0 "$@" && grep -qE -- "$words" "$work/out" && [ ! -s "$work/err" ]; then
		pass
	else
		fail "kith $*: does not print \"$words\"" "$work/out" "$work/err"
	fi
}

# refuses STATUS WORDS ARGUMENT...: kith fails, and says so on standard error or output.
refuses() {
	local status=$1 words=$2
	shift 2
	if run "$status" "$@" && grep -qF -- "$words" "$work/out" "$work/err"; then
		pass
	else
		fail "kith $*: not refused with \"$words\"" "$work/out" "$work/err"
	fi
}

# --- keys

prints '^key:[0-9a-f]{64}$' key new "$t/root.key" --public "$t/root.pub"
root=$(cat "$work/out")
check "a key is its owner's alone" [ "$(stat -c %a "$t/root.key")" = 600 ]
cp "$t/root.key" "$t/before"
refuses 1 "root.key: the file exists already" key new "$t/root.key"
check "a key that is there is left alone" cmp -s "$t/root.key" "$t/before"
refuses 1 "/nonexistent/key" key new /nonexistent/key
prints "^$root\$" key identity "$t/root.key"
prints "^$root\$" key identity "$t/root.pub"
prints "^kith-public-key ed25519 ${root#key:}\$" key public "$t/root.key"
check "the public key is in the file" cmp -s "$work/out" "$t/root.pub"
check "into a file" run 0 key public "$t/root.key" --out "$t/again.pub"
check "the same key" cmp -s "$t/again.pub" "$t/root.pub"
prints '^ssh-ed25519 [A-Za-z0-9+/]+=* ID[0-9]+$' key public "$t/root.key" --ssh
cp "$work/out" "$t/root.ssh"
refuses 1 "root.key: it holds a private key, and stays" key public "$t/root.key" --out "$t/root.key"
prints "^$root\$" key identity "$t/root.ssh"
prints "^private key in " key show "$t/root.key"
prints "^public key in " key show "$t/root.pub"
check "key show as JSON" run 0 key show "$t/root.key" --json
check "what it says" json --arg id "$root" \
	'.event == "key" and .kind == "private" and .identity == $id and (.id | test("^[0-9]+$")) and (" ID" + .id) as $tail | (.ssh | endswith($tail))' "$work/out"
root_id=$(jq -r .id "$work/out")
prints "\"identity\":\"key:" key new "$t/json.key" --json
refuses 1 "none: no such file" key show "$t/none"
echo nonsense >"$t/nonsense"
refuses 1 "neither a private nor a public key" key show "$t/nonsense"
for words in "key new" "key show" "key public" "key identity" "cert request" "cert sign" "cert root" "cert show" "cert check" "cert revoke"; do
	# shellcheck disable=SC2086
	prints "^usage: kith $words " $words --help
done
prints '^  cert sign' cert --help
prints '^  key new' --help
refuses 2 "missing COMMAND of 'cert'" cert
refuses 2 "'cert' has no such command 'eat'" cert eat
refuses 2 "missing FILE" key new
refuses 2 "missing LIST and KEY" cert revoke "$t/list"
refuses 2 "missing REQUEST" cert sign --key "$t/root.key"

# No line of output shall have it.
secret=$(sed -n 's/^kith-key ed25519 //p' "$t/root.key")

# --- an authority of one's own

check "a request" run 0 key new "$t/bob.key"
prints "bob.request: request for a certificate of str:bob, key [0-9]+\$" cert request --key "$t/bob.key" --identity str:bob --out "$t/bob.request"
prints "^-----BEGIN KITH CERTIFICATE REQUEST-----\$" cert request --key "$t/bob.key"
prints "bob.cert: certificate of str:bob, key [0-9]+, expires 20" cert sign "$t/bob.request" --key "$t/root.key" --out "$t/bob.cert"
prints "^good\$" cert check "$t/bob.cert" --trust "$t/root.pub"
prints "^good\$" cert check "$t/bob.cert" --trust "$t/root.ssh"
prints "^good\$" cert check "$t/bob.cert" --trust "$t/root.pub" --identity str:bob
prints "^  issuer    $root_id\$" cert show "$t/bob.cert"
check "cert show as JSON" run 0 cert show "$t/bob.cert" "$t/bob.request" --json
check "what it says" json -s --arg root "$root_id" \
	'length == 2 and .[0].event == "certificate" and .[0].kind == "peer" and .[0].identity == "str:bob" and .[0].issuer == $root
	 and .[0].signed and .[0].apps == [0] and (.[0].expires | test("^20.*Z$")) and .[1].kind == "request"' "$work/out"
check "all of it as JSON" run 0 cert sign "$t/bob.request" --key "$t/root.key" --json
check "with the text" json '.text | startswith("-----BEGIN KITH CERTIFICATE-----\n")' "$work/out"

refuses 1 "bob.key: it holds a private key, and stays" cert sign "$t/bob.request" --key "$t/root.key" --out "$t/bob.key"
check "a key is never written over" cmp -s "$t/root.key" "$t/before"

# What proves that the request is of who has the key?
sed 's/^C/D/' "$t/bob.request" >"$t/broken.request"
refuses 1 "broken.request: " cert sign "$t/broken.request" --key "$t/root.key"
refuses 1 "No such file" cert sign "$t/none" --key "$t/root.key"
refuses 2 "missing option --key" cert sign "$t/bob.request"
refuses 2 "option --key: '$t/nonsense': " cert sign "$t/bob.request" --key "$t/nonsense"
refuses 2 "'2030-13-01' is not a date" cert sign "$t/bob.request" --key "$t/root.key" --until 2030-13-01
refuses 2 "is before the beginning" cert sign "$t/bob.request" --key "$t/root.key" --until 2020-01-01
refuses 2 "only one can be" cert sign "$t/bob.request" --key "$t/root.key" --until 2099-01-01 --days 3
refuses 2 "option --days: '0'" cert sign "$t/bob.request" --key "$t/root.key" --days 0
refuses 2 "option --app-id: 'x'" cert sign "$t/bob.request" --key "$t/root.key" --app-id x
refuses 2 "missing option --identity" cert sign "$t/root.pub" --key "$t/root.key"
refuses 2 "an authority has no identity" cert sign "$t/bob.request" --key "$t/root.key" --authority --identity str:x
refuses 2 "need --out" cert sign "$t/bob.request" --key "$t/root.key" --binary --json
refuses 1 "nonsense" cert show "$t/nonsense"

# Renewed: the older certificate serves as request, to the key that signed it.
prints "certificate of str:bob, .*expires 2099-12-31T00:00:00Z" cert sign "$t/bob.cert" --key "$t/root.key" --until 2099-12-31 --out "$t/renewed.cert"
refuses 1 "another key signed it" cert sign "$t/bob.cert" --key "$t/bob.key"

# --- every doubt has its words

past="--from 2020-01-01 --until 2021-01-01"
future="--from 2099-01-01 --until 2100-01-01"
# shellcheck disable=SC2086
check "an expired one" run 0 cert sign "$t/bob.request" --key "$t/root.key" $past --out "$t/expired.cert"
# shellcheck disable=SC2086
check "an early one" run 0 cert sign "$t/bob.request" --key "$t/root.key" $future --out "$t/early.cert"
check "one of an application" run 0 cert sign "$t/bob.request" --key "$t/root.key" --app-id 7 --app-id 8 --out "$t/app.cert"
check "an authority between" run 0 key new "$t/office.key" --public "$t/office.pub"
check "its certificate" run 0 cert sign "$t/office.pub" --key "$t/root.key" --authority --out "$t/office.cert"
check "one of it" run 0 cert sign "$t/bob.request" --key "$t/office.key" --chain "$t/office.cert" --out "$t/chained.cert"
check "the same alone" run 0 cert sign "$t/bob.request" --key "$t/office.key" --out "$t/alone.cert"
refuses 1 "the certificate is signed by an authority that is not trusted" cert check "$t/bob.cert"
refuses 1 "the certificate is for another identity" cert check "$t/bob.cert" --trust "$t/root.pub" --identity str:eve
refuses 1 "the certificate has expired" cert check "$t/expired.cert" --trust "$t/root.pub"
refuses 1 "the certificate is not valid yet" cert check "$t/early.cert" --trust "$t/root.pub"
refuses 1 "the certificate is for another application" cert check "$t/app.cert" --trust "$t/root.pub"
prints "^good\$" cert check "$t/app.cert" --trust "$t/root.pub" --app-id 8
prints "^good\$" cert check "$t/chained.cert" --trust "$t/root.pub"
refuses 1 "the certificate is signed by an authority that is not trusted" cert check "$t/alone.cert" --trust "$t/root.pub"
refuses 2 "missing option --authority" cert sign "$t/office.cert" --key "$t/root.key"
# The last line is all of the signature.
sed '4s/^.\{8\}/AAAAAAAA/' "$t/bob.cert" >"$t/forged.cert"
refuses 1 "the signature of the authority is broken" cert check "$t/forged.cert" --trust "$t/root.pub"
check "a doubt as JSON" run 1 cert check "$t/expired.cert" --trust "$t/root.pub" --json
check "its name" json '.event == "checked" and .doubt == "expired" and .text == "the certificate has expired"' "$work/out"
refuses 2 "option --trust: '$t/nonsense': " cert check "$t/bob.cert" --trust "$t/nonsense"

# A chain of five authorities is one too many.
cp "$t/root.key" "$t/0.key"
: >"$t/0.cert"
for level in 1 2 3 4 5; do
	above=$((level - 1))
	"$kith" key new "$t/$level.key" --public "$t/$level.pub" >/dev/null
	"$kith" cert sign "$t/$level.pub" --authority --key "$t/$above.key" --out "$t/$level.one" >/dev/null
	cat "$t/$level.one" "$t/$above.cert" >"$t/$level.cert"
	"$kith" cert sign "$t/bob.request" --key "$t/$level.key" >"$t/bob.$level"
	cat "$t/$level.cert" >>"$t/bob.$level"
done
prints "^good\$" cert check "$t/bob.4" --trust "$t/root.pub"
refuses 1 "with its chain it is too large" cert check "$t/bob.5" --trust "$t/root.pub"

# --- revoked

prints "^key [0-9]+ is revoked in " cert revoke "$t/list" "$t/expired.cert"
prints "is in it already: " cert revoke "$t/list" "$t/bob.cert"
refuses 1 "the key of the certificate is revoked" cert check "$t/bob.cert" --trust "$t/root.pub" --revoked "$t/list"
check "by name, by id, by file" run 0 cert revoke "$t/offices" key:0000000000000000000000000000000000000000000000000000000000000001 17 "$t/office.pub"
check "three lines" [ "$(grep -c . "$t/offices")" = 3 ]
refuses 1 "an authority above the certificate is revoked" cert check "$t/chained.cert" --trust "$t/root.pub" --revoked "$t/offices"
refuses 1 "neither a certificate nor a public key" cert revoke "$t/list" "$t/nonsense"
echo "what is this" >"$t/badlist"
refuses 1 "badlist" cert revoke "$t/badlist" 17
refuses 2 "option --revoked: '$t/badlist': revoked keys: line 1 is neither" cert check "$t/bob.cert" --revoked "$t/badlist"
check "revoked as JSON" run 0 cert revoke "$t/offices" 17 18 --json
check "what is new" json -s 'length == 2 and (.[0] | .event == "revoked" and .id == "17" and .new == null) and .[1].new' "$work/out"

# --- endpoints

# refused_ping WORDS ARGUMENT...: a ping to Bob fails with the words.
refused_ping() {
	local words=$1
	shift
	refuses 1 "$words" ping "udp:$bob" -c 1 -i 0.1 "$@"
}

cp "$t/bob.cert" "$t/now.cert"
: >"$t/now.list"
start bob echo --udp 127.0.0.1:0 --key "$t/bob.key" --cert "$t/now.cert" --trust "$t/root.pub" --revoked "$t/now.list"
bob_process=$started
wait_for bob '^ready' || return
bob=$(sed -n 's/^ready: .*udp //p' "$work/bob.out")
check "a certificate says who we are" grep -q '^ready: identity str:bob, ' "$work/bob.out"

prints "^connected to str:bob" ping "udp:$bob" -c 1 --trust "$t/root.pub" --require certificate
prints "^connected to str:bob" ping "udp:$bob" -c 1 --expect str:bob
check "without a word of proof" run 0 ping "udp:$bob" -c 1 -v
check "it is said" grep -q "not proved: the certificate is signed by an authority that is not trusted" "$work/err"
check "with one" run 0 ping "udp:$bob" -c 1 --trust "$t/root.pub" -v
check "it is said" grep -q "proved by its certificate of issuer $root_id" "$work/err"
check "as JSON" run 0 ping "udp:$bob" -c 1 --trust "$t/root.pub" --json
check "all of it" json -s --arg root "$root_id" '.[0] | .cipher == "AES-256-GCM" and .proof == "certificate" and .certified
	and .issuer == $root and (.key | startswith("key:")) and (.expires | startswith("20")) and .doubt == null' "$work/out"
refused_ping "the certificate is signed by an authority that is not trusted" --require certificate
refused_ping "the certificate is for another identity" --expect str:alice
refused_ping "the identity is not a key" --require key --trust "$t/root.pub"
refused_ping "the key of the certificate is revoked" --revoked "$t/list" --trust "$t/root.pub"
refused_ping "the certificate is for another application" --app-id 3 --trust "$t/root.pub"
refuses 2 "option --expect: TARGET 'str:bob'" ping str:bob --expect str:bob --signaling tcp://127.0.0.1:1
refuses 2 "option --require: 'nothing' is not one of key|certificate|proof" ping "udp:$bob" --require nothing
refuses 2 "option --cert: '$t/none': No such file" ping "udp:$bob" --cert "$t/none"
refuses 2 "option --cert: '$t/nonsense': " ping "udp:$bob" --cert "$t/nonsense"
refuses 2 "key" ping "udp:$bob" --cert "$t/bob.cert" --key "$t/root.key"
refuses 2 "identity" ping "udp:$bob" --cert "$t/bob.cert" --key "$t/bob.key" --identity str:eve

# Read again while it runs: renewed, then revoked.
expires() { run 0 ping "udp:$bob" -c 1 --trust "$t/root.pub" --json && jq -r 'select(.state == "connected").expires' "$work/out"; }
cp "$t/renewed.cert" "$t/now.cert"
check "the older one still" [ "$(expires)" != 2099-12-31T00:00:00Z ]
kill -HUP "$bob_process"
wait_for bob '^reloaded$'
check "renewed" [ "$(expires)" = 2099-12-31T00:00:00Z ]
cp "$t/nonsense" "$t/now.cert"
check "a key for the list" run 0 key new "$t/mallory.key" --public "$t/mallory.pub"
prints "^connected to str:bob" ping "udp:$bob" -c 1 --key "$t/mallory.key"
"$kith" cert revoke "$t/now.list" "$t/mallory.pub" >/dev/null
kill -HUP "$bob_process"
wait_for bob 'not all of it could be read again'
check "the file is named" grep -q "option --cert: '$t/now.cert'" "$work/bob.err"
refused_ping "the key of the certificate is revoked" --key "$t/mallory.key"
check "what could not be read stays" [ "$(expires)" = 2099-12-31T00:00:00Z ]
check "bob ends" stop "$bob_process"

# Who calls has to prove who they are, too.
cp "$t/root.pub" "$t/now.pub"
start strict echo --udp 127.0.0.1:0 --require certificate --trust "$t/now.pub" --json
strict_process=$started
wait_for strict '"ready"' || return
bob=$(jq -r 'select(.event == "ready").udp' "$work/strict.out")
prints "^connected to key:" ping "udp:$bob" -c 1 --key "$t/bob.key" --cert "$t/bob.cert"
prints "^connected to key:" ping "udp:$bob" -c 1 --key "$t/bob.key" --cert "$t/chained.cert"
prints "^connected to key:" ping "udp:$bob" -c 1 --key "$t/bob.key" --cert "$t/alone.cert" --cert "$t/office.cert"
refused_ping "the certificate is not signed by an authority"
refused_ping "the certificate is not signed by an authority" --key "$t/bob.key"
refused_ping "the certificate is signed by an authority that is not trusted" --key "$t/bob.key" --cert "$t/alone.cert"
refuses 2 "certificate: it has expired" ping "udp:$bob" --key "$t/bob.key" --cert "$t/expired.cert"
refuses 2 "certificate: it is not valid yet" ping "udp:$bob" --key "$t/bob.key" --cert "$t/early.cert"
check "who was welcome" json -s '[.[] | select(.state == "connected")] | length == 3 and all(.peer == "str:bob" and .proof == "certificate")' "$work/strict.out"
# Whom the files no longer name is no longer believed.
cp "$t/office.pub" "$t/now.pub"
kill -HUP "$strict_process"
wait_for strict '"reloaded"'
prints "^connected to key:" ping "udp:$bob" -c 1 --key "$t/bob.key" --cert "$t/alone.cert"
refused_ping "the certificate is signed by an authority that is not trusted" --key "$t/bob.key" --cert "$t/bob.cert"
check "strict ends" stop "$strict_process"

# By key, through a server that knows nobody.
start_signald || return
start known echo --signaling "$url" --key "$t/bob.key" --require proof
known_process=$started
wait_for known '^ready' || return
bob_key=$("$kith" key identity "$t/bob.key")
check "who has a key is called by it" grep -q "identity $bob_key, " "$work/known.out"
prints "^connected to $bob_key" ping "$bob_key" --signaling "$url" -c 1 --require key
check "called as somebody else" run 1 ping "$bob_key" --signaling "$url" -c 1 --identity str:eve
check "who proves nothing is told so" grep -q "the certificate is not signed by an authority" "$work/err"
check "known ends" stop "$known_process"

# --- the commands of the guide, as they stand

guide=$t/guide
mkdir "$guide"
while read -r line; do
	check "docs/identity.md: $line" bash -c "cd '$guide' && PATH='$(dirname "$kith")':\$PATH && $line >'$work/out' 2>'$work/err'"
done < <(sed -n 's/^    \(kith \(key\|cert\) .*\)/\1/p' "$here/../../docs/identity.md")
refuses 1 "revoked" cert check "$guide/alice.cert" --trust "$guide/authority.pub" --revoked "$guide/revoked.txt"

check "no secret was ever said" [ -z "$(grep -rlF "$secret" "$work" --include='*.out' --include='*.err' --include=out --include=err)" ]
