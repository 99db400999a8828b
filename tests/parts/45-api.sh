# The public interface, by nothing but include/kith.
. "$(dirname "$0")/lib.sh"
build plain
run_programs api
finish
