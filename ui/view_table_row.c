#include "ui/view_table_private.h"

#include "ui/clipboard.h"
#include "ui/terminal.h"
#include "ui/view_empty.h"

/* What is done with one row of a table: copying, marking, explaining, comparing. */

/* Copying. */

/* Without a report that is the code which it takes. */
static void copy_code(TableView *t)
{
    Buffer text = {0};
    empty_code(&text);
    if (terminal_copy(buffer_span(&text)))
        ui_message(t->view.ui, false, "The code for both models was sent to the terminal's clipboard.");
    buffer_free(&text);
}

static void copy_row(TableView *t)
{
    Buffer text = {0};
    if (table_view_explains_itself(t)) {
        copy_code(t);
        return;
    }
    row_text(table_of(t), widget_selected(&t->widget), SPAN("\t"), &text, NULL);
    clipboard_copy(t->view.ui, &text, "The row was");
    buffer_free(&text);
}

static void menu_chose_cell(void *ctx, size_t column)
{
    TableView *t = ctx;
    Buffer text = {0};
    Cell cell = table_cell(table_of(t), widget_selected(&t->widget), column);
    cell_text(&cell, &text);
    clipboard_copy(t->view.ui, &text, column_at(t, column)->title);
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

/* Marking. */

static void toggle_mark(TableView *t)
{
    widget_toggle_mark(&t->widget, widget_selected(&t->widget));
    widget_move(&t->widget, 1);
}

static void go_to_mark(TableView *t, int direction)
{
    size_t index = widget_marked_row(&t->widget, direction);
    if (index == SIZE_MAX) {
        ui_message(t->view.ui, false, "No row is marked: m marks one.");
        return;
    }
    ui_say_marks(t->view.ui, direction > 0, t->widget.index, index);
    widget_select(&t->widget, index, true);
}

/* Of those that need a row. */
static bool lacks_row(TableView *t, ActionId action)
{
    bool needed = action == ACTION_OPEN || action == ACTION_MARK || action == ACTION_COPY_CELL ||
                  (action == ACTION_COPY_ROW && !table_view_explains_itself(t));
    if (!needed || widget_selected(&t->widget) != NO_ROW)
        return false;
    ui_message(t->view.ui, false, "There is no row.");
    return true;
}

bool table_view_act_row(TableView *t, ActionId action)
{
    if (lacks_row(t, action))
        return true;
    switch (action) {
    case ACTION_OPEN:
        table_view_open(t);
        return true;
    case ACTION_SIBLING_PREVIOUS:
        table_view_open_sibling(t, -1);
        return true;
    case ACTION_SIBLING_NEXT:
        table_view_open_sibling(t, 1);
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
        table_view_show_in_log(t);
        return true;
    case ACTION_EDIT:
        table_view_edit(t);
        return true;
    case ACTION_EXPLAIN:
        ui_push(t->view.ui, explain_view_new(t->view.ui, table_of(t), widget_selected(&t->widget)));
        return true;
    case ACTION_COMPARE:
        table_view_compare(t);
        return true;
    case ACTION_EXPORT:
        table_view_ask_file(t);
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
