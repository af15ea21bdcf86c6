# What people write: the largest increment of each file and line, entry rows left out. For mawk and gawk.
/memory_profiler_logs: Filename: / { sub(/.*Filename: /, ""); file = $0; entry = 1; next }
/memory_profiler_logs: +[0-9]+ .* MiB / {
  sub(/.*memory_profiler_logs: +/, "")
  if (entry) { entry = 0; next }
  key = file ":" $1
  if (!(key in largest) || $4 + 0 > largest[key]) largest[key] = $4 + 0
}
END { for (key in largest) print largest[key], key }
