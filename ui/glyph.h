/*
 * Characters that are drawn with, as shapes: fonts disagree on how wide they are, and leave gaps between them. Private to ui/.
 */
#ifndef UI_GLYPH_H
#define UI_GLYPH_H

#include "base/buffer.h"

enum { GLYPH_WIDTH = 72, GLYPH_HEIGHT = 144 }; /* of a cell, in the units of the paths */

/*
 * Appends to `path` (if it is not NULL) how SVG draws the character, which is one cell of UTF-8, in the cell number `column` of a row of
 * cells. False when it is none that is drawn with: blocks, braille, and the lines of boxes.
 */
bool glyph_append(Span character, int column, Buffer *path);

#endif
