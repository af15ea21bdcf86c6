#include "ui/view_table_private.h"

#include <inttypes.h>
#include <stdlib.h>

#include "model/report.h"
#include "ui/draw.h"
#include "ui/view_empty.h"

/* A table on the stack: how it is drawn, and what is said about it around it. */

static const ViewKind table_view_kind;

TableView *table_view_of(View *view)
{
    return view->kind == &table_view_kind ? (TableView *)view : NULL;
}

static bool is_root(const TableView *t)
{
    return ui_below(t->view.ui, &t->view) == NULL;
}

static bool hides_zero(const TableView *t)
{
    return t->id == TABLE_REPORT && ui_settings(t->view.ui)->hide_zero;
}

/* Following. */

/* Selects the row of the newest report. */
void table_view_select_newest(TableView *t)
{
    const Model *m = ui_model(t->view.ui);
    t->followed = m->closed.len;
    for (size_t back = 0; back < 8 && back < m->closed.len; back++)
        if (widget_select_row(&t->widget, table_row_of_report(table_of(t), m->closed.items[m->closed.len - 1 - back])))
            return;
}

/* Drawing. */

/* A report opens at its hottest row, or at the line that one came from; a history at the call. */
static void select_first(TableView *t)
{
    const TableKind *kind = table_kind(table_of(t));
    size_t heat = table_column_named(kind, SPAN("heat"));
    t->fresh = false;
    if (t->first_report != NO_ID)
        widget_select_row(&t->widget, table_row_of_report(table_of(t), t->first_report));
    for (size_t i = 0; t->id == TABLE_REPORT && i < widget_length(&t->widget); i++) {
        RowKey row = widget_row(&t->widget, i);
        bool wanted = t->first_line != NO_ID ? table_row_scope(table_of(t), row).line == t->first_line
                                             : heat != SIZE_MAX && table_cell(table_of(t), row, heat).heat == 1000;
        if (wanted) {
            widget_select(&t->widget, i, true);
            return;
        }
    }
}

/* `brief`: a key is about to be answered, and drawing comes behind it. */
static void refresh(TableView *t, bool brief)
{
    Ui *ui = t->view.ui;
    bool frozen = ui_is_paused(ui) && !t->fresh;
    unsigned wait = frozen || t->fresh ? 0 : widget_wait_ms(&t->widget);
    frozen |= wait && ui_postpone(ui, wait);
    do
        t->busy = widget_refresh(&t->widget, frozen, brief);
    while (t->busy && !ui_postpone(ui, 1));
    if (t->widget.jumping && !t->busy)
        table_view_go_on_searching(t);
    if (t->fresh && widget_length(&t->widget))
        select_first(t);
    if (t->last_wanted && !t->busy) {
        widget_select(&t->widget, SIZE_MAX, false);
        t->last_wanted = false;
    }
    if (t->follow && !ui_is_paused(ui) && t->followed != ui_model(ui)->closed.len)
        table_view_select_newest(t);
}

bool table_view_explains_itself(const TableView *t)
{
    return ui_model(t->view.ui)->closed.len == 0 && widget_length(&t->widget) == 0 && !widget_filters(&t->widget);
}

/* Why a table has no rows. */
static void draw_nothing(const TableView *t, Area area)
{
    Buffer text = {0};
    if (t->busy)
        buffer_append_span(&text, SPAN("Looking at all rows..."));
    else if (widget_filters(&t->widget))
        buffer_printf(&text, "No row %s the filter \"%.*s\". Esc drops it.", t->widget.filter_negated ? "is left by" : "matches",
                      SPAN_ARG(pattern_text(t->widget.filter)));
    else if (hides_zero(t))
        buffer_append_span(&text, SPAN("No row has an increment above zero. z shows all rows."));
    else if (ui_settings(t->view.ui)->quiet && table_left_out(table_of(t)))
        buffer_append_span(&text, SPAN("All reports are contended, and those are left out. c shows them."));
    else if (t->id == TABLE_REPORT && table_summarised(table_of(t)))
        buffer_append_span(&text, SPAN("Its rows were let go (--keep, --max-memory); it still counts."));
    else
        buffer_append_span(&text, SPAN("Nothing here."));
    TextPage page = {0};
    page_wrap(&page, 2, area.columns - 4, ROLE_NOTE, buffer_span(&text));
    page_draw(&page, (Area){area.row + 2, area.column, area.rows > 2 ? area.rows - 2 : 0, area.columns});
    page_free(&page);
    buffer_free(&text);
}

static void draw(View *view, Area area)
{
    TableView *t = (TableView *)view;
    t->widget.rows = t->widget.rows ? t->widget.rows : area.rows - 1;
    refresh(t, false);
    if (table_view_explains_itself(t)) {
        empty_write(&t->empty, ui_model(view->ui), area.columns);
        page_draw(&t->empty, area);
        return;
    }
    area = table_view_draw_head(t, area);
    widget_draw(&t->widget, area);
    if (!widget_length(&t->widget))
        draw_nothing(t, area);
}

/* Moving. */

static void scroll_columns(TableView *t, ActionId action)
{
    TableLayout *layout = &t->widget.layout;
    size_t first = layout->first, skip = layout->skip;
    bool left = action == ACTION_COLUMNS_LEFT || action == ACTION_COLUMNS_FIRST;
    if (action == ACTION_COLUMNS_FIRST)
        layout->first = layout->skip = 0;
    else if (action == ACTION_COLUMNS_LAST)
        widget_scroll_to_end(&t->widget);
    else
        layout_scroll(layout, table_kind(table_of(t)), left ? -1 : 1);
    if (first == layout->first && skip == layout->skip)
        ui_say_edge(t->view.ui, left);
}

static bool act_move(TableView *t, ActionId action)
{
    TableWidget *w = &t->widget;
    ptrdiff_t rows = w->rows > 1 ? w->rows - 1 : 1;
    switch (action) {
    case ACTION_MOVE_DOWN:
        widget_move(w, 1);
        break;
    case ACTION_MOVE_UP:
        widget_move(w, -1);
        break;
    case ACTION_PAGE_DOWN:
        widget_move(w, rows);
        break;
    case ACTION_PAGE_UP:
        widget_move(w, -rows);
        break;
    case ACTION_HALF_DOWN:
        widget_move(w, rows / 2 + 1);
        break;
    case ACTION_HALF_UP:
        widget_move(w, -(rows / 2 + 1));
        break;
    case ACTION_FIRST:
        widget_select(w, 0, false);
        break;
    case ACTION_LAST:
        widget_select(w, SIZE_MAX, false);
        break;
    default:
        return false;
    }
    t->follow = false;
    t->last_wanted = action == ACTION_LAST && t->busy;
    return true;
}

static bool act_columns(TableView *t, ActionId action)
{
    switch (action) {
    case ACTION_COLUMNS_LEFT:
    case ACTION_COLUMNS_RIGHT:
    case ACTION_COLUMNS_FIRST:
    case ACTION_COLUMNS_LAST:
        scroll_columns(t, action);
        return true;
    default:
        return false;
    }
}

static bool act(View *view, ActionId action)
{
    TableView *t = (TableView *)view;
    refresh(t, true);
    if (table_view_explains_itself(t) && page_act(&t->empty, action))
        return true;
    return act_move(t, action) || act_columns(t, action) || table_view_act_sort(t, action) || table_view_act_find(t, action) ||
           table_view_act_row(t, action);
}

static bool mouse(View *view, const KeyEvent *event)
{
    TableView *t = (TableView *)view;
    size_t index;
    if (event->mouse != MOUSE_CLICK && event->mouse != MOUSE_DOUBLE_CLICK)
        return false;
    if (table_view_explains_itself(t))
        return true;
    if (widget_header_at(&t->widget, event->row, event->column, &index)) {
        table_view_sort_by(t, index);
    } else if (widget_row_at(&t->widget, event->row, &index)) {
        bool again = index == t->widget.index && t->widget.selected != NO_ROW;
        t->follow = false;
        widget_select(&t->widget, index, false);
        if (again || event->mouse == MOUSE_DOUBLE_CLICK)
            table_view_open(t);
    }
    return true;
}

/* The lines around it. */

static void label(const View *view, Buffer *out)
{
    const TableView *t = (const TableView *)view;
    Scope scope = t->scope;
    const View *below = ui_below(view->ui, view);
    bool listed = below && below->kind == &table_view_kind && ((const TableView *)below)->id == TABLE_REPORTS;
    if (is_root(t)) {
        buffer_append_span(out, span_of(table_kind(table_of(t))->title));
        return;
    }
    if (t->id == TABLE_REPORT && scope.invocation != NO_ID && !listed)
        scope.report = NO_ID;
    scope_label(ui_model(view->ui), t->id, scope, out);
}

/* What to think of before one believes a report; sparse is the normal case. */
static void say_flags(const TableView *t, Status *status)
{
    const Model *m = ui_model(t->view.ui);
    if (t->id != TABLE_REPORT || t->scope.report == NO_ID)
        return;
    const Report *r = &m->reports.items[t->scope.report];
    unsigned flags = report_flags(m, r) & ~(unsigned)FLAG_SPARSE;
    for (unsigned bit = 0; bit < FLAG_COUNT; bit++)
        if (flags >> bit & 1)
            status_add(status, ROLE_STATUS_NOTE, "%s", report_flag_name(bit));
    if (r->attribution == ATTRIBUTION_PENDING || r->attribution == ATTRIBUTION_AMBIGUOUS)
        status_add(status, ROLE_STATUS_NOTE, "its call is a guess");
}

/* What is no longer kept row by row, and whether it is missing here. */
static void say_summarised(const TableView *t, Status *status)
{
    size_t count = table_summarised(table_of(t));
    if (!count)
        return;
    if (t->id == TABLE_REPORT)
        status_add(status, ROLE_STATUS_NOTE, "its rows were summarised");
    else
        status_add(status, ROLE_STATUS_NOTE, "rows of %zu older report%s summarised%s", count, count == 1 ? "" : "s",
                   t->id == TABLE_LINES && table_lacks_summarised(table_of(t)) ? ", not counted here" : "");
}

static void status(View *view, Status *status)
{
    TableView *t = (TableView *)view;
    const TableWidget *w = &t->widget;
    size_t position, count, length = widget_length(w);
    if (table_view_explains_itself(t)) {
        Buffer seen = {0};
        empty_seen(ui_model(view->ui), &seen);
        status_add(status, ROLE_STATUS, "%s", buffer_text(&seen));
        buffer_free(&seen);
        return;
    }
    status_add(status, ROLE_STATUS, "%zu of %zu", length ? w->index + 1 : 0, length);
    if (w->search && !t->previewing) {
        widget_hit_position(&t->widget, &position, &count);
        if (position)
            status_add(status, ROLE_STATUS_NOTE, "/%.*s: %zu of %zu", SPAN_ARG(pattern_text(w->search)), position, count);
        else
            status_add(status, ROLE_STATUS_NOTE, "/%.*s: %zu hit%s", SPAN_ARG(pattern_text(w->search)), count,
                       count == 1 ? "" : "s");
    }
    if (w->filter)
        status_add(status, ROLE_STATUS_NOTE, "filter %s%.*s%s", w->filter_negated ? "!" : "", SPAN_ARG(pattern_text(w->filter)),
                   w->filter_off ? " (off)" : "");
    if (t->differences)
        status_add(status, ROLE_STATUS_NOTE, "source differs from the log in %" PRIu32 " line%s", t->differences,
                   t->differences == 1 ? "" : "s");
    if (t->follow)
        status_add(status, ROLE_STATUS_LIVE, "newest selected");
    if (ui_settings(view->ui)->quiet)
        status_add(status, ROLE_STATUS_NOTE, "quiet: %zu contended left out", table_left_out(table_of(t)));
    else if (table_left_out(table_of(t)) || hides_zero(t))
        status_add(status, ROLE_STATUS_NOTE, "%zu %s", table_left_out(table_of(t)),
                   hides_zero(t)                               ? "rows without increment hidden"
                   : selection_chooses(ui_selection(view->ui)) ? "left out by options"
                                                               : "left out: in two logs");
    if (w->marks.len)
        status_add(status, ROLE_STATUS, "%zu marked", w->marks.len);
    say_summarised(t, status);
    say_flags(t, status);
    if (w->layout.hidden)
        status_add(status, ROLE_STATUS, "%zu column%s hidden", w->layout.hidden, w->layout.hidden == 1 ? "" : "s");
    if (!w->layout.units)
        status_add(status, ROLE_STATUS, "MiB");
}

static const ActionId *bar(const View *view)
{
    static const ActionId root[] = {ACTION_OPEN,         ACTION_SORT_MENU, ACTION_SEARCH,  ACTION_FILTER, ACTION_EXPLAIN,
                                    ACTION_HELP,         ACTION_CLOSE,     ACTION_QUIET,   ACTION_FOLLOW, ACTION_PAUSE,
                                    ACTION_SORT_REVERSE, ACTION_EXPORT,    ACTION_RAW_LOG, ACTION_EDIT,   ACTION_NONE};
    static const ActionId calls[] = {ACTION_OPEN,         ACTION_SORT_MENU, ACTION_SEARCH,  ACTION_FILTER,
                                     ACTION_EXPLAIN,      ACTION_HELP,      ACTION_CLOSE,   ACTION_QUIET,
                                     ACTION_MARK,         ACTION_COMPARE,   ACTION_FOLLOW,  ACTION_PAUSE,
                                     ACTION_SORT_REVERSE, ACTION_EXPORT,    ACTION_RAW_LOG, ACTION_NONE};
    static const ActionId inner[] = {ACTION_OPEN,    ACTION_BACK,    ACTION_SIBLING_NEXT, ACTION_SORT_MENU, ACTION_SEARCH,
                                     ACTION_EXPLAIN, ACTION_HELP,    ACTION_CLOSE,        ACTION_FILTER,    ACTION_QUIET,
                                     ACTION_FOLLOW,  ACTION_COMPARE, ACTION_RAW_LOG,      ACTION_NONE};
    static const ActionId report[] = {ACTION_OPEN, ACTION_BACK,  ACTION_SIBLING_NEXT, ACTION_SEARCH, ACTION_HIDE_ZERO, ACTION_EXPLAIN,
                                      ACTION_HELP, ACTION_CLOSE, ACTION_RAW_LOG,      ACTION_EDIT,   ACTION_SORT_MENU, ACTION_FILTER,
                                      ACTION_EXPORT, ACTION_NONE};
    static const ActionId compared[] = {ACTION_OPEN, ACTION_BACK,   ACTION_SORT_MENU, ACTION_SEARCH,  ACTION_EXPLAIN, ACTION_HELP,
                                        ACTION_CLOSE, ACTION_FILTER, ACTION_EXPORT,    ACTION_RAW_LOG, ACTION_EDIT,    ACTION_NONE};
    static const ActionId empty[] = {ACTION_PAGE_DOWN, ACTION_COPY_ROW, ACTION_HELP, ACTION_CLOSE, ACTION_PAUSE, ACTION_NONE};
    const TableView *t = (const TableView *)view;
    if (table_view_explains_itself(t))
        return empty;
    if (t->id == TABLE_REPORT)
        return report;
    if (t->id == TABLE_COMPARE)
        return compared;
    if (is_root(t))
        return t->id == TABLE_INVOCATIONS ? calls : root;
    return inner;
}

static void view_free(View *view)
{
    TableView *t = (TableView *)view;
    widget_free(&t->widget);
    pattern_free(t->before.filter);
    source_text_free(&t->source);
    page_free(&t->empty);
    buffer_free(&t->save_name);
    free(t);
}

static const ViewKind table_view_kind = {
    .draw = draw,
    .act = act,
    .mouse = mouse,
    .label = label,
    .status = status,
    .bar = bar,
    .search = table_view_search,
    .cancel = table_view_cancel,
    .free = view_free,
};

/* What the settings say of it. */
static void configure(TableView *t)
{
    const Settings *settings = ui_settings(t->view.ui);
    Table *table = t->widget.table;
    TableSort sort = settings->sorts[t->id], now = table_sort(table);
    if (sort.column != now.column || sort.descending != now.descending)
        widget_sort(&t->widget, sort);
    table_set_quiet(table, settings->quiet);
    table_set_hide_zero(table, hides_zero(t));
    if (t->widget.layout.left_out != settings->left_out[t->id])
        t->widget.layout = (TableLayout){.left_out = settings->left_out[t->id]};
    t->widget.stale = true;
}

View *table_view_new(Ui *ui, TableId id, Scope scope)
{
    TableView *t = alloc_zeroed(1, sizeof *t);
    Table *table = table_new(ui_model(ui), id, scope);
    table_set_selection(table, ui_selection(ui));
    t->view = (View){.kind = &table_view_kind, .ui = ui};
    t->id = id;
    t->scope = scope;
    t->fresh = true;
    t->first_line = t->first_report = NO_ID;
    widget_init(&t->widget, table);
    if (id == TABLE_REPORT)
        table_view_read_source(t);
    configure(t);
    return &t->view;
}

View *table_view_report(Ui *ui, Id report, uint32_t row)
{
    const Model *m = ui_model(ui);
    Scope scope = SCOPE_ALL;
    scope.report = report;
    scope.invocation = m->reports.items[report].invocation;
    View *view = table_view_new(ui, TABLE_REPORT, scope);
    if (row != NO_ID)
        ((TableView *)view)->first_line = report_row(m, &m->reports.items[report], row).source_line;
    return view;
}

/* What the Ui asks. */

const TableKind *table_view_kind_of(View *view)
{
    TableView *t = table_view_of(view);
    return t ? table_kind(table_of(t)) : NULL;
}

bool table_view_goto(View *view, Span text)
{
    TableView *t = table_view_of(view);
    size_t length = t ? widget_length(&t->widget) : 0;
    uint64_t number;
    bool share = span_ends(text, SPAN("%"));
    if (!length || !span_to_uint(span_to(text, text.len - share), &number))
        return false;
    t->follow = false;
    if (share)
        number = number < 100 ? (uint64_t)((double)length * (double)number / 100) + 1 : length;
    widget_select(&t->widget, number ? (size_t)number - 1 : 0, true);
    return true;
}

static size_t time_column(const TableKind *kind)
{
    for (size_t i = 0; i < kind->column_count; i++)
        if (kind->columns[i].type == CELL_TIME)
            return i;
    return SIZE_MAX;
}

/* The time of a row; MOMENT_UNKNOWN where it has none. */
static int64_t time_of_row(const TableView *t, size_t column, RowKey row)
{
    Cell cell = row == NO_ROW ? (Cell){.type = CELL_NONE} : table_cell(table_of(t), row, column);
    return cell.type == CELL_TIME ? cell.number : MOMENT_UNKNOWN;
}

/* The times of all rows: each cell is made only once. Freed by the caller. */
static int64_t *times_of_rows(const TableView *t, size_t column, size_t length)
{
    int64_t *times = alloc_zeroed(length + 1, sizeof *times);
    for (size_t i = 0; i < length; i++)
        times[i] = time_of_row(t, column, widget_row(&t->widget, i));
    return times;
}

/* What a time means for rows from `first` to `last`. */
static int64_t resolve(const TableView *t, const When *when, const int64_t *times, size_t length, int64_t here)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < length; i++) {
        first = times[i] != MOMENT_UNKNOWN && times[i] < first ? times[i] : first;
        last = times[i] != MOMENT_UNKNOWN && times[i] > last ? times[i] : last;
    }
    return when_resolve(when, first, last, here != MOMENT_UNKNOWN || last == INT64_MIN ? here : last, ui_model(t->view.ui)->newest);
}

static size_t first_from(const int64_t *times, size_t length, int64_t wanted)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < length && wanted != MOMENT_UNKNOWN; i++)
        if (times[i] != MOMENT_UNKNOWN && times[i] >= wanted && (found == SIZE_MAX || times[i] < times[found]))
            found = i;
    return found;
}

bool table_view_goto_time(View *view, const When *when)
{
    TableView *t = table_view_of(view);
    size_t column = t ? time_column(table_kind(table_of(t))) : SIZE_MAX, length = t ? widget_length(&t->widget) : 0;
    if (column == SIZE_MAX)
        return false;
    int64_t *times = times_of_rows(t, column, length);
    int64_t here = time_of_row(t, column, widget_selected(&t->widget));
    size_t found = first_from(times, length, resolve(t, when, times, length, here));
    free(times);
    t->follow = t->follow && found == SIZE_MAX;
    if (found == SIZE_MAX)
        ui_message(view->ui, false, "No row has a time from then on.");
    else
        widget_select(&t->widget, found, true);
    return true;
}

bool table_view_follow(View *view, bool follow)
{
    TableView *t = table_view_of(view);
    if (t)
        t->follow = follow;
    return t != NULL;
}

bool table_view_settings_changed(View *view)
{
    TableView *t = table_view_of(view);
    if (!t)
        return false;
    configure(t);
    if (t->id == TABLE_REPORT && !t->source.lines.len) /* it may be told only now where the file is */
        table_view_read_source(t);
    return true;
}
