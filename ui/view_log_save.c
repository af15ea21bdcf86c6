#include "ui/view_log_private.h"

#include "base/size.h"
#include "ui/log_copy.h"

/* Writing the lines that are shown to a file, as they stand in the log. */

static bool has_lines(const LogView *v)
{
    return v->there && v->lines.extent.end > v->lines.extent.first &&
           !(v->lines.shown && v->filter.done && !v->filter.shown.begins.len);
}

/* No name of a log's own: it would be taken for the log, and might replace it. */
void log_view_ask_file(LogView *v)
{
    Ui *ui = v->view.ui;
    Buffer size = {0};
    if (ui_is_saving(ui))
        return;
    if (!has_lines(v)) {
        ui_message(ui, false, "There is no line to write.");
        return;
    }
    size_append(&size, v->lines.extent.end - v->lines.extent.first);
    if (log_filter_is_on(&v->filter))
        ui_message(ui, false, "Write the lines that pass the filter to which file? They are written as they are.");
    else
        ui_message(ui, false, "Write all %s of the log to which file? They are written as they are.", buffer_text(&size));
    prompt_open(ui, PROMPT_SAVE, log_filter_is_on(&v->filter) ? SPAN("filtered.txt") : SPAN("log.txt"));
    buffer_free(&size);
}

static Portions lines_of(const LogView *v)
{
    const LogFilter *f = &v->filter;
    return log_copy(&v->lines, log_filter_is_on(f) ? pattern_new(pattern_text(f->pattern), NULL) : NULL, f->negated);
}

static void replace_file(void *ctx);

static void save(LogView *v, bool replace)
{
    Ui *ui = v->view.ui;
    const UiHost *host = ui_host(ui);
    Buffer message = {0};
    UiSaved saved = UI_SAVE_FAILED;
    if (host->save_log)
        saved = host->save_log(host->ctx, buffer_text(&v->save_name), replace, lines_of(v), &message);
    else
        buffer_append_span(&message, SPAN("Nothing can be written here."));
    ui_saved(ui, saved, &message, replace_file, v);
    buffer_free(&message);
}

static void replace_file(void *ctx)
{
    save(ctx, true);
}

bool log_view_save(View *view, Span name)
{
    LogView *v = log_view_of(view);
    if (!v)
        return false;
    if (!has_lines(v)) {
        ui_message(view->ui, false, "There is no line to write.");
        return true;
    }
    buffer_clear(&v->save_name);
    buffer_append_span(&v->save_name, name);
    save(v, false);
    return true;
}
