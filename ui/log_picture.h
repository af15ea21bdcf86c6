/* A raw log as it is drawn: lines with a sign in front of those that matter, and search hits. Private to ui/. */
#ifndef UI_LOG_PICTURE_H
#define UI_LOG_PICTURE_H

#include "base/vec.h"
#include "ui/log_cursor.h"
#include "ui/log_marks.h"
#include "ui/pattern.h"
#include "ui/view.h"

enum { LOG_GUTTER = 2 }; /* cells before the text */

/* Zero-initialise; end with log_picture_free(). */
typedef struct LogPicture {
    size_t skip;            /* cells that are scrolled out at the left */
    const LogMarks *marks;
    const Pattern *pattern; /* what is searched for, or NULL */
    VEC(UiLineKind) kinds;  /* of the lines on the screen and some before ... */
    Buffer text;            /* ... and their text */
} LogPicture;

void log_picture_draw(LogPicture *picture, LogLines *lines, const LogCursor *cursor, Area area);

void log_picture_free(LogPicture *picture);

#endif
