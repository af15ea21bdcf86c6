/* Draws the screen into a file: no terminal is needed, and no person. */
#ifndef SRC_SCREENSHOT_H
#define SRC_SCREENSHOT_H

#include "src/options.h"

/* Whether the end of the file's name says a kind of picture: .svg or .txt. */
bool screenshot_kind_known(const char *name);

/* Reads the input to its end, presses the keys, writes the picture; returns the exit code. */
int screenshot_run(const Options *options);

#endif
