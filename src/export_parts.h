/* What exports have in common: tables in their languages. For src/export*.c. */
#ifndef SRC_EXPORT_PARTS_H
#define SRC_EXPORT_PARTS_H

#include "src/text_table.h"

/* A table of Markdown: first its header, then its rows. */
void export_markdown_header(Writer *writer, const TextTable *table);
void export_markdown_rows(Writer *writer, const TextTable *table);

#endif
