/* History: one source line, call by call. */
#include "model/table_private.h"

static const Report *report_at(const Table *t, RowKey row)
{
    return &t->model->reports.items[row];
}

/* The report's row for the line that the table is about; false when it has none. */
static bool find_row(const Table *t, const Report *r, ReportRow *row)
{
    for (uint32_t i = 0; i < report_kept_rows(r); i++) {
        *row = report_row(t->model, r, i);
        if (row->source_line == t->scope.line)
            return true;
    }
    return false;
}

static ReportRow row_at(const Table *t, RowKey key)
{
    ReportRow row;
    if (find_row(t, report_at(t, key), &row))
        return row;
    return (ReportRow){.source_line = NO_ID, .memory = MIB_NONE, .increment = MIB_NONE, .occurrences = OCCURRENCES_NONE};
}

static void collect_call(Table *t, Id id)
{
    const Report *r = report_at(t, id);
    ReportRow row;
    if (!table_passes(t, id) || !find_row(t, r, &row))
        return;
    table_push(t, id);
    series_push(&t->pending_history.entries, report_baseline(t->model, r), r->decimals);
    series_push(&t->pending_history.increments, row.entry || row.suspect ? MIB_NONE : row.increment, r->decimals);
}

/* `collect_at` is the report that was looked at last, plus one. */
static bool collect(Table *t, size_t *allowance)
{
    const Model *m = t->model;
    if (!t->collect_at) {
        series_clear(&t->pending_history.entries);
        series_clear(&t->pending_history.increments);
    }
    for (;;) {
        Id next = t->collect_at ? m->reports.items[t->collect_at - 1].next_of_target
                                : m->targets.items[m->lines.items[t->scope.line].target].first_report;
        if (next == NO_ID || !table_may_look(allowance))
            return next == NO_ID;
        collect_call(t, next);
        t->collect_at = (uint64_t)next + 1;
    }
}

const HistorySeries *table_history_series(const Table *t)
{
    return &t->history;
}

static bool open(const Table *t, RowKey row, TableId *id, Scope *scope)
{
    (void)t;
    *id = TABLE_REPORT;
    *scope = SCOPE_ALL;
    scope->report = (Id)row;
    return true;
}

static Scope row_scope(const Table *t, RowKey row)
{
    const Report *r = report_at(t, row);
    Scope scope = t->scope;
    scope.target = r->target;
    scope.invocation = r->invocation;
    scope.report = (Id)row;
    return scope;
}

static RowKey row_of_report(const Table *t, Id report)
{
    (void)t;
    return report;
}

static Mib largest(const Table *t, RowKey key)
{
    ReportRow row = row_at(t, key);
    return row.entry || row.suspect ? MIB_NONE : row.increment;
}

static void explain(const Table *t, RowKey key, Buffer *out)
{
    explain_report(t, report_at(t, key), out);
    buffer_append_span(out, SPAN("Entry is the process before this call's first line; a rising entry from call to call is what calls keep."));
}

/* Columns. */

static void cell_when(const Table *t, RowKey row, Cell *cell)
{
    cell_time(cell, report_time(t->model, report_at(t, row)));
}

static void cell_function(const Table *t, RowKey row, Cell *cell)
{
    Id function = report_function(t->model, report_at(t, row));
    if (function != NO_ID)
        cell_span(cell, model_text(t->model, t->model->functions.items[function].name));
}

static void cell_id(const Table *t, RowKey row, Cell *cell)
{
    const Report *r = report_at(t, row);
    if (r->invocation != NO_ID)
        cell_call_id(cell, t, r->invocation);
}

static void cell_entry(const Table *t, RowKey row, Cell *cell)
{
    cell_mib(cell, report_baseline(t->model, report_at(t, row)), report_at(t, row)->decimals);
}

static void cell_memory(const Table *t, RowKey row, Cell *cell)
{
    cell_mib(cell, row_at(t, row).memory, report_at(t, row)->decimals);
}

static void cell_row_increment(const Table *t, RowKey key, Cell *cell)
{
    ReportRow row = row_at(t, key);
    if (row.entry) {
        cell_span(cell, SPAN("entry"));
        cell->style = STYLE_ENTRY;
        return;
    }
    cell_increment(cell, t, row.increment, report_at(t, key)->decimals);
    if (row.suspect)
        cell->style = STYLE_SUSPECT;
}

static void cell_bar(const Table *t, RowKey row, Cell *cell)
{
    cell_heat(cell, t, largest(t, row));
}

static void cell_runs(const Table *t, RowKey row, Cell *cell)
{
    cell_count(cell, row_at(t, row).occurrences);
}

static void cell_flag_letters(const Table *t, RowKey row, Cell *cell)
{
    cell_flags(cell, t, report_flags(t->model, report_at(t, row)));
}

static const Column columns[] = {
    {"time", "Time", "When the report was printed, UTC.", CELL_TIME, false, false, 0, 0, cell_when},
    {"function", "Function", "Azure function.", CELL_TEXT, false, false, 8, 3, cell_function},
    {"id", "Id", "First eight characters of the invocation's id.", CELL_TEXT, false, false, 8, 2, cell_id},
    {"entry", "Entry", "Memory of the process before the call's first line ran, MiB.", CELL_MIB, true, false, 0, 0, cell_entry},
    {"memory", "Mem", "Highest memory of the process seen after the line, MiB.", CELL_MIB, true, false, 0, 1, cell_memory},
    {"increment", "Incr", "What the line added in this call, MiB.", CELL_MIB, true, false, 0, 0, cell_row_increment},
    {"heat", "Heat", "Increment as a share of the largest call's.", CELL_HEAT, true, false, 6, 4, cell_bar},
    {"occurrences", "Runs", "How often the line ran in this call.", CELL_COUNT, true, false, 0, 5, cell_runs},
    {"flags", "Flags", "s sparse, c contended, i interleaved, t truncated, a async-overlap, n nested, g gap.", CELL_TEXT, false, false,
     0, 6, cell_flag_letters},
};

static const TableOps ops = {NULL, collect, open, row_scope, row_of_report, explain, largest, NULL};

const TableKind table_history = {
    .id = TABLE_HISTORY,
    .name = "history",
    .title = "Line history",
    .help = "One source line in one report, oldest call first.",
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .either = "time id",
    .default_column = 0,
    .default_descending = false,
    .input_order = true,
    .ops = &ops,
};
