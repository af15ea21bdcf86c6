/* What an empty screen says: how to instrument a function app, and what was seen so far. Private to ui/. */
#ifndef UI_VIEW_EMPTY_H
#define UI_VIEW_EMPTY_H

#include "ui/text_page.h"

/* Writes the page for `width` cells. */
void empty_write(TextPage *page, const Model *model, int width);

/* Appends the code that is shown, headings as comments. */
void empty_code(Buffer *out);

/* Appends what was seen so far: "214 lines, 3 invocations, no profiler line". */
void empty_seen(const Model *model, Buffer *out);

#endif
