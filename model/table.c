#include "model/table_private.h"

const TableKind *table_kind_of(TableId id)
{
    static const TableKind *const kinds[TABLE_COUNT] = {
        [TABLE_FUNCTIONS] = &table_functions, [TABLE_INVOCATIONS] = &table_invocations, [TABLE_LINES] = &table_lines,
        [TABLE_REPORTS] = &table_reports,     [TABLE_REPORT] = &table_report,           [TABLE_HISTORY] = &table_history,
        [TABLE_COMPARE] = &table_compare,
    };
    return kinds[id];
}

/* Making and setting. */

Table *table_new(const Model *m, TableId id, Scope scope)
{
    Table *t = alloc_zeroed(1, sizeof *t);
    t->model = m;
    t->kind = table_kind_of(id);
    t->scope = scope;
    t->sort = (TableSort){t->kind->default_column, t->kind->default_descending};
    t->scratch = alloc_zeroed(1, sizeof *t->scratch);
    t->stale = true;
    return t;
}

static void forget_rows(Table *t)
{
    for (size_t i = 0; i < t->lines.len; i++)
        line_totals_free(&t->lines.items[i].totals);
    t->targets.len = t->lines.len = t->rows.len = t->slots.slot_of.len = t->folded = 0;
}

void table_free(Table *t)
{
    if (!t)
        return;
    forget_rows(t);
    vec_free(&t->targets);
    vec_free(&t->lines);
    vec_free(&t->rows);
    vec_free(&t->slots.slot_of);
    vec_free(&t->compared);
    hash_index_free(&t->compared_index);
    vec_free(&t->sort_values);
    buffer_free(&t->sort_text);
    for (size_t i = 0; i < TABLE_COLUMNS_MAX; i++)
        buffer_free(&t->scratch->text[i]);
    free(t->scratch);
    free(t);
}

const TableKind *table_kind(const Table *t)
{
    return t->kind;
}

Scope table_scope(const Table *t)
{
    return t->scope;
}

const Model *table_model(const Table *t)
{
    return t->model;
}

void table_set_sort(Table *t, TableSort sort)
{
    if (sort.column >= t->kind->column_count)
        return;
    t->sort = sort;
    t->stale = true;
}

TableSort table_sort(const Table *t)
{
    return t->sort;
}

void table_set_selection(Table *t, const Selection *selection)
{
    t->selection = selection;
    t->stale = true;
}

void table_set_quiet(Table *t, bool quiet)
{
    t->quiet = quiet;
    t->stale = true;
}

void table_set_hide_zero(Table *t, bool hide)
{
    t->hide_zero = hide;
    t->stale = true;
}

void table_set_source(Table *t, const SourceText *source)
{
    t->source = source;
    t->stale = true;
}

/* Which reports count. */

static bool in_scope(const Table *t, Id id, const Report *r)
{
    return (t->scope.target == NO_ID || t->scope.target == r->target) &&
           (t->scope.invocation == NO_ID || t->scope.invocation == r->invocation) &&
           (t->scope.report == NO_ID || t->scope.report == id);
}

bool table_passes(const Table *t, Id id)
{
    const Report *r = &t->model->reports.items[id];
    if (!r->closed || !in_scope(t, id, r) || !selection_has_report(t->selection, t->model, id))
        return false;
    return !(t->quiet && r->invocation != NO_ID && t->model->invocations.items[r->invocation].contended);
}

size_t slot_for(StatsSlots *slots, Id id, size_t count)
{
    while (slots->slot_of.len <= id)
        vec_push(&slots->slot_of, 0);
    if (!slots->slot_of.items[id])
        slots->slot_of.items[id] = (uint32_t)count + 1;
    return slots->slot_of.items[id] - 1;
}

void table_push(Table *t, RowKey row)
{
    vec_push(&t->rows, row);
}

static void fold_new_reports(Table *t)
{
    const Model *m = t->model;
    for (; t->folded < m->closed.len; t->folded++) {
        Id report = m->closed.items[t->folded];
        if (table_passes(t, report))
            t->kind->ops->fold(t, report);
        else if (in_scope(t, report, &m->reports.items[report]))
            t->left_out++;
    }
}

/* Sorting: one value a row is taken out first, so that comparing touches nothing else. */

typedef struct SortOrder {
    const char *text;
    bool descending;
} SortOrder;

static int compare_values(const SortValue *a, const SortValue *b, const SortOrder *order)
{
    if (a->present != b->present)
        return a->present ? -1 : 1;
    int result = (a->number > b->number) - (a->number < b->number);
    if (!result && (a->text_len || b->text_len))
        result = span_compare((Span){order->text + a->text_at, a->text_len}, (Span){order->text + b->text_at, b->text_len});
    if (result)
        return order->descending ? -result : result;
    return (a->order > b->order) - (a->order < b->order);
}

/* Merge sort: qsort has no context, and equal rows must stay in the table's own order. */
static void merge_sort(SortValue *values, SortValue *spare, size_t count, const SortOrder *order)
{
    if (count < 2)
        return;
    size_t half = count / 2;
    merge_sort(values, spare, half, order);
    merge_sort(values + half, spare, count - half, order);
    if (compare_values(&values[half - 1], &values[half], order) <= 0)
        return;
    memcpy(spare, values, half * sizeof *values);
    for (size_t i = 0, j = half, k = 0; i < half; k++) {
        if (j == count || compare_values(&spare[i], &values[j], order) <= 0)
            values[k] = spare[i++];
        else
            values[k] = values[j++];
    }
}

static SortValue sort_value(Table *t, size_t index)
{
    Cell cell = table_cell(t, t->rows.items[index], t->sort.column);
    SortValue value = {.present = cell.type != CELL_NONE, .row = t->rows.items[index], .order = index};
    if (cell.type != CELL_NONE)
        value.number = cell.number;
    if (cell.type == CELL_TEXT) {
        value.text_at = t->sort_text.len;
        value.text_len = cell.text.len;
        buffer_append_span(&t->sort_text, cell.text);
    }
    return value;
}

static bool has_own_order(const Table *t)
{
    return t->kind->input_order && t->sort.column == t->kind->default_column && !t->sort.descending;
}

static void sort_rows(Table *t)
{
    if (has_own_order(t))
        return;
    size_t count = t->rows.len;
    t->sort_values.len = 0;
    buffer_clear(&t->sort_text);
    vec_reserve(&t->sort_values, count + count / 2 + 1);
    for (size_t i = 0; i < count; i++)
        t->sort_values.items[i] = sort_value(t, i);
    SortOrder order = {t->sort_text.data, t->sort.descending};
    merge_sort(t->sort_values.items, t->sort_values.items + count, count, &order);
    for (size_t i = 0; i < count; i++)
        t->rows.items[i] = t->sort_values.items[i].row;
}

static void find_largest(Table *t)
{
    t->largest = 0;
    for (size_t i = 0; t->kind->ops->largest && i < t->rows.len; i++) {
        Mib value = t->kind->ops->largest(t, t->rows.items[i]);
        if (value > t->largest)
            t->largest = value;
    }
}

/* A report was summarised before it was folded in: its rows count in the model's totals. */
static bool has_missed_rows(const Table *t)
{
    if (!t->kind->ops->begin)
        return false;
    for (size_t i = t->folded; i < t->model->retained; i++)
        if (t->model->reports.items[t->model->closed.items[i]].summarised)
            return true;
    return false;
}

bool table_refresh(Table *t)
{
    if (!t->stale && t->version == t->model->version)
        return false;
    /* who is contended and who owns a report may change afterwards: a choice by these starts over */
    if (t->stale || t->quiet || selection_chooses(t->selection) || t->recounts != t->model->recounts || has_missed_rows(t))
        forget_rows(t);
    if (t->kind->ops->begin && !t->folded)
        t->kind->ops->begin(t);
    t->rows.len = 0;
    if (!t->folded || !t->kind->ops->fold)
        t->left_out = 0;
    if (t->kind->ops->fold)
        fold_new_reports(t);
    t->kind->ops->collect(t);
    find_largest(t);
    sort_rows(t);
    t->stale = false;
    t->version = t->model->version;
    t->recounts = t->model->recounts;
    return true;
}

/* Reading. */

size_t table_length(const Table *t)
{
    return t->rows.len;
}

RowKey table_row(const Table *t, size_t index)
{
    return index < t->rows.len ? t->rows.items[index] : NO_ROW;
}

size_t table_find(const Table *t, RowKey row)
{
    for (size_t i = 0; i < t->rows.len; i++)
        if (t->rows.items[i] == row)
            return i;
    return SIZE_MAX;
}

size_t table_left_out(const Table *t)
{
    return t->left_out;
}

size_t table_summarised(const Table *t)
{
    const Model *m = t->model;
    if (t->scope.report != NO_ID)
        return m->reports.items[t->scope.report].summarised;
    if (t->scope.target != NO_ID)
        return m->targets.items[t->scope.target].summarised;
    return m->summaries.len;
}

bool table_lacks_summarised(const Table *t)
{
    return t->quiet || selection_chooses(t->selection) || t->scope.invocation != NO_ID || t->scope.report != NO_ID;
}

Mib table_largest(const Table *t)
{
    return t->largest;
}

Cell table_cell(const Table *t, RowKey row, size_t column)
{
    Cell cell = {0};
    t->scratch->column = column;
    t->kind->columns[column].cell(t, row, &cell);
    return cell;
}

bool table_open_row(const Table *t, RowKey row, TableId *id, Scope *scope)
{
    return row != NO_ROW && t->kind->ops->open && t->kind->ops->open(t, row, id, scope);
}

Scope table_row_scope(const Table *t, RowKey row)
{
    return row == NO_ROW ? t->scope : t->kind->ops->row_scope(t, row);
}

void table_explain(const Table *t, RowKey row, Buffer *out)
{
    if (row != NO_ROW && t->kind->ops->explain)
        t->kind->ops->explain(t, row, out);
}

size_t table_column_named(const TableKind *kind, Span name)
{
    for (size_t i = 0; i < kind->column_count; i++)
        if (span_eq(name, span_of(kind->columns[i].id)))
            return i;
    return SIZE_MAX;
}
