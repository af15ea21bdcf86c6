/* What exports have in common: cells and tables in their languages. For src/export*.c. */
#ifndef SRC_EXPORT_PARTS_H
#define SRC_EXPORT_PARTS_H

#include "src/text_table.h"

/* A cell of CSV: quoted where it must be, valid UTF-8, and no formula to a spreadsheet. */
void export_csv_cell(Writer *writer, Span text);

/* A string of JSON with its quotes; invalid bytes become U+FFFD. */
void export_json_string(Writer *writer, Span text);

/* A table of Markdown: first its header, then its rows. */
void export_markdown_header(Writer *writer, const TextTable *table);
void export_markdown_rows(Writer *writer, const TextTable *table);

#endif
