#include "src/export_rows.h"

#include <inttypes.h>
#include <langinfo.h>
#include <strings.h>

#include "src/export_parts.h"

/* Text and Markdown: for people. */

static TextTable text_of(const TableExtract *rows, bool ascii)
{
    TextTable t = text_table_of_rows(rows, ascii);
    t.units = true;
    return t;
}

static void print_text(Writer *w, const TableExtract *rows)
{
    TextStyle style = {.display = {.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0}};
    TextTable t = text_of(rows, style.display.ascii);
    text_print_paragraph(w, span_of(rows->title), 2, &style);
    writer_text(w, "\n");
    text_table_print(w, &t, &style);
    text_table_free(&t);
}

static void print_markdown(Writer *w, const TableExtract *rows)
{
    size_t columns[TEXT_TABLE_COLUMNS_MAX];
    TableExtract written = *rows;
    written.columns = columns;
    written.column_count = 0;
    for (size_t i = 0; i < rows->column_count; i++) /* a bar has no text */
        if (table_kind(rows->table)->columns[rows->columns[i]].type != CELL_HEAT)
            columns[written.column_count++] = rows->columns[i];
    TextTable t = text_of(&written, false);
    export_markdown_table(w, &t);
    text_table_free(&t);
}

/* CSV and JSON: for programs. Pictures are left out, and times are whole. */

static const Column *column_of(const TableExtract *rows, size_t i)
{
    return &table_kind(rows->table)->columns[rows->columns[i]];
}

static bool is_data(const TableExtract *rows, size_t i)
{
    return !cell_type_is_picture(column_of(rows, i)->type);
}

static void append_data(const Cell *cell, Buffer *out)
{
    char text[MOMENT_TEXT_MAX];
    if (cell->type == CELL_TIME)
        buffer_append(out, text, moment_format(text, (Moment){cell->number, cell->decimals}));
    else
        cell_text(cell, out);
}

static void print_csv(Writer *w, const TableExtract *rows)
{
    Buffer text = {0};
    const char *comma = "";
    for (size_t i = 0; i < rows->column_count; i++) {
        if (!is_data(rows, i))
            continue;
        writer_printf(w, "%s%s", comma, column_of(rows, i)->id);
        comma = ",";
    }
    if (rows->marked)
        writer_printf(w, "%smarked", comma);
    for (size_t row = 0; row < rows->row_count; row++) {
        writer_text(w, "\r\n");
        comma = "";
        for (size_t i = 0; i < rows->column_count; i++) {
            if (!is_data(rows, i))
                continue;
            Cell cell = table_cell(rows->table, rows->rows[row], rows->columns[i]);
            buffer_clear(&text);
            append_data(&cell, &text);
            writer_text(w, comma);
            export_csv_cell(w, buffer_span(&text));
            comma = ",";
        }
        if (rows->marked)
            writer_printf(w, "%s%s", comma, rows->marked[row] ? "yes" : "");
    }
    writer_text(w, "\r\n");
    buffer_free(&text);
}

static void print_json_value(Writer *w, const Cell *cell, Buffer *text)
{
    bool number = cell->type == CELL_MIB || cell->type == CELL_COUNT || cell->type == CELL_MS;
    buffer_clear(text);
    append_data(cell, text);
    if (cell->type == CELL_NONE)
        writer_text(w, "null");
    else if (number)
        writer_span(w, buffer_span(text));
    else
        export_json_string(w, buffer_span(text));
}

static void print_json_columns(Writer *w, const TableExtract *rows)
{
    const char *comma = "";
    for (size_t i = 0; i < rows->column_count; i++) {
        const Column *column = column_of(rows, i);
        if (!is_data(rows, i))
            continue;
        writer_printf(w, "%s\n    {\"id\": \"%s\", \"title\": \"%s\", \"type\": \"%s\"}", comma, column->id, column->title,
                      cell_type_name(column->type));
        comma = ",";
    }
}

static void print_json_row(Writer *w, const TableExtract *rows, size_t row, Buffer *text)
{
    const char *comma = "";
    for (size_t i = 0; i < rows->column_count; i++) {
        if (!is_data(rows, i))
            continue;
        Cell cell = table_cell(rows->table, rows->rows[row], rows->columns[i]);
        writer_printf(w, "%s\"%s\": ", comma, column_of(rows, i)->id);
        print_json_value(w, &cell, text);
        comma = ", ";
    }
    if (rows->marked)
        writer_printf(w, "%s\"marked\": %s", comma, rows->marked[row] ? "true" : "false");
}

static void print_json(Writer *w, const TableExtract *rows)
{
    Buffer text = {0};
    writer_printf(w, "{\n  \"schema\": \"funcmem-rows/1\",\n  \"view\": \"%s\",\n  \"title\": ", table_kind(rows->table)->name);
    export_json_string(w, span_of(rows->title));
    writer_text(w, ",\n  \"columns\": [");
    print_json_columns(w, rows);
    writer_text(w, "\n  ],\n  \"rows\": [");
    for (size_t row = 0; row < rows->row_count; row++) {
        writer_text(w, row ? ",\n    {" : "\n    {");
        print_json_row(w, rows, row, &text);
        writer_text(w, "}");
    }
    writer_text(w, "\n  ]\n}\n");
    buffer_free(&text);
}

const RowsFormat rows_formats[] = {
    {".txt", print_text}, {".csv", print_csv}, {".md", print_markdown}, {".json", print_json}, {0},
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
