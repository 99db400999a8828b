# The other compiler finds nothing to warn about either.
. "$(dirname "$0")/lib.sh"
build clang
pass
finish
