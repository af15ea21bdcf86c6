#include "ui/view_table_private.h"

/* Where rows of a table lead to. */

static void open_scope(TableView *t, TableId id, Scope scope)
{
    View *view = table_view_new(t->view.ui, id, scope);
    if (t->id == TABLE_HISTORY && id == TABLE_REPORT)
        ((TableView *)view)->first_line = t->scope.line;
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
