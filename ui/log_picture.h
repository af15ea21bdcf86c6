/* A raw log as it is drawn: lines with a sign in front of those that matter, and search hits. Private to ui/. */
#ifndef UI_LOG_PICTURE_H
#define UI_LOG_PICTURE_H

#include "ui/log_cursor.h"
#include "ui/log_heights.h"
#include "ui/log_look.h"
#include "ui/log_marks.h"
#include "ui/pattern.h"
#include "ui/view.h"

enum { LOG_GUTTER = 2 }; /* cells before the text */

/* Zero-initialise; end with log_picture_free(). */
typedef struct LogPicture {
    size_t skip; /* cells that are scrolled out at the left */
    bool wrap;   /* long lines take several rows, and none is scrolled sideways */
    bool brief;  /* lines have short fronts ... */
    bool bare;   /* ... and the profiler's none ... */
    bool cut;    /* ... and one on the screen has less than it has in the log */
    size_t selected_width; /* cells of the selected line */
    bool reveal; /* the hit in the selected line is to be scrolled to */
    const Model *model;
    Id report; /* whose lines have a sign of their own, or NO_ID */
    const LogMarks *marks;
    const Pattern *pattern; /* what is searched for, or NULL */
    const Pattern *filter;  /* what lines are shown for, or NULL */
    LogLooks looks;         /* of the lines on the screen */
    LogHeights heights;
    LogLooks measured; /* lines of which heights are asked for */
    Buffer scratch;
} LogPicture;

void log_picture_draw(LogPicture *picture, LogLines *lines, const LogCursor *cursor, Area area);

/* Prepares for an area of that size: to be called before log_picture_height(), too. */
void log_picture_fold(LogPicture *picture, const LogLines *lines, int rows, int columns);

/* LogCursor's `height`; `picture` is a LogPicture. */
int log_picture_height(void *picture, LogLines *lines, uint64_t begin);

/* Cells that the widest of the lines on the screen takes. */
size_t log_picture_widest(LogPicture *picture, LogLines *lines, const LogCursor *cursor);

/* Cells that the selected line takes; it may not be on the screen. */
size_t log_picture_width(LogPicture *picture, LogLines *lines, const LogCursor *cursor);

void log_picture_free(LogPicture *picture);

#endif
