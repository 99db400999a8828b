#!/bin/bash
# versions.sh BUILD PYTHON: the binding for the oldest and the newest other Python there is, from 3.9 on, in PATH or of
# pyenv: the same sources compiled against its headers run the tests and the scenarios. Prints N passed, N failed, N skipped.
build=$(cd "$1" && pwd)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
tests=$root/tests/bindings/python
binding=$build/bindings/python
work=$(mktemp -d)
. "$root/tests/bindings/signald.sh"
trap 'kill "$signald_pid" 2>/dev/null; wait; rm -rf "$work" "$signald_say"' EXIT
passed=0 failed=0 skipped=0
export PYTHONDONTWRITEBYTECODE=1

# others: a line "MINOR INTERPRETER" for each other version that has its headers, the oldest first.
others() {
	local interpreter minor header
	for interpreter in $(compgen -c python3. | sed -n 's/^python3\.[0-9]*$/&/p' | sort -u) \
		"${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python; do
		read -r minor header < <("$interpreter" -c 'import sys, sysconfig
print(sys.version_info[1], sysconfig.get_path("include") + "/Python.h")' 2>/dev/null)
		[ "${minor:-0}" -ge 9 ] && [ -f "$header" ] && [ "$minor" != "$mine" ] && echo "$minor $interpreter"
	done | sort -n -u -k 1,1
}

compile() { # INTERPRETER HOME
	local suffix include
	cp -r "$binding" "$2" && rm -f "$2"/kith/_kith*.so
	read -r suffix include < <("$1" -c 'import sysconfig; print(sysconfig.get_config_var("EXT_SUFFIX"), sysconfig.get_path("include"))')
	cc -shared -fPIC -w -I"$root/include" -I"$root/bindings/python/native" -I"$include" "$binding/kith_wrap.c" \
		"$root"/bindings/python/native/*.c -o "$2/kith/_kith$suffix" -L"$2/kith" -l:libkith.so.1 -Wl,-rpath,"\$ORIGIN" -lpthread
}

run() { # HOME COMMAND...: adds the counts of its last line
	local counts
	counts=$(PYTHONPATH=$1 timeout 200 "${@:2}" 2>"$work/errors" | tee "$work/said" | tail -n 1)
	if [[ $counts =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]] && [ "${BASH_REMATCH[2]}" = 0 ]; then
		passed=$((passed + BASH_REMATCH[1]))
	else
		failed=$((failed + 1))
		tail -n 20 "$work/errors" "$work/said"
		echo "FAILED: ${*:2}"
	fi
}

mine=$("$2" -c 'import sys; print(sys.version_info[1])')
mapfile -t found < <(others | sed -n '1p;$p' | uniq)
[ "${#found[@]}" -gt 0 ] || { skipped=1; echo "skipped other versions of Python: there is only 3.$mine here"; }
for line in "${found[@]}"; do
	read -r minor interpreter <<<"$line"
	home=$work/3.$minor
	if compile "$interpreter" "$home" >"$work/errors" 2>&1; then
		run "$home" "$interpreter" -W error "$tests/run.py" "$tests"
		for style in plain asyncio; do
			run "$home" "$interpreter" -W error "$tests/scenarios.py" $style "$root/tests/bindings/scenarios.txt"
		done
	else
		failed=$((failed + 1))
		tail -n 20 "$work/errors"
		echo "FAILED: compiling for 3.$minor"
	fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
