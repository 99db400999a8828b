#!/bin/bash
# install.sh BUILD: what is installed serves programs outside the tree: by CMake, pkg-config, as a static
# library, from C++, and after the prefix was moved. Prints `N passed, N failed`.
set -u

. "$(dirname "${BASH_SOURCE[0]}")/../parts/lib.sh"
build=$1
mkdir -p "$work/consumer"
cat >"$work/consumer/main.c" <<'END'
#include <kith/kith.h>
#include <stdio.h>
int main(void)
{
	kith_endpoint endpoint;
	if (kith_version() != KITH_VERSION || kith_endpoint_create(NULL, &endpoint) != KITH_OK)
		return 1;
	return kith_endpoint_destroy(endpoint);
}
END
cp "$work/consumer/main.c" "$work/consumer/main.cpp"
cat >"$work/consumer/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.16)
project(consumer C CXX)
find_package(kith REQUIRED COMPONENTS kith static)
add_executable(shared main.c)
target_link_libraries(shared PRIVATE kith::kith)
add_executable(plus main.cpp)
target_link_libraries(plus PRIVATE kith::kith)
add_executable(archive main.c)
target_link_libraries(archive PRIVATE kith::static)
END

# consumers NAME PREFIX: everything that a program outside may want of the prefix.
consumers() {
	local name=$1 prefix=$2 library
	library=$(dirname "$(find "$prefix" -name libkith.so)")
	check "$name: CMake" sh -c "cmake -S '$work/consumer' -B '$work/build-$name' -DCMAKE_PREFIX_PATH='$prefix' && cmake --build '$work/build-$name'"
	for program in shared plus archive; do
		check "$name: the program '$program' runs" "$work/build-$name/$program"
	done
	check "$name: the static program does not need libkith.so" sh -c "! ldd '$work/build-$name/archive' | grep -q libkith"
	check "$name: pkg-config" env PKG_CONFIG_PATH="$library/pkgconfig" sh -c "cc '$work/consumer/main.c' -o '$work/build-$name/by-pc' \$(pkg-config --cflags --libs kith) &&
		LD_LIBRARY_PATH='$library' '$work/build-$name/by-pc'"
	check "$name: pkg-config, static" env PKG_CONFIG_PATH="$library/pkgconfig" sh -c "cc '$work/consumer/main.c' -o '$work/build-$name/by-pc-static' \
		\$(pkg-config --cflags --libs kith-static) && '$work/build-$name/by-pc-static'"
	check "$name: the command runs where it is" "$prefix/bin/kith" --version
}

check 'installing' env DESTDIR= cmake --install "$build" --prefix "$work/installed"
consumers installed "$work/installed"
mv "$work/installed" "$work/moved"
consumers moved "$work/moved"

# Nothing is written outside DESTDIR and the prefix.
check 'installing with DESTDIR' env DESTDIR="$work/dest" cmake --install "$build" --prefix /opt/kith
check 'everything is below DESTDIR' sh -c "[ -e '$work/dest/opt/kith/bin/kith' ] && [ \"\$(ls '$work/dest')\" = opt ] && [ \"\$(ls '$work/dest/opt')\" = kith ]"
check 'no file names the build folder' sh -c "! grep -rqF '$build' '$work/dest' --include=*.cmake --include=*.pc"

# Components: the runtime alone is the library and its licence.
check 'the component runtime' env DESTDIR= cmake --install "$build" --prefix "$work/runtime" --component runtime
check 'is the library alone' sh -c "[ \"\$(cd '$work/runtime' && find . -type f -o -type l | grep -c libkith)\" = 2 ] && [ ! -e '$work/runtime/include' ]"
check 'the component command' env DESTDIR= cmake --install "$build" --prefix "$work/runtime" --component command
check 'runs with it' "$work/runtime/bin/kith" --version

# The manual page is one: neither groff nor mandoc finds anything to warn about.
page=$work/runtime/share/man/man1/kith.1
check 'kith(1) is installed with it' test -s "$page"
silent() { [ -z "$("$@" 2>&1)" ]; }
if command -v groff >/dev/null; then
	check 'groff takes kith(1)' silent groff -man -ww -z -Tutf8 "$page"
else
	skip 'groff is not there: kith(1) is not formatted'
fi
if command -v mandoc >/dev/null; then
	check 'mandoc takes kith(1)' silent mandoc -Tlint -Wwarning "$page"
fi
finish
