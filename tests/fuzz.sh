#!/bin/sh
# Fuzzes every reader with libFuzzer under ASan and UBSan, each for FUZZ_SECONDS (default 10); prints how many executions there were.
# usage: fuzz.sh [FOLDER]      keeps what it builds and finds there; without FOLDER nothing is kept
# shellcheck disable=SC2016,SC2086
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

jobs=$(getconf _NPROCESSORS_ONLN)
flags="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -std=c11 -D_GNU_SOURCE -g -O1 -Werror"

# The readers once, for all targets.
rm -rf "$folder/objects"
mkdir "$folder/objects"
if ! (cd "$srcdir" && ls base/[a-z]*.c parsers/[a-z]*.c model/[a-z]*.c) |
  xargs -P "$jobs" -I FILE sh -c 'clang $1 -DPACKAGE_VERSION="\"fuzz\"" -I"$2" -c -o "$3/$(echo "$4" | tr / -).o" "$2/$4"' \
    compile "$flags" "$srcdir" "$folder/objects" FILE; then
  exit 1
fi

# fuzz_target NAME: one line about it; its file NAME.passed is there when nothing was found.
fuzz_target() {
  rm -f "$folder/$1.passed"
  clang $flags -fsanitize=fuzzer -I"$srcdir" -o "$folder/fuzz_$1" "$srcdir/tests/fuzz/fuzz_$1.c" "$folder"/objects/*.o \
    -lcjson -lpcre2-8 -lutf8proc -lm || return
  mkdir -p "$folder/$1"
  python3 "$srcdir/tests/fuzz/seeds.py" "$folder/seeds-$1" "$1" || return
  if "$folder/fuzz_$1" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix="$folder/crash-$1-" "$folder/$1" "$folder/seeds-$1" >"$folder/$1.log" 2>&1; then
    echo "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/$1.log") executions in $seconds s, nothing found"
    : >"$folder/$1.passed"
  else
    tail -n 60 "$folder/$1.log"
  fi
}

running=0
for target in text json model csv; do
  fuzz_target "$target" &
  running=$((running + 1))
  if [ "$running" -ge "$jobs" ]; then
    wait
    running=0
  fi
done
wait

for target in text json model csv; do
  if [ -f "$folder/$target.passed" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
