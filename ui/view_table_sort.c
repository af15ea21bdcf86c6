#include "ui/view_table_private.h"

#include "ui/draw.h"

/* The order of a table on the screen. */

/* `also`: what is to be said besides, or "". */
static void sort_and_say(TableView *t, TableSort sort, const char *also)
{
    widget_sort(&t->widget, sort);
    ui_settings(t->view.ui)->sorts[t->id] = sort;
    ui_message(t->view.ui, false, "Sorted by %s, %s%s.", column_at(t, sort.column)->title,
               sort.descending ? "descending" : "ascending", also);
}

static void sort_by(TableView *t, TableSort sort)
{
    sort_and_say(t, sort, "");
}

void table_view_sort_by(TableView *t, size_t column)
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
    size_t count = table_kind(table_of(t))->column_count, from = table_sort(table_of(t)).column, column = from;
    do
        column = (column + (direction > 0 ? 1 : count - 1)) % count;
    while (column != from && !t->widget.layout.columns[column].shown);
    bool wrapped = direction > 0 ? column < from : column > from;
    if (column == from)
        ui_message(t->view.ui, false, "No other column is shown.");
    else
        sort_and_say(t, (TableSort){column, column_at(t, column)->descending},
                     !wrapped        ? ""
                     : direction > 0 ? ": on from the first column"
                                     : ": on from the last column");
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
    table_view_sort_by(ctx, column);
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

bool table_view_act_sort(TableView *t, ActionId action)
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
