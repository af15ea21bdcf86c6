#!/bin/sh
# Random Python programs under the real memory_profiler: what funcmem reads must be what the profiler measured.
srcdir=${srcdir:-.}
out=$("$srcdir/tests/oracle/check.py" "${FUNCMEM:-./funcmem}" --seeds "${ORACLE_SEEDS:-1-60}" --jobs 2)
code=$?
printf '%s\n' "$out"
if [ "$code" -eq 77 ] && [ "${CI:-}" != true ]; then
  echo "oracle: SKIPPED, memory_profiler is missing"
  exit 77
fi
programs=$(printf '%s\n' "$out" | sed -n 's/^oracle: \([0-9]*\) programs.*/\1/p')
wrong=$(printf '%s\n' "$out" | sed -n 's/.* \([0-9]*\) wrong$/\1/p')
echo "oracle: $((${programs:-0} - ${wrong:-1})) passed, ${wrong:-1} failed"
exit "$code"
