#include "ui/view_table_private.h"

/* Where rows of a table lead to. */

static void open_scope(TableView *t, TableId id, Scope scope)
{
    View *view = table_view_new(t->view.ui, id, scope);
    if (t->id == TABLE_HISTORY && id == TABLE_REPORT)
        ((TableView *)view)->first_line = t->scope.line;
    if (t->id == TABLE_REPORT && id == TABLE_HISTORY)
        ((TableView *)view)->first_report = t->scope.report;
    ui_push(t->view.ui, view);
}

void table_view_open(TableView *t)
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

void table_view_open_sibling(TableView *t, int direction)
{
    Ui *ui = t->view.ui;
    View *below = ui_below(ui, &t->view);
    TableView *parent = below ? table_view_of(below) : NULL;
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

/* Which two rows: the marked ones, or the marked one and the selected one. Says what is missing and returns false. */
static bool rows_to_compare(TableView *t, RowKey *first, RowKey *second)
{
    const TableWidget *w = &t->widget;
    *first = w->marks.len ? w->marks.items[0] : NO_ROW;
    *second = w->marks.len == 2 ? w->marks.items[1] : widget_selected(w);
    if (!w->marks.len)
        ui_message(t->view.ui, false, "Nothing is marked: m marks a row, then d compares it with the selected one.");
    else if (w->marks.len > 2)
        ui_message(t->view.ui, false, "%zu rows are marked, and two can be compared: m takes a mark away, u goes to the next.",
                   w->marks.len);
    else if (*first == *second)
        ui_message(t->view.ui, false, "Only this row is marked: select or mark the one to compare it with.");
    else
        return *second != NO_ROW;
    return false;
}

void table_view_compare(TableView *t)
{
    RowKey first, second;
    Scope scope;
    if (t->id != TABLE_INVOCATIONS && t->id != TABLE_REPORTS && t->id != TABLE_HISTORY)
        ui_message(t->view.ui, false,
                   "Calls can be compared in Invocations, in the list of a call's reports and in the history of a line: m marks one, d on another.");
    else if (!rows_to_compare(t, &first, &second))
        return;
    else if (!compare_scope(table_of(t), first, second, &scope))
        ui_message(t->view.ui, false, "One of the two has no rows to compare: no report, or one that was summarised.");
    else
        open_scope(t, TABLE_COMPARE, scope);
}
