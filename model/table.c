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

/* What is added up. */

static TableStats *new_stats(void)
{
    TableStats *stats = alloc_zeroed(1, sizeof *stats);
    stats->users = 1;
    return stats;
}

static void forget_target(TargetStats *stats)
{
    vec_free(&stats->all_kept);
    free(stats->entries);
}

static void clear_stats(TableStats *s)
{
    for (size_t i = 0; i < s->lines.len; i++)
        line_totals_free(&s->lines.items[i].totals);
    for (size_t i = 0; i < s->targets.len; i++)
        forget_target(&s->targets.items[i]);
    s->targets.len = s->lines.len = s->slots.slot_of.len = 0;
}

static void release_stats(TableStats *s)
{
    if (--s->users)
        return;
    clear_stats(s);
    vec_free(&s->targets);
    vec_free(&s->lines);
    vec_free(&s->slots.slot_of);
    vec_free(&s->compared);
    hash_index_free(&s->compared_index);
    free(s);
}

void table_own_stats(Table *t)
{
    if (t->stats->users == 1)
        return;
    release_stats(t->stats);
    t->stats = new_stats();
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
    t->stats = new_stats();
    series_clear(&t->history.entries);
    series_clear(&t->history.increments);
    t->stale = true;
    return t;
}

static void forget_rows(Table *t)
{
    table_own_stats(t);
    clear_stats(t->stats);
    t->rows.len = t->folded = 0;
    t->pending.len = 0;
}

static void free_series(HistorySeries *history)
{
    series_free(&history->entries);
    series_free(&history->increments);
}

void table_free(Table *t)
{
    if (!t)
        return;
    release_stats(t->stats);
    vec_free(&t->rows);
    vec_free(&t->pending);
    sorter_free(&t->sorter);
    free_series(&t->history);
    free_series(&t->pending_history);
    source_text_free(&t->own_source);
    for (size_t i = 0; i < TABLE_COLUMNS_MAX; i++)
        buffer_free(&t->scratch->text[i]);
    free(t->scratch->calls);
    free(t->scratch);
    free(t);
}

Table *table_snapshot(const Table *t)
{
    Table *s = table_new(t->model, t->kind->id, t->scope);
    release_stats(s->stats);
    s->stats = t->stats;
    s->stats->users++;
    s->sort = t->sort;
    s->selection = t->selection;
    s->quiet = t->quiet;
    s->largest = t->largest;
    s->compared_several = t->compared_several;
    memcpy(s->compared_decimals, t->compared_decimals, sizeof s->compared_decimals);
    if (t->source) {
        Buffer text = {0};
        buffer_append_span(&text, buffer_span(&t->source->text));
        source_text_set(&s->own_source, text);
        s->source = &s->own_source;
    }
    return s;
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
    t->unsorted = true;
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

void table_leave_out_pictures(Table *t)
{
    t->without_pictures = true;
    t->stale = true;
}

bool table_keeps_latest(const Table *t)
{
    return !t->without_pictures || t->kind->columns[t->sort.column].type == CELL_SPARK;
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

void table_push(Table *t, RowKey row)
{
    vec_push(&t->pending, row);
}

/* False when the allowance does not do for all of them. */
static bool fold_new_reports(Table *t, size_t *allowance)
{
    const Model *m = t->model;
    for (; t->kind->ops->fold && t->folded < m->closed.len; t->folded++) {
        if (!table_may_look(allowance))
            return false;
        Id report = m->closed.items[t->folded];
        if (table_passes(t, report))
            t->kind->ops->fold(t, report);
        else if (in_scope(t, report, &m->reports.items[report]))
            t->pending_left_out++;
    }
    return true;
}

/* Refreshing: the rows of the last refresh stay until the new ones are complete. */

static bool has_own_order(const Table *t)
{
    return t->kind->input_order && t->sort.column == t->kind->default_column && !t->sort.descending;
}

bool table_is_unsettled(const Table *t)
{
    return t->stale || t->unsorted || t->phase != REFRESH_NONE;
}

static void begin_refresh(Table *t)
{
    /* who is contended and who owns a report may change afterwards: a choice by these starts over */
    bool chooses = t->quiet || selection_chooses(t->selection);
    if (t->stale || t->recounts != t->model->recounts || (chooses && t->version != t->model->version))
        forget_rows(t);
    t->recounts = t->model->recounts;
    t->same_rows = !t->stale && t->version == t->model->version;
    t->stale = t->unsorted = false;
    t->phase = REFRESH_BEGIN;
}

/* A report was summarised before it was folded in: its rows count in the model's totals. */
static bool has_missed_rows(Table *t)
{
    if (!t->kind->ops->begin || t->summaries == t->model->summaries.len)
        return false;
    t->summaries = t->model->summaries.len;
    for (size_t i = t->folded; i < t->model->retained; i++)
        if (t->model->reports.items[t->model->closed.items[i]].summarised)
            return true;
    return false;
}

/* Rows may have gone between two steps: each looks anew. */
static void begin_fold(Table *t)
{
    if (has_missed_rows(t) || (!t->folded && t->kind->ops->begin)) {
        forget_rows(t);
        t->kind->ops->begin(t);
    }
    if (!t->folded)
        t->pending_left_out = 0;
    t->phase = REFRESH_FOLD;
}

static void begin_collect(Table *t)
{
    t->same_rows &= t->version == t->model->version; /* it may have changed while reports were folded in */
    t->pending_version = t->model->version;
    t->pending.len = 0;
    t->collect_at = 0;
    if (!t->kind->ops->fold)
        t->pending_left_out = 0;
    t->phase = REFRESH_COLLECT;
}

static void take_reports(Table *t, size_t *allowance)
{
    if (t->phase == REFRESH_BEGIN || has_missed_rows(t))
        begin_fold(t);
    if (fold_new_reports(t, allowance))
        begin_collect(t);
}

static void collect_rows(Table *t, size_t *allowance)
{
    if (!t->kind->ops->collect(t, allowance))
        return;
    t->pending_at = 0;
    t->pending_largest = t->same_rows ? t->largest : 0;
    t->phase = REFRESH_LARGEST;
}

static void find_largest(Table *t, size_t *allowance)
{
    Mib (*largest)(const Table *, RowKey) = t->same_rows ? NULL : t->kind->ops->largest;
    for (; largest && t->pending_at < t->pending.len && table_may_look(allowance); t->pending_at++) {
        Mib value = largest(t, t->pending.items[t->pending_at]);
        if (value > t->pending_largest)
            t->pending_largest = value;
    }
    if (largest && t->pending_at < t->pending.len)
        return;
    sorter_begin(&t->sorter);
    t->phase = REFRESH_SORT;
}

static void show_pending(Table *t)
{
    HistorySeries history = t->history;
    t->history = t->pending_history;
    t->pending_history = history;
    RowKey *rows = t->rows.items;
    size_t cap = t->rows.cap;
    t->rows.items = t->pending.items;
    t->rows.len = t->pending.len;
    t->rows.cap = t->pending.cap;
    t->pending.items = rows;
    t->pending.cap = cap;
    t->pending.len = 0;
    sorter_free(&t->sorter);
    t->largest = t->pending_largest;
    t->left_out = t->pending_left_out;
    t->version = t->pending_version;
    t->phase = REFRESH_NONE;
}

/* More is to be added to what a snapshot shares: that waits until it has gone. Beginning anew need not. */
static bool waits_for_snapshot(const Table *t)
{
    return t->stats->users > 1 && t->kind->ops->fold && !t->stale && t->folded < t->model->closed.len;
}

TableProgress table_refresh_step(Table *t, size_t rows)
{
    if ((!table_is_unsettled(t) && t->version == t->model->version) || waits_for_snapshot(t))
        return TABLE_SAME;
    if (t->phase == REFRESH_NONE || t->stale || t->unsorted)
        begin_refresh(t);
    if (t->phase == REFRESH_BEGIN || t->phase == REFRESH_FOLD)
        take_reports(t, &rows);
    if (t->phase == REFRESH_COLLECT)
        collect_rows(t, &rows);
    if (t->phase == REFRESH_LARGEST)
        find_largest(t, &rows);
    if (t->phase != REFRESH_SORT || (!has_own_order(t) && !sorter_step(&t->sorter, t, &rows)))
        return TABLE_UNFINISHED;
    show_pending(t);
    return TABLE_CHANGED;
}

bool table_refresh(Table *t)
{
    TableProgress progress;
    bool behind = t->phase != REFRESH_NONE && t->pending_version != t->model->version;
    do
        progress = table_refresh_step(t, SIZE_MAX);
    while (progress == TABLE_UNFINISHED);
    return (behind && table_refresh(t)) || progress == TABLE_CHANGED;
}

void table_extract_free(TableExtract *e)
{
    table_free(e->table);
    buffer_free(&e->title);
    vec_free(&e->rows);
    vec_free(&e->columns);
    vec_free(&e->marked);
    *e = (TableExtract){0};
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

RowKey table_row_of_report(const Table *t, Id report)
{
    return t->kind->ops->row_of_report ? t->kind->ops->row_of_report(t, report) : NO_ROW;
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
