/*
 * What was typed into prompts, kept for the next start: one line each, its first character the prompt's. The file is the program's
 * own, and only its owner may read it. That it cannot be read or written is no reason to bother anybody.
 */
#ifndef SRC_HISTORY_H
#define SRC_HISTORY_H

#include "base/buffer.h"

enum { HISTORY_LINES = 400, HISTORY_BYTES_MAX = 256 << 10 };

/* $XDG_STATE_HOME/funcmem/history, by default in ~/.local/state, to be freed; NULL when neither variable has an absolute path. */
char *history_path(void);

/* Appends the lines of the file, the oldest first. */
void history_read(const char *path, Buffer *lines);

/* Adds lines to the file, of which the newest HISTORY_LINES stay; makes the folders that are missing. False when that cannot be
 * done. */
bool history_add(const char *path, Span lines);

#endif
