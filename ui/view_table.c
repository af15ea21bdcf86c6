#include "ui/table_view.h"

#include <inttypes.h>
#include <stdlib.h>

#include "model/report.h"
#include "ui/draw.h"
#include "ui/log_view.h"
#include "ui/table_widget.h"
#include "ui/terminal.h"
#include "ui/view_empty.h"

/* A table on the stack: what the keys do with the widget, and where rows lead to. */

typedef struct TableView {
    View view;
    TableId id;
    Scope scope;
    TableWidget widget;
    TextPage empty; /* what is shown while there is no report at all */
    bool follow;
    bool fresh;       /* not drawn yet: a row to begin with is to be chosen */
    Id first_line;    /* the source line to begin with, or NO_ID */
    SourceText source;    /* TABLE_REPORT: the file of the function, where it can be read */
    uint32_t differences; /* rows in which the log says something else than that */
    size_t followed;  /* closed reports when the newest row was selected last */
    bool previewing;  /* a search is being typed: where it began */
    RowKey search_from;
    size_t search_from_top;
} TableView;

static const ViewKind table_view_kind;

static TableView *table_view(View *view)
{
    return view->kind == &table_view_kind ? (TableView *)view : NULL;
}

static bool is_root(const TableView *t)
{
    return ui_below(t->view.ui, &t->view) == NULL;
}

static const Table *table_of(const TableView *t)
{
    return t->widget.table;
}

static bool hides_zero(const TableView *t)
{
    return t->id == TABLE_REPORT && ui_settings(t->view.ui)->hide_zero;
}

/* Following. */

static bool same_row(const TableView *t, RowKey row, const Report *report, Id report_id)
{
    Scope scope = table_row_scope(table_of(t), row);
    switch (t->id) {
    case TABLE_FUNCTIONS:
        return scope.target == report->target;
    case TABLE_INVOCATIONS:
        return report->invocation != NO_ID ? scope.invocation == report->invocation : scope.report == report_id;
    case TABLE_LINES:
        return report->hot != NO_ID && scope.line == report_row(ui_model(t->view.ui), report, report->hot).source_line;
    default:
        return scope.report == report_id;
    }
}

/* Selects the row of the newest report. */
static void select_newest(TableView *t)
{
    const Model *m = ui_model(t->view.ui);
    t->followed = m->closed.len;
    for (size_t back = 0; back < 8 && back < m->closed.len; back++) {
        Id id = m->closed.items[m->closed.len - 1 - back];
        for (size_t i = widget_length(&t->widget); i-- > 0;) {
            if (same_row(t, widget_row(&t->widget, i), &m->reports.items[id], id)) {
                widget_select(&t->widget, i, true);
                return;
            }
        }
    }
}

/* The source file and the raw log. */

/* A file that differs in most rows is another one: what stands between them would mean nothing. */
static void read_source(TableView *t)
{
    const Model *m = ui_model(t->view.ui);
    const UiHost *host = ui_host(t->view.ui);
    const Report *r = &m->reports.items[t->scope.report];
    Buffer text = {0};
    if (!host->code || !r->closed || !host->code(host->ctx, model_text(m, m->targets.items[r->target].file), &text)) {
        buffer_free(&text);
        return;
    }
    source_text_set(&t->source, text);
    t->differences = table_source_differences(table_of(t), &t->source);
    if (t->differences <= r->rows / 2)
        table_set_source(t->widget.table, &t->source);
}

static void show_in_log(TableView *t)
{
    Ui *ui = t->view.ui;
    RowKey row = widget_selected(&t->widget);
    LogPlace place;
    if (row == NO_ROW || !log_place_of(ui_model(ui), table_row_scope(table_of(t), row), &place)) {
        ui_message(ui, false, "There is nothing of this row in the log.");
        return;
    }
    View *view = log_view_new(ui);
    ui_push(ui, view);
    if (log_view_show(view, &place))
        return;
    ui_pop(ui);
    ui_message(ui, true, "The text of this log is not at hand.");
}

/* The line that a row is about: its own, else that of its function. */
static uint32_t line_of_row(const TableView *t, RowKey row, Scope scope)
{
    const Model *m = ui_model(t->view.ui);
    size_t column = t->id == TABLE_REPORT ? table_column_named(table_kind(table_of(t)), SPAN("line")) : SIZE_MAX;
    Cell cell = column == SIZE_MAX ? (Cell){0} : table_cell(table_of(t), row, column);
    if (cell.type == CELL_COUNT)
        return (uint32_t)cell.number;
    bool function = t->id == TABLE_FUNCTIONS || scope.line == NO_ID;
    return function ? m->targets.items[scope.target].first_line : m->lines.items[scope.line].number;
}

static void edit(TableView *t)
{
    Ui *ui = t->view.ui;
    const Model *m = ui_model(ui);
    const UiHost *host = ui_host(ui);
    RowKey row = widget_selected(&t->widget);
    Scope scope = row == NO_ROW ? SCOPE_ALL : table_row_scope(table_of(t), row);
    if (scope.target == NO_ID && scope.report != NO_ID)
        scope.target = m->reports.items[scope.report].target;
    if (scope.target == NO_ID && scope.invocation != NO_ID && m->invocations.items[scope.invocation].first_report != NO_ID)
        scope.target = m->reports.items[m->invocations.items[scope.invocation].first_report].target;
    Span file = scope.target == NO_ID ? SPAN("") : model_text(m, m->targets.items[scope.target].file);
    if (file.len && host->edit)
        host->edit(host->ctx, file, line_of_row(t, row, scope));
    else
        ui_message(ui, false, "The log names no source file for this row.");
}

/* Drawing. */

/* A report opens at its hottest row, or at the line that one came from. */
static void select_first(TableView *t)
{
    const TableKind *kind = table_kind(table_of(t));
    size_t heat = table_column_named(kind, SPAN("heat"));
    t->fresh = false;
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

static void refresh(TableView *t)
{
    Ui *ui = t->view.ui;
    bool frozen = ui_is_paused(ui) && !t->fresh;
    unsigned wait = frozen || t->fresh ? 0 : widget_wait_ms(&t->widget);
    widget_refresh(&t->widget, frozen || (wait && ui_postpone(ui, wait)));
    if (t->fresh && widget_length(&t->widget))
        select_first(t);
    if (t->follow && !ui_is_paused(ui) && t->followed != ui_model(ui)->closed.len)
        select_newest(t);
}

static bool explains_itself(const TableView *t)
{
    return ui_model(t->view.ui)->closed.len == 0 && widget_length(&t->widget) == 0 && !widget_filters(&t->widget);
}

/* Why a table has no rows. */
static void draw_nothing(const TableView *t, Area area)
{
    Buffer text = {0};
    if (widget_filters(&t->widget))
        buffer_printf(&text, "No row %s the filter \"%.*s\". Esc drops it.", t->widget.filter_negated ? "is left by" : "matches",
                      SPAN_ARG(pattern_text(t->widget.filter)));
    else if (hides_zero(t))
        buffer_append_span(&text, SPAN("No row has an increment above zero. z shows all rows."));
    else if (ui_settings(t->view.ui)->quiet && table_left_out(table_of(t)))
        buffer_append_span(&text, SPAN("All reports are contended, and those are left out. c shows them."));
    else
        buffer_append_span(&text, SPAN("Nothing here."));
    draw_text(area.row + 2, area.column + 2, area.columns - 4, buffer_span(&text), 0, ROLE_NOTE, EMPHASIS_NONE);
    buffer_free(&text);
}

static void draw(View *view, Area area)
{
    TableView *t = (TableView *)view;
    t->widget.rows = t->widget.rows ? t->widget.rows : area.rows - 1;
    refresh(t);
    if (explains_itself(t)) {
        empty_write(&t->empty, ui_model(view->ui), area.columns);
        page_draw(&t->empty, area);
        return;
    }
    widget_draw(&t->widget, area);
    if (!widget_length(&t->widget))
        draw_nothing(t, area);
}

/* Opening. */

static void open_scope(TableView *t, TableId id, Scope scope)
{
    View *view = table_view_new(t->view.ui, id, scope);
    if (t->id == TABLE_HISTORY && id == TABLE_REPORT)
        ((TableView *)view)->first_line = t->scope.line;
    ui_push(t->view.ui, view);
}

static void open_row(TableView *t)
{
    TableId id;
    Scope scope;
    RowKey row = widget_selected(&t->widget);
    if (row == NO_ROW)
        return;
    t->widget.selected = row;
    if (table_open_row(table_of(t), row, &id, &scope))
        open_scope(t, id, scope);
    else if (t->id == TABLE_INVOCATIONS)
        ui_message(t->view.ui, false, "This invocation has no report: x explains why.");
    else
        ui_message(t->view.ui, false, "There is nothing behind this row.");
}

/* Opens what stands before or behind this in the table that it was opened from. */
static void open_sibling(TableView *t, int direction)
{
    Ui *ui = t->view.ui;
    View *below = ui_below(ui, &t->view);
    TableView *parent = below ? table_view(below) : NULL;
    TableId id;
    Scope scope;
    if (!parent) {
        ui_message(ui, false, "[ and ] step through what was opened from a table.");
        return;
    }
    size_t length = widget_length(&parent->widget), index = parent->widget.index;
    while (direction > 0 ? index + 1 < length : index > 0) {
        index += direction > 0 ? 1 : (size_t)-1;
        if (!table_open_row(table_of(parent), widget_row(&parent->widget, index), &id, &scope))
            continue;
        widget_select(&parent->widget, index, true);
        ui_pop(ui);
        open_scope(parent, id, scope);
        return;
    }
    ui_message(ui, false, direction > 0 ? "This is the last one." : "This is the first one.");
}

/* Sorting. */

static const Column *column_at(const TableView *t, size_t column)
{
    return &table_kind(table_of(t))->columns[column];
}

static void sort_by(TableView *t, TableSort sort)
{
    widget_sort(&t->widget, sort);
    ui_settings(t->view.ui)->sorts[t->id] = sort;
    ui_message(t->view.ui, false, "Sorted by %s, %s.", column_at(t, sort.column)->title, sort.descending ? "descending" : "ascending");
}

/* The same column again reverses. */
static void sort_by_column(TableView *t, size_t column)
{
    TableSort sort = table_sort(table_of(t));
    bool same = sort.column == column;
    sort_by(t, (TableSort){column, same ? !sort.descending : column_at(t, column)->descending});
}

static void sort_reverse(TableView *t)
{
    TableSort sort = table_sort(table_of(t));
    sort.descending = !sort.descending;
    sort_by(t, sort);
}

static void sort_sideways(TableView *t, int direction)
{
    size_t count = table_kind(table_of(t))->column_count, column = table_sort(table_of(t)).column;
    for (size_t step = 0; step < count; step++) {
        column = (column + (direction > 0 ? 1 : count - 1)) % count;
        if (t->widget.layout.columns[column].shown) {
            sort_by(t, (TableSort){column, column_at(t, column)->descending});
            return;
        }
    }
}

/* The first column of those names, else the first of that type. */
static void sort_by_first(TableView *t, const char *const *names, CellType type, const char *what)
{
    const TableKind *kind = table_kind(table_of(t));
    size_t column = SIZE_MAX;
    for (; *names && column == SIZE_MAX; names++)
        column = table_column_named(kind, span_of(*names));
    for (size_t i = 0; i < kind->column_count && column == SIZE_MAX; i++)
        if (kind->columns[i].type == type)
            column = i;
    if (column == SIZE_MAX)
        ui_message(t->view.ui, false, "There is no %s to sort by here.", what);
    else
        sort_by(t, (TableSort){column, true});
}

static void menu_chose_sort(void *ctx, size_t column)
{
    sort_by_column(ctx, column);
}

static void open_sort_menu(TableView *t)
{
    const TableKind *kind = table_kind(table_of(t));
    TableSort sort = table_sort(table_of(t));
    MenuItems items = {0};
    for (size_t i = 0; i < kind->column_count; i++) {
        const Column *column = &kind->columns[i];
        Buffer label = {0};
        buffer_append_span(&label, i == sort.column ? sign_text(sort.descending ? SIGN_DOWN : SIGN_UP) : SPAN(" "));
        buffer_printf(&label, " %s", column->title);
        buffer_text(&label);
        vec_push(&items, (MenuItem){label.data, alloc_text(column->help, strlen(column->help)), i});
    }
    ui_push(t->view.ui, menu_view_new(t->view.ui, "Sort by", items, sort.column, menu_chose_sort, t));
}

/* Searching. */

static void go_to_hit(TableView *t, size_t from, bool forward, bool here)
{
    bool wrapped;
    size_t hit = widget_hit(&t->widget, from, forward, here, &wrapped);
    if (hit == SIZE_MAX) {
        ui_message(t->view.ui, true, "No row matches \"%.*s\".", SPAN_ARG(pattern_text(t->widget.search)));
        return;
    }
    widget_select(&t->widget, hit, true);
    if (wrapped)
        ui_message(t->view.ui, false, forward ? "Search went on from the top." : "Search went on from the bottom.");
}

static void search_restore(TableView *t)
{
    if (!t->previewing)
        return;
    widget_select_row(&t->widget, t->search_from);
    t->widget.top = t->search_from_top;
}

static void preview_hit(TableView *t)
{
    size_t hit = widget_hit_nearby(&t->widget, t->widget.index);
    if (hit != SIZE_MAX)
        widget_select(&t->widget, hit, true);
    else
        ui_message(t->view.ui, false, "No row matches so far.");
}

static void search(View *view, Pattern *pattern, bool final)
{
    TableView *t = (TableView *)view;
    if (!t->previewing) {
        t->search_from = widget_selected(&t->widget);
        t->search_from_top = t->widget.top;
    }
    search_restore(t);
    t->previewing = !final;
    t->follow = t->follow && !pattern;
    widget_set_search(&t->widget, pattern);
    if (pattern && final)
        go_to_hit(t, t->widget.index, true, true);
    else if (pattern)
        preview_hit(t);
}

static void search_again(TableView *t, bool forward)
{
    if (t->widget.search)
        go_to_hit(t, t->widget.index, forward, false);
    else
        ui_message(t->view.ui, false, "Nothing is searched for: / does.");
}

/* Filtering. */

bool table_view_filter(View *view, Span text, char **error)
{
    TableView *t = table_view(view);
    if (!t)
        return false;
    bool negated = span_take(&text, SPAN("!"));
    Pattern *pattern = text.len ? pattern_new(text, error) : NULL;
    if (text.len && !pattern)
        return false;
    widget_set_filter(&t->widget, pattern, negated);
    return true;
}

static void open_filter(TableView *t)
{
    Buffer text = {0};
    if (t->widget.filter) {
        buffer_append_span(&text, t->widget.filter_negated ? SPAN("!") : SPAN(""));
        buffer_append_span(&text, pattern_text(t->widget.filter));
    }
    prompt_open(t->view.ui, PROMPT_FILTER, buffer_span(&text));
    buffer_free(&text);
}

static void toggle_filter(TableView *t)
{
    if (!t->widget.filter) {
        ui_message(t->view.ui, false, "There is no filter: \\ sets one.");
        return;
    }
    t->widget.filter_off = !t->widget.filter_off;
    t->widget.stale = true;
}

static bool cancel(View *view)
{
    TableView *t = (TableView *)view;
    if (t->widget.search)
        widget_set_search(&t->widget, NULL);
    else if (t->widget.filter)
        widget_set_filter(&t->widget, NULL, false);
    else
        return false;
    return true;
}

/* Copying. */

/* Control characters of a log have no business on a clipboard: pasting them into a shell would run them. */
static void clean_text(Buffer *text)
{
    for (size_t i = 0; i < text->len; i++) {
        unsigned char c = (unsigned char)text->data[i], next = i + 1 < text->len ? (unsigned char)text->data[i + 1] : 0;
        if ((c < ' ' && c != '\t') || c == 0x7f)
            text->data[i] = ' ';
        else if (c == 0xc2 && next >= 0x80 && next < 0xa0) /* the controls beyond ASCII */
            text->data[i] = text->data[i + 1] = ' ';
    }
}

static void copy(TableView *t, Buffer *text, const char *what)
{
    clean_text(text);
    if (terminal_copy(buffer_span(text)))
        ui_message(t->view.ui, false, "%s sent to the terminal's clipboard: %zu bytes.", what, text->len);
    else
        ui_message(t->view.ui, true, "%s is too long for the clipboard.", what);
}

static void copy_row(TableView *t)
{
    Buffer text = {0};
    RowKey row = widget_selected(&t->widget);
    if (row == NO_ROW)
        return;
    widget_row_text(&t->widget, row, SPAN("\t"), &text);
    copy(t, &text, "The row was");
    buffer_free(&text);
}

static void menu_chose_cell(void *ctx, size_t column)
{
    TableView *t = ctx;
    Buffer text = {0};
    Cell cell = table_cell(table_of(t), widget_selected(&t->widget), column);
    cell_text(&cell, &text);
    copy(t, &text, column_at(t, column)->title);
    buffer_free(&text);
}

static void open_cell_menu(TableView *t)
{
    const TableKind *kind = table_kind(table_of(t));
    RowKey row = widget_selected(&t->widget);
    MenuItems items = {0};
    size_t selected = 0;
    for (size_t i = 0; row != NO_ROW && i < kind->column_count; i++) {
        Buffer text = {0};
        Cell cell = table_cell(table_of(t), row, i);
        cell_text(&cell, &text);
        if (text.len) {
            selected = i == table_sort(table_of(t)).column ? items.len : selected;
            buffer_text(&text);
            vec_push(&items, (MenuItem){alloc_text(kind->columns[i].title, strlen(kind->columns[i].title)), text.data, i});
        }
    }
    if (items.len)
        ui_push(t->view.ui, menu_view_new(t->view.ui, "Copy which cell?", items, selected, menu_chose_cell, t));
}

/* Other actions. */

static void toggle_follow(TableView *t)
{
    t->follow = !t->follow;
    if (t->follow)
        select_newest(t);
    ui_message(t->view.ui, false, t->follow ? "Follows the newest report." : "Stays where it is.");
}

static void toggle_hide_zero(TableView *t)
{
    if (t->id != TABLE_REPORT) {
        ui_message(t->view.ui, false, "Rows without increment are hidden in a report: open one.");
        return;
    }
    Settings *settings = ui_settings(t->view.ui);
    settings->hide_zero = !settings->hide_zero;
    ui_settings_changed(t->view.ui);
}

static void toggle_mark(TableView *t)
{
    RowKey row = widget_selected(&t->widget);
    if (row == NO_ROW)
        return;
    widget_toggle_mark(&t->widget, row);
    widget_move(&t->widget, 1);
}

static void go_to_mark(TableView *t, int direction)
{
    size_t index = widget_marked_row(&t->widget, direction);
    if (index == SIZE_MAX)
        ui_message(t->view.ui, false, "No row is marked: m marks one.");
    else
        widget_select(&t->widget, index, true);
}

static void scroll_columns(TableView *t, int direction)
{
    if (!layout_scroll(&t->widget.layout, table_kind(table_of(t)), direction))
        ui_message(t->view.ui, false, direction > 0 ? "There is nothing more to the right." : "There is nothing more to the left.");
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
    return true;
}

static bool act_columns(TableView *t, ActionId action)
{
    switch (action) {
    case ACTION_COLUMNS_LEFT:
        scroll_columns(t, -1);
        return true;
    case ACTION_COLUMNS_RIGHT:
        scroll_columns(t, 1);
        return true;
    case ACTION_COLUMNS_FIRST:
        t->widget.layout.first = t->widget.layout.skip = 0;
        return true;
    case ACTION_COLUMNS_LAST:
        widget_scroll_to_end(&t->widget);
        return true;
    default:
        return false;
    }
}

static bool act_sort(TableView *t, ActionId action)
{
    static const char *const memory[] = {"increment", "peak", "memory", NULL}, *const time[] = {"time", "started", NULL};
    switch (action) {
    case ACTION_SORT_MENU:
        open_sort_menu(t);
        return true;
    case ACTION_SORT_LEFT:
        sort_sideways(t, -1);
        return true;
    case ACTION_SORT_RIGHT:
        sort_sideways(t, 1);
        return true;
    case ACTION_SORT_REVERSE:
        sort_reverse(t);
        return true;
    case ACTION_SORT_MEMORY:
        sort_by_first(t, memory, CELL_MIB, "memory");
        return true;
    case ACTION_SORT_TIME:
        sort_by_first(t, time, CELL_TIME, "time");
        return true;
    default:
        return false;
    }
}

static bool act_find(TableView *t, ActionId action)
{
    switch (action) {
    case ACTION_SEARCH_NEXT:
        search_again(t, true);
        return true;
    case ACTION_SEARCH_PREVIOUS:
        search_again(t, false);
        return true;
    case ACTION_FILTER:
        open_filter(t);
        return true;
    case ACTION_FILTER_TOGGLE:
        toggle_filter(t);
        return true;
    case ACTION_HIDE_ZERO:
        toggle_hide_zero(t);
        return true;
    case ACTION_FOLLOW:
        toggle_follow(t);
        return true;
    default:
        return false;
    }
}

static bool act_row(TableView *t, ActionId action)
{
    switch (action) {
    case ACTION_OPEN:
        open_row(t);
        return true;
    case ACTION_SIBLING_PREVIOUS:
        open_sibling(t, -1);
        return true;
    case ACTION_SIBLING_NEXT:
        open_sibling(t, 1);
        return true;
    case ACTION_MARK:
        toggle_mark(t);
        return true;
    case ACTION_MARK_NEXT:
        go_to_mark(t, 1);
        return true;
    case ACTION_MARK_PREVIOUS:
        go_to_mark(t, -1);
        return true;
    case ACTION_RAW_LOG:
        show_in_log(t);
        return true;
    case ACTION_EDIT:
        edit(t);
        return true;
    case ACTION_EXPLAIN:
        ui_push(t->view.ui, explain_view_new(t->view.ui, table_of(t), widget_selected(&t->widget)));
        return true;
    case ACTION_COPY_ROW:
        copy_row(t);
        return true;
    case ACTION_COPY_CELL:
        open_cell_menu(t);
        return true;
    default:
        return false;
    }
}

static bool act(View *view, ActionId action)
{
    TableView *t = (TableView *)view;
    refresh(t);
    if (explains_itself(t) && page_act(&t->empty, action))
        return true;
    return act_move(t, action) || act_columns(t, action) || act_sort(t, action) || act_find(t, action) || act_row(t, action);
}

static bool mouse(View *view, const KeyEvent *event)
{
    TableView *t = (TableView *)view;
    size_t index;
    if (event->mouse != MOUSE_CLICK && event->mouse != MOUSE_DOUBLE_CLICK)
        return false;
    if (explains_itself(t))
        return true;
    if (widget_header_at(&t->widget, event->row, event->column, &index)) {
        sort_by_column(t, index);
    } else if (widget_row_at(&t->widget, event->row, &index)) {
        bool again = index == t->widget.index && t->widget.selected != NO_ROW;
        t->follow = false;
        widget_select(&t->widget, index, false);
        if (again || event->mouse == MOUSE_DOUBLE_CLICK)
            open_row(t);
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

static void status(View *view, Status *status)
{
    TableView *t = (TableView *)view;
    const TableWidget *w = &t->widget;
    size_t position, count, length = widget_length(w);
    if (explains_itself(t)) {
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
            status_add(status, ROLE_STATUS_NOTE, "/%.*s: %zu hit%s", SPAN_ARG(pattern_text(w->search)), count, count == 1 ? "" : "s");
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
        status_add(status, ROLE_STATUS_NOTE, hides_zero(t) ? "%zu rows without increment hidden" : "%zu left out",
                   table_left_out(table_of(t)));
    if (w->marks.len)
        status_add(status, ROLE_STATUS, "%zu marked", w->marks.len);
    if (w->layout.hidden)
        status_add(status, ROLE_STATUS, "%zu column%s hidden", w->layout.hidden, w->layout.hidden == 1 ? "" : "s");
    status_add(status, ROLE_STATUS, "MiB");
}

static const ActionId *bar(const View *view)
{
    static const ActionId root[] = {ACTION_OPEN, ACTION_SORT_MENU, ACTION_SEARCH,  ACTION_FILTER, ACTION_EXPLAIN, ACTION_HELP,
                                    ACTION_CLOSE, ACTION_QUIET,    ACTION_FOLLOW, ACTION_PAUSE,   ACTION_SORT_REVERSE,
                                    ACTION_RAW_LOG, ACTION_NONE};
    static const ActionId inner[] = {ACTION_OPEN,  ACTION_BACK,   ACTION_SIBLING_NEXT, ACTION_SORT_MENU, ACTION_SEARCH, ACTION_EXPLAIN,
                                     ACTION_HELP, ACTION_CLOSE, ACTION_FILTER,      ACTION_QUIET,     ACTION_FOLLOW,
                                     ACTION_RAW_LOG, ACTION_NONE};
    static const ActionId report[] = {ACTION_OPEN, ACTION_BACK,  ACTION_SIBLING_NEXT, ACTION_SORT_MENU, ACTION_SEARCH, ACTION_HIDE_ZERO,
                                      ACTION_EXPLAIN, ACTION_HELP, ACTION_CLOSE, ACTION_FILTER, ACTION_RAW_LOG, ACTION_EDIT, ACTION_NONE};
    static const ActionId empty[] = {ACTION_HELP, ACTION_CLOSE, ACTION_PAUSE, ACTION_NONE};
    const TableView *t = (const TableView *)view;
    if (explains_itself(t))
        return empty;
    if (t->id == TABLE_REPORT)
        return report;
    return is_root(t) ? root : inner;
}

static void view_free(View *view)
{
    TableView *t = (TableView *)view;
    widget_free(&t->widget);
    source_text_free(&t->source);
    page_free(&t->empty);
    free(t);
}

static const ViewKind table_view_kind = {
    .draw = draw,
    .act = act,
    .mouse = mouse,
    .label = label,
    .status = status,
    .bar = bar,
    .search = search,
    .cancel = cancel,
    .free = view_free,
};

/* What the settings say of it. */
static void configure(TableView *t)
{
    const Settings *settings = ui_settings(t->view.ui);
    Table *table = t->widget.table;
    table_set_sort(table, settings->sorts[t->id]);
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
    t->first_line = NO_ID;
    widget_init(&t->widget, table);
    if (id == TABLE_REPORT)
        read_source(t);
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
    TableView *t = table_view(view);
    return t ? table_kind(table_of(t)) : NULL;
}

bool table_view_goto(View *view, uint64_t number)
{
    TableView *t = table_view(view);
    if (!t || !widget_length(&t->widget))
        return false;
    t->follow = false;
    widget_select(&t->widget, number ? (size_t)number - 1 : 0, true);
    return true;
}

bool table_view_follow(View *view, bool follow)
{
    TableView *t = table_view(view);
    if (t)
        t->follow = follow;
    return t != NULL;
}

bool table_view_settings_changed(View *view)
{
    TableView *t = table_view(view);
    if (!t)
        return false;
    configure(t);
    table_refresh(t->widget.table);
    return true;
}
