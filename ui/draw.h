/*
 * Drawing on the terminal's screen. Text is UTF-8; what is drawn is made safe (model/display.h) and clipped to the width that is
 * asked for and to the screen. Coordinates are cells from the top left.
 */
#ifndef UI_DRAW_H
#define UI_DRAW_H

#include "base/buffer.h"
#include "base/span.h"
#include "ui/theme.h"

/* Draws `text` into `width` cells, from its cell `skip` on; what is left of them stays as it is. Returns the cells written. */
int draw_text(int row, int column, int width, Span text, size_t skip, Role role, Emphasis emphasis);

/* A name without what many have in common ("HttpTriggerSync...:18" of "HttpTriggerSync/__init__.py:18"), in `out`; else `text` itself. */
Span draw_short_name(Span text, Buffer *out);

/* As draw_text() for a name: one that is too long loses what others have, too, then its middle, because its end tells it from others. */
int draw_name(int row, int column, int width, Span text, Role role, Emphasis emphasis);

/* As draw_text() for text that needs no care, as printf would make it. */
int draw_format(int row, int column, int width, Role role, Emphasis emphasis, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/*
 * Lights the cells `from` to `to` of a text of `natural` cells that draw_text() drew from its cell `skip` on into `width`; where
 * they are cut off, the ellipsis there.
 */
void draw_lit(int row, int column, int width, size_t natural, size_t skip, size_t from, size_t to, Light light);

/* The same for bytes of a name that draw_name() drew. */
void draw_lit_name(int row, int column, int width, Span text, size_t from, size_t to, Light light);

/* Fills cells with blanks. */
void draw_blank(int row, int column, int width, Role role, Emphasis emphasis);

/* Draws a bar of `share` thousandths of `width` cells. */
void draw_bar(int row, int column, int width, unsigned share, Role role, Emphasis emphasis);

/* Draws the latest of these values, as many as there is room for, at the right edge of `width` cells. */
void draw_spark(int row, int column, int width, const int64_t *values, size_t count, Role role, Emphasis emphasis);

/* Clears a rectangle and draws a border at its edge, with a title in it. */
void draw_box(int row, int column, int rows, int columns, Span title);

/* Signs that have a plain form. */
typedef enum Sign { SIGN_UP, SIGN_DOWN, SIGN_CRUMB, SIGN_DOT, SIGN_MARK, SIGN_MORE_LEFT, SIGN_MORE_RIGHT,
    SIGN_PROFILER, SIGN_PROFILER_HERE, SIGN_BEGIN, SIGN_END, SIGN_ELLIPSIS, SIGN_COUNT } Sign;
Span sign_text(Sign sign);

/* Frees what drawing keeps. */
void draw_release(void);

#endif
