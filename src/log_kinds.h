/* What raw lines of a text log are, for marking them. */
#ifndef SRC_LOG_KINDS_H
#define SRC_LOG_KINDS_H

#include "ui/ui.h"

/*
 * Says what each of the lines is, which follow one another. A record of several lines is known as one when its first line is among
 * them.
 */
void log_kinds(UiLogLine *lines, size_t count);

#endif
