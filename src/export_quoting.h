/* Texts in the languages of exports: put where there is room for them (base/put.h). For src/export*.c. */
#ifndef SRC_EXPORT_QUOTING_H
#define SRC_EXPORT_QUOTING_H

#include "src/writer.h"

/* How a language has texts. */
typedef struct Quoting {
    char *(*put)(char *at, Span text);
    size_t room; /* bytes that it takes for a byte of the text at most; EXPORT_QUOTES more for all of it */
} Quoting;

enum { EXPORT_QUOTES = 3 + CELLS_BYTES /* and what is touched behind the end */ };

/* A string with its quotes; invalid bytes become U+FFFD. */
extern const Quoting export_json_string;

/* A cell: quoted where it must be, valid UTF-8, and no formula to a spreadsheet. */
extern const Quoting export_csv_cell;

static inline size_t export_quoted_room(const Quoting *quoting, size_t len)
{
    return quoting->room * len + EXPORT_QUOTES;
}

/* Writes a text in that language. */
static inline void export_quoted(Writer *writer, const Quoting *quoting, Span text)
{
    writer_filled(writer, quoting->put(writer_room(writer, export_quoted_room(quoting, text.len)), text));
}

#endif
