# The exported names against abi/kith.sym. Sourced by the part abi.

exported() { nm -D --defined-only "$1" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' | LC_ALL=C sort -u; }
exported "$build/libkith.so" >"$work/exported"
check 'a name is exported that does not begin with kith_' sh -c "! grep -vE '^kithx?_' '$work/exported'"
check 'the exported names are not those of abi/kith.sym' diff "$KITH_ROOT/abi/kith.sym" "$work/exported"
