#include "parsers/unordered.h"

#include "parsers/profiler.h"

/* What speaks for a row going to a report, and what against it. */
enum {
    FOR_ENTRY = 100, /* the report lacks the line at which its function begins */
    AGAINST_SECOND_ENTRY = 200,
    FOR_KNOWN_FUNCTION = 30,
    AGAINST_OTHER_FUNCTION = 50,
    AGAINST_OTHER_TEXT = 80,
    FOR_MEMORY = 40, /* it adds up with the row before, or with the one behind */
    AGAINST_MEMORY = 20,
    FOR_COMPANY = 5, /* the report has rows already */
    ENOUGH = -40,    /* below it the row had better wait for a report that begins later */
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

/* Whether `later` begins where `earlier` left memory, but for rounding, or below it where rows between them may be hidden. */
static int judge_neighbours(const ProfilerRow *earlier, const ProfilerRow *later, bool dense)
{
    if (!earlier->measured || !later->measured || later->increment == MIB_NONE)
        return 0;
    Mib difference = later->memory - later->increment - earlier->memory, rounding = mib_unit(later->decimals);
    if (difference >= -rounding && difference <= rounding)
        return FOR_MEMORY;
    return (difference < 0 && !dense) || later->occurrences > 1 ? 0 : -AGAINST_MEMORY;
}

static int judge_memory(const ParsedReport *r, size_t place, const ProfilerRow *row)
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

static int judge(const Knowledge *knowledge, const OpenReport *o, size_t place, const ProfilerRow *row)
{
    int score = o->report.rows.len ? FOR_COMPANY : 0;
    if (profiler_is_entry(row))
        score += has_entry(&o->report) || place > 0 ? -AGAINST_SECOND_ENTRY : FOR_ENTRY;
    return score + judge_source(knowledge, o, row) + judge_memory(&o->report, place, row);
}

size_t unordered_owner(const OpenReports *open, const Knowledge *knowledge, const Record *record)
{
    const ProfilerRow *row = &record->profiler.row;
    size_t best = UNORDERED_NOBODY;
    int best_score = ENOUGH;
    for (size_t i = 0; i < open->len; i++) {
        const OpenReport *o = open->items[i];
        size_t place = unordered_place(&o->report, row->line);
        if (o->track.ended || !same_channel(o, record) ||
            (place < o->report.rows.len && o->report.rows.items[place].row.line == row->line))
            continue;
        int score = judge(knowledge, o, place, row);
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    return best;
}
