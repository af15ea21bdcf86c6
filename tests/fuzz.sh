#!/bin/sh
# Fuzzes every reader with libFuzzer under ASan and UBSan, each for FUZZ_SECONDS (default 10); prints how many executions there were.
# usage: fuzz.sh [FOLDER]      keeps what it builds and finds there; without FOLDER nothing is kept
set -u
srcdir=${srcdir:-$(dirname "$0")/..}
seconds=${FUZZ_SECONDS:-10}
folder=${1:-}
if [ -z "$folder" ]; then
  folder=$(mktemp -d)
  trap '[ "$failed" -gt 0 ] && echo "fuzz: what was found is in $folder" || rm -rf "$folder"' EXIT
fi
mkdir -p "$folder" || exit 1
passed=0
failed=0

if ! echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' |
  clang -fsanitize=fuzzer -x c -o "$folder/probe" - 2>/dev/null; then
  echo "fuzz: clang with libFuzzer was not found"
  [ "${CI:-}" = true ] && exit 1
  exit 77
fi

for target in text model json csv; do
  if clang -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -std=c11 -D_GNU_SOURCE -g -O1 \
    -Werror -DPACKAGE_VERSION='"fuzz"' -I"$srcdir" -o "$folder/fuzz_$target" "$srcdir/tests/fuzz/fuzz_$target.c" \
    "$srcdir"/base/[a-z]*.c "$srcdir"/parsers/[a-z]*.c "$srcdir"/model/[a-z]*.c \
    -lcjson -lpcre2-8 -lutf8proc -lm >"$folder/$target.build" 2>&1; then :; else
    cat "$folder/$target.build"
    failed=$((failed + 1))
    continue
  fi
  mkdir -p "$folder/$target"
  python3 "$srcdir/tests/fuzz/seeds.py" "$folder/seeds-$target" "$target" || exit 1
  if "$folder/fuzz_$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix="$folder/crash-$target-" "$folder/$target" "$folder/seeds-$target" >"$folder/$target.log" 2>&1; then
    passed=$((passed + 1))
    echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/$target.log") executions in $seconds s, nothing found"
  else
    failed=$((failed + 1))
    tail -n 60 "$folder/$target.log"
  fi
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
