/* Lines: a row is one source line over all reports. */
#include "model/table_private.h"

#include <inttypes.h>

static const LineTotals *stats_of(const Table *t, RowKey row)
{
    return &t->stats->lines.items[t->stats->slots.slot_of.items[row] - 1].totals;
}

static inline LineTotals *totals_for(Table *t, Id line)
{
    size_t slot = slot_for(&t->stats->slots, line, t->stats->lines.len);
    if (slot == t->stats->lines.len)
        vec_push(&t->stats->lines, (LineStats){line, LINE_TOTALS_NONE});
    return &t->stats->lines.items[slot].totals;
}

/*
 * The totals of rows that are gone. They cannot be taken apart any more, so they count only where nothing is chosen by report: not with
 * quiet, a selection or the scope of a call.
 */
static void begin(Table *t)
{
    const Model *m = t->model;
    if (table_lacks_summarised(t))
        return;
    for (Id line = 0; line < m->totals_of_line.len; line++) {
        uint32_t slot = m->totals_of_line.items[line];
        if (slot && (t->scope.target == NO_ID || t->scope.target == m->lines.items[line].target))
            *totals_for(t, line) = line_totals_copy(&m->line_totals.items[slot - 1]);
    }
}

static void fold(Table *t, Id report)
{
    const Model *m = t->model;
    const Report *r = &m->reports.items[report];
    bool chosen = selection_chooses(t->selection), keeps_latest = table_keeps_latest(t);
    ReportRows rows = report_rows(m, r);
    for (uint32_t i = 0; i < rows.count; i++) {
        LineReading reading;
        Id line;
        if (!report_rows_read(&rows, i, &line, &reading))
            continue;
        if (!chosen || selection_has_row(t->selection, m, r, model_text(m, m->lines.items[line].contents)))
            line_totals_add(totals_for(t, line), &reading, keeps_latest);
    }
}

static bool collect(Table *t, size_t *allowance)
{
    for (; t->collect_at < t->stats->lines.len && table_may_look(allowance); t->collect_at++)
        table_push(t, t->stats->lines.items[t->collect_at].line);
    return t->collect_at == t->stats->lines.len;
}

static bool open(const Table *t, RowKey row, TableId *id, Scope *scope)
{
    *id = TABLE_HISTORY;
    *scope = t->scope;
    scope->line = (Id)row;
    scope->target = t->model->lines.items[row].target;
    return true;
}

static Scope row_scope(const Table *t, RowKey row)
{
    Scope scope = t->scope;
    scope.line = (Id)row;
    scope.target = t->model->lines.items[row].target;
    return scope;
}

/* Of the lines of a report, the one with the largest increment. */
static RowKey row_of_report(const Table *t, Id report)
{
    Id line = report_hot_line(t->model, &t->model->reports.items[report]);
    return line == NO_ID ? NO_ROW : line;
}

static Mib largest(const Table *t, RowKey row)
{
    return stats_of(t, row)->largest;
}

static void explain(const Table *t, RowKey row, Buffer *out)
{
    const LineTotals *s = stats_of(t, row);
    if (s->entries == s->calls) {
        buffer_append_span(out, SPAN("Entry: what the whole process used before the first line ran. Not an allocation, never ranked."));
        return;
    }
    buffer_printf(out, "Measured in %u reports. An increment is a running sum over all runs of the line within one call, less what the "
                       "line before had reached; it is no count of allocations.",
                  s->calls);
}

/* Columns. */

static bool is_entry(const LineTotals *s)
{
    return s->entries == s->calls;
}

static void cell_where(const Table *t, RowKey row, Cell *cell)
{
    Buffer *text = table_scratch(t);
    target_label(t->model, t->model->lines.items[row].target, text);
    cell_span(cell, buffer_span(text));
}

static void cell_line(const Table *t, RowKey row, Cell *cell)
{
    cell_count(cell, t->model->lines.items[row].number);
}

static void cell_calls(const Table *t, RowKey row, Cell *cell)
{
    cell_count(cell, stats_of(t, row)->calls);
}

static void cell_largest(const Table *t, RowKey row, Cell *cell)
{
    if (is_entry(stats_of(t, row))) {
        cell_span(cell, SPAN("entry"));
        cell->style = STYLE_ENTRY;
        return;
    }
    cell_increment(cell, t, stats_of(t, row)->largest, stats_of(t, row)->decimals);
}

static void cell_bar(const Table *t, RowKey row, Cell *cell)
{
    cell_heat(cell, t, stats_of(t, row)->largest);
}

static void cell_median(const Table *t, RowKey row, Cell *cell)
{
    cell_mib(cell, tally_median(&stats_of(t, row)->increments), stats_of(t, row)->decimals);
}

static void cell_trend(const Table *t, RowKey row, Cell *cell)
{
    cell_spark(cell, t, stats_of(t, row)->latest);
}

static void cell_sum(const Table *t, RowKey row, Cell *cell)
{
    if (!is_entry(stats_of(t, row)))
        cell_mib(cell, stats_of(t, row)->sum, stats_of(t, row)->decimals);
}

static void cell_per_run(const Table *t, RowKey row, Cell *cell)
{
    const LineTotals *s = stats_of(t, row);
    if (!is_entry(s) && s->occurrences > 0)
        cell_mib(cell, s->sum / s->occurrences, s->decimals + 2u);
}

static void cell_peak(const Table *t, RowKey row, Cell *cell)
{
    cell_mib(cell, stats_of(t, row)->peak, stats_of(t, row)->decimals);
}

static void cell_contents(const Table *t, RowKey row, Cell *cell)
{
    cell_span(cell, span_trim(model_text(t->model, t->model->lines.items[row].contents)));
    if (is_entry(stats_of(t, row)))
        cell->style = STYLE_ENTRY;
}

static const Column columns[] = {
    {"target", "Profiled", "Profiled Python function: its name, or where it begins.", CELL_TEXT, false, false, 10, 3, cell_where},
    {"line", "Line", "Line number in the file.", CELL_COUNT, false, false, 0, 0, cell_line},
    {"calls", "Calls", "Reports in which the line was measured.", CELL_COUNT, true, false, 0, 1, cell_calls},
    {"increment", "Largest", "Largest increment in one call, MiB.", CELL_MIB, true, false, 0, 0, cell_largest},
    {"heat", "Heat", "Largest increment as a share of the table's largest.", CELL_HEAT, true, false, 6, 4, cell_bar},
    {"trend", "Trend", "Increments of the latest calls that show the line, newest at the right.", CELL_SPARK, true, false, 6, 3,
     cell_trend},
    {"median", "Median", "Median increment over the calls that show the line, MiB.", CELL_MIB, true, false, 0, 2, cell_median},
    {"sum", "Sum", "Sum of its increments, MiB. Freed memory is often not shown, so it overstates growth.", CELL_MIB, true, false, 0, 5,
     cell_sum},
    {"per-run", "Per run", "Sum of its increments by how often the line ran, MiB.", CELL_MIB, true, false, 0, 7, cell_per_run},
    {"peak", "Peak", "Highest memory of the process seen after the line, MiB.", CELL_MIB, true, false, 0, 6, cell_peak},
    {"contents", "Source", "Source text.", CELL_TEXT, false, true, 18, 0, cell_contents},
};

static const TableOps ops = {fold, collect, open, row_scope, row_of_report, explain, largest, begin};

const TableKind table_lines = {
    .id = TABLE_LINES,
    .name = "lines",
    .title = "Lines",
    .help = "One source line over all reports.",
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .parts = "target line",
    .default_column = 3,
    .default_descending = true,
    .ops = &ops,
};
