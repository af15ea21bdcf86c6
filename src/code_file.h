/*
 * The source files that a log names, where they can be read here. A log is untrusted: it may name anything, so only regular files of a
 * sensible size are opened.
 */
#ifndef SRC_CODE_FILE_H
#define SRC_CODE_FILE_H

#include "base/buffer.h"
#include "src/options.h"

enum { CODE_BYTES_MAX = 4 << 20 };

/*
 * Where the file is that the log calls `path`: under TO of the first of `count` `maps` whose FROM is a folder of it and where there is
 * such a file, else at `path` itself. A path as Windows writes it may be mapped as well. Writes the name into `name`. False when there
 * is no such regular file that can be read.
 */
bool code_find(const PathMap *maps, size_t count, Span path, Buffer *name);

/* Appends the text of that file; false when there is none or when it is larger than CODE_BYTES_MAX. */
bool code_read(const PathMap *maps, size_t count, Span path, Buffer *text);

#endif
