# Benchmarks: a quick run measures everything; figures are for quieter moments.

check "kith bench --quick --json" run 0 bench --quick --json
check "it measures every workload" json -s '[.[] | select(.event == "figure" and .peer == "kith") | .workload] | sort ==
	["bulk-1200","bulk-64","bulk-64k","connect","connect-many","idle","ping","unreliable-1000","unreliable-64"]' "$work/out"
check "no run failed" json -s '[.[] | select(.event == "figure" and has("failed"))] == []' "$work/out"
check "messages went through" json -s '[.[] | select(.event == "figure" and (.workload | startswith("bulk")))] |
	length > 0 and all(.mb_per_s.median > 0 and .lost_percent.max == 0 and .rounds == 1)' "$work/out"
check "it compares with the limit" json -s '[.[] | select(.event == "figure" and .workload == "bulk-64k" and .peer == "kith")] |
	length == 1 and all(.mb_per_s.to_limit > 0 and .mb_per_s.kith_to_it == 1)' "$work/out"
check "one workload, two peers, as a table" run 0 bench --quick --workload ping --peer kith --peer=tcp-cubic --rounds 2
check "the table has both" test "$(grep -cE '^\| (kith|tcp-cubic) ' "$work/out")" = 2
check "and no others" test "$(grep -cE '^\|' "$work/out")" = 4
check "options for Kith" run 0 bench --quick -w bulk-1200 -p kith --config UseGso=0 --seconds 0.05
