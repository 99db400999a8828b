#!/bin/bash
# The `kith` command, driven as a user drives it.
exec "$(dirname "$0")/../cli/run.sh" "${KITH_BUILD:-$(dirname "$0")/../../build}"
