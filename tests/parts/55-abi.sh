# The public interface as others see it: headers, exported names, what is installed.
. "$(dirname "$0")/lib.sh"
build plain
for part in headers symbols; do
	. "$KITH_ROOT/tests/abi/$part.sh"
done
run_program bash "$KITH_ROOT/tests/abi/install.sh" "$build"
finish
