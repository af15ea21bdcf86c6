#include "src/export_summary.h"

#include "model/report.h"

enum { FAILURES_NAMED = 5 }; /* the rest is counted */

/* Counting. */

static bool is_silent_failure(const Model *m, const Invocation *call)
{
    return call->outcome == OUTCOME_FAILED && !invocation_reports(m, call);
}

static void see_time(Summary *s, int64_t ns)
{
    if (ns == MOMENT_UNKNOWN)
        return;
    if (s->first_ns == MOMENT_UNKNOWN || ns < s->first_ns)
        s->first_ns = ns;
    if (s->last_ns == MOMENT_UNKNOWN || ns > s->last_ns)
        s->last_ns = ns;
}

static void add_invocation(Summary *s, const Invocation *call, bool *used)
{
    s->invocations++;
    s->outcomes[call->outcome]++;
    s->silent_failures += is_silent_failure(s->model, call);
    s->profiler_failures += call->profiler_failed;
    used[invocation_process(s->model, call)] = true;
    see_time(s, invocation_started(s->model, call).ns);
    see_time(s, invocation_ended(s->model, call).ns);
}

static void add_report(Summary *s, const Report *r, bool *used)
{
    unsigned flags = report_flags(s->model, r);
    s->reports++;
    for (unsigned bit = 0; bit < SUMMARY_FLAGS; bit++)
        s->flags[bit] += flags >> bit & 1u;
    s->ambiguous += r->attribution == ATTRIBUTION_AMBIGUOUS || r->attribution == ATTRIBUTION_PENDING;
    s->summarised += r->summarised;
    used[report_process(s->model, r)] = true;
    see_time(s, report_time(s->model, r).ns);
}

Summary summary_of(const Model *m, const Selection *selection)
{
    Summary s = {.model = m, .selection = selection, .first_ns = MOMENT_UNKNOWN, .last_ns = MOMENT_UNKNOWN};
    bool *used = alloc_zeroed(m->processes.len, sizeof *used);
    for (Id i = 0; i < m->invocations.len; i++)
        if (selection_has_invocation(selection, m, i))
            add_invocation(&s, &m->invocations.items[i], used);
    for (Id i = 0; i < m->reports.len; i++) {
        if (!m->reports.items[i].closed)
            continue;
        if (selection_has_report(selection, m, i))
            add_report(&s, &m->reports.items[i], used);
        else if (m->reports.items[i].duplicate)
            s.duplicates++;
        else
            s.left_out++;
    }
    for (size_t i = 0; i < m->processes.len; i++)
        s.processes += used[i];
    free(used);
    return s;
}

static size_t flagged(const Summary *s, ReportFlag flag)
{
    return s->flags[__builtin_ctz(flag)];
}

bool summary_is_increment(const Table *table, RowKey row)
{
    Cell cell = table_cell(table, row, table_column_named(table_kind(table), SPAN("increment")));
    return cell.type == CELL_MIB && cell.number > 0;
}

/* Counts in words. */

static void append_count(Buffer *out, size_t count, const char *noun, const char *plural)
{
    buffer_printf(out, "%zu %s", count, count == 1 ? noun : plural);
}

static void append_outcomes(Buffer *out, const Summary *s)
{
    const char *separator = " (";
    for (uint8_t i = 0; i < SUMMARY_OUTCOMES; i++) {
        if (!s->outcomes[i])
            continue;
        buffer_printf(out, "%s%zu %s", separator, s->outcomes[i], i == OUTCOME_UNKNOWN ? "without an end" : outcome_name(i));
        separator = ", ";
    }
    buffer_append_span(out, s->invocations ? SPAN(")") : SPAN(""));
}

/* The date of the end is written where it is another. */
static void append_span_of_time(Buffer *out, const Summary *s)
{
    enum { DATE = 10, CLOCK_AT = 11, CLOCK = 8 };
    char first[MOMENT_TEXT_MAX], last[MOMENT_TEXT_MAX];
    if (!moment_format(first, (Moment){s->first_ns, 0}) || !moment_format(last, (Moment){s->last_ns, 0}))
        return;
    buffer_printf(out, "; %.*s %.*s", (int)DATE, first, (int)CLOCK, first + CLOCK_AT);
    if (memcmp(first, last, DATE) != 0)
        buffer_printf(out, " to %.*s %.*s", (int)DATE, last, (int)CLOCK, last + CLOCK_AT);
    else if (memcmp(first, last, CLOCK_AT + CLOCK) != 0)
        buffer_printf(out, " to %.*s", (int)CLOCK, last + CLOCK_AT);
    buffer_append_span(out, SPAN(" UTC"));
}

void summary_append_counts(Buffer *out, const Summary *s)
{
    append_count(out, s->invocations, "invocation", "invocations");
    append_outcomes(out, s);
    buffer_append_span(out, SPAN(", "));
    append_count(out, s->reports, "report", "reports");
    buffer_append_span(out, SPAN(", "));
    append_count(out, s->processes, "worker process", "worker processes");
    append_span_of_time(out, s);
    if (s->left_out)
        buffer_printf(out, "; %zu more left out by the selection", s->left_out);
    if (s->duplicates)
        buffer_printf(out, "; %zu more stand there twice and count once", s->duplicates);
}

/* Sentences. */

typedef struct Speaker {
    SentenceSink sink;
    Buffer words;
} Speaker;

static void say(Speaker *speaker)
{
    speaker->sink.sentence(speaker->sink.ctx, buffer_span(&speaker->words));
    buffer_clear(&speaker->words);
}

static void say_failure(Speaker *speaker, const Model *m, const Invocation *call)
{
    Buffer *out = &speaker->words;
    char clock[MOMENT_TEXT_MAX], guid[GUID_TEXT];
    Span error = invocation_error(m, call);
    buffer_append_span(out, model_text(m, m->functions.items[call->function].name));
    buffer_printf(out, " %.*s failed", SPAN_ARG(span_to(invocation_id(m, call, guid), 8)));
    if (moment_format_clock(clock, invocation_ended(m, call)))
        buffer_printf(out, " at %s", clock);
    buffer_append_span(out, SPAN(" and has no report: "));
    buffer_append_span(out, error.len ? error : SPAN("the log does not say why"));
    say(speaker);
}

static void say_failures(Speaker *speaker, const Summary *s)
{
    const Model *m = s->model;
    size_t named = 0;
    for (Id i = 0; i < m->invocations.len && named < FAILURES_NAMED; i++) {
        const Invocation *call = &m->invocations.items[i];
        if (!is_silent_failure(m, call) || !selection_has_invocation(s->selection, m, i))
            continue;
        say_failure(speaker, m, call);
        named++;
    }
    if (s->silent_failures > named) {
        append_count(&speaker->words, s->silent_failures - named, "more invocation", "more invocations");
        buffer_append_span(&speaker->words, SPAN(" failed and have no report."));
        say(speaker);
    }
    if (named) {
        buffer_append_span(&speaker->words,
                           SPAN("memory_profiler prints no report when the profiled function raises, so what these calls "
                                "allocated is not in the tables."));
        say(speaker);
    }
}

/* "3 of 7 reports: words", or nothing. */
static void say_share(Speaker *speaker, size_t count, size_t of, const char *plural, const char *words)
{
    if (!count)
        return;
    buffer_printf(&speaker->words, "%zu of %zu %s: %s", count, of, plural, words);
    say(speaker);
}

static void say_damage(Speaker *speaker, const Model *m)
{
    for (size_t i = 0; i < m->sources.len; i++) {
        const LogSource *s = &m->sources.items[i];
        if (!s->damaged)
            continue;
        buffer_append_span(&speaker->words, model_text(m, s->name));
        buffer_append_span(&speaker->words, SPAN(": "));
        append_count(&speaker->words, (size_t)s->damaged, "record", "records");
        buffer_append_span(&speaker->words, SPAN(" could not be read."));
        say(speaker);
    }
}

/* What is said of the reports that have a flag. */
static const struct FlagRemark {
    ReportFlag flag;
    const char *words;
} remarks[] = {
    {FLAG_TRUNCATED, "truncated, cut before the end, so rows are missing."},
    {FLAG_GAP, "rows were lost on the way that no filter explains."},
    {FLAG_CONTENDED,
     "contended. Other invocations ran in the same process at the time, and increments include what those allocated."},
    {FLAG_ASYNC_OVERLAP, "overlapping coroutines shared one trace, so the rows mix several calls."},
};

void summary_attention(const Summary *s, SentenceSink sink)
{
    Speaker speaker = {.sink = sink};
    say_failures(&speaker, s);
    say_share(&speaker, s->profiler_failures, s->invocations, "invocations",
              "memory_profiler itself raised the ValueError and cut the report. LogFile(..., True) cannot digest an unmeasured "
              "source line with the text MiB in it: reword that line, or use LogFile(..., False).");
    for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++)
        say_share(&speaker, flagged(s, remarks[i].flag), s->reports, "reports", remarks[i].words);
    say_share(&speaker, s->ambiguous, s->reports, "reports",
              "ambiguous. More than one invocation may own them; the best guess was taken.");
    say_share(&speaker, s->summarised, s->reports, "reports",
              "summarised. Their rows were let go to stay within --keep and --max-memory; they count in the tables all the same.");
    say_damage(&speaker, s->model);
    buffer_free(&speaker.words);
}

void summary_legend(const Summary *s, SentenceSink sink)
{
    static const char *const words[] = {
        "All memory is in MiB, and that of the whole Python process.",
        ("Entry: what the process used before the first profiled line ran. memory_profiler prints it as that line's increment, but "
         "it is no allocation and is never ranked here."),
        ("Growth: peak less entry of one call. Kept: what a call leaves behind, the median of how much higher the entry of the "
         "call after it is, of whatever function."),
        ("Largest: the largest increment of one line in one call, a running sum over all runs of that line and no count of "
         "allocations."),
    };
    Speaker speaker = {.sink = sink};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        sink.sentence(sink.ctx, span_of(words[i]));
    say_share(&speaker, flagged(s, FLAG_SPARSE), s->reports, "reports",
              "sparse. LogFile(..., True) keeps only rows with a positive increment, which hides freed memory: trust peak and "
              "growth, not sums of increments.");
    buffer_free(&speaker.words);
}
