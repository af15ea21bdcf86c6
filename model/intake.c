#include "model/intake.h"

#include "model/attribution.h"
#include "model/habit.h"
#include "model/intake_private.h"
#include "model/report.h"
#include "parsers/profiler.h"

/* Targets and lines by key. */

typedef struct TargetKey {
    TextId file;
    uint32_t first_line;
} TargetKey;

static bool same_target(const void *ctx, uint32_t item, const void *key)
{
    const Target *target = &((const Model *)ctx)->targets.items[item];
    const TargetKey *k = key;
    return target->file == k->file && target->first_line == k->first_line;
}

static Id add_target(Model *m, TargetKey key)
{
    uint64_t hash = hash_pair(key.file, key.first_line);
    int64_t known = hash_index_find(&m->target_index, hash, same_target, m, &key);
    if (known >= 0)
        return (Id)known;
    Id id = (Id)m->targets.len;
    vec_push(&m->targets, (Target){.file = key.file,
                                   .first_line = key.first_line,
                                   .name = m->empty,
                                   .function = NO_ID,
                                   .first_report = NO_ID,
                                   .last_report = NO_ID,
                                   .first_kept = NO_ID});
    hash_index_add(&m->target_index, hash, id);
    return id;
}

static bool same_line(const void *ctx, uint32_t item, const void *key)
{
    const SourceLine *line = &((const Model *)ctx)->lines.items[item];
    const SourceLine *k = key;
    return line->target == k->target && line->number == k->number && line->contents == k->contents;
}

/* Whether `id` is that line; then its text need not be looked up. */
static bool is_line(const Model *m, Id id, Id target, uint32_t number, Span contents)
{
    if (id >= m->lines.len)
        return false;
    const SourceLine *line = &m->lines.items[id];
    return line->target == target && line->number == number && span_eq(model_text(m, line->contents), contents);
}

/* `guess` is the line that it may be: those of a target are mostly added one after the other. */
static Id add_line(Model *m, Id target, uint32_t number, Span contents, Id guess)
{
    if (is_line(m, guess, target, number, contents))
        return guess;
    SourceLine line = {target, number, intern_add(&m->texts, contents)};
    uint64_t hash = hash_pair(hash_pair(line.target, line.number), line.contents);
    int64_t known = hash_index_find(&m->line_index, hash, same_line, m, &line);
    if (known >= 0)
        return (Id)known;
    Id id = (Id)m->lines.len;
    vec_push(&m->lines, line);
    hash_index_add(&m->line_index, hash, id);
    return id;
}

void intake_see_time(Model *m, Moment time)
{
    if (!moment_known(time) || (moment_known(m->newest) && time.ns <= m->newest.ns))
        return;
    m->newest = time;
    m->version++; /* ages count back from it */
}

/* Reports. */

Id intake_report(const Intake *in, uint32_t index)
{
    const ReportRun *run = in->report_runs.items;
    for (size_t count = in->report_runs.len, half; count > 1; count -= half) {
        half = count / 2;
        run = run[half].first <= index ? run + half : run;
    }
    return run->report + (index - run->first);
}

/* The parser's next report is `id`. */
static void note_report(Intake *in, Id id)
{
    uint32_t index = in->report_count++;
    if (!index || intake_report(in, index) != id)
        vec_push(&in->report_runs, (ReportRun){index, id});
}

static void set_number(Model *m, Id report, ReportNumber column, uint64_t number)
{
    numbers_set(&m->report_numbers, report, column, number);
}

static void report_opened(void *ctx, const ParsedReport *parsed)
{
    Intake *in = ctx;
    Model *m = in->model;
    Id call = parsed->invocation.len ? intake_call_of_report(in, parsed) : NO_ID;
    Id process = call == NO_ID ? intake_process_in_use(in, buffer_span(&parsed->instance))
                               : invocation_process(m, &m->invocations.items[call]);
    note_report(in, (Id)m->reports.len);
    vec_push(&m->reports, (Report){.target = NO_ID, .invocation = call, .next_of_target = NO_ID, .next_of_invocation = NO_ID});
    numbers_add(&m->report_numbers, (uint64_t[REPORT_NUMBERS]){
                                        [REPORT_TIME] = number_of_time(parsed->time.ns),
                                        [REPORT_TIME_DIGITS] = parsed->time.digits,
                                        [REPORT_FIRST] = parsed->first_number,
                                        [REPORT_LAST] = parsed->last_number,
                                        [REPORT_OFFSET] = parsed->offset,
                                        [REPORT_LAST_OFFSET] = parsed->last_offset,
                                        [REPORT_ENTRY] = NUMBER_NONE,
                                        [REPORT_HOT] = NUMBER_NONE,
                                        [REPORT_PROCESS] = number_of_id(process),
                                        [REPORT_FUNCTION] = NUMBER_NONE,
                                        [REPORT_LIKELY] = NUMBER_NONE,
                                    });
    vec_push(&in->open, (OpenReport){(Id)m->reports.len - 1, parsed});
    intake_see_time(m, parsed->time);
}

static ReportProspect prospect(void *ctx, const ParsedReport *parsed)
{
    const Intake *in = ctx;
    const Report *r = &in->model->reports.items[intake_report(in, (uint32_t)(parsed->id - 1))];
    if (r->invocation != NO_ID && in->model->invocations.items[r->invocation].settled)
        return REPORT_OVER;
    return report_item(in->model, r, REPORT_LIKELY) != NO_ID ? REPORT_PROBABLY_OVER : REPORT_GOES_ON;
}

static bool prints(void *ctx, Span function_name, const ParsedReport *parsed)
{
    Intake *in = ctx;
    Id function = model_function_named(in->model, function_name);
    return function != NO_ID && habit_prints(in, function, buffer_span(&parsed->file));
}

static void forget_open(Intake *in, Id report)
{
    for (size_t i = 0; i < in->open.len; i++) {
        if (in->open.items[i].report == report) {
            vec_remove(&in->open, i);
            return;
        }
    }
}

/* Whether it is that target, known from an earlier report of the same listed line. */
static bool is_target(const Model *m, Id id, const ParsedReport *p)
{
    if (id == NO_ID)
        return false;
    const Target *target = &m->targets.items[id];
    return target->first_line == p->rows.items[0].row.line && span_eq(model_text(m, target->file), buffer_span(&p->file));
}

Id intake_target(Intake *in, const ParsedReport *p)
{
    uint32_t listed = p->rows.len ? p->rows.items[0].listed : 0;
    if (listed && listed < in->listed.len && is_target(in->model, in->listed.items[listed].target, p))
        return in->listed.items[listed].target;
    TargetKey key = {intern_add(&in->model->texts, buffer_span(&p->file)), p->rows.len ? p->rows.items[0].row.line : 0};
    return add_target(in->model, key);
}

/*
 * The entry row is the first measured row of a whole report. Of a sparse one it may have been lost: what remains first is taken for
 * it only where its increment equals its memory, or where it is a line at which functions begin.
 */
static uint32_t entry_of(const ParsedReport *p)
{
    for (uint32_t i = 0; i < p->rows.len; i++) {
        const ProfilerRow *row = &p->rows.items[i].row;
        if (!row->measured)
            continue;
        bool whole = p->dense && !p->gap;
        bool entry = whole || (i == 0 && (row->increment == row->memory ||
                                          profiler_begins_function(parsed_report_contents(p, i))));
        return entry ? i : NO_ID;
    }
    return NO_ID;
}

/*
 * A later row whose increment is nearly all of its memory, though memory was at least half that high before: control came back
 * from other code and the profiler knew no previous line.
 */
static bool is_suspect(const ProfilerRow *row, Mib highest_before)
{
    return row->measured && row->increment != MIB_NONE && row->increment > 0 && highest_before != MIB_NONE &&
           row->increment >= row->memory - row->memory / 10 && highest_before >= row->increment / 2;
}

static bool fits(Mib value, Mib unit)
{
    Mib limit = unit * INT32_MAX;
    return value == MIB_NONE || (value < limit && value > -limit);
}

static bool is_wide(const ParsedReport *p)
{
    Mib unit = mib_unit(p->decimals);
    for (size_t i = 0; i < p->rows.len; i++) {
        const ProfilerRow *row = &p->rows.items[i].row;
        if (!fits(row->memory, unit) || !fits(row->increment, unit) || row->occurrences >= UINT32_MAX)
            return true;
    }
    return false;
}

/* The usual unit stands as a constant, because a division by one takes a fraction of the time. */
static inline int32_t steps(Mib value, unsigned decimals)
{
    if (value == MIB_NONE)
        return INT32_MIN;
    return (int32_t)(decimals == 1 ? value / (MIB_ONE / 10) : value / mib_unit(decimals));
}

static inline void store_row(Model *m, const Report *r, const ProfilerRow *row, uint32_t line)
{
    if (r->wide)
        vec_push(&m->wide_rows, (WideRow){line, row->memory, row->increment, row->occurrences});
    else
        vec_push(&m->rows, (Row){line, steps(row->memory, r->decimals), steps(row->increment, r->decimals),
                                 row->occurrences == OCCURRENCES_NONE ? UINT32_MAX : (uint32_t)row->occurrences});
}

/* The line of a row; one that is listed need be looked up only once. `guess` as for add_line(). */
static inline Id line_of(Intake *in, Id target, const ParsedReport *p, uint32_t index, Id guess)
{
    Model *m = in->model;
    const ParsedRow *row = &p->rows.items[index];
    while (in->listed.len <= row->listed)
        vec_push(&in->listed, (ListedAs){NO_ID, NO_ID});
    ListedAs *known = &in->listed.items[row->listed];
    if (!row->listed || known->target != target)
        *known = (ListedAs){target, add_line(m, target, row->row.line, parsed_report_contents(p, index), guess)};
    return known->line;
}

/* Stores the rows and finds out which of them may be ranked, and which is the largest of those. */
static void store_rows(Intake *in, Id id, uint32_t entry_row, const ParsedReport *p)
{
    Model *m = in->model;
    Report *r = &m->reports.items[id];
    uint32_t hot = NO_ID;
    Mib highest = MIB_NONE, largest = 0;
    Id line = NO_ID - 1;
    r->wide = is_wide(p);
    r->rows = (uint32_t)p->rows.len;
    set_number(m, id, REPORT_ROWS_AT, r->wide ? m->wide_rows.len : m->rows.len);
    for (uint32_t i = 0; i < r->rows; i++) {
        const ProfilerRow *row = &p->rows.items[i].row;
        bool entry = i == entry_row, suspect = !entry && is_suspect(row, highest);
        line = line_of(in, r->target, p, i, line + 1);
        store_row(m, r, row, line | (suspect ? ROW_SUSPECT_BIT : 0));
        if (row->measured && row->memory > highest)
            highest = row->memory;
        if (!entry && !suspect && row->measured && row->increment > largest) {
            largest = row->increment;
            hot = i;
        }
    }
    set_number(m, id, REPORT_ENTRY, number_of_id(entry_row));
    set_number(m, id, REPORT_HOT, number_of_id(hot));
}

/* What memory_profiler's LogFile keeps besides rows with a positive increment: whatever has these words in its source text. */
static bool has_kept_word(Span contents, bool measured)
{
    return span_find(contents, SPAN("Filename:")) >= 0 || span_find(contents, SPAN("Line Contents")) >= 0 ||
           (!measured && span_find(contents, SPAN("MiB")) >= 0);
}

/* Whether the filter of LogFile lets all rows pass. */
static bool only_kept_rows(const ParsedReport *p)
{
    for (uint32_t i = 0; i < p->rows.len; i++) {
        const ProfilerRow *row = &p->rows.items[i].row;
        bool positive = row->measured && row->increment > 0;
        if (!positive && !has_kept_word(parsed_report_contents(p, i), row->measured))
            return false;
    }
    return true;
}

/* Rows that a record's own id says were lost: versions that count occurrences print an entry row. */
static bool lost_rows(const ParsedReport *p)
{
    return p->invocation.len && (!p->rows.len || (p->columns.occurrences && entry_of(p) == NO_ID));
}

static uint8_t flags_of(const ParsedReport *p)
{
    unsigned flags = 0;
    if (!p->dense && (p->logger.len || p->invocation.len || p->rows.len) && only_kept_rows(p))
        flags |= FLAG_SPARSE;
    if (p->interleaved)
        flags |= FLAG_INTERLEAVED;
    if (p->truncated)
        flags |= FLAG_TRUNCATED;
    if (p->gap || lost_rows(p))
        flags |= FLAG_GAP;
    return (uint8_t)flags;
}

/* What the entry row tells: its increment should equal its memory (versions that count accumulate; older ones print 0.0). */
static void judge_entry(Report *r, uint32_t index, const ParsedReport *p)
{
    if (index == NO_ID)
        return;
    const ProfilerRow *entry = &p->rows.items[index].row;
    r->entry_differs = entry->increment != MIB_NONE && entry->increment != entry->memory && entry->increment != 0;
    /* a lambda or a one-line function that was wrapped by hand begins twice on its line */
    Span contents = parsed_report_contents(p, index);
    r->entry_repeated = entry->occurrences > 1 && (span_starts(span_trim_left(contents), SPAN("@")) || p->rows.len > 1);
}

static size_t indentation(Span contents)
{
    return contents.len - span_trim_left(contents).len;
}

/*
 * The name is that of the first def line that is not indented more than the entry row: a decorator stands as deep as its function,
 * and what is defined inside stands deeper.
 */
static void name_target(Model *m, Id target, uint32_t entry, const ParsedReport *p)
{
    if (m->targets.items[target].name != m->empty || !p->rows.len)
        return;
    size_t deepest = indentation(parsed_report_contents(p, entry == NO_ID ? 0 : entry));
    for (uint32_t i = 0; i < p->rows.len; i++) {
        Span contents = parsed_report_contents(p, i), name = profiler_defined_name(contents);
        if (!name.len || indentation(contents) > deepest)
            continue;
        m->targets.items[target].name = intern_add(&m->texts, name);
        return;
    }
}

static void link_to_target(Model *m, Id report)
{
    Target *target = &m->targets.items[m->reports.items[report].target];
    if (target->last_report == NO_ID)
        target->first_report = report;
    else
        m->reports.items[target->last_report].next_of_target = report;
    target->last_report = report;
    target->reports++;
}

static void report_closed(void *ctx, const ParsedReport *p)
{
    Intake *in = ctx;
    Model *m = in->model;
    Id id = intake_report(in, (uint32_t)(p->id - 1));
    Report *r = &m->reports.items[id];
    uint64_t gap = p->last_number - p->previous_number;
    uint32_t entry = entry_of(p);
    r->target = intake_target(in, p);
    r->decimals = (uint8_t)p->decimals;
    r->stored_flags = flags_of(p);
    r->on_stdout = !p->logger.len && !p->invocation.len;
    r->doubtful = p->doubtful;
    r->closed = true;
    set_number(m, id, REPORT_FIRST, p->first_number);
    set_number(m, id, REPORT_LAST, p->last_number);
    set_number(m, id, REPORT_LAST_GAP, gap < UINT32_MAX ? gap : UINT32_MAX);
    set_number(m, id, REPORT_LAST_OFFSET, p->last_offset);
    if (p->function.len)
        set_number(m, id, REPORT_FUNCTION, model_function_add(m, buffer_span(&p->function)));
    store_rows(in, id, entry, p);
    judge_entry(r, entry, p);
    name_target(m, r->target, entry, p);
    link_to_target(m, id);
    vec_push(&m->closed, id);
    m->version++;
    forget_open(in, id);
    if (p->invocation.len)
        attribution_report_named(in, id);
    else
        attribution_report_closed(in, id);
}

ReportSink intake_sink(Intake *in)
{
    return (ReportSink){in, intake_take_record, report_opened, prospect, prints, report_closed};
}

Intake *intake_new(Model *m, Id source)
{
    Intake *in = alloc_zeroed(1, sizeof *in);
    in->model = m;
    in->source = source;
    in->process = in->previous_process = NO_ID;
    in->last_failed = NO_ID;
    intake_begin_process(in);
    return in;
}

void intake_free(Intake *in)
{
    vec_free(&in->report_runs);
    vec_free(&in->listed);
    vec_free(&in->instances);
    vec_free(&in->calls);
    vec_free(&in->undecided);
    vec_free(&in->stranded);
    vec_free(&in->unsettled);
    vec_free(&in->open);
    vec_free(&in->habits);
    vec_free(&in->settled_calls);
    vec_free(&in->present);
    hash_index_free(&in->habit_index);
    hash_index_free(&in->print_index);
    vec_free(&in->constants);
    free(in);
}
