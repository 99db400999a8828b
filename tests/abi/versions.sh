# Old programs with the library of today, and a later program with it as an old library. Sourced by the
# part abi.

# build_program NAME SOURCE INCLUDE
build_program() {
	cc -std=c99 -Wall -Wextra -Werror -I"$3" "$2" -o "$work/$1" -L"$build" -lkith -Wl,-rpath,"$build"
}

for program in "$KITH_ROOT"/tests/abi/oldest/*.c; do
	name=$(basename "$program" .c)
	check "building the program '$name' against the baseline" build_program "$name" "$program" "$KITH_ROOT/abi/baseline"
	[ -x "$work/$name" ] && run_program "$work/$name"
done

# A program that uses what an older library has not: the loader says so by the name of the version.
mkdir -p "$work/later"
echo 'int kith_of_tomorrow(void) { return 1; }' >"$work/later/kith.c"
echo 'KITH_9.9 { global: kith_of_tomorrow; local: *; };' >"$work/later/map"
echo 'int kith_of_tomorrow(void); int main(void) { return kith_of_tomorrow(); }' >"$work/later/main.c"
later() {
	cc -shared -fPIC "$work/later/kith.c" -o "$work/later/libkith.so.1" -Wl,-soname,libkith.so.1 -Wl,--version-script="$work/later/map" &&
		cc "$work/later/main.c" -o "$work/later/main" "$work/later/libkith.so.1" &&
		! LD_LIBRARY_PATH=$build "$work/later/main" 2>"$work/later/said" && grep -q "version .KITH_9.9. not found" "$work/later/said"
}
check 'a program of a later version is refused by name' later
