# Stories: two worlds in virtual time, what happens told line by line.
. "$(dirname "$0")/lib.sh"
build plain
run_programs scenario
finish
