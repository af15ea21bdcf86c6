#include "ui/view_table_private.h"

#include "ui/log_view.h"

/* The source file and the raw log, for the rows of a table. */

/* A file that differs in most rows is another one: what stands between them would mean nothing. */
void table_view_read_source(TableView *t)
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

void table_view_show_in_log(TableView *t)
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

void table_view_edit(TableView *t)
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
