/* Writing what the screen shows to a file that a person names. */
#ifndef SRC_SAVE_H
#define SRC_SAVE_H

#include "base/buffer.h"
#include "model/table.h"

typedef enum SaveResult {
    SAVE_DONE,
    SAVE_EXISTS, /* nothing was written: a file of that name is there */
    SAVE_FAILED,
} SaveResult;

/*
 * Writes the rows to the file `name`, whose end says what kind it shall be; "~/" at its beginning is the home folder. The file is
 * there when it is complete. One that exists is left alone unless `replace`. Appends one sentence for people about what came of it.
 */
SaveResult save_rows(const char *name, bool replace, const TableExtract *rows, Buffer *message);

#endif
