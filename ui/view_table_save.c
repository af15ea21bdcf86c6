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
    if (ui_is_saving(t->view.ui))
        return;
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

static TableExtract extract_of(const TableView *t)
{
    TableExtract extract = widget_extract(&t->widget);
    buffer_append_span(&extract.title, span_of(table_kind(table_of(t))->title));
    if (ui_below(t->view.ui, &t->view)) {
        buffer_append_span(&extract.title, SPAN(" of "));
        t->view.kind->label(&t->view, &extract.title);
    }
    return extract;
}

static void replace_file(void *ctx);

static void save(TableView *t, bool replace)
{
    Ui *ui = t->view.ui;
    const UiHost *host = ui_host(ui);
    Buffer message = {0};
    UiSaved saved = UI_SAVE_FAILED;
    if (host->save)
        saved = host->save(host->ctx, buffer_text(&t->save_name), replace, extract_of(t), &message);
    else
        buffer_append_span(&message, SPAN("Nothing can be written here."));
    ui_saved(ui, saved, &message, replace_file, t);
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
