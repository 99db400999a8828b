# The public interface as others see it: headers, exported names, what is installed.
. "$(dirname "$0")/lib.sh"
build plain
for part in headers symbols versions; do
	. "$KITH_ROOT/tests/abi/$part.sh"
done
conforms() { "$build/tests/abi/conformance" --assertions "$KITH_ROOT/abi/kith.json" >"$work/assertions.c" &&
	cc -std=c11 -fsyntax-only -I"$KITH_ROOT/include" "$work/assertions.c"; }
check 'the compiler lays structs out as abi/kith.json says' conforms
run_program "$build/tests/abi/conformance" "$build/libkith.so" "$KITH_ROOT/abi/kith.json"
run_program bash "$KITH_ROOT/tests/abi/install.sh" "$build"
finish
