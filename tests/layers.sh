#!/bin/sh
# Holds the layers of ARCHITECTURE.md against the includes: every layer may include only what its row allows.
srcdir=${srcdir:-.}
passed=0
failed=0

# check NAME FILES ALLOWED FORBIDDEN: both are extended regular expressions for what stands behind #include.
check() {
  name=$1 files=$2 allowed=$3 forbidden=$4
  # shellcheck disable=SC2086 # a list of files
  if ! (cd "$srcdir" && ls $files) >/dev/null 2>&1; then
    printf '%s: no such files: %s\n' "$name" "$files"
    failed=$((failed + 1))
    return
  fi
  # shellcheck disable=SC2086 # a list of files
  bad=$(cd "$srcdir" && grep -nE '^# *include' $files /dev/null |
    sed 's/# *include *//' |
    awk -F: -v allowed="$allowed" -v forbidden="$forbidden" '
      { what = $3; local = what ~ /^"/ }
      (local && what !~ allowed) || (forbidden != "" && what ~ forbidden) { print }')
  if [ -n "$bad" ]; then
    printf '%s may not include:\n%s\n' "$name" "$bad"
    failed=$((failed + 1))
  else
    passed=$((passed + 1))
  fi
}

curses='curses[.]h'
uv='<uv[.]h>'
check base/ "base/*.[ch]" '^"base/' "$curses|$uv|<pcre2|<utf8proc|<cjson|<archive"
check parsers/ "parsers/*.[ch]" '^"(base|parsers)/' "$curses|$uv|<pcre2|<utf8proc|<archive"
check model/ "model/*.[ch]" '^"(base|model)/|^"parsers/(record|report|profiler)[.]h' "$curses|$uv|<cjson|<archive"
check "ui/ headers" "ui/*.h" '^"(base|model|ui)/' "$curses|$uv"
check ui/ "ui/*.[ch]" '^"(base|model|ui)/' "$uv|<cjson|<archive"
check "src/ exports" "src/export*.[ch] src/save.[ch] src/writer.[ch]" '^"(base|model)/|^"src/(export|save|writer|text_table)' "$curses|$uv"
check "src/ sources" "src/source*.[ch] src/tee.[ch]" '^"base/|^"src/(source|tee|unpack)' "$curses|<archive|<zlib"
check "src/ unpacking" "src/packed.[ch] src/gunzip.[ch] src/unpack*.[ch]" '^"base/|^"src/(packed|gunzip|unpack)' "$curses|$uv"
check "src/ but unpacking" "$(cd "$srcdir" && ls src/*.[ch] | grep -Ev '^src/(gunzip|unpack)[.]c$')" '' '<archive|<zlib'
check "src/ without screen" "src/session.[ch] src/batch.[ch]" '^"(base|parsers|model|src)/' "$curses"
check src/ "src/*.[ch]" '^"(base|parsers|model|ui|src)/' "$curses"

echo "layers: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
