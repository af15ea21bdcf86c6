#include "parsers/row_run.h"

#include "parsers/row_cells.h"

/* Behind the end of the line whose text ends at `p`; NULL where it does not end there. */
static inline const char *past_line_end(const char *p, const char *end)
{
    if (p < end && *p == '\r')
        p++;
    return p < end && *p == '\n' ? p + 1 : NULL;
}

static bool are_blank(const char *p, size_t count)
{
    static const char blanks[] = "                                            ";
    return memcmp(p, blanks, count) == 0;
}

/* The numbers of a row, or none and blanks in their places, and the blanks before its text. */
static inline bool take_values(const char *cells, ProfilerRow *row)
{
    if (row_cells_take_values(cells, row))
        return are_blank(cells + ROW_CELLS, ROW_GAP);
    row->measured = false;
    row->memory = row->increment = MIB_NONE;
    row->occurrences = OCCURRENCES_NONE;
    row->decimals = 0;
    return are_blank(cells + ROW_NUMBER_CELLS, ROW_BLANKS);
}

/* The number of the line whose row begins at `cells`, if it is listed and the report takes it next; else 0. */
static inline uint32_t take_number(const RowRun *run, const char *cells, uint32_t *line)
{
    uint32_t last = vec_last(&run->report->rows).row.line, number = listing_number(run->listing, last + 1);
    if (number && listings_line(run->listings, number)->cells == row_cells_load_line(cells)) {
        *line = last + 1;
        return number;
    }
    if (run->report->dense || !row_cells_take_line(cells, line) || *line <= last)
        return 0;
    return listing_number(run->listing, *line);
}

static inline bool same_bytes(const char *a, const char *b, size_t len)
{
    if (len < CELLS_BYTES)
        return memcmp(a, b, len) == 0;
    size_t last = len - CELLS_BYTES;
    for (size_t at = 0; at < last; at += CELLS_BYTES)
        if (cells_load(a + at) != cells_load(b + at))
            return false;
    return cells_load(a + last) == cells_load(b + last);
}

/* Reads the row whose cells begin at `cells` into the report's next place; returns what is behind its line, or NULL. */
static inline const char *take_row(RowRun *run, const char *cells, const char *end)
{
    ParsedReport *report = run->report;
    ParsedRow *parsed = &report->rows.items[report->rows.len];
    const char *text = cells + ROW_CELLS + ROW_GAP;
    uint32_t line, number = take_number(run, cells, &line);
    if (!number)
        return NULL;
    const ListedLine *listed = listings_line(run->listings, number);
    if (!listed->plain || (size_t)(end - text) < listed->text.len || !take_values(cells, &parsed->row) ||
        !same_bytes(text, listed->text.ptr, listed->text.len))
        return NULL;
    parsed->row.line = line;
    parsed->row.contents = listed->text;
    parsed->text_at = parsed->text_len = 0;
    parsed->listed = number;
    return past_line_end(text + listed->text.len, end);
}

static inline void note_row(RowRun *run, const char *line)
{
    ParsedReport *report = run->report;
    unsigned decimals = report->rows.items[report->rows.len++].row.decimals;
    if (decimals > report->decimals)
        report->decimals = decimals;
    run->rows++;
    run->last_but_one = run->last;
    run->last = ++run->lines;
    run->last_at = line;
    run->blank_at = NULL;
}

/* Takes one line; returns what is behind it, or NULL. */
static inline const char *take_line(RowRun *run, const char *line, const char *end)
{
    Span rest = {line, (size_t)(end - line)};
    const char *behind = rest.len > run->front.len ? past_line_end(line + run->front.len, end) : NULL;
    if (behind) {
        if (!shape_matches(&run->front, rest))
            return NULL;
        run->lines++;
        run->blank_at = line;
        return behind;
    }
    size_t front = run->row_front.len;
    if (rest.len < front + ROW_CELLS + ROW_GAP || !shape_matches(&run->row_front, rest))
        return NULL;
    behind = take_row(run, line + front, end);
    if (behind)
        note_row(run, line);
    return behind;
}

void row_run_begin(RowRun *run, const Shape *front, Span logger)
{
    run->lines = run->rows = run->last = run->last_but_one = 0;
    run->last_at = run->blank_at = NULL;
    run->front = run->row_front = *front;
    shape_extend(&run->row_front, logger);
    shape_extend(&run->row_front, SPAN(": "));
}

size_t row_run_take(RowRun *run, Span bytes)
{
    const char *at = bytes.ptr, *end = bytes.ptr + bytes.len;
    size_t most = bytes.len / (run->row_front.len + ROW_CELLS + ROW_GAP) + 1;
    vec_reserve(&run->report->rows, most < run->listing->numbers.len ? most : run->listing->numbers.len);
    for (const char *behind; (behind = take_line(run, at, end)) != NULL;)
        at = behind;
    return (size_t)(at - bytes.ptr);
}
