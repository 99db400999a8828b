# Real sockets on loopback, real libnice, a real relay.
. "$(dirname "$0")/lib.sh"
build plain
run_programs io
finish
