/* The lines of a raw log as they stand there, for a file: a portion at a time, in bounded memory. Private to ui/. */
#ifndef UI_LOG_COPY_H
#define UI_LOG_COPY_H

#include "base/portions.h"
#include "ui/log_lines.h"
#include "ui/pattern.h"

/*
 * All bytes that `lines` has now (as of its last refresh), whatever comes behind them; or of the lines only those that `filter`
 * leaves, which is taken over (NULL: none).
 */
Portions log_copy(const LogLines *lines, Pattern *filter, bool negated);

#endif
