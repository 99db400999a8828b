#!/bin/bash
# packages.sh BUILD PYTHON: makes the wheel and the source package, installs each into an environment of its own, and uses
# it there. Nothing is downloaded. Its last line says how many passed.
set -u
build=$(cd "$1" && pwd) python=$2
root=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset PYTHONPATH PYTHONDONTWRITEBYTECODE
passed=0 failed=0

step() {
	local name=$1
	shift
	if "$@" >"$work/log" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name"; tail -n 40 "$work/log"; fi
}

# What a newcomer does first, from a folder that has no kith of its own.
try() {
	(cd "$work" && "$1/bin/python" -c '
import sys, kith, os
assert kith.__file__.startswith(sys.prefix), kith.__file__
assert os.path.exists(os.path.join(os.path.dirname(kith.__file__), "py.typed"))
with kith.Endpoint() as endpoint:
    first, second = kith.pair(endpoint, endpoint)
    first.send(b"hello")
    assert bytes(second.receive().wait(5)) == b"hello"
maps = open("/proc/self/maps").read()
assert [line for line in maps.splitlines() if "libkith" in line and sys.argv[1] in line], maps
' "$2")
}

copy() { cp -r "$build/bindings/python/$1" "$2"; }
wheel() {
	mkdir "$work/wheel" && copy kith "$work/wheel" && copy pyproject.toml "$work/wheel" && copy setup.py "$work/wheel" &&
		rm -rf "$work/wheel/kith/__pycache__" && "$python" -m build --wheel --no-isolation --outdir "$work/made" "$work/wheel"
}
install_wheel() {
	"$python" -m venv "$work/first" && "$work/first/bin/pip" install --no-index --no-deps "$work"/made/*.whl
}
sdist() {
	copy source "$work/sdist" && PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig "$python" -m build --sdist --no-isolation --outdir "$work/made" "$work/sdist"
}
install_sdist() {
	"$python" -m venv --system-site-packages "$work/second" &&
		PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig "$work/second/bin/pip" install --no-index --no-build-isolation --no-deps "$work"/made/*.tar.gz
}
installed_kith() {
	cmake -S "$root" -B "$build" -DCMAKE_INSTALL_LIBDIR=lib >/dev/null && cmake --install "$build" --prefix "$work/prefix"
}

step 'the wheel is made' wheel
step 'the wheel is installed' install_wheel
step 'the wheel is used, with the library that it carries' try "$work/first" "$work/first"
step 'the library is installed' installed_kith
step 'the source package is made' sdist
step 'the source package is installed' install_sdist
LD_LIBRARY_PATH=$work/prefix/lib step 'the source package is used, with the installed library' try "$work/second" "$work/prefix"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
