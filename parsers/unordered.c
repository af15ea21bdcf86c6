#include "parsers/unordered.h"

#include <limits.h>

#include "parsers/evidence.h"
#include "parsers/profiler.h"

/* What speaks for a row going to a report, and what against it. */
enum {
    FOR_ENTRY = 100, /* the report lacks the line at which its function begins */
    AGAINST_SECOND_ENTRY = 200,
    FOR_KNOWN_FUNCTION = 30,
    AGAINST_OTHER_FUNCTION = 50,
    AGAINST_OTHER_TEXT = 80,
    FOR_NEIGHBOUR = 20, /* a complete report has the row before it, or the one behind */
    FOR_COMPANY = 5,    /* the report has rows already */
    AGE_WEIGHT = 3,     /* rows come in any order, but at about the same time */
    FOR_LAST_LINE = 40, /* the end comes with the function's last line */
    CERTAIN = 36, /* ahead by so much, there is no doubt */
    ENOUGH = -70,    /* below it the row had better wait for a report that begins later */
};

size_t unordered_place(const ParsedReport *report, uint32_t line)
{
    size_t low = 0, high = report->rows.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (report->rows.items[middle].row.line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_entry(const ParsedReport *r)
{
    return r->rows.len && r->rows.items[0].row.measured && r->rows.items[0].row.memory == r->rows.items[0].row.increment;
}

static int judge_neighbours(const ProfilerRow *earlier, const ProfilerRow *later, bool dense)
{
    bool next = dense && earlier->line + 1 == later->line;
    return (next ? FOR_NEIGHBOUR : 0) + (earlier->measured ? evidence_memory(earlier->memory, later, next) : 0);
}

/* Whether it adds up with the row before and with the one behind. */
static int judge_place(const ParsedReport *r, size_t place, const ProfilerRow *row)
{
    int score = 0;
    if (place > 0)
        score += judge_neighbours(&r->rows.items[place - 1].row, row, r->dense);
    if (place < r->rows.len)
        score += judge_neighbours(row, &r->rows.items[place].row, r->dense);
    return score;
}

static int judge_source(const Knowledge *knowledge, const OpenReport *o, const ProfilerRow *row)
{
    const KnownLine *known = knowledge_find(knowledge, o->file, row->line);
    uint32_t first_line = has_entry(&o->report) ? o->report.rows.items[0].row.line : 0;
    if (known && known->text != hash_text(row->contents))
        return -AGAINST_OTHER_TEXT;
    if (known && first_line)
        return known->first_line == first_line ? FOR_KNOWN_FUNCTION : -AGAINST_OTHER_FUNCTION;
    if (first_line && (row->line < first_line || knowledge_begins_between(knowledge, o->file, first_line, row->line)))
        return -AGAINST_OTHER_FUNCTION;
    return known ? FOR_KNOWN_FUNCTION / 2 : 0;
}

static int judge(const Knowledge *knowledge, const OpenReport *o, size_t place, const Record *piece)
{
    const ProfilerRow *row = &piece->profiler.row;
    int score = (o->report.rows.len ? FOR_COMPANY : 0) + AGE_WEIGHT * evidence_age(&o->track, piece);
    if (profiler_is_entry(row))
        score += has_entry(&o->report) || place > 0 ? -AGAINST_SECOND_ENTRY : FOR_ENTRY;
    return score + judge_source(knowledge, o, row) + judge_place(&o->report, place, row);
}

static bool has_line(const ParsedReport *r, size_t place, uint32_t line)
{
    return place < r->rows.len && r->rows.items[place].row.line == line;
}

static size_t owner_of_row(const OpenReports *open, const Knowledge *knowledge, const Record *piece, bool *contested)
{
    uint32_t line = piece->profiler.row.line;
    size_t best = UNORDERED_NOBODY;
    int best_score = ENOUGH, second_score = ENOUGH - CERTAIN;
    for (size_t i = 0; i < open->len; i++) {
        const OpenReport *o = open->items[i];
        size_t place = unordered_place(&o->report, line);
        if (!same_channel(o, piece) || has_line(&o->report, place, line))
            continue;
        int score = judge(knowledge, o, place, piece);
        if (score > best_score) {
            best = i;
            second_score = best_score;
            best_score = score;
        } else if (score > second_score) {
            second_score = score;
        }
    }
    *contested = best_score - second_score < CERTAIN;
    return best;
}

/* The end may come before the last rows. */
static size_t owner_of_end(const OpenReports *open, const Knowledge *knowledge, const Record *piece)
{
    size_t best = UNORDERED_NOBODY;
    int best_score = INT_MIN;
    for (size_t i = 0; i < open->len; i++) {
        const OpenReport *o = open->items[i];
        const ParsedReport *r = &o->report;
        if (!r->dense || r->ended || !same_channel(o, piece))
            continue;
        uint32_t last = r->rows.len ? knowledge_last_line(knowledge, o->file, r->rows.items[0].row.line) : 0;
        int score = evidence_age(&o->track, piece) + (last && vec_last(&r->rows).row.line >= last ? FOR_LAST_LINE : 0);
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    return best;
}

size_t unordered_owner(const OpenReports *open, const Knowledge *knowledge, const Record *piece, bool *contested)
{
    *contested = false;
    if (piece->profiler.piece == PROFILER_END)
        return owner_of_end(open, knowledge, piece);
    return owner_of_row(open, knowledge, piece, contested);
}
