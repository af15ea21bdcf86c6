#include "ui/table_widget.h"

#include "base/clock.h"
#include "ui/draw.h"
#include "ui/terminal.h"

enum {
    MEASURED_ROWS = 300,
    GUTTER = 1,
    NEARBY_ROWS = 10000, /* how far a search looks while it is being typed, if there is the time */
    CHEAP_NS = 10000000, /* taking in new data is no trouble below this ... */
    TIME_SHARE = 4,      /* ... and above it may take a fifth of the time */
    SLICE_NS = 8000000,  /* longer work is done a slice at a time, so that keys are answered in between */
    BRIEF_NS = 2000000,
    STEP_NS = 1000000,    /* between two looks at the clock: rows cost very different times */
    STEP_ROWS = 64,       /* so many to begin with ... */
    STEP_ROWS_MAX = 2048, /* ... and at most, because what comes next may cost much more */
    NS_PER_MS = 1000000,
};

void widget_init(TableWidget *w, Table *table)
{
    *w = (TableWidget){.table = table, .selected = NO_ROW, .stale = true, .step = STEP_ROWS};
}

void widget_free(TableWidget *w)
{
    table_free(w->table);
    pattern_free(w->filter);
    pattern_free(w->search);
    vec_free(&w->filtered);
    vec_free(&w->passing);
    vec_free(&w->marks);
    vec_free(&w->hits);
    row_hits_free(&w->row_hits);
}

/* Rows. */

bool widget_filters(const TableWidget *w)
{
    return w->filter && !w->filter_off;
}

size_t widget_length(const TableWidget *w)
{
    return widget_filters(w) ? w->filtered.len : table_length(w->table);
}

RowKey widget_row(const TableWidget *w, size_t index)
{
    if (!widget_filters(w))
        return table_row(w->table, index);
    return index < w->filtered.len ? w->filtered.items[index] : NO_ROW;
}

RowKey widget_selected(const TableWidget *w)
{
    return widget_row(w, w->index);
}

static bool row_matches(const TableWidget *w, const Pattern *pattern, RowKey row, Buffer *text)
{
    buffer_clear(text);
    row_text(w->table, row, ROW_SEPARATOR, text, NULL);
    return pattern_matches(pattern, buffer_span(text));
}

static void begin_filter(TableWidget *w)
{
    w->passing.len = w->filter_at = 0;
    w->filtering = true;
}

/* Goes on with the filter; false when it has to go on later. */
static bool apply_filter(TableWidget *w, int64_t until)
{
    Buffer text = {0};
    size_t length = widget_filters(w) ? table_length(w->table) : 0;
    while (w->filter_at < length) {
        RowKey row = table_row(w->table, w->filter_at++);
        if (row_matches(w, w->filter, row, &text) != w->filter_negated)
            vec_push(&w->passing, row);
        if (clock_ns() >= until)
            break;
    }
    buffer_free(&text);
    if (w->filter_at < length)
        return false;
    w->filtered.len = 0;
    vec_reserve(&w->filtered, w->passing.len);
    if (w->passing.len)
        memcpy(w->filtered.items, w->passing.items, w->passing.len * sizeof *w->passing.items);
    w->filtered.len = w->passing.len;
    w->filtering = false;
    w->rows_new = true;
    return true;
}

static size_t find_row(const TableWidget *w, RowKey row)
{
    if (!widget_filters(w))
        return table_find(w->table, row);
    for (size_t i = 0; i < w->filtered.len; i++)
        if (w->filtered.items[i] == row)
            return i;
    return SIZE_MAX;
}

static size_t last_top(const TableWidget *w)
{
    size_t length = widget_length(w), rows = w->rows > 0 ? (size_t)w->rows : 1;
    return length > rows ? length - rows : 0;
}

/* Keeps the selected row where it was on the screen. */
static void find_selection(TableWidget *w)
{
    size_t length = widget_length(w), from_top = w->index > w->top ? w->index - w->top : 0;
    size_t index = w->selected == NO_ROW ? 0 : find_row(w, w->selected);
    if (w->selected == NO_ROW)
        w->top = 0;
    if (index == SIZE_MAX) /* it is gone: take its neighbour */
        index = w->index < length ? w->index : length ? length - 1 : 0;
    else if (w->selected != NO_ROW)
        w->top = index > from_top ? index - from_top : 0;
    w->index = index;
    if (w->top > last_top(w))
        w->top = last_top(w);
}

unsigned widget_wait_ms(const TableWidget *w)
{
    int64_t until = w->refreshed_ns + TIME_SHARE * w->cost_ns, now = clock_ns();
    return w->cost_ns < CHEAP_NS || now >= until ? 0 : (unsigned)((until - now) / NS_PER_MS) + 1;
}

/* Goes on with looking for hits; false when it has to go on later. */
static bool collect_hits(TableWidget *w, int64_t until)
{
    Buffer text = {0};
    size_t length = w->search ? widget_length(w) : 0;
    if (w->hits_stale)
        w->hits.len = w->hits_at = 0;
    w->hits_stale = false;
    while (w->hits_at < length) {
        if (row_matches(w, w->search, widget_row(w, w->hits_at), &text))
            vec_push(&w->hits, w->hits_at);
        w->hits_at++;
        if (clock_ns() >= until)
            break;
    }
    buffer_free(&text);
    return w->hits_at >= length;
}

static void show_selection(TableWidget *w, bool centre);

/* The rows are new, or in another order. */
static void rows_changed(TableWidget *w)
{
    find_selection(w);
    if (w->stay_first && widget_length(w))
        widget_select(w, 0, false);
    if (w->centre) {
        layout_forget(&w->layout); /* not before: until now the rows from before were shown */
        show_selection(w, true);
    }
    w->hits_stale = true;
    w->rows_new = w->centre = w->stay_first = w->measured = false;
}

/* One step of the table's refresh, which is to take about STEP_NS. */
static TableProgress refresh_step(TableWidget *w)
{
    int64_t start = clock_ns();
    TableProgress progress = table_refresh_step(w->table, w->step);
    int64_t took = clock_ns() - start;
    if (took > STEP_NS && w->step > 1)
        w->step /= 2;
    else if (took < STEP_NS / 4 && w->step < STEP_ROWS_MAX)
        w->step *= 2;
    return progress;
}

/* Takes in what is new and filters it; false when it has to go on later. */
static bool take_in(TableWidget *w, bool frozen, int64_t until)
{
    TableProgress progress = frozen && !table_is_unsettled(w->table) ? TABLE_SAME : TABLE_UNFINISHED;
    while (progress == TABLE_UNFINISHED && (progress = refresh_step(w)) == TABLE_UNFINISHED)
        if (clock_ns() >= until)
            return false;
    if (progress == TABLE_CHANGED || w->stale)
        begin_filter(w);
    w->stale = false;
    return !w->filtering || apply_filter(w, until);
}

bool widget_refresh(TableWidget *w, bool frozen, bool brief)
{
    int64_t start = clock_ns(), until = start + (brief ? BRIEF_NS : SLICE_NS);
    bool done = take_in(w, frozen, until);
    int64_t end = clock_ns();
    w->spent_ns += end - start;
    if (!done)
        return true;
    if (w->rows_new) {
        rows_changed(w);
        w->refreshed_ns = end;
        w->cost_ns = w->spent_ns;
    }
    w->spent_ns = 0;
    return w->hits_wanted && !collect_hits(w, until);
}

/* The selection. */

static void show_selection(TableWidget *w, bool centre)
{
    size_t rows = w->rows > 0 ? (size_t)w->rows : 1;
    bool visible = w->index >= w->top && w->index < w->top + rows;
    if (!visible && centre)
        w->top = w->index > rows / 2 ? w->index - rows / 2 : 0;
    else if (w->index < w->top)
        w->top = w->index;
    else if (w->index >= w->top + rows)
        w->top = w->index - rows + 1;
    if (w->top > last_top(w))
        w->top = last_top(w);
}

void widget_select(TableWidget *w, size_t index, bool centre)
{
    size_t length = widget_length(w);
    if (!length)
        return;
    w->index = index < length ? index : length - 1;
    w->selected = widget_row(w, w->index);
    show_selection(w, centre);
}

bool widget_select_row(TableWidget *w, RowKey row)
{
    size_t index = find_row(w, row);
    if (index != SIZE_MAX)
        widget_select(w, index, true);
    return index != SIZE_MAX;
}

void widget_move(TableWidget *w, ptrdiff_t by)
{
    if (by < 0 && (size_t)-by > w->index)
        by = -(ptrdiff_t)w->index;
    size_t index = (size_t)((ptrdiff_t)w->index + by);
    bool page = by > 1 || by < -1;
    size_t from_top = w->index > w->top ? w->index - w->top : 0;
    widget_select(w, index, false);
    if (page && w->index > from_top) { /* a page moves the text, not the cursor in it */
        w->top = w->index - from_top;
        if (w->top > last_top(w))
            w->top = last_top(w);
    }
}

void widget_sort(TableWidget *w, TableSort sort)
{
    bool reversed = table_sort(w->table).column == sort.column;
    table_set_sort(w->table, sort);
    w->centre = true;
    w->stay_first = !reversed && w->selected != NO_ROW && w->index == 0;
}

/* Filter, search, marks. */

void widget_set_filter(TableWidget *w, Pattern *filter, bool negated)
{
    pattern_free(w->filter);
    w->filter = filter;
    w->filter_negated = negated;
    w->filter_off = false;
    w->stale = true;
}

void widget_set_search(TableWidget *w, Pattern *search)
{
    pattern_free(w->search);
    w->search = search;
    w->hits_stale = true;
    w->hits_wanted = w->jumping = false;
}

size_t widget_hit_nearby(const TableWidget *w, size_t from)
{
    Buffer text = {0};
    size_t length = widget_length(w), hit = SIZE_MAX;
    int64_t until = clock_ns() + SLICE_NS;
    for (size_t i = 0; hit == SIZE_MAX && i < length && i < NEARBY_ROWS && clock_ns() < until; i++) {
        size_t index = (from + i) % length;
        if (row_matches(w, w->search, widget_row(w, index), &text))
            hit = index;
    }
    buffer_free(&text);
    return hit;
}

size_t widget_hit(TableWidget *w, size_t from, bool forward, bool here, bool *wrapped)
{
    w->hits_wanted = true;
    w->jumping = !collect_hits(w, clock_ns() + SLICE_NS);
    *wrapped = false;
    if (w->jumping || !w->hits.len)
        return SIZE_MAX;
    for (size_t i = 0; i < w->hits.len; i++) {
        size_t hit = w->hits.items[forward ? i : w->hits.len - 1 - i];
        if ((here && hit == from) || (forward ? hit > from : hit < from))
            return hit;
    }
    *wrapped = true;
    return w->hits.items[forward ? 0 : w->hits.len - 1];
}

void widget_hit_position(const TableWidget *w, size_t *position, size_t *count)
{
    *count = w->hits.len;
    *position = 0;
    for (size_t i = 0; i < w->hits.len && w->hits.items[i] <= w->index; i++)
        if (w->hits.items[i] == w->index)
            *position = i + 1;
}

bool widget_is_marked(const TableWidget *w, RowKey row)
{
    for (size_t i = 0; i < w->marks.len; i++)
        if (w->marks.items[i] == row)
            return true;
    return false;
}

void widget_toggle_mark(TableWidget *w, RowKey row)
{
    for (size_t i = 0; i < w->marks.len; i++) {
        if (w->marks.items[i] == row) {
            vec_remove(&w->marks, i);
            return;
        }
    }
    vec_push(&w->marks, row);
}

static int by_key(const void *a, const void *b)
{
    RowKey x = *(const RowKey *)a, y = *(const RowKey *)b;
    return (x > y) - (x < y);
}

/* The marks in the order of their keys; free() them. */
static RowKey *sorted_marks(const TableWidget *w)
{
    size_t count = w->marks.len;
    RowKey *marks = alloc_zeroed(count + 1, sizeof *marks);
    if (count)
        memcpy(marks, w->marks.items, count * sizeof *marks);
    qsort(marks, count, sizeof *marks, by_key);
    return marks;
}

static bool is_among(const RowKey *marks, size_t count, RowKey row)
{
    return count && row >= marks[0] && row <= marks[count - 1] && bsearch(&row, marks, count, sizeof *marks, by_key);
}

/* The order of the rows may have nothing to do with that of their keys: all are looked at, and the marks looked up. */
size_t widget_marked_row(const TableWidget *w, int direction)
{
    size_t length = widget_length(w), count = w->marks.len, found = SIZE_MAX;
    RowKey *marks = sorted_marks(w);
    for (size_t step = 1, index = w->index; count && step <= length; step++) {
        index = direction > 0 ? (index + 1 < length ? index + 1 : 0) : (index ? index : length) - 1;
        if (!is_among(marks, count, widget_row(w, index)))
            continue;
        found = index;
        break;
    }
    free(marks);
    return found;
}

TableExtract widget_extract(const TableWidget *w)
{
    TableExtract extract = {.table = table_snapshot(w->table)};
    size_t length = widget_length(w), count = w->marks.len;
    RowKey *marks = sorted_marks(w);
    bool any = false;
    vec_reserve(&extract.rows, length);
    for (size_t i = 0; i < length; i++) {
        RowKey row = widget_row(w, i);
        bool marked = is_among(marks, count, row);
        extract.rows.items[extract.rows.len++] = row;
        if (count)
            vec_push(&extract.marked, marked);
        any |= marked;
    }
    for (size_t i = 0; i < table_kind(w->table)->column_count; i++)
        if (w->layout.columns[i].shown)
            vec_push(&extract.columns, i);
    if (!any)
        vec_free(&extract.marked);
    free(marks);
    return extract;
}

/* Drawing. */

static void measure_row(TableWidget *w, RowKey row, Buffer *text)
{
    const TableKind *kind = table_kind(w->table);
    for (size_t i = 0; i < kind->column_count; i++) {
        Cell cell = table_cell(w->table, row, i);
        buffer_clear(text);
        cell_text(&cell, text);
        layout_measure(&w->layout, kind, i, &cell, buffer_span(text), terminal_style());
    }
}

static void measure(TableWidget *w)
{
    Buffer text = {0};
    size_t length = widget_length(w);
    w->layout.several = length > 1;
    for (size_t i = 0; !w->measured && i < length && i < MEASURED_ROWS; i++)
        measure_row(w, widget_row(w, i), &text);
    w->measured = true;
    for (size_t i = w->top; i < length && i < w->top + (size_t)w->rows; i++)
        measure_row(w, widget_row(w, i), &text);
    buffer_free(&text);
}

static void draw_header_cell(const TableWidget *w, size_t i)
{
    const ColumnLayout *c = &w->layout.columns[i];
    const Column *column = &table_kind(w->table)->columns[i];
    TableSort sort = table_sort(w->table);
    int row = w->area.row, at = w->area.column + GUTTER + c->at;
    bool sorted = sort.column == i;
    Role role = sorted ? ROLE_HEADER_SORTED : ROLE_HEADER;
    Buffer title = {0};
    layout_header(&w->layout, column, &title);
    int width = (int)title.len + (sorted ? 1 : 0);
    if (sorted)
        draw_blank(row, at, c->width, role, EMPHASIS_NONE);
    if (layout_is_numeric(column) && width < c->width)
        at += c->width - width;
    int room = c->width < width ? c->width : width;
    if (sorted && layout_is_numeric(column))
        at += draw_text(row, at, 1, sign_text(sort.descending ? SIGN_DOWN : SIGN_UP), 0, role, EMPHASIS_NONE);
    at += draw_text(row, at, room - (sorted ? 1 : 0), buffer_span(&title), 0, role, EMPHASIS_NONE);
    if (sorted && !layout_is_numeric(column))
        draw_text(row, at, 1, sign_text(sort.descending ? SIGN_DOWN : SIGN_UP), 0, role, EMPHASIS_NONE);
    buffer_free(&title);
}

static void draw_header(const TableWidget *w)
{
    draw_blank(w->area.row, w->area.column, w->area.columns, ROLE_HEADER, EMPHASIS_NONE);
    for (size_t i = 0; i < table_kind(w->table)->column_count; i++)
        if (w->layout.columns[i].shown)
            draw_header_cell(w, i);
    if (w->layout.more_left)
        draw_text(w->area.row, w->area.column, 1, sign_text(SIGN_MORE_LEFT), 0, ROLE_HEADER, EMPHASIS_NONE);
    if (w->layout.more_right)
        draw_text(w->area.row, w->area.column + w->area.columns - 1, 1, sign_text(SIGN_MORE_RIGHT), 0, ROLE_HEADER, EMPHASIS_NONE);
}

/* A cell as it is drawn, for what is lit in it. */
typedef struct DrawnCell {
    int row, at, width;
    Span text;
    size_t skip;
    bool name;
} DrawnCell;

static void light_cell(const DrawnCell *d, const RowHit *hit)
{
    DisplayStyle style = terminal_style();
    if (d->name)
        draw_lit_name(d->row, d->at, d->width, d->text, hit->from, hit->to, hit->light);
    else
        draw_lit(d->row, d->at, d->width, display_width(d->text, style), d->skip, display_width(span_to(d->text, hit->from), style),
                 display_width(span_to(d->text, hit->to), style), hit->light);
}

/* What was found in columns that are not shown is shown at the edge at which they are. */
static void light_hidden(const TableWidget *w, int row)
{
    const TableLayout *layout = &w->layout;
    for (size_t i = 0; i < w->row_hits.items.len; i++) {
        const RowHit *hit = &w->row_hits.items.items[i];
        bool left = hit->column < layout->first;
        int at = left ? w->area.column : w->area.column + w->area.columns - 1;
        if (layout->columns[hit->column].shown)
            continue;
        if (!left || !widget_is_marked(w, w->row_hits.row))
            draw_text(row, at, 1, sign_text(left ? SIGN_MORE_LEFT : SIGN_MORE_RIGHT), 0, ROLE_NORMAL, EMPHASIS_NONE);
        draw_lit(row, at, 1, 1, 0, 0, 1, hit->light);
    }
}

static void draw_cell(const TableWidget *w, int row, RowKey key, size_t i, Emphasis emphasis, Buffer *text)
{
    const ColumnLayout *c = &w->layout.columns[i];
    const Column *column = &table_kind(w->table)->columns[i];
    Cell cell = table_cell(w->table, key, i);
    int at = w->area.column + GUTTER + c->at, width = c->width;
    Role role = role_of_cell(&cell);
    if (cell.type == CELL_NONE)
        return;
    if (cell.type == CELL_HEAT) {
        draw_bar(row, at, width, cell.heat, role, emphasis);
        return;
    }
    if (cell.type == CELL_SPARK) {
        draw_spark(row, at, width, cell.values, cell.value_count, role, emphasis);
        return;
    }
    buffer_clear(text);
    cell_text(&cell, text);
    Span span = buffer_span(text);
    if (layout_is_numeric(column)) {
        int natural = (int)display_width(span, terminal_style());
        int left = cell.type == CELL_TEXT ? width - natural : width - c->right - layout_point(span);
        at += left > 0 ? left : 0;
        width -= left > 0 ? left : 0;
    }
    DrawnCell drawn = {row, at, width, span, c->skip, column->type == CELL_TEXT && !column->flexible && c->cut};
    if (drawn.name)
        draw_name(row, at, width, span, role, emphasis);
    else
        draw_text(row, at, width, span, c->skip, role, emphasis);
    for (size_t k = 0; k < w->row_hits.items.len; k++)
        if (w->row_hits.items.items[k].column == i)
            light_cell(&drawn, &w->row_hits.items.items[k]);
}

/* What the search and the filter found in the row as a whole. */
static void find_row_hits(TableWidget *w, RowKey row)
{
    bool passed = widget_filters(w) && !w->filter_negated;
    row_hits_begin(&w->row_hits, row);
    if (!w->search && !passed)
        return;
    row_hits_read(&w->row_hits, w->table);
    if (passed)
        row_hits_add(&w->row_hits, w->filter, LIGHT_PASSED);
    if (w->search)
        row_hits_add(&w->row_hits, w->search, LIGHT_HIT);
}

static void draw_row(TableWidget *w, int row, size_t index, Buffer *text)
{
    RowKey key = widget_row(w, index);
    Emphasis emphasis = index == w->index ? EMPHASIS_SELECTED : EMPHASIS_NONE;
    if (emphasis == EMPHASIS_SELECTED)
        draw_blank(row, w->area.column, w->area.columns, ROLE_NORMAL, emphasis);
    if (widget_is_marked(w, key))
        draw_text(row, w->area.column, 1, sign_text(SIGN_MARK), 0, ROLE_MARK, emphasis);
    find_row_hits(w, key);
    for (size_t i = 0; i < table_kind(w->table)->column_count; i++)
        if (w->layout.columns[i].shown)
            draw_cell(w, row, key, i, emphasis, text);
    light_hidden(w, row);
}

void widget_draw(TableWidget *w, Area area)
{
    bool resized = w->rows != area.rows - 1;
    w->area = area;
    w->rows = area.rows - 1;
    if (resized && widget_length(w))
        show_selection(w, true);
    if (w->top > last_top(w)) /* keys may have come before the height was known */
        w->top = last_top(w);
    measure(w);
    layout_arrange(&w->layout, table_kind(w->table), table_sort(w->table), area.columns - GUTTER - 1);
    draw_header(w);
    Buffer text = {0};
    for (int i = 0; i < w->rows && w->top + (size_t)i < widget_length(w); i++)
        draw_row(w, area.row + 1 + i, w->top + (size_t)i, &text);
    buffer_free(&text);
}

void widget_scroll_to_end(TableWidget *w)
{
    layout_scroll_to_end(&w->layout, table_kind(w->table), table_sort(w->table), w->area.columns - GUTTER - 1);
}

/* The mouse. */

bool widget_row_at(const TableWidget *w, int row, size_t *index)
{
    int line = row - w->area.row - 1;
    if (line < 0 || line >= w->rows)
        return false;
    *index = w->top + (size_t)line;
    return *index < widget_length(w);
}

bool widget_header_at(const TableWidget *w, int row, int column, size_t *index)
{
    if (row != w->area.row)
        return false;
    for (size_t i = 0; i < table_kind(w->table)->column_count; i++) {
        const ColumnLayout *c = &w->layout.columns[i];
        int at = w->area.column + GUTTER + c->at;
        if (c->shown && column >= at - 1 && column < at + c->width) {
            *index = i;
            return true;
        }
    }
    return false;
}
