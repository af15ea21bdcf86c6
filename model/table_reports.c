/* Reports: a row is one profiled call. */
#include "model/table_private.h"

static const Report *report_at(const Table *t, RowKey row)
{
    return &t->model->reports.items[row];
}

/* The report behind `id` among those of the table's invocation, or of all; the first one behind NO_ID. */
static Id next_of(const Table *t, Id id)
{
    const Model *m = t->model;
    if (t->scope.invocation != NO_ID)
        return id == NO_ID ? m->invocations.items[t->scope.invocation].first_report : m->reports.items[id].next_of_invocation;
    return id + 1 < m->reports.len ? id + 1 : NO_ID; /* NO_ID + 1 is 0 */
}

/* `collect_at` is the report that was looked at last, plus one. */
static bool collect(Table *t, size_t *allowance)
{
    for (Id i; (i = next_of(t, (Id)t->collect_at - 1)) != NO_ID; t->collect_at = (uint64_t)i + 1) {
        if (!table_may_look(allowance))
            return false;
        if (table_passes(t, i))
            table_push(t, i);
    }
    return true;
}

static bool open(const Table *t, RowKey row, TableId *id, Scope *scope)
{
    *id = TABLE_REPORT;
    *scope = t->scope;
    scope->report = (Id)row;
    return true;
}

static Scope row_scope(const Table *t, RowKey row)
{
    const Report *r = report_at(t, row);
    Scope scope = SCOPE_ALL;
    scope.target = r->target;
    scope.invocation = r->invocation;
    scope.report = (Id)row;
    scope.line = report_hot_line(t->model, r);
    return scope;
}

static RowKey row_of_report(const Table *t, Id report)
{
    (void)t;
    return report;
}

static Mib largest(const Table *t, RowKey row)
{
    return report_largest(t->model, report_at(t, row));
}

/* One sentence for each thing that a reader should know about a report. */
static const struct Remark {
    unsigned flag;
    const char *text;
} remarks[] = {
    {FLAG_CONTENDED, "Contended: other invocations ran in the same process, so increments include what they allocated. "},
    {FLAG_SPARSE, "Sparse: LogFile(..., True) keeps only rows whose increment is above zero; freed memory is not shown. "},
    {FLAG_INTERLEAVED, "Interleaved: its rows stood between another report's in the log. "},
    {FLAG_TRUNCATED, "Truncated: the report was cut before its end. "},
    {FLAG_ASYNC_OVERLAP, "Async overlap: coroutines of several invocations shared one trace, so its rows mix several calls. "},
    {FLAG_NESTED, "Nested: it calls another profiled function, whose increments are included here as well. "},
    {FLAG_GAP, "Gap: rows are missing that the filter does not explain. "},
};

void explain_report(const Table *t, const Report *r, Buffer *out)
{
    unsigned flags = report_flags(t->model, r);
    for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++)
        if (flags & remarks[i].flag)
            buffer_append_span(out, span_of(remarks[i].text));
    if (r->summarised)
        buffer_append_span(out, SPAN("Summarised: its rows were let go to stay within --keep and --max-memory; it counts all the same. "));
    if (r->attribution == ATTRIBUTION_PENDING || r->attribution == ATTRIBUTION_AMBIGUOUS)
        buffer_append_span(out, SPAN("More than one invocation may own it; this is the best guess. "));
    else if (r->attribution == ATTRIBUTION_INFERRED)
        buffer_append_span(out, SPAN("Its invocation was inferred, not logged. "));
}

static void explain(const Table *t, RowKey row, Buffer *out)
{
    explain_report(t, report_at(t, row), out);
    if (!out->len)
        buffer_append_span(out, SPAN("A complete report of one call, measured alone in its process."));
}

/* Columns. */

static void cell_when(const Table *t, RowKey row, Cell *cell)
{
    cell_time(cell, report_time(t->model, report_at(t, row)));
}

static void cell_target(const Table *t, RowKey row, Cell *cell)
{
    Buffer *text = table_scratch(t);
    target_label(t->model, report_at(t, row)->target, text);
    cell_span(cell, buffer_span(text));
}

static void cell_id(const Table *t, RowKey row, Cell *cell)
{
    const Report *r = report_at(t, row);
    if (r->invocation == NO_ID)
        return;
    Buffer *text = table_scratch(t);
    append_short_id(t->model, r->invocation, text);
    if (r->attribution == ATTRIBUTION_AMBIGUOUS || r->attribution == ATTRIBUTION_PENDING)
        buffer_append_byte(text, '?');
    cell_span(cell, buffer_span(text));
}

static void cell_attribution(const Table *t, RowKey row, Cell *cell)
{
    cell_span(cell, span_of(attribution_name(report_at(t, row)->attribution)));
    cell->style = STYLE_DIM;
}

static void cell_rows(const Table *t, RowKey row, Cell *cell)
{
    cell_count(cell, report_at(t, row)->rows);
}

static void cell_entry(const Table *t, RowKey row, Cell *cell)
{
    cell_mib(cell, report_baseline(t->model, report_at(t, row)), report_at(t, row)->decimals);
}

static void cell_peak(const Table *t, RowKey row, Cell *cell)
{
    cell_mib(cell, report_peak(t->model, report_at(t, row)), report_at(t, row)->decimals);
}

static void cell_growth(const Table *t, RowKey row, Cell *cell)
{
    cell_change(cell, report_growth(t->model, report_at(t, row)), report_at(t, row)->decimals);
}

static void cell_largest(const Table *t, RowKey row, Cell *cell)
{
    cell_increment(cell, t, report_largest(t->model, report_at(t, row)), report_at(t, row)->decimals);
}

static void cell_bar(const Table *t, RowKey row, Cell *cell)
{
    cell_heat(cell, t, report_largest(t->model, report_at(t, row)));
}

static void cell_line(const Table *t, RowKey row, Cell *cell)
{
    Id line = report_hot_line(t->model, report_at(t, row));
    if (line != NO_ID)
        cell_count(cell, t->model->lines.items[line].number);
}

static void cell_contents(const Table *t, RowKey row, Cell *cell)
{
    Id line = report_hot_line(t->model, report_at(t, row));
    if (line != NO_ID)
        cell_span(cell, span_trim(model_text(t->model, t->model->lines.items[line].contents)));
}

static void cell_flag_letters(const Table *t, RowKey row, Cell *cell)
{
    cell_flags(cell, t, report_flags(t->model, report_at(t, row)));
}

static const Column columns[] = {
    {"time", "Time", "When it was printed, UTC.", CELL_TIME, true, false, 0, 3, cell_when},
    {"target", "Profiled", "Profiled Python function: its name, or where it begins.", CELL_TEXT, false, false, 8, 0, cell_target},
    {"id", "Invocation", "First eight characters of its invocation's id; ? marks a guess.", CELL_TEXT, false, false, 8, 4, cell_id},
    {"attribution", "Known", "How its invocation is known: exact, inferred, ambiguous or none.", CELL_TEXT, false, false, 0, 8,
     cell_attribution},
    {"rows", "Rows", "Rows that it shows.", CELL_COUNT, true, false, 0, 6, cell_rows},
    {"entry", "Entry", "Memory of the process before the first line ran, MiB.", CELL_MIB, true, false, 0, 1, cell_entry},
    {"peak", "Peak", "Highest memory of the process, MiB.", CELL_MIB, true, false, 0, 0, cell_peak},
    {"growth", "Growth", "Peak less entry, MiB.", CELL_MIB, true, false, 0, 5, cell_growth},
    {"increment", "Largest", "Largest increment of one line, MiB; the entry row never counts.", CELL_MIB, true, false, 0, 0, cell_largest},
    {"heat", "Heat", "Largest increment as a share of the table's largest.", CELL_HEAT, true, false, 6, 7, cell_bar},
    {"line", "Line", "Line number of the largest increment.", CELL_COUNT, false, false, 0, 0, cell_line},
    {"flags", "Flags", "s sparse, c contended, i interleaved, t truncated, a async-overlap, n nested, g gap.", CELL_TEXT, false, false,
     0, 5, cell_flag_letters},
    {"contents", "Source", "Source text of the largest increment.", CELL_TEXT, false, true, 12, 2, cell_contents},
};

static const TableOps ops = {NULL, collect, open, row_scope, row_of_report, explain, largest, NULL};

const TableKind table_reports = {
    .id = TABLE_REPORTS,
    .name = "reports",
    .title = "Reports",
    .help = "One profiled call; inner calls come before the outer ones that made them.",
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .parts = "target",
    .either = "time id",
    .default_column = 8,
    .default_descending = true,
    .ops = &ops,
};
