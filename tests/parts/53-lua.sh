# The Lua binding: each Lua there is runs the scenarios in three styles, the tests of the package, and the examples.
. "$(dirname "$0")/lib.sh"
build plain
. "$KITH_ROOT/tests/bindings/signald.sh"
run_program python3 "$KITH_ROOT/tests/bindings/coverage.py" lua
scenarios=$KITH_ROOT/tests/bindings/scenarios.txt
any=false
while read -r name command; do
	any=true
	for style in poll callback coroutine; do
		echo "$name, $style"
		# shellcheck disable=SC2086
		run_program $command "$scenarios" $style
	done
	# shellcheck disable=SC2086
	run_program ${command/scenario.lua/unit.lua}
done < <(bash "$KITH_ROOT/tests/bindings/programs.sh" "$build" scenarios lua)
$any || fail 'there is no Lua'
run_program bash "$KITH_ROOT/tests/bindings/lua/package.sh" "$build"
finish
