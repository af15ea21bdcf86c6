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

/* Whether the report takes a row of that line next. */
static bool may_follow(const ParsedReport *report, uint32_t line)
{
    uint32_t last = vec_last(&report->rows).row.line;
    return report->dense ? line == last + 1 : line > last;
}

/* Reads the row whose cells begin at `cells` into the report's next place; returns what is behind its line, or NULL. */
static const char *take_row(RowRun *run, const char *cells, const char *end)
{
    ParsedReport *report = run->report;
    ParsedRow *parsed = &report->rows.items[report->rows.len];
    const char *text = cells + ROW_CELLS + ROW_GAP;
    uint32_t line, number;
    if (!row_cells_take_line(cells, &line) || !may_follow(report, line) || !(number = listing_number(run->listing, line)))
        return NULL;
    const ListedLine *listed = listings_line(run->listings, number);
    if (!listed->plain || (size_t)(end - text) < listed->text.len || !take_values(cells, &parsed->row) ||
        memcmp(text, listed->text.ptr, listed->text.len) != 0)
        return NULL;
    parsed->row.line = line;
    parsed->row.contents = listed->text;
    parsed->text_at = parsed->text_len = 0;
    parsed->listed = number;
    return past_line_end(text + listed->text.len, end);
}

/* Behind the logger's name, its colon and a blank, if a row may stand there; else NULL. */
static inline const char *past_logger(const RowRun *run, const char *message, const char *end)
{
    size_t len = run->logger.len;
    if ((size_t)(end - message) < len + 2 + ROW_CELLS + ROW_GAP || memcmp(message, run->logger.ptr, len) != 0)
        return NULL;
    return message[len] == ':' && message[len + 1] == ' ' ? message + len + 2 : NULL;
}

static void note_row(RowRun *run, const char *line)
{
    ParsedReport *report = run->report;
    unsigned decimals = report->rows.items[report->rows.len++].row.decimals;
    if (decimals > report->decimals)
        report->decimals = decimals;
    run->rows++;
    run->last_but_one = run->last;
    run->last = run->lines;
    run->last_at = line;
    run->blank_at = NULL;
}

/* Takes one line; returns what is behind it, or NULL. */
static inline const char *take_line(RowRun *run, const char *line, const char *end)
{
    if (!shape_matches(run->shape, (Span){line, (size_t)(end - line)}))
        return NULL;
    const char *message = line + run->shape->len, *behind = past_line_end(message, end);
    if (behind) {
        run->lines++;
        run->blank_at = line;
        return behind;
    }
    const char *cells = past_logger(run, message, end);
    behind = cells ? take_row(run, cells, end) : NULL;
    if (!behind)
        return NULL;
    run->lines++;
    note_row(run, line);
    return behind;
}

size_t row_run_take(RowRun *run, Span bytes)
{
    const char *at = bytes.ptr, *end = bytes.ptr + bytes.len;
    vec_reserve(&run->report->rows, run->listing->numbers.len);
    for (const char *behind; (behind = take_line(run, at, end)) != NULL;)
        at = behind;
    return (size_t)(at - bytes.ptr);
}
