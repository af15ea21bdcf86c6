/* Functions: a row is a target, over all of its reports. */
#include "model/table_private.h"

static const TargetStats *stats_of(const Table *t, RowKey row)
{
    return &t->stats->targets.items[t->stats->slots.slot_of.items[row] - 1];
}

static void fold(Table *t, Id report)
{
    const Model *m = t->model;
    const Report *r = &m->reports.items[report];
    size_t slot = slot_for(&t->stats->slots, r->target, t->stats->targets.len);
    if (slot == t->stats->targets.len)
        vec_push(&t->stats->targets, (TargetStats){.target = r->target,
                                                   .first_entry = MIB_NONE,
                                                   .latest_entry = MIB_NONE,
                                                   .peak = MIB_NONE,
                                                   .growth = MIB_NONE,
                                                   .largest = MIB_NONE,
                                                   .hot_line = NO_ID});
    TargetStats *s = &t->stats->targets.items[slot];
    Mib entry = report_baseline(m, r), peak = report_peak(m, r), largest = report_largest(m, r);
    Mib growth = entry == MIB_NONE ? MIB_NONE : peak - entry;
    s->calls++;
    if (entry != MIB_NONE) {
        if (s->first_entry == MIB_NONE)
            s->first_entry = entry;
        s->latest_entry = entry;
        if (table_keeps_latest(t))
            latest_push(&s->entries, entry);
    }
    if (peak > s->peak)
        s->peak = peak;
    if (growth > s->growth)
        s->growth = growth;
    if (largest > s->largest) {
        s->largest = largest;
        s->hot_line = report_hot_line(m, r);
    }
    if (r->decimals > s->decimals)
        s->decimals = r->decimals;
}

/*
 * What calls keep is known only when the next ones are, which may be long after the report was folded in: a walk over all of them,
 * in the order in which they stand in memory.
 */
static bool gather_kept(Table *t, size_t *allowance)
{
    const Model *m = t->model;
    for (size_t i = 0; !t->collect_at && i < t->stats->targets.len; i++)
        t->stats->targets.items[i].all_kept.len = 0;
    for (; t->collect_at < t->folded; t->collect_at++) {
        if (!table_may_look(allowance))
            return false;
        Id report = m->closed.items[t->collect_at], target = m->reports.items[report].target;
        bool folded = target < t->stats->slots.slot_of.len && t->stats->slots.slot_of.items[target];
        Mib kept = folded && table_passes(t, report) ? report_kept(m, report) : MIB_NONE;
        if (kept != MIB_NONE)
            vec_push(&t->stats->targets.items[t->stats->slots.slot_of.items[target] - 1].all_kept, kept);
    }
    return true;
}

static bool collect(Table *t, size_t *allowance)
{
    if (!t->same_rows && !gather_kept(t, allowance))
        return false;
    for (size_t *at = &t->pending.len; *at < t->stats->targets.len;) {
        TargetStats *s = &t->stats->targets.items[*at];
        if (!table_may_look(allowance))
            return false;
        if (!t->same_rows)
            s->kept = mib_median(&s->all_kept);
        vec_free(&s->all_kept);
        table_push(t, s->target);
    }
    return true;
}

static bool open(const Table *t, RowKey row, TableId *id, Scope *scope)
{
    *id = TABLE_INVOCATIONS;
    *scope = t->scope;
    scope->target = (Id)row;
    return true;
}

static Scope row_scope(const Table *t, RowKey row)
{
    Scope scope = t->scope;
    scope.target = (Id)row;
    scope.line = stats_of(t, row)->hot_line;
    return scope;
}

static RowKey row_of_report(const Table *t, Id report)
{
    return t->model->reports.items[report].target;
}

static Mib largest(const Table *t, RowKey row)
{
    return stats_of(t, row)->largest;
}

static void explain(const Table *t, RowKey row, Buffer *out)
{
    const TargetStats *s = stats_of(t, row);
    buffer_printf(out, "%u call%s measured. ", s->calls, s->calls == 1 ? " was" : "s were");
    if (s->latest_entry != MIB_NONE)
        buffer_printf(out, "Entry is what the whole process used before the first line ran: no allocation of this function. ");
    buffer_printf(out, "Growth is peak less entry of one call; Kept is what a call leaves behind: the median of the entry of "
                       "the call after it, of whatever function, less its own, in the same worker process.");
}

/* Columns. */

static void cell_function(const Table *t, RowKey row, Cell *cell)
{
    const Model *m = t->model;
    const Target *target = &m->targets.items[row];
    if (target->function == NO_ID)
        return;
    Span name = model_text(m, m->functions.items[target->function].name);
    if (!target->shared) {
        cell_span(cell, name);
        return;
    }
    Buffer *text = table_scratch(t);
    buffer_append_span(text, name);
    buffer_append_span(text, SPAN(" +"));
    cell_span(cell, buffer_span(text));
}

static void cell_target(const Table *t, RowKey row, Cell *cell)
{
    Buffer *text = table_scratch(t);
    target_label(t->model, (Id)row, text);
    cell_span(cell, buffer_span(text));
}

static void cell_file(const Table *t, RowKey row, Cell *cell)
{
    cell_span(cell, model_text(t->model, t->model->targets.items[row].file));
    cell->style = STYLE_DIM;
}

static void cell_calls(const Table *t, RowKey row, Cell *cell)
{
    cell_count(cell, stats_of(t, row)->calls);
}

static void cell_first(const Table *t, RowKey row, Cell *cell)
{
    cell_mib(cell, stats_of(t, row)->first_entry, stats_of(t, row)->decimals);
}

static void cell_entry(const Table *t, RowKey row, Cell *cell)
{
    cell_mib(cell, stats_of(t, row)->latest_entry, stats_of(t, row)->decimals);
}

static void cell_trend(const Table *t, RowKey row, Cell *cell)
{
    cell_spark(cell, t, stats_of(t, row)->entries);
}

static void cell_peak(const Table *t, RowKey row, Cell *cell)
{
    cell_mib(cell, stats_of(t, row)->peak, stats_of(t, row)->decimals);
}

static void cell_growth(const Table *t, RowKey row, Cell *cell)
{
    cell_change(cell, stats_of(t, row)->growth, stats_of(t, row)->decimals);
}

static void cell_kept(const Table *t, RowKey row, Cell *cell)
{
    cell_change(cell, stats_of(t, row)->kept, stats_of(t, row)->decimals);
}

static void cell_largest(const Table *t, RowKey row, Cell *cell)
{
    cell_increment(cell, t, stats_of(t, row)->largest, stats_of(t, row)->decimals);
}

static void cell_bar(const Table *t, RowKey row, Cell *cell)
{
    cell_heat(cell, t, stats_of(t, row)->largest);
}

static void cell_line(const Table *t, RowKey row, Cell *cell)
{
    Id line = stats_of(t, row)->hot_line;
    if (line != NO_ID)
        cell_count(cell, t->model->lines.items[line].number);
}

static void cell_contents(const Table *t, RowKey row, Cell *cell)
{
    Id line = stats_of(t, row)->hot_line;
    if (line != NO_ID)
        cell_span(cell, span_trim(model_text(t->model, t->model->lines.items[line].contents)));
}

static const Column columns[] = {
    {"function", "Function", "Azure function that ran it; + when there are several.", CELL_TEXT, false, false, 8, 0, cell_function},
    {"target", "Profiled", "Profiled Python function: its name, or where it begins.", CELL_TEXT, false, false, 12, 0, cell_target},
    {"calls", "Calls", "Reports that were read.", CELL_COUNT, true, false, 0, 0, cell_calls},
    {"first", "First", "Entry memory of the first call, MiB: the process before its first line ran.", CELL_MIB, true, false, 0, 4,
     cell_first},
    {"entry", "Entry", "Entry memory of the latest call, MiB: the process before its first line ran.", CELL_MIB, true, false, 0, 3,
     cell_entry},
    {"peak", "Peak", "Highest memory of the process during any call, MiB.", CELL_MIB, true, false, 0, 0, cell_peak},
    {"growth", "Growth", "Largest peak less entry of one call, MiB.", CELL_MIB, true, false, 0, 2, cell_growth},
    {"kept", "Kept", "What a call leaves behind, MiB: median of the next call's entry less this call's own.", CELL_MIB, true, false, 0, 1, cell_kept},
    {"increment", "Largest", "Largest increment of one line in one call, MiB; the entry row never counts.", CELL_MIB, true, false, 0, 0,
     cell_largest},
    {"heat", "Heat", "Largest increment as a share of the table's largest.", CELL_HEAT, true, false, 6, 7, cell_bar},
    {"trend", "Trend", "Entry memory over the latest calls, newest at the right.", CELL_SPARK, true, false, 6, 6, cell_trend},
    {"line", "Line", "Line number of the largest increment.", CELL_COUNT, false, false, 0, 0, cell_line},
    {"contents", "Source", "Source text of the largest increment.", CELL_TEXT, false, true, 12, 5, cell_contents},
    {"file", "File", "File that defines it, as logged.", CELL_TEXT, false, true, 12, 8, cell_file},
};

static const TableOps ops = {fold, collect, open, row_scope, row_of_report, explain, largest, NULL};

const TableKind table_functions = {
    .id = TABLE_FUNCTIONS,
    .name = "functions",
    .title = "Functions",
    .help = "One profiled Python function with the Azure function that runs it, over all of its calls.",
    .columns = columns,
    .column_count = sizeof columns / sizeof *columns,
    .parts = "function target",
    .default_column = 8,
    .default_descending = true,
    .ops = &ops,
};
