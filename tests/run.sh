#!/bin/bash
# Every test, one command. Installs what is missing (Debian, as root or with sudo), builds, runs the
# parts, and ends with one line: N passed, N failed, N skipped.
#
#   tests/run.sh             all parts
#   tests/run.sh unit sim    these
#   tests/run.sh --list      what parts there are
#
# A part is tests/parts/NN-NAME.sh; the number gives the order. Its last line says how many passed,
# failed and were skipped; a part that ends badly without saying so counts as one failure.
# KITH_BUILDS: where to build (default build/tests). KITH_JOBS: how many at once (default all cores).
set -u

KITH_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export KITH_ROOT
export KITH_BUILDS=${KITH_BUILDS:-$KITH_ROOT/build/tests}
export KITH_JOBS=${KITH_JOBS:-$(nproc)}
export LC_ALL=C.UTF-8
part_seconds=1500

packages='build-essential cmake ninja-build pkg-config git libnice-dev libglib2.0-dev libgnutls28-dev nettle-dev
	uthash-dev libcriterion-dev libenet-dev coturn clang clang-format libclang-rt-14-dev llvm python3 python3-cryptography
	jq perl abigail-tools python3-clang-14 libclang-14-dev libffi-dev libjson-glib-dev doxygen iproute2 iptables nftables procps swig groff-base
	python3-dev python3-venv python3-build python3-setuptools python3-wheel mypy
	mono-mcs mono-runtime
	lua5.1 lua5.2 lua5.3 lua5.4 luajit liblua5.1-0-dev liblua5.2-dev liblua5.3-dev liblua5.4-dev libluajit-5.1-dev luarocks lua-check'

install_packages() {
	command -v dpkg-query >/dev/null || return 0
	local missing='' package as_root=''
	for package in $packages; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	echo "installing$missing"
	if [ "$(id -u)" != 0 ]; then
		as_root='sudo -n'
		sudo -n true 2>/dev/null || { echo "these packages are missing and this user may not install them:$missing"; return 1; }
	fi
	# shellcheck disable=SC2086
	$as_root apt-get update -qq &&
		$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# Prints the scripts of the parts named, or of all, in order.
scripts_of() {
	local name found
	[ $# -gt 0 ] || { ls "$KITH_ROOT"/tests/parts/[0-9]*.sh; return; }
	for name; do
		found=$(ls "$KITH_ROOT"/tests/parts/[0-9]*-"$name".sh 2>/dev/null) ||
			{ echo "there is no part $name; tests/run.sh --list names them" >&2; return 1; }
		echo "$found"
	done
}

name_of() { basename "$1" .sh | sed 's/^[0-9]*-//'; }

case ${1:-} in
--list) for script in $(scripts_of); do name_of "$script"; done; exit 0 ;;
-*) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 2 ;;
esac
scripts=$(scripts_of "$@") || exit 2
install_packages || exit 1

mkdir -p "$KITH_BUILDS"
passed=0 failed=0 skipped=0 bad=''
for script in $scripts; do
	name=$(name_of "$script")
	log=$KITH_BUILDS/$name.log
	begin=$SECONDS
	echo "=== $name"
	timeout --kill-after=20 "$part_seconds" bash "$script" </dev/null 2>&1 | tee "$log"
	status=${PIPESTATUS[0]}
	last=$(grep -aE '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
	read -r part_passed part_failed part_skipped < <(sed -E 's/[^0-9]+/ /g' <<<"${last:-0 0 0}")
	if [ "$status" != 0 ] && [ "$part_failed" = 0 ] || [ -z "$last" ]; then
		echo "part $name ended with status $status$([ "$status" = 124 ] && echo ': too slow')"
		part_failed=$((part_failed + 1))
	fi
	passed=$((passed + part_passed)) failed=$((failed + part_failed)) skipped=$((skipped + ${part_skipped:-0}))
	[ "$part_failed" = 0 ] || bad="$bad $name"
	echo "--- $name: $((SECONDS - begin)) seconds"
done
[ -z "$bad" ] || echo "failed parts:$bad"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
