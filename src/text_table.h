/* The top rows of a table as texts: what the text report and Markdown have in common, and how the former lays them out. */
#ifndef SRC_TEXT_TABLE_H
#define SRC_TEXT_TABLE_H

#include "base/vec.h"
#include "model/display.h"
#include "model/table.h"
#include "src/writer.h"

enum {
    TEXT_TABLE_COLUMNS_MAX = 24,
    TEXT_TABLE_TOP = 20, /* rows where nobody said how many */
};

typedef struct TextCell {
    size_t at, len; /* its text, see text_table_text(); as the log had it, not yet safe for a terminal */
    CellType type;
    CellStyle style;
    uint16_t heat;
} TextCell;

typedef struct TextTable {
    const Column *columns[TEXT_TABLE_COLUMNS_MAX];
    size_t extracted[TEXT_TABLE_COLUMNS_MAX]; /* of text_table_of_columns(): the columns of the table that it is from ... */
    size_t extracted_count;                   /* ... which are the first so many */
    size_t column_count;
    VEC(TextCell) cells; /* row by row */
    size_t rows;
    size_t more; /* rows that are wanted and were left out */
    bool units;  /* titles say the units */
    bool ascii;  /* pictures are drawn with plain characters */
    Buffer text;
} TextTable;

typedef struct TextStyle {
    unsigned width; /* cells of a line, 0 for no limit */
    bool color;
    DisplayStyle display;
} TextStyle;

/* Colours and emphasis, written as SGR sequences where `color` is set. */
typedef enum TextColor { TEXT_PLAIN, TEXT_BOLD, TEXT_DIM, TEXT_WARM, TEXT_HOT } TextColor;

/*
 * Takes the first `top` rows that are `wanted` (NULL: all are) of a refreshed table, and of these the columns whose ids `ids`
 * lists, NULL at its end. End with text_table_free().
 */
TextTable text_table_of(const Table *table, const char *const *ids, bool (*wanted)(const Table *table, RowKey row), size_t top);
/*
 * The same a row at a time: a table that has those columns, but pictures that `skips` names, and as its only row the one that
 * text_table_put_row() puts there. A last column says which are marked, where some are.
 */
TextTable text_table_of_columns(const TableExtract *extract, bool ascii, bool (*skips)(CellType type));
void text_table_put_row(TextTable *table, const TableExtract *extract, size_t row);
void text_table_free(TextTable *table);

/* The text of a cell, valid as long as the table. */
Span text_table_text(const TextTable *table, const TextCell *cell);

/* Whether a column stands to the right: numbers and times. */
bool text_column_is_number(const Column *column);

/*
 * How a table is laid out in aligned columns, numbers by their decimal point. Where they do not fit `style->width`, texts are cut,
 * then columns left out. Columns without any value are left out in any case.
 */
typedef struct TextLayout {
    const TextTable *table;
    const TextStyle *style;
    struct LaidColumn {
        bool shown;
        size_t head, tail; /* cells before the decimal point and from there on, of the cells that have most of them */
        size_t width;      /* cells */
    } columns[TEXT_TABLE_COLUMNS_MAX];
} TextLayout;

/* First the rows are measured, all at once or one after the other; then the layout is settled, and they can be printed the same
 * way. */
void text_layout_measure(TextLayout *layout);
void text_layout_settle(TextLayout *layout);
void text_layout_print_header(Writer *writer, const TextLayout *layout);
void text_layout_print_rows(Writer *writer, const TextLayout *layout);

/* All of that. */
void text_table_print(Writer *writer, const TextTable *table, const TextStyle *style);

/* Prints words, broken between them so that no line is wider than the style allows; lines but the first begin with `indent` blanks.
 */
void text_print_paragraph(Writer *writer, Span words, size_t indent, const TextStyle *style);

/* Begins and ends coloured text. */
void text_color_begin(Writer *writer, TextColor color, const TextStyle *style);
void text_color_end(Writer *writer, TextColor color, const TextStyle *style);

#endif
