# The links of the manuals lead somewhere.
. "$(dirname "$0")/lib.sh"
run_program python3 "$KITH_ROOT/tests/tidy/links.py"
finish
