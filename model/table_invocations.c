/* Invocations: a row is one, or a report that belongs to none. */
#include "model/table_private.h"

#include <inttypes.h>

static bool is_lone(RowKey row)
{
    return row & ROW_TAG;
}

static Id id_of(RowKey row)
{
    return (Id)(row & ~ROW_TAG);
}

static const Invocation *call_of(const Table *t, RowKey row)
{
    return &t->model->invocations.items[id_of(row)];
}

static const Report *lone_of(const Table *t, RowKey row)
{
    return &t->model->reports.items[id_of(row)];
}

/* The reports of an invocation that the table is about: how many, and the last of them. */
static uint32_t own_reports(const Table *t, const Invocation *call, Id *last)
{
    uint32_t count = 0;
    for (Id i = call->first_report; i != NO_ID; i = t->model->reports.items[i].next_of_invocation) {
        const Report *r = &t->model->reports.items[i];
        if (r->duplicate || (t->scope.target != NO_ID && r->target != t->scope.target))
            continue;
        *last = i;
        count++;
    }
    return count;
}

static CallNumbers add_up(const Table *t, RowKey row)
{
    CallNumbers n = {.row = row, .version = t->model->version, .reports = 1, .last = NO_ID};
    if (is_lone(row)) {
        n.stats = lone_report_stats(t->model, id_of(row));
        n.last = id_of(row);
    } else {
        n.stats = invocation_stats(t->model, call_of(t, row), t->scope.target);
        n.reports = own_reports(t, call_of(t, row), &n.last);
    }
    return n;
}

/* A call may have any number of reports, and most of its cells want to know something of all: they are added up once. */
static const CallNumbers *numbers_of(const Table *t, RowKey row)
{
    struct TableScratch *scratch = t->scratch;
    if (!scratch->calls)
        scratch->calls = alloc_zeroed(CALLS_REMEMBERED, sizeof *scratch->calls);
    CallNumbers *known = &scratch->calls[row % CALLS_REMEMBERED];
    if (known->row != row || known->version != t->model->version)
        *known = add_up(t, row);
    return known;
}

static const InvocationStats *stats_of(const Table *t, RowKey row)
{
    return &numbers_of(t, row)->stats;
}

/* Whether one of its reports passes; `*complete`: whether it has one that is complete. */
static bool has_passing_report(const Table *t, const Invocation *call, bool *complete)
{
    *complete = false;
    for (Id i = call->first_report; i != NO_ID; i = t->model->reports.items[i].next_of_invocation) {
        if (table_passes(t, i))
            return true;
        *complete |= t->model->reports.items[i].closed;
    }
    return false;
}

/* A call without report has its function and its error to match. */
static bool call_matches(const Table *t, Id id)
{
    const Model *m = t->model;
    const Invocation *call = &m->invocations.items[id];
    Span texts[] = {model_text(m, m->functions.items[call->function].name), invocation_error(m, call)};
    return selection_has_invocation(t->selection, m, id) && selection_matches(t->selection, texts, 2);
}

static bool shows_call(const Table *t, Id id)
{
    const Invocation *call = &t->model->invocations.items[id];
    if (t->quiet && call->contended)
        return false;
    bool complete;
    return has_passing_report(t, call, &complete) || (!complete && t->scope.target == NO_ID && call_matches(t, id));
}

static bool may_be_lone(const Table *t, Id id)
{
    const Report *r = &t->model->reports.items[id];
    return r->closed && r->invocation == NO_ID && (t->scope.target == NO_ID || r->target == t->scope.target);
}

static void collect_call(Table *t, Id id)
{
    if (shows_call(t, id))
        table_push(t, id);
    else if (t->scope.target == NO_ID)
        t->pending_left_out++;
}

static void collect_lone(Table *t, Id id)
{
    if (may_be_lone(t, id) && table_passes(t, id))
        table_push(t, id | ROW_TAG);
}

/* First the invocations, then the reports; one that begins meanwhile is shown by the next refresh. */
static bool collect(Table *t, size_t *allowance)
{
    const Model *m = t->model;
    if (!t->collect_at)
        t->collect_calls = m->invocations.len;
    for (size_t calls = t->collect_calls; t->collect_at < calls + m->reports.len; t->collect_at++) {
        if (!table_may_look(allowance))
            return false;
        if (t->collect_at < calls)
            collect_call(t, (Id)t->collect_at);
        else
            collect_lone(t, (Id)(t->collect_at - calls));
    }
    return true;
}

/* Opens the only report of an invocation at once, the list of them where there are several. */
static bool open(const Table *t, RowKey row, TableId *id, Scope *scope)
{
    *scope = SCOPE_ALL;
    *id = TABLE_REPORT;
    if (is_lone(row)) {
        scope->report = id_of(row);
        return true;
    }
    const CallNumbers *numbers = numbers_of(t, row);
    scope->invocation = id_of(row);
    scope->target = t->scope.target;
    if (numbers->reports == 1)
        scope->report = numbers->last;
    else
        *id = TABLE_REPORTS;
    return numbers->reports > 0;
}

static Scope row_scope(const Table *t, RowKey row)
{
    Scope scope = t->scope;
    if (is_lone(row)) {
        scope.report = id_of(row);
        scope.target = lone_of(t, row)->target;
    } else {
        scope.invocation = id_of(row);
    }
    return scope;
}

static RowKey row_of_report(const Table *t, Id report)
{
    Id call = t->model->reports.items[report].invocation;
    return call == NO_ID ? report | ROW_TAG : call;
}

static Mib largest(const Table *t, RowKey row)
{
    return stats_of(t, row)->largest;
}

static void explain_without_report(const Invocation *call, Buffer *out)
{
    if (call->outcome == OUTCOME_FAILED)
        buffer_append_span(out, SPAN("No report: memory_profiler prints none when the profiled function raises. "));
    else if (call->outcome == OUTCOME_RUNNING)
        buffer_append_span(out, SPAN("No report yet: it is printed when the profiled function returns. "));
    else
        buffer_append_span(out, SPAN("No report: no profiled function ran to its end in this call. "));
}

static void explain(const Table *t, RowKey row, Buffer *out)
{
    if (is_lone(row)) {
        buffer_append_span(out, SPAN("This report belongs to no invocation in the capture: no Executing and Executed lines stand around it."));
        return;
    }
    const Invocation *call = call_of(t, row);
    Span error = invocation_error(t->model, call);
    if (error.len)
        buffer_printf(out, "%s: %.*s. ", call->outcome == OUTCOME_FAILED ? "Failed" : "Did not end", SPAN_ARG(error));
    if (span_find(error, SPAN("MemoryError")) >= 0)
        buffer_append_span(out, SPAN("Python could not get the memory that it asked for. "));
    if (call->profiler_failed)
        buffer_append_span(out, SPAN("That is memory_profiler's own error: LogFile(..., True) cannot digest an unmeasured source line "
                                     "with the text MiB in it, and the report is cut there. Reword the comment, or use LogFile(..., False). "));
    else if (!invocation_reports(t->model, call))
        explain_without_report(call, out);
    if (call->contended)
        buffer_append_span(out, SPAN("Contended: other invocations ran at the same time in the same process, so its increments include what "
                                     "they allocated. "));
    if (invocation_reports(t->model, call))
        buffer_append_span(out, SPAN("Entry is the process before the first profiled line ran; Growth is peak less entry."));
}

/* Columns. */

static void cell_started(const Table *t, RowKey row, Cell *cell)
{
    cell_time(cell, is_lone(row) ? report_time(t->model, lone_of(t, row)) : invocation_started(t->model, call_of(t, row)));
}

static void cell_function(const Table *t, RowKey row, Cell *cell)
{
    const Model *m = t->model;
    Id function = is_lone(row) ? report_function(m, lone_of(t, row)) : call_of(t, row)->function;
    if (function != NO_ID) {
        cell_span(cell, model_text(m, m->functions.items[function].name));
        return;
    }
    Buffer *text = table_scratch(t);
    target_label(m, lone_of(t, row)->target, text);
    cell_span(cell, buffer_span(text));
    cell->style = STYLE_DIM;
}

static void cell_id(const Table *t, RowKey row, Cell *cell)
{
    if (!is_lone(row))
        cell_call_id(cell, t, id_of(row));
}

static void cell_outcome(const Table *t, RowKey row, Cell *cell)
{
    if (is_lone(row))
        return;
    uint8_t outcome = call_of(t, row)->outcome;
    cell_span(cell, span_of(outcome_name(outcome)));
    cell->style = outcome == OUTCOME_FAILED ? STYLE_BAD : outcome == OUTCOME_SUCCEEDED ? STYLE_NORMAL : STYLE_NOTE;
}

static void cell_duration(const Table *t, RowKey row, Cell *cell)
{
    int64_t duration = is_lone(row) ? -1 : invocation_duration_ms(t->model, call_of(t, row));
    if (duration < 0)
        return;
    cell->type = CELL_MS;
    cell->number = duration;
}

static void cell_reports(const Table *t, RowKey row, Cell *cell)
{
    cell_count(cell, numbers_of(t, row)->reports);
    if (cell->number == 0)
        cell->style = STYLE_DIM;
}

static void cell_entry(const Table *t, RowKey row, Cell *cell)
{
    const InvocationStats *s = stats_of(t, row);
    cell_mib(cell, s->entry, s->decimals);
}

static void cell_peak(const Table *t, RowKey row, Cell *cell)
{
    const InvocationStats *s = stats_of(t, row);
    cell_mib(cell, s->peak, s->decimals);
}

static void cell_growth(const Table *t, RowKey row, Cell *cell)
{
    const InvocationStats *s = stats_of(t, row);
    if (s->entry != MIB_NONE)
        cell_change(cell, s->peak - s->entry, s->decimals);
}

static void cell_kept(const Table *t, RowKey row, Cell *cell)
{
    Id last = numbers_of(t, row)->last;
    if (last != NO_ID)
        cell_change(cell, report_kept(t->model, last), t->model->reports.items[last].decimals);
}

static void cell_largest(const Table *t, RowKey row, Cell *cell)
{
    const InvocationStats *s = stats_of(t, row);
    cell_increment(cell, t, s->largest, s->decimals);
}

static void cell_bar(const Table *t, RowKey row, Cell *cell)
{
    cell_heat(cell, t, stats_of(t, row)->largest);
}

static void cell_line(const Table *t, RowKey row, Cell *cell)
{
    const InvocationStats *s = stats_of(t, row);
    if (s->hot_report == NO_ID)
        return;
    Id line = report_hot_line(t->model, &t->model->reports.items[s->hot_report]);
    cell_count(cell, t->model->lines.items[line].number);
}

static void cell_flag_letters(const Table *t, RowKey row, Cell *cell)
{
    cell_flags(cell, t, stats_of(t, row)->flags);
}

static void cell_note(const Table *t, RowKey row, Cell *cell)
{
    if (is_lone(row))
        return;
    cell_span(cell, invocation_error(t->model, call_of(t, row)));
    cell->style = STYLE_BAD;
}

static void cell_source(const Table *t, RowKey row, Cell *cell)
{
    const Model *m = t->model;
    Id process = is_lone(row) ? report_process(t->model, lone_of(t, row)) : invocation_process(t->model, call_of(t, row));
    if (m->sources.len > 1)
        cell_span(cell, file_base(model_text(m, m->sources.items[m->processes.items[process].source].name)));
}

static const Column columns[] = {
    {"started", "Started", "When it began, UTC.", CELL_TIME, true, false, 0, 2, cell_started},
    {"function", "Function", "Azure function.", CELL_TEXT, false, false, 8, 0, cell_function},
    {"id", "Id", "First eight characters of the invocation's id.", CELL_TEXT, false, false, 8, 4, cell_id},
    {"outcome", "Outcome", "How it ended: succeeded, failed, running, or unknown (no end seen).", CELL_TEXT, false, false, 7, 3,
     cell_outcome},
    {"duration", "ms", "Duration as the host says, milliseconds.", CELL_MS, true, false, 0, 5, cell_duration},
    {"reports", "Rep", "Reports that belong to it.", CELL_COUNT, true, false, 0, 6, cell_reports},
    {"entry", "Entry", "Memory of the process before the first profiled line ran, MiB.", CELL_MIB, true, false, 0, 1, cell_entry},
    {"peak", "Peak", "Highest memory of the process, MiB.", CELL_MIB, true, false, 0, 0, cell_peak},
    {"growth", "Growth", "Peak less entry, MiB.", CELL_MIB, true, false, 0, 7, cell_growth},
    {"kept", "Kept", "What it left behind: the entry of the next call in the same process less its own, MiB.", CELL_MIB, true, false, 0, 2, cell_kept},
    {"increment", "Largest", "Largest increment of one line, MiB; entry rows never count.", CELL_MIB, true, false, 0, 0, cell_largest},
    {"heat", "Heat", "Largest increment as a share of the table's largest.", CELL_HEAT, true, false, 6, 8, cell_bar},
    {"line", "Line", "Line number of the largest increment.", CELL_COUNT, false, false, 0, 0, cell_line},
    {"flags", "Flags", "s sparse, c contended, i interleaved, t truncated, a async-overlap, n nested, g gap.", CELL_TEXT, false, false,
     0, 6, cell_flag_letters},
    {"source", "Source", "The input that it was read from, where there are several.", CELL_TEXT, false, false, 0, 9, cell_source},
    {"error", "Error", "Why it failed.", CELL_TEXT, false, true, 12, 9, cell_note},
};

static const TableOps ops = {NULL, collect, open, row_scope, row_of_report, explain, largest, NULL};

const TableKind table_invocations = {
    .id = TABLE_INVOCATIONS,
    .name = "invocations",
    .title = "Invocations",
    .help = "One execution of a function; reports that belong to none are listed too.",
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .parts = "function",
    .either = "started id",
    .default_column = 10,
    .default_descending = true,
    .ops = &ops,
};
