/* What raw lines of a log are, for marking them. */
#ifndef SRC_LOG_KINDS_H
#define SRC_LOG_KINDS_H

#include "base/span.h"

typedef enum LogKind { LOG_OTHER, LOG_PROFILER, LOG_BEGIN, LOG_END } LogKind;

/*
 * Writes what each line of `text` is, at most `count` of them; those that are not there are LOG_OTHER. `text` begins with a line;
 * a record of several lines is known as one when its first line is in it. `format` is the log's as the model has it, or NULL.
 */
void log_kinds(const char *format, Span text, LogKind *kinds, size_t count);

#endif
