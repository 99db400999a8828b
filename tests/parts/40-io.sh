# Real sockets on loopback, real libnice; then peers in network namespaces, with NATs and a real relay.
. "$(dirname "$0")/lib.sh"
build plain
run_programs io
for program in netns netns_sizes; do
	run_program python3 "$KITH_ROOT/tests/io/$program.py" "$build"
	cat "$work/program" # who took which way, and how fast
done
finish
