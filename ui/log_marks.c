#include "ui/log_marks.h"

#include "base/partition_point.h"

/* How many marked lines begin before that one. */
static size_t place_of(const LogMarks *marks, uint64_t line)
{
    size_t at;
    PARTITION_POINT(at, marks->lines.len, marks->lines.items[at] < line);
    return at;
}

bool log_marks_have(const LogMarks *marks, uint64_t line)
{
    size_t at = place_of(marks, line);
    return at < marks->lines.len && marks->lines.items[at] == line;
}

void log_marks_toggle(LogMarks *marks, uint64_t line)
{
    size_t at = place_of(marks, line);
    if (log_marks_have(marks, line)) {
        vec_remove(&marks->lines, at);
        return;
    }
    vec_push(&marks->lines, line);
    for (size_t i = marks->lines.len - 1; i > at; i--)
        marks->lines.items[i] = marks->lines.items[i - 1];
    marks->lines.items[at] = line;
}

void log_marks_hold(LogMarks *marks, uint64_t first)
{
    while (marks->lines.len && marks->lines.items[0] < first)
        vec_remove(&marks->lines, 0);
}

bool log_marks_next(const LogMarks *marks, uint64_t line, int direction, uint64_t *found)
{
    size_t count = marks->lines.len, at = place_of(marks, line);
    if (!count)
        return false;
    if (direction > 0)
        at = (at + log_marks_have(marks, line)) % count;
    else
        at = (at + count - 1) % count;
    *found = marks->lines.items[at];
    return true;
}

void log_marks_free(LogMarks *marks)
{
    vec_free(&marks->lines);
}
