#!/bin/bash
# examples.sh PYTHON: runs what is in examples/python, and the programs of docs/python.md. Its last line says how many passed.
set -u
python=$1
root=$(cd "$(dirname "$0")/../../.." && pwd)
examples=$root/examples/python
work=$(mktemp -d)
children=''
trap '[ -z "$children" ] || kill $children 2>/dev/null; rm -rf "$work"' EXIT
passed=0 failed=0

# start FILE ARGUMENT...: in the background; its first line is then in $said.
start() {
	local file=$work/$RANDOM
	mkfifo "$file"
	"$python" "$examples/$@" >"$file" 2>"$work/errors" &
	children="$children $!"
	exec 3<"$file"
	read -r -t 10 said <&3
}
expect() {
	if grep -q "$2" "$work/out"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; cat "$work/out" "$work/errors"; fi
}

start echo.py serve 127.0.0.1:0
timeout 20 "$python" "$examples/echo.py" call "${said##* }" hello again >"$work/out" 2>&1
expect echo.py '^again$'

start chat.py serve 127.0.0.1:0
echo 'is anybody there?' | timeout 20 "$python" "$examples/chat.py" join "${said##* }" lucy >"$work/out" 2>&1
expect chat.py '^lucy: is anybody there?$'

start p2p.py "$KITH_TEST_SIGNALING" bob
timeout 30 "$python" "$examples/p2p.py" "$KITH_TEST_SIGNALING" alice bob >"$work/out" 2>&1
expect p2p.py '^hello from bob - '

# Each block of the guide is a program.
"$python" - "$root/docs/python.md" "$work" <<'END'
import re, sys
blocks = re.findall(r'^```python\n(.*?)^```', open(sys.argv[1], encoding='utf-8').read(), re.S | re.M)
for number, block in enumerate(blocks):
    with open(f'{sys.argv[2]}/guide{number}.py', 'w', encoding='utf-8') as file:
        file.write(block)
END
for program in "$work"/guide*.py; do
	if (cd "$work" && timeout 30 "$python" -W error "$program") >"$work/out" 2>&1; then passed=$((passed + 1)); else
		failed=$((failed + 1)); echo "FAILED: docs/python.md:"; cat "$program" "$work/out"; fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
