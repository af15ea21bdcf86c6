#include "parsers/csv_reader.h"

#include "parsers/pieces.h"
#include "parsers/scan.h"

enum { READ_AGAIN_BYTES = 64 << 20 }; /* that broken rows may cost on top of a share of the file */

static const Span bom = {"\xef\xbb\xbf", 3};

/* The header. */

static Span unquoted(Span cell)
{
    cell = span_trim(cell);
    if (cell.len >= 2 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"')
        cell = (Span){cell.ptr + 1, cell.len - 2};
    return cell;
}

/*
 * How many columns the line names with that delimiter, 0 when they do not make an export: its rows need a message, or a part of one
 * that was taken apart, and one more column; a message alone is one when nothing else is in the line.
 */
static size_t count_columns(Span line, char delimiter)
{
    size_t known = 0, cells = 0;
    bool message = false;
    span_take(&line, bom);
    for (bool more = true; more; cells++) {
        ptrdiff_t end = span_find_byte(line, delimiter);
        Span name = unquoted(end < 0 ? line : span_to(line, (size_t)end));
        ExportField field = export_field_named(name);
        known += export_field_weight(name) > 0;
        message |= field == FIELD_MESSAGE || field == FIELD_LINE || field == FIELD_CONTENTS || field == FIELD_SUCCESS;
        more = end >= 0;
        line = span_from(line, more ? (size_t)end + 1 : line.len);
    }
    return message && (known > 1 || cells == 1) ? known : 0;
}

char csv_header_delimiter(Span line)
{
    static const char delimiters[] = ",;\t";
    char best = '\0';
    size_t most = 0;
    if (line.len && line.ptr[line.len - 1] == '\r')
        line.len--;
    for (const char *d = delimiters; *d; d++) {
        size_t count = count_columns(line, *d);
        if (count > most) {
            most = count;
            best = *d;
        }
    }
    return best;
}

/* Rows. */

/* The column that alone tells whether a row matters. */
static size_t message_column(const CsvReader *r)
{
    size_t column = SIZE_MAX;
    for (size_t i = 0; i < r->columns.len; i++) {
        ExportField field = (ExportField)r->columns.items[i];
        if (field == FIELD_SUCCESS || field == FIELD_LINE || (field == FIELD_MESSAGE && column != SIZE_MAX))
            return SIZE_MAX;
        if (field == FIELD_MESSAGE)
            column = i;
    }
    return column;
}

/* The row at hand, as far as it was read, where the cutter finds it. */
static Span row_text(const CsvReader *r)
{
    return (Span){r->view.ptr + r->begin, r->at - r->begin};
}

static void read_header(CsvReader *r)
{
    Buffer scratch = {0};
    for (size_t i = 0; i < r->cutter.cells.len; i++) {
        Span name = csv_cell_text(row_text(r), &r->cutter.cells.items[i], &scratch);
        vec_push(&r->columns, (uint8_t)export_field_named(name));
    }
    buffer_free(&scratch);
    for (size_t field = 0; field < FIELD_COUNT; field++)
        r->column_of[field] = r->columns.len;
    for (size_t i = r->columns.len; i-- > 0;)
        r->column_of[r->columns.items[i]] = i;
    r->width = r->cutter.count;
    r->has_columns = true;
    r->message = message_column(r);
}

/* The first cell of a field that is not empty; NULL without one. */
static const CsvCell *cell_of(const CsvReader *r, ExportField field)
{
    size_t count = r->cutter.cells.len < r->columns.len ? r->cutter.cells.len : r->columns.len;
    for (size_t i = r->column_of[field]; i < count; i++)
        if (r->columns.items[i] == field && r->cutter.cells.items[i].len)
            return &r->cutter.cells.items[i];
    return NULL;
}

static Span field_source(void *ctx, ExportField field)
{
    const CsvReader *r = ctx;
    const CsvCell *cell = cell_of(r, field);
    return cell ? (Span){row_text(r).ptr + cell->at, cell->len} : (Span){0};
}

static Span field_text(void *ctx, ExportField field)
{
    CsvReader *r = ctx;
    const CsvCell *cell = cell_of(r, field);
    return cell ? csv_cell_text(row_text(r), cell, &r->text[field]) : (Span){0};
}

/* The header again, where files were put together. A time begins with a digit, a name does not. */
static bool is_header(CsvReader *r)
{
    Span time = field_text(r, FIELD_TIME), message = field_text(r, FIELD_MESSAGE);
    return time.len && (time.ptr[0] < '0' || time.ptr[0] > '9') && export_field_named(time) == FIELD_TIME &&
           export_field_named(message) == FIELD_MESSAGE;
}

/* Whether a row of several lines is what a stray quote makes of several rows. */
static bool is_swallowed(CsvReader *r)
{
    return r->row_lines > 0 &&
           (r->cutter.count != r->width || r->cutter.reopened || span_find_byte(field_source(r, FIELD_TIME), '\n') >= 0);
}

static void take_row(CsvReader *r)
{
    if (!r->has_columns) {
        read_header(r);
    } else if (is_swallowed(r)) {
        r->broken = true;
    } else if (!is_header(r)) {
        if (r->cutter.count != r->width)
            damage_note(&r->damage, r->line, "a row that does not fit its columns");
        export_records_take(r->records, &(ExportRow){r, field_text, field_source, r->base + r->begin, r->line});
    }
    csv_cutter_clear(&r->cutter);
}

/* Lines. */

static void next_row_at(CsvReader *r, size_t begin, uint64_t lines)
{
    r->begin = r->at = begin;
    r->searched = begin > r->searched ? begin : r->searched;
    r->line += lines;
    r->row_lines = 0;
}

/* Gives up the first line of the row; where too much was read again already, all of it. */
static void give_up_line(CsvReader *r, const char *what)
{
    const char *begin = r->view.ptr + r->begin, *newline = memchr(begin, '\n', r->at - r->begin);
    damage_note(&r->damage, r->line, what);
    csv_cutter_clear(&r->cutter);
    r->broken = false;
    r->read_again += r->at - r->begin;
    if (!newline || r->read_again > 4 * (r->base + r->at) + READ_AGAIN_BYTES) {
        next_row_at(r, r->at, r->row_lines);
    } else {
        size_t next = (size_t)(newline - r->view.ptr) + 1;
        r->searched = next;
        next_row_at(r, next, 1);
    }
}

/* What the first line tells. */
static void begin_reading(CsvReader *r, Span line)
{
    size_t text = line.len && line.ptr[line.len - 1] == '\n' ? line.len - 1 : line.len;
    char delimiter = csv_header_delimiter(span_to(line, text));
    r->cutter.delimiter = delimiter ? delimiter : ',';
    if (!delimiter)
        damage_note(&r->damage, 1, "no columns that are known");
    r->at = span_starts(line, bom) ? bom.len : 0;
}

/* Reads a line with its end, or what is left of the file. */
static void read_line(CsvReader *r, size_t end)
{
    if (r->line == 1 && r->at == 0 && r->base == 0)
        begin_reading(r, (Span){r->view.ptr, end});
    for (;;) {
        size_t at = r->at - r->begin;
        bool ended = csv_cutter_read(&r->cutter, (Span){r->view.ptr + r->begin, end - r->begin}, &at);
        r->at = r->begin + at;
        if (!ended)
            return;
        take_row(r);
    }
}

/* The length of the cell in quotes at the front of `line`, without the last quote; 0 when it does not end there. */
static size_t quoted_length(Span line)
{
    const char *end = line.ptr + line.len, *p = line.ptr + 1;
    while ((p = scan_to(p, end, '"')) + 1 < end && p[1] == '"')
        p += 2;
    return p < end ? (size_t)(p - line.ptr) : 0;
}

/* The raw text of a cell, without its outer quotes; false when it does not end in the line. */
static bool raw_cell(Span line, size_t index, char delimiter, Span *cell)
{
    for (;; index--) {
        bool quoted = line.len && line.ptr[0] == '"';
        size_t at = quoted ? quoted_length(line) : 0;
        ptrdiff_t end = span_find_byte(span_from(line, at), delimiter);
        if (quoted && (!at || end > 1))
            return false;
        size_t len = end < 0 ? line.len : at + (size_t)end;
        if (!index) {
            *cell = quoted ? (Span){line.ptr + 1, at - 1} : span_to(line, len);
            return true;
        }
        if (end < 0)
            return false;
        line = span_from(line, len + 1);
    }
}

static bool is_whole_row(Span line)
{
    return scan_count(line.ptr, line.ptr + line.len, '"') % 2 == 0 && !memchr(line.ptr, '\r', line.len ? line.len - 1 : 0);
}

/* Most rows are none that matter, which their message tells: those are not cut into cells. */
static bool is_passed_over(const CsvReader *r, size_t end)
{
    Span line = {r->view.ptr + r->at, end - r->at - 1}, message;
    if (!r->has_columns || r->message == SIZE_MAX || r->at != r->begin)
        return false;
    return raw_cell(line, r->message, r->cutter.delimiter, &message) && !export_records_want(r->records, message) &&
           is_whole_row(line);
}

static void take_line(CsvReader *r, size_t end)
{
    r->searched = end;
    if (r->skipping || end - r->at > CSV_ROW_BYTES_MAX) {
        if (!r->skipping)
            damage_note(&r->damage, r->line + r->row_lines, "line longer than 16 MiB");
        r->skipping = false;
        csv_cutter_clear(&r->cutter);
        next_row_at(r, end, r->row_lines + 1);
        return;
    }
    if (is_passed_over(r, end)) {
        next_row_at(r, end, 1);
        return;
    }
    read_line(r, end);
    r->row_lines++;
    if (r->broken)
        give_up_line(r, "a quote that is not closed");
    else if (r->cutter.place == CSV_BETWEEN_ROWS)
        next_row_at(r, end, r->row_lines);
    else if (r->at - r->begin > CSV_ROW_BYTES_MAX)
        give_up_line(r, "a quote that is not closed");
}

static void take_lines(CsvReader *r)
{
    while (r->searched < r->view.len) {
        const char *newline = memchr(r->view.ptr + r->searched, '\n', r->view.len - r->searched);
        if (!newline) {
            r->searched = r->view.len;
            break;
        }
        take_line(r, (size_t)(newline - r->view.ptr) + 1);
    }
}

/* Moves the view behind what is not needed any more; returns how many bytes are left. */
static size_t discard(CsvReader *r)
{
    if (r->view.len - r->at > CSV_ROW_BYTES_MAX && !r->skipping) {
        damage_note(&r->damage, r->line + r->row_lines, "line longer than 16 MiB");
        r->skipping = true;
    }
    if (r->skipping) {
        csv_cutter_clear(&r->cutter); /* what stood before it in a quoted cell goes with it */
        r->begin = r->at = r->searched = r->view.len;
    }
    r->base += r->begin;
    r->view = span_from(r->view, r->begin);
    r->at -= r->begin;
    r->searched -= r->begin;
    r->begin = 0;
    return r->view.len;
}

static size_t look_through(void *ctx, Span view)
{
    CsvReader *r = ctx;
    r->view = view;
    take_lines(r);
    return discard(r);
}

void csv_reader_feed(CsvReader *r, const char *bytes, size_t len)
{
    r->lines += scan_count(bytes, bytes + len, '\n');
    pieces_feed(&r->kept, (Span){bytes, len}, look_through, r);
}

void csv_reader_finish(CsvReader *r)
{
    r->view = buffer_span(&r->kept);
    while (!r->skipping && r->begin < r->view.len) {
        if (r->at < r->view.len)
            read_line(r, r->view.len);
        bool open = r->cutter.place == CSV_IN_QUOTES;
        if (!open && csv_cutter_finish(&r->cutter, r->view.len - r->begin))
            take_row(r);
        if (!open && !r->broken)
            break;
        give_up_line(r, "a quote that is not closed");
        take_lines(r);
    }
    next_row_at(r, r->view.len, r->row_lines);
    r->skipping = r->broken = false;
    r->read_again = 0;
    csv_cutter_clear(&r->cutter);
    discard(r);
    buffer_clear(&r->kept);
}

uint64_t csv_reader_bytes(const CsvReader *r)
{
    return r->base + r->kept.len;
}

void csv_reader_init(CsvReader *r, ExportRecords *records)
{
    *r = (CsvReader){.records = records, .line = 1, .cutter = {.delimiter = ','}};
}

void csv_reader_free(CsvReader *r)
{
    csv_cutter_free(&r->cutter);
    buffer_free(&r->kept);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        buffer_free(&r->text[i]);
    vec_free(&r->columns);
}
