# Random worlds by seed. KITH_WORLDS: how many; KITH_FIRST_WORLD: from which seed.
. "$(dirname "$0")/lib.sh"
build plain
export KITH_PROGRAM_SECONDS=1200
worlds=${KITH_WORLDS:-10000}
first=${KITH_FIRST_WORLD:-1}

# run PROGRAM WORLDS: one process for each core, each with its share of the seeds.
run() {
	local program=$1 share=$((($2 + KITH_JOBS - 1) / KITH_JOBS)) job status counts ok bad
	for ((job = 0; job < KITH_JOBS; job++)); do
		timeout --kill-after=10 "$KITH_PROGRAM_SECONDS" "$build/tests/sim/$program" $((first + job * share)) $share >"$work/$program.$job" 2>&1 &
		pids[job]=$!
	done
	for ((job = 0; job < KITH_JOBS; job++)); do
		status=0
		wait "${pids[job]}" || status=$?
		counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$work/$program.$job" | tail -n 1)
		read -r ok bad < <(sed -E 's/[^0-9]+/ /g' <<<"${counts:-0 0}")
		passed=$((passed + ok)) failed=$((failed + bad))
		[ "$bad" = 0 ] || head -n 100 "$work/$program.$job"
		[ "$status" = 0 ] || [ "$bad" != 0 ] || { tail -n 20 "$work/$program.$job"; fail "$program ended with status $status"; }
	done
}
run random_worlds "$worlds"
run messages_worlds $((worlds / 5))
finish
