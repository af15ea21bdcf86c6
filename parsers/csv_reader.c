#include "parsers/csv_reader.h"

#include "parsers/scan.h"

enum {
    CELL_BLOCK_BYTES = 64 * 1024, /* by which libcsv's cell grows */
    READ_AGAIN_BYTES = 64 << 20,  /* that broken rows may cost on top of a share of the file */
    ROW_NOT_BEGUN = 0,            /* libcsv's states between two rows ... */
    FIELD_MIGHT_HAVE_ENDED = 3,   /* ... and behind a quote */
};

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

/* Cells and rows, as libcsv finds them. */

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

static void clear_row(CsvReader *r)
{
    r->cells = 0;
    buffer_clear(&r->text);
    memset(r->fields, 0, sizeof r->fields);
}

static void take_cell(void *text, size_t len, void *ctx)
{
    CsvReader *r = ctx;
    size_t index = r->cells++;
    if (!r->has_columns) {
        vec_push(&r->columns, (uint8_t)export_field_named((Span){text, len}));
        return;
    }
    ExportField field = index < r->columns.len ? (ExportField)r->columns.items[index] : FIELD_NONE;
    if (field == FIELD_NONE || !len || r->fields[field].len)
        return;
    r->fields[field] = (struct CsvField){r->text.len, len};
    buffer_append(&r->text, text, len);
}

static Span field_text(void *ctx, ExportField field)
{
    const CsvReader *r = ctx;
    const struct CsvField *f = &r->fields[field];
    return f->len ? (Span){r->text.data + f->at, f->len} : (Span){0};
}

/* The header again, where files were put together. */
static bool is_header(CsvReader *r)
{
    Span time = field_text(r, FIELD_TIME), message = field_text(r, FIELD_MESSAGE);
    return time.len && message.len && export_field_named(time) == FIELD_TIME && export_field_named(message) == FIELD_MESSAGE;
}

/* Whether a row of several lines is what a stray quote makes of several rows. */
static bool is_swallowed(CsvReader *r)
{
    return r->row_lines > 0 && (r->cells != r->columns.len || span_find_byte(field_text(r, FIELD_TIME), '\n') >= 0);
}

static void take_row(int terminator, void *ctx)
{
    CsvReader *r = ctx;
    (void)terminator;
    if (!r->has_columns) {
        r->has_columns = true;
        r->message = message_column(r);
    } else if (is_swallowed(r)) {
        r->broken = true;
    } else if (!is_header(r)) {
        if (r->cells != r->columns.len)
            damage_note(&r->damage, r->line, "a row that does not fit its columns");
        export_records_take(r->records, &(ExportRow){r, field_text, r->base + r->begin, r->line});
    }
    clear_row(r);
}

/* Blanks belong to the cell: they are the indentation of source lines. */
static int no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static void *resize(void *block, size_t bytes)
{
    return alloc_resize(block, bytes, 1);
}

static void begin_parsing(CsvReader *r, char delimiter)
{
    csv_init(&r->csv, 0);
    csv_set_delim(&r->csv, (unsigned char)delimiter);
    csv_set_space_func(&r->csv, no_space);
    csv_set_realloc_func(&r->csv, resize);
    csv_set_blk_size(&r->csv, CELL_BLOCK_BYTES);
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
    char delimiter = (char)csv_get_delim(&r->csv);
    const char *begin = r->window.data + r->begin, *newline = memchr(begin, '\n', r->at - r->begin);
    damage_note(&r->damage, r->line, what);
    csv_free(&r->csv);
    begin_parsing(r, delimiter);
    clear_row(r);
    r->broken = false;
    r->read_again += r->at - r->begin;
    if (!newline || r->read_again > 4 * (r->base + r->at) + READ_AGAIN_BYTES) {
        next_row_at(r, r->at, r->row_lines);
    } else {
        size_t next = (size_t)(newline - r->window.data) + 1;
        r->searched = next;
        next_row_at(r, next, 1);
    }
}

/* Gives libcsv a line with its end, or what is left of the file. */
static void parse_line(CsvReader *r, size_t end)
{
    if (r->line == 1 && r->at == 0 && r->base == 0) {
        Span line = {r->window.data, end};
        size_t text = line.len && line.ptr[line.len - 1] == '\n' ? line.len - 1 : line.len;
        char delimiter = csv_header_delimiter(span_to(line, text));
        csv_set_delim(&r->csv, (unsigned char)(delimiter ? delimiter : ','));
        if (!delimiter)
            damage_note(&r->damage, 1, "no columns that are known");
        r->at = span_starts(line, bom) ? bom.len : 0;
    }
    csv_parse(&r->csv, r->window.data + r->at, end - r->at, take_cell, take_row, r);
    r->at = end;
}

/* The raw text of a cell, without its outer quotes; false when it does not end in the line. */
static bool raw_cell(Span line, size_t index, char delimiter, Span *cell)
{
    for (;; index--) {
        bool quoted = line.len && line.ptr[0] == '"';
        size_t at = quoted;
        while (quoted && at < line.len && !(line.ptr[at] == '"' && (at + 1 == line.len || line.ptr[at + 1] != '"')))
            at += line.ptr[at] == '"' ? 2 : 1;
        ptrdiff_t end = span_find_byte(span_from(line, at), delimiter);
        if (quoted && (at >= line.len || end > 1))
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

static bool has_even_quotes(const char *p, const char *end)
{
    return scan_count(p, end, '"') % 2 == 0;
}

/* Most rows are none that matter, which their message tells: libcsv need not take those apart. */
static bool is_passed_over(const CsvReader *r, size_t end)
{
    Span line = {r->window.data + r->at, end - r->at - 1}, message;
    if (!r->has_columns || r->message == SIZE_MAX || r->at != r->begin || !has_even_quotes(line.ptr, line.ptr + line.len) ||
        memchr(line.ptr, '\r', line.len ? line.len - 1 : 0))
        return false;
    return raw_cell(line, r->message, (char)r->csv.delim_char, &message) && !export_records_want(r->records, message);
}

static void take_line(CsvReader *r, size_t end)
{
    r->searched = end;
    if (r->skipping || end - r->at > CSV_ROW_BYTES_MAX) {
        if (!r->skipping)
            damage_note(&r->damage, r->line + r->row_lines, "line longer than 16 MiB");
        r->skipping = false;
        csv_fini(&r->csv, take_cell, NULL, r);
        clear_row(r);
        next_row_at(r, end, r->row_lines + 1);
        return;
    }
    if (is_passed_over(r, end)) {
        next_row_at(r, end, 1);
        return;
    }
    parse_line(r, end);
    r->row_lines++;
    if (r->broken)
        give_up_line(r, "a quote that is not closed");
    else if (r->csv.pstate == ROW_NOT_BEGUN)
        next_row_at(r, end, r->row_lines);
    else if (r->at - r->begin > CSV_ROW_BYTES_MAX)
        give_up_line(r, "a quote that is not closed");
}

static void take_lines(CsvReader *r)
{
    while (r->searched < r->window.len) {
        const char *newline = memchr(r->window.data + r->searched, '\n', r->window.len - r->searched);
        if (!newline) {
            r->searched = r->window.len;
            break;
        }
        take_line(r, (size_t)(newline - r->window.data) + 1);
    }
}

static void discard(CsvReader *r)
{
    if (r->window.len - r->at > CSV_ROW_BYTES_MAX && !r->skipping) {
        damage_note(&r->damage, r->line + r->row_lines, "line longer than 16 MiB");
        r->skipping = true;
    }
    if (r->skipping) {
        /* what stood before it in a quoted cell goes with it */
        r->base += r->window.len;
        r->begin = r->at = r->searched = r->window.len = 0;
        return;
    }
    r->base += r->begin;
    r->window.len -= r->begin;
    r->at -= r->begin;
    r->searched -= r->begin;
    if (r->begin && r->window.len)
        memmove(r->window.data, r->window.data + r->begin, r->window.len);
    r->begin = 0;
}

void csv_reader_feed(CsvReader *r, const char *bytes, size_t len)
{
    enum { PIECE = 1 << 20 };
    for (size_t n; len; bytes += n, len -= n) {
        n = len < PIECE ? len : PIECE;
        r->lines += scan_count(bytes, bytes + n, '\n');
        buffer_append(&r->window, bytes, n);
        take_lines(r);
        discard(r);
    }
}

static bool is_in_quotes(const CsvReader *r)
{
    return r->csv.pstate != ROW_NOT_BEGUN && r->csv.pstate != FIELD_MIGHT_HAVE_ENDED && r->csv.quoted;
}

void csv_reader_finish(CsvReader *r)
{
    while (!r->skipping && r->begin < r->window.len) {
        if (r->at < r->window.len)
            parse_line(r, r->window.len);
        if (!is_in_quotes(r))
            break;
        give_up_line(r, "a quote that is not closed");
        take_lines(r);
    }
    csv_fini(&r->csv, take_cell, take_row, r);
    if (r->broken)
        damage_note(&r->damage, r->line, "a quote that is not closed");
    next_row_at(r, r->window.len, r->row_lines);
    r->skipping = r->broken = false;
    r->read_again = 0;
    clear_row(r);
    discard(r);
}

uint64_t csv_reader_bytes(const CsvReader *r)
{
    return r->base + r->window.len;
}

void csv_reader_init(CsvReader *r, ExportRecords *records)
{
    *r = (CsvReader){.records = records, .line = 1};
    begin_parsing(r, ',');
}

void csv_reader_free(CsvReader *r)
{
    csv_free(&r->csv);
    buffer_free(&r->window);
    buffer_free(&r->text);
    vec_free(&r->columns);
}
