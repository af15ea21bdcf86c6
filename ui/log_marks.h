/* Lines of a raw log that a person has marked, by where they begin. Private to ui/. */
#ifndef UI_LOG_MARKS_H
#define UI_LOG_MARKS_H

#include "base/span.h"
#include "base/vec.h"

/* Zero-initialise; end with log_marks_free(). */
typedef struct LogMarks {
    VEC(uint64_t) lines; /* ascending */
} LogMarks;

void log_marks_toggle(LogMarks *marks, uint64_t line);
bool log_marks_have(const LogMarks *marks, uint64_t line);

/* Forgets marks before `first`, whose lines are gone. */
void log_marks_hold(LogMarks *marks, uint64_t first);

/* The next marked line behind `line`, or before it (`direction` -1), wrapping; false without any. */
bool log_marks_next(const LogMarks *marks, uint64_t line, int direction, uint64_t *found);

void log_marks_free(LogMarks *marks);

#endif
