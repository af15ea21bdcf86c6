/* How many rows lines of a raw log take where long ones are wrapped, as far as it was reckoned. Private to ui/. */
#ifndef UI_LOG_HEIGHTS_H
#define UI_LOG_HEIGHTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* What they depend on besides the lines. */
typedef struct LogFold {
    int width;        /* cells of a row */
    int most;         /* rows that a line has at most: all of it is to be seen at once */
    bool brief, bare; /* as in LogPicture */
} LogFold;

/* Zero-initialise; end with log_heights_free(). */
typedef struct LogHeights {
    LogFold fold;
    struct LogHeight {
        uint64_t begin;
        int rows; /* 0: nothing is known here */
    } * known;
    uint64_t end;  /* of the log; the line that ends there may become longer ... */
    uint64_t last; /* ... and begins here */
} LogHeights;

/* Forgets them all. */
void log_heights_forget(LogHeights *heights);

/* Forgets those that are not true any more. */
void log_heights_hold(LogHeights *heights, LogFold fold, uint64_t end);

/* The rows of the line that begins at `begin`; 0 where that is not known. */
int log_heights_find(const LogHeights *heights, uint64_t begin);
/* `end`: where the line ends. */
void log_heights_add(LogHeights *heights, uint64_t begin, uint64_t end, Span text);

/* Bytes of `text` that stand in its first row. */
size_t log_fold_length(const LogFold *fold, Span text);

void log_heights_free(LogHeights *heights);

#endif
