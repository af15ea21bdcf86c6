/* Report: the rows of one report in source order, with a row for each gap between line numbers. */
#include "model/table_private.h"

#include <inttypes.h>

static const Report *report_of(const Table *t)
{
    return &t->model->reports.items[t->scope.report];
}

static bool is_gap(RowKey row)
{
    return row & ROW_TAG;
}

static bool is_source(RowKey row)
{
    return row & ROW_SOURCE;
}

static bool is_of_log(RowKey row)
{
    return !(row & (ROW_TAG | ROW_SOURCE));
}

static ReportRow row_at(const Table *t, RowKey row)
{
    return report_row(t->model, report_of(t), (uint32_t)row);
}

/* Lines that the report does not show before row `index`. */
static uint32_t missing_before(const Table *t, uint32_t index)
{
    uint32_t line = row_at(t, index).line, before = index ? row_at(t, index - 1).line : line;
    return line > before + 1 ? line - before - 1 : 0;
}

static bool is_hidden(const Table *t, const ReportRow *row)
{
    return t->hide_zero && (row->entry || !row->measured || row->increment == 0);
}

static bool in_source_order(const Table *t)
{
    return t->sort.column == t->kind->default_column && !t->sort.descending;
}

static void push_source(Table *t, uint32_t from, uint32_t to)
{
    for (uint32_t line = from; line <= to; line++)
        table_push(t, line | ROW_SOURCE);
}

/* What stands before row `index`: lines of the file, or else a gap. */
static void push_missing(Table *t, uint32_t index)
{
    uint32_t missing = missing_before(t, index), line = row_at(t, index).line;
    if (missing && t->source && line <= t->source->lines.len)
        push_source(t, line - missing, line - 1);
    else if (missing)
        table_push(t, index | ROW_TAG);
}

static void push_rest(Table *t)
{
    const Report *r = report_of(t);
    uint32_t rows = report_kept_rows(r);
    if (!t->source || !rows)
        return;
    uint32_t last = row_at(t, rows - 1).line;
    push_source(t, last + 1, source_text_function_end(t->source, row_at(t, 0).line, last));
}

static bool collect(Table *t, size_t *allowance)
{
    const Report *r = report_of(t);
    bool whole = in_source_order(t) && !t->hide_zero;
    (void)allowance;
    if (!r->closed)
        return true;
    for (uint32_t i = 0; i < report_kept_rows(r); i++) {
        ReportRow row = row_at(t, i);
        if (whole)
            push_missing(t, i);
        if (is_hidden(t, &row))
            t->pending_left_out++;
        else
            table_push(t, i);
    }
    if (whole)
        push_rest(t);
    return true;
}

uint32_t table_source_differences(const Table *t, const SourceText *source)
{
    uint32_t differences = 0;
    for (uint32_t i = 0; report_of(t)->closed && i < report_kept_rows(report_of(t)); i++) {
        ReportRow row = row_at(t, i);
        differences += !span_eq(span_trim_right(row.contents), span_trim_right(source_text_line(source, row.line)));
    }
    return differences;
}

static bool open(const Table *t, RowKey row, TableId *id, Scope *scope)
{
    if (!is_of_log(row) || row_at(t, row).source_line == NO_ID)
        return false;
    *id = TABLE_HISTORY;
    *scope = SCOPE_ALL;
    scope->target = report_of(t)->target;
    scope->line = row_at(t, row).source_line;
    return true;
}

static Scope row_scope(const Table *t, RowKey row)
{
    Scope scope = t->scope;
    scope.target = report_of(t)->target;
    scope.invocation = report_of(t)->invocation;
    if (is_of_log(row))
        scope.line = row_at(t, row).source_line;
    return scope;
}

static bool is_rankable(const ReportRow *row)
{
    return row->measured && !row->entry && !row->suspect;
}

static Mib largest(const Table *t, RowKey key)
{
    if (!is_of_log(key))
        return MIB_NONE;
    ReportRow row = row_at(t, key);
    return is_rankable(&row) ? row.increment : MIB_NONE;
}

static void explain_row(const Report *r, const ReportRow *row, Buffer *out)
{
    char memory[MIB_TEXT_MAX];
    mib_format(memory, row->measured ? row->memory : 0, r->decimals);
    if (!row->measured)
        buffer_append_span(out, SPAN("Not measured: no statement begins on this line, or it never ran. "));
    else if (row->entry)
        buffer_printf(out, "Entry: the process used %s MiB before the first line ran. Not an allocation. ", memory);
    else if (row->suspect)
        buffer_append_span(out, SPAN("Suspect: control came back here from other code and the profiler knew no line before it, so its "
                                     "increment is the whole memory again. Not ranked. "));
    else if (row->occurrences > 1)
        buffer_printf(out, "Increment: sum over %" PRId64 " runs of this line; Mem: highest seen after it. ", row->occurrences);
    else
        buffer_append_span(out, SPAN("Increment: memory after this line less what the line before had reached; Mem: the whole process. "));
    if (row->measured && !row->entry && row->increment != MIB_NONE && row->increment < 0)
        buffer_append_span(out, SPAN("Negative: memory was freed, or other lines had reached more before. "));
}

static void explain(const Table *t, RowKey key, Buffer *out)
{
    const Report *r = report_of(t);
    if (is_gap(key)) {
        buffer_append_span(out, SPAN("These lines are not in the log: they were not measured, or LogFile(..., True) left them out because "
                                     "their increment was not above zero. "));
        return;
    }
    if (is_source(key)) {
        buffer_append_span(out, SPAN("This line is not in the log: its text is what the source file says now. It was not measured, or "
                                     "LogFile(..., True) left it out because its increment was not above zero. "));
        return;
    }
    ReportRow row = row_at(t, key);
    explain_row(r, &row, out);
    explain_report(t, r, out);
}

/* Columns. */

static void cell_line(const Table *t, RowKey row, Cell *cell)
{
    if (is_gap(row) || (is_of_log(row) && row_at(t, row).source_line == NO_ID))
        return;
    cell_count(cell, is_source(row) ? (uint32_t)row : row_at(t, row).line);
    if (is_source(row))
        cell->style = STYLE_DIM;
}

static void cell_memory(const Table *t, RowKey key, Cell *cell)
{
    if (!is_of_log(key))
        return;
    ReportRow row = row_at(t, key);
    cell_mib(cell, row.memory, report_of(t)->decimals);
    if (row.entry)
        cell->style = STYLE_ENTRY;
}

static void cell_row_increment(const Table *t, RowKey key, Cell *cell)
{
    if (!is_of_log(key))
        return;
    ReportRow row = row_at(t, key);
    if (row.entry) {
        cell_span(cell, SPAN("entry"));
        cell->style = STYLE_ENTRY;
        return;
    }
    cell_increment(cell, t, row.increment, report_of(t)->decimals);
    if (row.suspect)
        cell->style = STYLE_SUSPECT;
}

static void cell_bar(const Table *t, RowKey key, Cell *cell)
{
    if (!is_of_log(key))
        return;
    ReportRow row = row_at(t, key);
    if (is_rankable(&row))
        cell_heat(cell, t, row.increment);
}

static void cell_runs(const Table *t, RowKey row, Cell *cell)
{
    if (is_of_log(row))
        cell_count(cell, row_at(t, row).occurrences);
}

static void cell_gap(const Table *t, RowKey row, Cell *cell)
{
    uint32_t missing = missing_before(t, (uint32_t)(row & ~ROW_TAG));
    Buffer *text = table_scratch(t);
    buffer_printf(text, "    ... %" PRIu32 " line%s not shown", missing, missing == 1 ? "" : "s");
    cell_span(cell, buffer_span(text));
    cell->style = STYLE_DIM;
}

static void cell_contents(const Table *t, RowKey key, Cell *cell)
{
    if (is_gap(key)) {
        cell_gap(t, key, cell);
        return;
    }
    if (is_source(key)) {
        cell_span(cell, source_text_line(t->source, (uint32_t)key));
        cell->style = STYLE_DIM;
        return;
    }
    ReportRow row = row_at(t, key);
    cell_span(cell, row.contents);
    cell->style = row.entry ? STYLE_ENTRY : row.measured ? STYLE_NORMAL : STYLE_DIM;
}

static const Column columns[] = {
    {"line", "Line", "Line number in the file.", CELL_COUNT, false, false, 0, 0, cell_line},
    {"memory", "Mem", "Highest memory of the whole process seen after the line, MiB.", CELL_MIB, true, false, 0, 0, cell_memory},
    {"increment", "Incr", "Running sum of what the line added, MiB; the entry row is no allocation and never ranked.", CELL_MIB, true,
     false, 0, 0, cell_row_increment},
    {"heat", "Heat", "Increment as a share of the report's largest.", CELL_HEAT, true, false, 6, 2, cell_bar},
    {"occurrences", "Runs", "How often the line ran.", CELL_COUNT, true, false, 0, 1, cell_runs},
    {"contents", "Source", "Source text.", CELL_TEXT, false, true, 12, 0, cell_contents},
};

static const TableOps ops = {NULL, collect, open, row_scope, NULL, explain, largest, NULL};

const TableKind table_report = {
    .id = TABLE_REPORT,
    .name = "report",
    .title = "Report",
    .help = "One row of a report, in source order.",
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .parts = "line",
    .default_column = 0,
    .default_descending = false,
    .input_order = true,
    .ops = &ops,
};
