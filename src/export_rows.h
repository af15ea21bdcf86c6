/* Rows of a table as they stand on the screen, as a file of their own. */
#ifndef SRC_EXPORT_ROWS_H
#define SRC_EXPORT_ROWS_H

#include "model/table.h"
#include "src/writer.h"

typedef struct RowsFormat {
    const char *suffix; /* of the file's name */
    void (*print)(Writer *writer, const TableExtract *rows);
} RowsFormat;

/* All of them, ended by a row without suffix. */
extern const RowsFormat rows_formats[];

/* The format that the end of a file's name says, in upper or lower case; NULL when it says none. */
const RowsFormat *rows_format_of(const char *name);

#endif
