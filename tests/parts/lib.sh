# Shared by the parts of the test run: building a variant, running programs, counting. Sourced by
# bash. A part calls finish as its last command.
set -u

: "${KITH_ROOT:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
: "${KITH_BUILDS:=$KITH_ROOT/build/tests}"
: "${KITH_JOBS:=$(nproc)}"
passed=0
failed=0
skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pass() { passed=$((passed + ${1:-1})); }
fail() { failed=$((failed + 1)); echo "FAILED: $*"; }
skip() { skipped=$((skipped + 1)); echo "skipped: $*"; }
finish() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
	exit
}

# check NAME COMMAND...: one test; its output is shown when it fails.
check() {
	local name=$1
	shift
	if "$@" >"$work/check" 2>&1; then
		pass
	else
		tail -n 60 "$work/check"
		fail "$name"
	fi
}

# The bindings there are, as CMake wants lists.
bindings() { (cd "$KITH_ROOT/bindings" && ls */CMakeLists.txt 2>/dev/null | xargs -r dirname | paste -sd ';'); }

# build VARIANT [TARGET...]: configures and builds; the folder is then $build. Variants: plain clang
# asan tsan fuzz. Ends the part when it fails: nothing can run.
build() {
	local variant=$1 options=''
	shift
	build=$KITH_BUILDS/$variant
	case $variant in
	plain) options="-DKITH_BINDINGS='$(bindings)'" ;;
	clang) options='-DCMAKE_C_COMPILER=clang' ;;
	asan) options='-DKITH_SANITIZE=address -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG=-O1\ -g -DKITH_BINDINGS="python;lua"' ;;
	tsan) options='-DKITH_SANITIZE=thread' ;;
	fuzz) options='-DKITH_FUZZ=ON -DCMAKE_C_COMPILER=clang' ;;
	esac
	command -v ccache >/dev/null && options="$options -DCMAKE_C_COMPILER_LAUNCHER=ccache"
	{
		eval "cmake -S '$KITH_ROOT' -B '$build' -G Ninja -DKITH_TESTS=ON -DKITH_WERROR=ON $options" &&
			cmake --build "$build" -j "$KITH_JOBS" ${1:+--target "$@"}
	} >"$build.build.log" 2>&1 || {
		grep -nE -A12 'FAILED|error|Error' "$build.build.log" | head -n 80
		fail "building $variant"
		finish
	}
}

# run_program FILE [ARGUMENT...]: runs a test program and adds its counts: criterion's closing line
# or a last line of ours. Neither is believed against the exit status.
run_program() {
	local name log=$work/program status=0 counts
	name=$(basename "$1")
	G_DEBUG=fatal-criticals ASAN_OPTIONS=abort_on_error=1:detect_leaks=1 \
		UBSAN_OPTIONS=print_stacktrace=1 timeout --kill-after=10 "${KITH_PROGRAM_SECONDS:-600}" "$@" >"$log" 2>&1 || status=$?
	counts=$(sed -nE 's/.*Synthesis: Tested: ([0-9]+) \| Passing: ([0-9]+) \| Failing: ([0-9]+).*/\2 \3 0/p
		s/^([0-9]+) passed, ([0-9]+) failed$/\1 \2 0/p; s/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' \
		"$log" | tail -n 1)
	local ok bad none
	read -r ok bad none <<<"${counts:-0 0 0}"
	if [ "$status" != 0 ] && [ "$bad" = 0 ]; then
		bad=1
		echo "$name ended with status $status"
	elif [ "$bad" = 0 ] && grep -qE 'LeakSanitizer|ThreadSanitizer|crashed during its setup or teardown' "$log"; then
		bad=1
	elif [ "$((ok + bad + none))" = 0 ]; then
		bad=1
		echo "$name tested nothing"
	fi
	passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + none))
	grep -E '^skipped' "$log"
	[ "$bad" = 0 ] || { tail -n 80 "$log"; echo "FAILED: $name"; }
	echo "$name: $ok passed, $bad failed"
}

# run_programs PART: every program built into $build/tests/PART.
run_programs() {
	local program any=false
	for program in "$build/tests/$1"/*; do
		[ -f "$program" ] && [ -x "$program" ] || continue
		any=true
		run_program "$program"
	done
	$any || fail "there are no $1 tests in $build"
}
