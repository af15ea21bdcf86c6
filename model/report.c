#include "model/report.h"

enum {
    SIBLINGS_MAX = 256, /* reports of one invocation that are looked through for flags that are best effort */
};

/* The flags, in the order of their bits. */
static const struct FlagName {
    const char *name;
    char letter;
    const char *help;
} flag_names[FLAG_COUNT] = {
    {"sparse", 's', "only rows that grew were printed, the normal case"},
    {"contended", 'c', "another invocation ran in the same process, and its memory is in the numbers"},
    {"interleaved", 'i', "its rows were mixed with those of another report"},
    {"truncated", 't', "it was cut: no rows, no end, or the input ended inside it"},
    {"async-overlap", 'a', "several coroutines disturbed each other's rows"},
    {"nested", 'n', "it includes another report of the same invocation: never add both"},
    {"gap", 'g', "rows were lost that the profiler's filter does not explain"},
};

const char *report_flag_name(unsigned bit)
{
    return flag_names[bit].name;
}

const char *report_flag_help(unsigned bit)
{
    return flag_names[bit].help;
}

char report_flag_letter(unsigned bit)
{
    return flag_names[bit].letter;
}

const char *attribution_name(uint8_t attribution)
{
    static const char *const names[] = {
        [ATTRIBUTION_NONE] = "none",         [ATTRIBUTION_PENDING] = "ambiguous", [ATTRIBUTION_AMBIGUOUS] = "ambiguous",
        [ATTRIBUTION_INFERRED] = "inferred", [ATTRIBUTION_EXACT] = "exact",
    };
    return names[attribution];
}

const char *outcome_name(uint8_t outcome)
{
    static const char *const names[] = {
        [OUTCOME_RUNNING] = "running",
        [OUTCOME_SUCCEEDED] = "succeeded",
        [OUTCOME_FAILED] = "failed",
        [OUTCOME_UNKNOWN] = "unknown",
    };
    return names[outcome];
}

static const ReportSummary *summary_of(const Model *m, const Report *r)
{
    return &m->summaries.items[r->rows_at];
}

/* What either form of a row keeps. */
typedef struct StoredRow {
    uint32_t packed; /* its line and whether it is suspect */
    Mib memory, increment;
    int64_t occurrences;
} StoredRow;

static inline StoredRow stored_row(const Model *m, const Report *r, uint32_t index)
{
    if (r->wide) {
        const WideRow *wide = &m->wide_rows.items[r->rows_at + index];
        return (StoredRow){wide->line, wide->memory, wide->increment, wide->occurrences};
    }
    const Row *compact = &m->rows.items[r->rows_at + index];
    Mib unit = mib_unit(r->decimals);
    return (StoredRow){compact->line, row_scaled(compact->memory, unit), row_scaled(compact->increment, unit),
                       compact->occurrences == UINT32_MAX ? OCCURRENCES_NONE : compact->occurrences};
}

ReportRow report_row(const Model *m, const Report *r, uint32_t index)
{
    if (r->summarised)
        return (ReportRow){.source_line = NO_ID, .memory = MIB_NONE, .increment = MIB_NONE, .occurrences = OCCURRENCES_NONE};
    StoredRow row = stored_row(m, r, index);
    Id source_line = row.packed & ~ROW_SUSPECT_BIT;
    const SourceLine *line = &m->lines.items[source_line];
    return (ReportRow){
        .source_line = source_line,
        .line = line->number,
        .measured = row.memory != MIB_NONE,
        .entry = index == r->entry,
        .suspect = row.packed & ROW_SUSPECT_BIT,
        .memory = row.memory,
        .increment = row.increment,
        .occurrences = row.occurrences,
        .contents = model_text(m, line->contents),
    };
}

Mib report_baseline(const Model *m, const Report *r)
{
    if (r->summarised)
        return summary_of(m, r)->baseline;
    return r->entry == NO_ID ? MIB_NONE : stored_row(m, r, r->entry).memory;
}

static Mib highest_compact(const Row *rows, uint32_t count, Mib unit)
{
    int32_t highest = INT32_MIN;
    for (uint32_t i = 0; i < count; i++)
        if (rows[i].memory > highest)
            highest = rows[i].memory;
    return row_scaled(highest, unit);
}

Mib report_peak(const Model *m, const Report *r)
{
    Mib peak = r->summarised ? summary_of(m, r)->peak : MIB_NONE;
    uint32_t rows = report_kept_rows(r);
    if (!r->wide && rows)
        return highest_compact(&m->rows.items[r->rows_at], rows, mib_unit(r->decimals));
    for (uint32_t i = 0; i < rows; i++) {
        Mib memory = stored_row(m, r, i).memory;
        if (memory > peak)
            peak = memory;
    }
    return peak;
}

Mib report_growth(const Model *m, const Report *r)
{
    Mib baseline = report_baseline(m, r);
    return baseline == MIB_NONE ? MIB_NONE : report_peak(m, r) - baseline;
}

Mib report_largest(const Model *m, const Report *r)
{
    if (r->summarised)
        return summary_of(m, r)->largest;
    return r->hot == NO_ID ? MIB_NONE : stored_row(m, r, r->hot).increment;
}

Id report_hot_line(const Model *m, const Report *r)
{
    if (r->summarised)
        return summary_of(m, r)->hot_line;
    return r->hot == NO_ID ? NO_ID : report_row(m, r, r->hot).source_line;
}

ReportRows report_rows(const Model *m, const Report *r)
{
    ReportRows rows = {.count = report_kept_rows(r), .entry = r->entry, .unit = mib_unit(r->decimals), .decimals = r->decimals};
    if (rows.count && r->wide)
        rows.wide = &m->wide_rows.items[r->rows_at];
    else if (rows.count)
        rows.compact = &m->rows.items[r->rows_at];
    return rows;
}

/* Whether another report of the same call is of the same target: then a repeated entry row is recursion. */
static bool has_sibling_of_target(const Model *m, const Report *r)
{
    if (r->invocation == NO_ID)
        return false;
    Id i = m->invocations.items[r->invocation].first_report;
    for (unsigned n = 0; i != NO_ID && n < SIBLINGS_MAX; n++, i = m->reports.items[i].next_of_invocation) {
        const Report *other = &m->reports.items[i];
        if (other != r && other->target == r->target)
            return true;
    }
    return false;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

/* Whether `contents` has "name(" as a word. */
static bool calls_name(Span contents, Span name)
{
    for (ptrdiff_t at; (at = span_find(contents, name)) >= 0; contents = span_from(contents, (size_t)at + name.len)) {
        Span rest = span_from(contents, (size_t)at + name.len);
        if (span_starts(rest, SPAN("(")) && (at == 0 || !is_name_byte(contents.ptr[at - 1])))
            return true;
    }
    return false;
}

static bool calls_target(const Model *m, const Report *r, const Target *target)
{
    Span name = model_text(m, target->name);
    for (uint32_t i = 0; name.len && i < report_kept_rows(r); i++) {
        ReportRow row = report_row(m, r, i);
        if (row.measured && !row.entry && calls_name(row.contents, name))
            return true;
    }
    return false;
}

static bool has_id(const Id *ids, size_t count, Id id)
{
    for (size_t i = count; i-- > 0;)
        if (ids[i] == id)
            return true;
    return false;
}

/* Whether the same call printed the report of a target before this one that this one calls by name. */
static bool is_nested(const Model *m, const Report *r)
{
    Id asked[SIBLINGS_MAX]; /* targets: each once */
    size_t count = 0;
    if (r->invocation == NO_ID)
        return false;
    Id i = m->invocations.items[r->invocation].first_report;
    for (unsigned n = 0; i != NO_ID && n < SIBLINGS_MAX; n++, i = m->reports.items[i].next_of_invocation) {
        const Report *other = &m->reports.items[i];
        if (other == r)
            return false;
        if (other->target == r->target || has_id(asked, count, other->target))
            continue;
        if (calls_target(m, r, &m->targets.items[other->target]))
            return true;
        asked[count++] = other->target;
    }
    return false;
}

static bool is_cut_by_profiler(const Model *m, const Report *r)
{
    if (r->invocation == NO_ID)
        return false;
    const Invocation *call = &m->invocations.items[r->invocation];
    return call->profiler_failed && &m->reports.items[call->last_report] == r;
}

unsigned report_flags(const Model *m, const Report *r)
{
    unsigned flags = r->stored_flags;
    if (r->invocation != NO_ID && m->invocations.items[r->invocation].contended)
        flags |= FLAG_CONTENDED;
    if (r->entry_repeated && !has_sibling_of_target(m, r))
        flags |= FLAG_ASYNC_OVERLAP;
    if (is_nested(m, r))
        flags |= FLAG_NESTED;
    if (is_cut_by_profiler(m, r))
        flags |= FLAG_TRUNCATED;
    return flags;
}

Id report_function(const Model *m, const Report *r)
{
    return r->invocation == NO_ID ? r->function : m->invocations.items[r->invocation].function;
}

Moment report_time(const Report *r)
{
    return (Moment){r->time_ns, r->time_digits};
}

Moment invocation_started(const Invocation *invocation)
{
    return (Moment){invocation->started_ns, invocation->started_digits};
}

Moment invocation_ended(const Invocation *invocation)
{
    return (Moment){invocation->ended_ns, invocation->ended_digits};
}
