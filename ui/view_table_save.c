#include "ui/view_table_private.h"

/* Writing the rows that are shown to a file. */

/* What people call the view: "lines", "report-94cb6a58"; with nothing in it that a file's name should not have. */
static void append_name(const TableView *t, Buffer *out)
{
    Buffer label = {0};
    t->view.kind->label(&t->view, &label);
    buffer_append_span(out, span_of(table_kind(table_of(t))->name));
    if (ui_below(t->view.ui, &t->view) && label.len)
        buffer_append_byte(out, '-');
    for (size_t i = 0; ui_below(t->view.ui, &t->view) && i < label.len; i++) {
        char c = label.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '.';
        if (plain || out->data[out->len - 1] != '-')
            buffer_append_byte(out, plain ? c : '-');
    }
    buffer_free(&label);
}

void table_view_ask_file(TableView *t)
{
    Buffer name = {0};
    size_t rows = widget_length(&t->widget);
    if (!rows) {
        ui_message(t->view.ui, false, "There is no row to write.");
        return;
    }
    append_name(t, &name);
    buffer_append_span(&name, SPAN(".csv"));
    ui_message(t->view.ui, false, "Write %zu row%s to which file? Its end says the kind: .txt .csv .md .json", rows, rows == 1 ? "" : "s");
    prompt_open(t->view.ui, PROMPT_SAVE, buffer_span(&name));
    buffer_free(&name);
}

/* The columns that are on the screen. */
static size_t shown_columns(const TableView *t, size_t columns[LAYOUT_COLUMNS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < table_kind(table_of(t))->column_count; i++)
        if (t->widget.layout.columns[i].shown)
            columns[count++] = i;
    return count;
}

static void replace_file(void *ctx);

static void save(TableView *t, bool replace)
{
    Ui *ui = t->view.ui;
    size_t columns[LAYOUT_COLUMNS_MAX], count = shown_columns(t, columns);
    Buffer message = {0}, title = {0};
    VEC(RowKey) rows = {0};
    VEC(bool) marked = {0};
    bool any = false;
    for (size_t i = 0; i < widget_length(&t->widget); i++) {
        RowKey row = widget_row(&t->widget, i);
        vec_push(&rows, row);
        vec_push(&marked, widget_is_marked(&t->widget, row));
        any |= vec_last(&marked);
    }
    buffer_append_span(&title, span_of(table_kind(table_of(t))->title));
    if (ui_below(ui, &t->view)) {
        buffer_append_span(&title, SPAN(" of "));
        t->view.kind->label(&t->view, &title);
    }
    TableExtract extract = {table_of(t), buffer_text(&title), rows.items, rows.len, columns, count, any ? marked.items : NULL};
    UiSaved saved = ui_save_rows(ui, buffer_text(&t->save_name), replace, &extract, &message);
    if (saved == UI_SAVE_EXISTS)
        confirm_open(ui, buffer_text(&message), replace_file, t);
    else
        ui_message(ui, saved == UI_SAVE_FAILED, "%s", buffer_text(&message));
    vec_free(&rows);
    vec_free(&marked);
    buffer_free(&title);
    buffer_free(&message);
}

static void replace_file(void *ctx)
{
    save(ctx, true);
}

bool table_view_save(View *view, Span name)
{
    TableView *t = table_view_of(view);
    if (!t)
        return false;
    buffer_clear(&t->save_name);
    buffer_append_span(&t->save_name, name);
    save(t, false);
    return true;
}
