/* Version of the library that draws the screen. */
#ifndef UI_VERSION_H
#define UI_VERSION_H

#include "base/buffer.h"

/* Appends a line: "name version". */
void ui_versions(Buffer *out);

#endif
