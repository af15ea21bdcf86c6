/* Rows of a table as they stand on the screen, as a file of their own. */
#ifndef SRC_EXPORT_ROWS_H
#define SRC_EXPORT_ROWS_H

#include "base/portions.h"
#include "model/table.h"
#include "src/writer.h"

typedef struct RowsPrinter RowsPrinter;

/* How rows are printed, one after the other. Any of the functions but `row` may be NULL. */
typedef struct RowsFormat {
    const char *suffix; /* of the file's name */
    void (*begin)(RowsPrinter *printer);
    void (*measure)(RowsPrinter *printer, size_t row); /* of all rows before the first is printed */
    void (*head)(RowsPrinter *printer);
    void (*row)(RowsPrinter *printer, size_t row);
    void (*foot)(RowsPrinter *printer);
} RowsFormat;

/* All of them, ended by a row without suffix. */
extern const RowsFormat rows_formats[];

/* The format that the end of a file's name says, in upper or lower case; NULL when it says none. */
const RowsFormat *rows_format_of(const char *name);

/* The rows as that format prints them. Takes over `rows`. */
Portions rows_portions(const RowsFormat *format, TableExtract rows);

#endif
