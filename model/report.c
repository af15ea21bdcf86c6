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

static uint64_t rows_at(const Model *m, const Report *r)
{
    return report_number(m, r, REPORT_ROWS_AT);
}

static const ReportSummary *summary_of(const Model *m, const Report *r)
{
    return &m->summaries.items[rows_at(m, r)];
}

/* But for `entry`. */
static inline ReportRows rows_of(const Model *m, const Report *r)
{
    ReportRows rows = {.count = report_kept_rows(r), .entry = NO_ID, .unit = mib_unit(r->decimals), .decimals = r->decimals};
    if (rows.count && r->wide)
        rows.wide = &m->wide_rows.items[rows_at(m, r)];
    else if (rows.count)
        rows.compact = &m->rows.items[rows_at(m, r)];
    return rows;
}

ReportRows report_rows(const Model *m, const Report *r)
{
    ReportRows rows = rows_of(m, r);
    rows.entry = report_entry(m, r);
    return rows;
}

ReportRow report_row(const Model *m, const Report *r, uint32_t index)
{
    if (r->summarised)
        return (ReportRow){.source_line = NO_ID, .memory = MIB_NONE, .increment = MIB_NONE, .occurrences = OCCURRENCES_NONE};
    ReportRows rows = report_rows(m, r);
    return report_rows_at(m, &rows, index);
}

static LineReading reading_at(const Model *m, const Report *r, uint32_t index)
{
    ReportRows rows = rows_of(m, r);
    LineReading reading;
    Id line;
    report_rows_read(&rows, index, &line, &reading);
    return reading;
}

Mib report_baseline(const Model *m, const Report *r)
{
    if (r->summarised)
        return summary_of(m, r)->baseline;
    Id entry = report_entry(m, r);
    return entry == NO_ID ? MIB_NONE : reading_at(m, r, entry).memory;
}

static Mib highest_compact(const ReportRows *rows)
{
    int32_t highest = INT32_MIN;
    for (uint32_t i = 0; i < rows->count; i++)
        if (rows->compact[i].memory > highest)
            highest = rows->compact[i].memory;
    return row_scaled(highest, rows->unit);
}

Mib report_peak(const Model *m, const Report *r)
{
    Mib peak = r->summarised ? summary_of(m, r)->peak : MIB_NONE;
    ReportRows rows = rows_of(m, r);
    if (rows.compact)
        return highest_compact(&rows);
    for (uint32_t i = 0; i < rows.count; i++)
        if (rows.wide[i].memory > peak)
            peak = rows.wide[i].memory;
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
    Id hot = report_hot(m, r);
    return hot == NO_ID ? MIB_NONE : reading_at(m, r, hot).increment;
}

Id report_hot_line(const Model *m, const Report *r)
{
    if (r->summarised)
        return summary_of(m, r)->hot_line;
    Id hot = report_hot(m, r);
    return hot == NO_ID ? NO_ID : report_row(m, r, hot).source_line;
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

static int64_t entry_occurrences(const Model *m, const Report *r)
{
    Id entry = r->summarised ? NO_ID : report_entry(m, r);
    return entry == NO_ID ? OCCURRENCES_NONE : reading_at(m, r, entry).occurrences;
}

/* The latest report before this one that is of the same target and call; without a call, the one right before it. NULL for none. */
static const Report *previous_of_target(const Model *m, const Report *r)
{
    const Report *previous = NULL;
    Id id = report_id(m, r);
    if (r->invocation == NO_ID) {
        previous = id ? &m->reports.items[id - 1] : NULL;
        return previous && previous->invocation == NO_ID && previous->target == r->target ? previous : NULL;
    }
    Id i = m->invocations.items[r->invocation].first_report;
    for (unsigned n = 0; i != NO_ID && i != id && n < SIBLINGS_MAX; n++, i = m->reports.items[i].next_of_invocation)
        if (m->reports.items[i].target == r->target)
            previous = &m->reports.items[i];
    return previous;
}

/* Recursion prints the innermost call first, and each call outside of it has counted the ones inside, too. */
static bool is_recursion(const Model *m, const Report *r)
{
    const Report *inner = previous_of_target(m, r);
    return inner && (r->summarised || inner->summarised || entry_occurrences(m, inner) < entry_occurrences(m, r));
}

static bool has_overlap(const Model *m, const Report *r)
{
    bool repeated = r->entry_repeated && !has_sibling_of_target(m, r);
    return (r->entry_differs || repeated) && !(r->entry_repeated && is_recursion(m, r));
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
    return call->profiler_failed && invocation_last_report(m, call) == report_id(m, r);
}

unsigned report_flags(const Model *m, const Report *r)
{
    unsigned flags = r->stored_flags;
    if (r->invocation != NO_ID && m->invocations.items[r->invocation].contended)
        flags |= FLAG_CONTENDED;
    if (has_overlap(m, r))
        flags |= FLAG_ASYNC_OVERLAP;
    if (is_nested(m, r))
        flags |= FLAG_NESTED;
    if (is_cut_by_profiler(m, r))
        flags |= FLAG_TRUNCATED;
    return flags;
}

Id report_function(const Model *m, const Report *r)
{
    return r->invocation == NO_ID ? report_item(m, r, REPORT_FUNCTION) : m->invocations.items[r->invocation].function;
}

Moment report_time(const Model *m, const Report *r)
{
    return (Moment){time_of_number(report_number(m, r, REPORT_TIME)), (unsigned)report_number(m, r, REPORT_TIME_DIGITS)};
}
