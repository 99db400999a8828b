# Every reader against its corpus and what libFuzzer makes of it. KITH_FUZZ_SECONDS: for each reader.
. "$(dirname "$0")/lib.sh"
build fuzz
seconds=${KITH_FUZZ_SECONDS:-10}

fuzz() {
	local reader=$1 corpus=$KITH_ROOT/tests/fuzz/corpus/$1
	mkdir -p "$work/new.$reader"
	[ -d "$corpus" ] || corpus=''
	"$build/tests/fuzz/fuzz_$reader" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=4096 \
		-artifact_prefix="$KITH_BUILDS/$reader." "$work/new.$reader" $corpus >"$work/fuzz.$reader" 2>&1
}

readers=$(cd "$build/tests/fuzz" && ls | sed -n 's/^fuzz_//p')
[ -n "$readers" ] || fail 'there are no fuzz targets'
for reader in $readers; do
	while [ "$(jobs -rp | wc -l)" -ge "$KITH_JOBS" ]; do wait -n; done
	{ fuzz "$reader" || touch "$work/bad.$reader"; } &
done
wait
for reader in $readers; do
	if [ -e "$work/bad.$reader" ]; then
		tail -n 40 "$work/fuzz.$reader"
		fail "fuzz_$reader: the input is in $KITH_BUILDS/$reader.*"
	else
		pass
	fi
done
finish
