#include "parsers/csv_cutter.h"

#include "parsers/scan.h"

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static void end_cell(CsvCutter *c, size_t end)
{
    if (c->count++ < CSV_CELLS_MAX)
        vec_push(&c->cells, (CsvCell){c->begin, end - c->begin, c->doubled});
    c->doubled = false;
}

/* Goes behind the delimiter or line end at `*at`; true when it ended the row. */
static bool end_cell_at(CsvCutter *c, size_t end, char byte, size_t *at)
{
    end_cell(c, end);
    c->place = byte == c->delimiter ? CSV_BEFORE_CELL : CSV_BETWEEN_ROWS;
    ++*at;
    return byte != c->delimiter;
}

static void begin_cell(CsvCutter *c, size_t *at, bool quoted)
{
    *at += quoted;
    c->begin = *at;
    c->place = quoted ? CSV_IN_QUOTES : CSV_IN_CELL;
}

/* Whether a cell begins behind that byte. */
static bool begins_cell(const CsvCutter *c, char byte)
{
    return byte == c->delimiter || is_line_end(byte);
}

bool csv_cutter_read(CsvCutter *c, Span text, size_t *at)
{
    const char *p = text.ptr, *end = p + text.len;
    while (*at < text.len) {
        char byte = p[*at];
        switch (c->place) {
        case CSV_BETWEEN_ROWS:
            if (is_line_end(byte))
                ++*at;
            else
                begin_cell(c, at, byte == '"');
            break;
        case CSV_BEFORE_CELL:
            begin_cell(c, at, byte == '"');
            break;
        case CSV_IN_CELL:
            *at = (size_t)(scan_csv_cell(p + *at, end, c->delimiter) - p);
            if (*at < text.len && end_cell_at(c, *at, p[*at], at))
                return true;
            break;
        case CSV_IN_QUOTES:
            *at = (size_t)(scan_to(p + *at, end, '"') - p);
            if (*at < text.len) {
                c->place = CSV_BEHIND_QUOTE;
                ++*at;
            }
            break;
        case CSV_BEHIND_QUOTE:
            if (byte == c->delimiter || is_line_end(byte)) {
                if (end_cell_at(c, *at - 1, byte, at))
                    return true;
            } else {
                c->reopened |= byte != '"' && *at > 1 && begins_cell(c, p[*at - 2]);
                c->place = CSV_IN_QUOTES;
                c->doubled = true;
                *at += byte == '"';
            }
            break;
        }
    }
    return false;
}

bool csv_cutter_finish(CsvCutter *c, size_t end)
{
    if (c->place == CSV_BETWEEN_ROWS)
        return false;
    if (c->place == CSV_BEFORE_CELL)
        c->begin = end;
    end_cell(c, c->place == CSV_BEHIND_QUOTE ? end - 1 : end);
    c->place = CSV_BETWEEN_ROWS;
    return true;
}

void csv_cutter_clear(CsvCutter *c)
{
    c->cells.len = c->count = 0;
    c->doubled = c->reopened = false;
    c->place = CSV_BETWEEN_ROWS;
}

Span csv_cell_text(Span text, const CsvCell *cell, Buffer *scratch)
{
    Span rest = {text.ptr + cell->at, cell->len};
    if (!cell->doubled)
        return rest;
    buffer_clear(scratch);
    for (ptrdiff_t quote; (quote = span_find_byte(rest, '"')) >= 0;) {
        buffer_append(scratch, rest.ptr, (size_t)quote + 1);
        rest = span_from(rest, (size_t)quote + 1);
        span_take(&rest, SPAN("\""));
    }
    buffer_append_span(scratch, rest);
    return buffer_span(scratch);
}

void csv_cutter_free(CsvCutter *c)
{
    vec_free(&c->cells);
}
