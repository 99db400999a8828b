# Unit tests: each room with what lies below it.
. "$(dirname "$0")/lib.sh"
build plain
run_programs unit
finish
