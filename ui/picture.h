/* Pictures of what is on the screen of an open Ui, after ui_draw(): for documents, bug reports and tests. */
#ifndef UI_PICTURE_H
#define UI_PICTURE_H

#include "base/buffer.h"

/* Appends the screen as lines of text without blanks at their ends. */
void picture_text(Buffer *out);

/* Appends one letter for the look of each cell (ui/theme.c has them); '.' for none, '#' selected, '!' a hit. */
void picture_looks(Buffer *out);

/* Appends the screen with its colours as an SVG document. */
void picture_svg(Buffer *out);

#endif
