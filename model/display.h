/*
 * Text as terminal cells. Logs are untrusted: what is drawn here has no control characters, no escape sequences, no bidi controls and
 * no character whose width the libraries do not agree on.
 */
#ifndef MODEL_DISPLAY_H
#define MODEL_DISPLAY_H

#include "base/buffer.h"

typedef struct DisplayStyle {
    bool ascii;     /* the terminal takes no UTF-8: everything else becomes '?' */
    unsigned tab;   /* cells between tab stops, 0 for 4 */
} DisplayStyle;

/*
 * Appends `text` made safe to `out`, at most `width` cells of it from cell `skip` on; what is cut is shown by an ellipsis in the last
 * cell (and in the first when `skip` is above 0). Returns the cells appended.
 */
size_t display_append(Buffer *out, Span text, size_t skip, size_t width, DisplayStyle style);

/*
 * Appends a little bar for each of the last `width` values, as high as it stands between the lowest and the highest of them; all are
 * low when they are equal. Returns the cells appended.
 */
size_t display_append_spark(Buffer *out, const int64_t *values, size_t count, size_t width, bool ascii);

/* Cells of the whole text made safe. */
size_t display_width(Span text, DisplayStyle style);

/* The cell behind the text when it begins at cell `column` of a line: tabs depend on that. */
size_t display_advance(Span text, size_t column, DisplayStyle style);

/* How many bytes from the front on, whole characters with their marks, take at most `width` cells. */
size_t display_fit(Span text, size_t width, DisplayStyle style);

#endif
