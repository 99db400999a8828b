# Each public header alone, twice, in every C and C++ there is, by both compilers, without a warning;
# and none but kith/glib.h names anything of the libraries underneath. Sourced by the part abi.

flags='-Wall -Wextra -Wpedantic -Wshadow -Werror -fsyntax-only'
for header in "$KITH_ROOT"/include/kith/*.h; do
	name=kith/$(basename "$header")
	glib=''
	[ "$name" != kith/glib.h ] || glib=$(pkg-config --cflags glib-2.0)
	printf '#include <%s>\n#include <%s>\n' "$name" "$name" >"$work/alone.c"
	cp "$work/alone.c" "$work/alone.cpp"
	for compiler in gcc clang; do
		for standard in c99 c11 c17; do
			# shellcheck disable=SC2086
			check "$name in $standard by $compiler" $compiler -std=$standard $flags $glib -I"$KITH_ROOT/include" "$work/alone.c"
		done
		for standard in c++11 c++14 c++17 c++20; do
			# shellcheck disable=SC2086
			check "$name in $standard by $compiler" ${compiler/gcc/g}++ -std=$standard $flags $glib -I"$KITH_ROOT/include" "$work/alone.cpp"
		done
	done
	[ "$name" = kith/glib.h ] || check "$name names something of another library" sh -c \
		"! grep -vE '^[[:space:]]*(/?\*|//)' '$header' | grep -E 'include <(glib|nice|gnutls|nettle)|\b(G[A-Z][a-z]+|g_|gnutls_|nettle_|Nice|nice_)'"
done
