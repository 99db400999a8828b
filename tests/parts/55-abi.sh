# The public headers alone, in C and C++; the exported names against the list of them.
. "$(dirname "$0")/lib.sh"
build plain kith
flags='-Wall -Wextra -Wpedantic -Wshadow -Werror -fsyntax-only'

for header in "$KITH_ROOT"/include/kith/*.h; do
	name=kith/$(basename "$header")
	glib=''
	[ "$name" != kith/glib.h ] || glib=$(pkg-config --cflags glib-2.0)
	printf '#include <%s>\n#include <%s>\n' "$name" "$name" >"$work/alone.c"
	cp "$work/alone.c" "$work/alone.cpp"
	# shellcheck disable=SC2086
	check "$name in C99" cc -std=c99 $flags $glib -I"$KITH_ROOT/include" "$work/alone.c"
	# shellcheck disable=SC2086
	check "$name in C11" cc -std=c11 $flags $glib -I"$KITH_ROOT/include" "$work/alone.c"
	# shellcheck disable=SC2086
	check "$name in C++" c++ -std=c++11 $flags $glib -I"$KITH_ROOT/include" "$work/alone.cpp"
done

exported() { nm -D --defined-only "$build/libkith.so" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' | LC_ALL=C sort -u; }
exported >"$work/exported"
check 'a name is exported that does not begin with kith_' sh -c "! grep -v '^kith_' '$work/exported'"
if [ -f "$KITH_ROOT/abi/kith.sym" ]; then
	check 'the exported names are not those of abi/kith.sym' diff "$KITH_ROOT/abi/kith.sym" "$work/exported"
else
	fail 'abi/kith.sym is not there'
fi

# What is installed serves a program outside the tree, found by pkg-config and by CMake.
check 'installing' env DESTDIR= cmake --install "$build" --prefix "$work/installed"
mkdir -p "$work/consumer"
cat >"$work/consumer/main.c" <<'END'
#include <kith/kith.h>
int main(void) { return kith_version() != KITH_VERSION; }
END
cat >"$work/consumer/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.16)
project(consumer C)
find_package(kith REQUIRED)
add_executable(consumer main.c)
target_link_libraries(consumer PRIVATE kith::kith)
END
library=$(dirname "$(find "$work/installed" -name libkith.so)")
check 'a consumer by pkg-config' env PKG_CONFIG_PATH="$library/pkgconfig" sh -c "sed 's|^prefix=.*|prefix=$work/installed|' -i \
	'$library/pkgconfig/kith.pc' && cc '$work/consumer/main.c' -o '$work/consumer/main' \$(pkg-config --cflags --libs kith) &&
	LD_LIBRARY_PATH='$library' '$work/consumer/main'"
check 'a consumer by CMake' sh -c "cmake -S '$work/consumer' -B '$work/consumer/build' -DCMAKE_PREFIX_PATH='$work/installed' &&
	cmake --build '$work/consumer/build' && '$work/consumer/build/consumer'"
finish
