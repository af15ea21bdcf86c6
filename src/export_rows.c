#include "src/export_rows.h"

#include <langinfo.h>
#include <stdlib.h>
#include <strings.h>

#include "src/export_parts.h"
#include "src/export_quoting.h"

/* What goes on from piece to piece. */
struct RowsPrinter {
    const RowsFormat *format;
    TableExtract extract;
    size_t at; /* the row that comes next */
    bool measured;
    Writer writer; /* has the piece's buffer while one is made */
    Buffer text;
    TextTable table; /* text and Markdown: the row that is being printed */
    TextStyle style;
    TextLayout layout;
};

/* Text and Markdown: for people. */

static void begin_text(RowsPrinter *p)
{
    p->style.display.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    p->table = text_table_of_columns(&p->extract, p->style.display.ascii, NULL);
    p->table.units = true;
    p->layout = (TextLayout){.table = &p->table, .style = &p->style};
}

static void measure_text(RowsPrinter *p, size_t row)
{
    text_table_put_row(&p->table, &p->extract, row);
    text_layout_measure(&p->layout);
}

static void head_text(RowsPrinter *p)
{
    text_layout_settle(&p->layout);
    text_print_paragraph(&p->writer, buffer_span(&p->extract.title), 2, &p->style);
    writer_text(&p->writer, "\n");
    text_layout_print_header(&p->writer, &p->layout);
}

static void row_text(RowsPrinter *p, size_t row)
{
    text_table_put_row(&p->table, &p->extract, row);
    text_layout_print_rows(&p->writer, &p->layout);
}

static bool is_bar(CellType type)
{
    return type == CELL_HEAT; /* it has no text */
}

static void begin_markdown(RowsPrinter *p)
{
    p->table = text_table_of_columns(&p->extract, false, is_bar);
    p->table.units = true;
}

static void head_markdown(RowsPrinter *p)
{
    export_markdown_header(&p->writer, &p->table);
}

static void row_markdown(RowsPrinter *p, size_t row)
{
    text_table_put_row(&p->table, &p->extract, row);
    export_markdown_rows(&p->writer, &p->table);
}

/* CSV and JSON: for programs. Pictures are left out, and times are whole. */

static const Column *column_of(const RowsPrinter *p, size_t i)
{
    return &table_kind(p->extract.table)->columns[p->extract.columns.items[i]];
}

static bool is_data(const RowsPrinter *p, size_t i)
{
    return !cell_type_is_picture(column_of(p, i)->type);
}

static Cell cell_of(const RowsPrinter *p, size_t row, size_t i)
{
    return table_cell(p->extract.table, p->extract.rows.items[row], p->extract.columns.items[i]);
}

static void put_data(RowsPrinter *p, const Cell *cell)
{
    char text[MOMENT_TEXT_MAX];
    buffer_clear(&p->text);
    if (cell->type == CELL_TIME)
        buffer_append(&p->text, text, moment_format(text, (Moment){cell->number, cell->decimals}));
    else
        cell_text(cell, &p->text);
}

static void head_csv(RowsPrinter *p)
{
    const char *comma = "";
    for (size_t i = 0; i < p->extract.columns.len; i++) {
        if (!is_data(p, i))
            continue;
        writer_text(&p->writer, comma);
        writer_text(&p->writer, column_of(p, i)->id);
        comma = ",";
    }
    if (p->extract.marked.len) {
        writer_text(&p->writer, comma);
        writer_text(&p->writer, "marked");
    }
    writer_text(&p->writer, "\r\n");
}

static void row_csv(RowsPrinter *p, size_t row)
{
    const char *comma = "";
    for (size_t i = 0; i < p->extract.columns.len; i++) {
        if (!is_data(p, i))
            continue;
        Cell cell = cell_of(p, row, i);
        put_data(p, &cell);
        writer_text(&p->writer, comma);
        export_quoted(&p->writer, &export_csv_cell, buffer_span(&p->text));
        comma = ",";
    }
    if (p->extract.marked.len) {
        writer_text(&p->writer, comma);
        writer_text(&p->writer, p->extract.marked.items[row] ? "yes" : "");
    }
    writer_text(&p->writer, "\r\n");
}

static void print_json_columns(RowsPrinter *p)
{
    const char *comma = "";
    for (size_t i = 0; i < p->extract.columns.len; i++) {
        const Column *column = column_of(p, i);
        if (!is_data(p, i))
            continue;
        writer_printf(&p->writer, "%s\n    {\"id\": \"%s\", \"title\": \"%s\", \"type\": \"%s\"}", comma, column->id, column->title,
                      cell_type_name(column->type));
        comma = ",";
    }
}

static void head_json(RowsPrinter *p)
{
    writer_printf(&p->writer,
                  "{\n  \"schema\": \"funcmem-rows/1\",\n  \"view\": \"%s\",\n  \"title\": ", table_kind(p->extract.table)->name);
    export_quoted(&p->writer, &export_json_string, buffer_span(&p->extract.title));
    writer_text(&p->writer, ",\n  \"columns\": [");
    print_json_columns(p);
    writer_text(&p->writer, "\n  ],\n  \"rows\": [");
}

static void print_json_value(RowsPrinter *p, const Cell *cell)
{
    bool number = cell->type == CELL_MIB || cell->type == CELL_COUNT || cell->type == CELL_MS;
    put_data(p, cell);
    if (cell->type == CELL_NONE)
        writer_text(&p->writer, "null");
    else if (number)
        writer_span(&p->writer, buffer_span(&p->text));
    else
        export_quoted(&p->writer, &export_json_string, buffer_span(&p->text));
}

/* A member's name; no id needs an escape. */
static void print_json_name(Writer *w, const char *separator, const char *id)
{
    writer_text(w, separator);
    writer_text(w, "\"");
    writer_text(w, id);
    writer_text(w, "\": ");
}

static void row_json(RowsPrinter *p, size_t row)
{
    const char *separator = "";
    writer_text(&p->writer, row ? ",\n    {" : "\n    {");
    for (size_t i = 0; i < p->extract.columns.len; i++) {
        if (!is_data(p, i))
            continue;
        Cell cell = cell_of(p, row, i);
        print_json_name(&p->writer, separator, column_of(p, i)->id);
        print_json_value(p, &cell);
        separator = ", ";
    }
    if (p->extract.marked.len) {
        print_json_name(&p->writer, separator, "marked");
        writer_text(&p->writer, p->extract.marked.items[row] ? "true" : "false");
    }
    writer_text(&p->writer, "}");
}

static void foot_json(RowsPrinter *p)
{
    writer_text(&p->writer, "\n  ]\n}\n");
}

const RowsFormat rows_formats[] = {
    {".txt", begin_text, measure_text, head_text, row_text, NULL},
    {".csv", NULL, NULL, head_csv, row_csv, NULL},
    {".md", begin_markdown, NULL, head_markdown, row_markdown, NULL},
    {".json", NULL, NULL, head_json, row_json, foot_json},
    {0},
};

const RowsFormat *rows_format_of(const char *name)
{
    size_t len = strlen(name);
    for (const RowsFormat *f = rows_formats; f->suffix; f++) {
        size_t suffix = strlen(f->suffix);
        if (len > suffix && strcasecmp(name + len - suffix, f->suffix) == 0)
            return f;
    }
    return NULL;
}

/* Piece by piece. */

/* Goes through the rows with `each`; true when that were all. */
static bool walk(RowsPrinter *p, void (*each)(RowsPrinter *printer, size_t row), int64_t until)
{
    while (p->at < p->extract.rows.len) {
        each(p, p->at++);
        if (!portion_may_go_on(&p->writer.buffer, until))
            return p->at == p->extract.rows.len;
    }
    return true;
}

static void call(void (*part)(RowsPrinter *printer), RowsPrinter *p)
{
    if (part)
        part(p);
}

static bool print_more(RowsPrinter *p, int64_t until)
{
    const RowsFormat *format = p->format;
    if (!p->measured && format->measure && !walk(p, format->measure, until))
        return true;
    if (!p->measured) {
        p->measured = true;
        p->at = 0;
        call(format->head, p);
    }
    if (!walk(p, format->row, until))
        return true;
    call(format->foot, p);
    return false;
}

static bool more(void *ctx, Buffer *out, int64_t until)
{
    RowsPrinter *p = ctx;
    p->writer.buffer = *out;
    bool goes_on = print_more(p, until);
    *out = p->writer.buffer;
    p->writer.buffer = (Buffer){0};
    return goes_on;
}

/* Measuring is half of the work. */
static int percent(const void *ctx)
{
    const RowsPrinter *p = ctx;
    size_t passes = p->format->measure ? 2 : 1, count = p->extract.rows.len * passes;
    size_t done = p->at + (p->measured && passes > 1 ? p->extract.rows.len : 0);
    return count ? (int)((double)done * 100.0 / (double)count) : 100;
}

static const char *lost(const void *ctx)
{
    (void)ctx;
    return NULL;
}

static void append_count(const void *ctx, Buffer *out)
{
    size_t rows = ((const RowsPrinter *)ctx)->extract.rows.len;
    buffer_printf(out, "%zu row%s", rows, rows == 1 ? "" : "s");
}

static void printer_free(void *ctx)
{
    RowsPrinter *p = ctx;
    table_extract_free(&p->extract);
    text_table_free(&p->table);
    buffer_free(&p->text);
    free(p);
}

Portions rows_portions(const RowsFormat *format, TableExtract rows)
{
    static const PortionsKind kind = {more, percent, lost, append_count, printer_free};
    RowsPrinter *p = alloc_zeroed(1, sizeof *p);
    p->format = format;
    p->extract = rows;
    p->writer = writer_to_fd(-1);
    p->writer.by_hand = true;
    call(format->begin, p);
    return (Portions){&kind, p, true};
}
