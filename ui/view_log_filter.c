#include "ui/view_log_private.h"

#include <stdlib.h>

#include "base/clock.h"
#include "ui/draw.h"

/* The filter of the raw log: as it is typed, set and dropped, and what is said about it. */

void log_view_go_on_filtering(LogView *v)
{
    LogFilter *f = &v->filter;
    if (!log_filter_is_on(f)) {
        v->anchored = false;
        return;
    }
    while (log_filter_slice(f, &v->lines, clock_ns() + SLICE_NS / 2) && !ui_postpone(v->view.ui, 1))
        continue;
    if (v->anchored) {
        v->cursor.at = v->anchor;
        v->cursor.top = v->anchor_top;
        v->anchored = !f->done && f->at <= v->anchor;
    }
    log_cursor_hold(&v->cursor, &v->lines);
    if (v->follow && !ui_is_paused(v->view.ui))
        v->cursor.at = log_line_last(&v->lines);
    log_cursor_scroll(&v->cursor, &v->lines, false);
}

/* Goes to where the lines are again that are shown. */
static void filter_changed(LogView *v, uint64_t at, uint64_t top)
{
    v->job = JOB_NONE;
    log_hits_restart(&v->hits);
    v->cursor.at = v->anchor = at;
    v->cursor.top = v->anchor_top = top;
    v->anchored = true;
}

static bool set_filter(LogView *v, Span text, char **error)
{
    bool negated = span_take(&text, SPAN("!"));
    Pattern *pattern = text.len ? pattern_new(text, error) : NULL;
    if (text.len && !pattern)
        return false;
    log_filter_set(&v->filter, pattern, negated);
    return true;
}

bool log_view_restore_filter(View *view)
{
    LogView *v = log_view_of(view);
    if (!v)
        return false;
    if (v->before.held) {
        log_filter_set(&v->filter, v->before.pattern, v->before.negated);
        v->filter.off = v->before.off;
        filter_changed(v, v->before.at, v->before.top);
    }
    v->before = (struct HeldLogFilter){0};
    return true;
}

bool log_view_preview_filter(View *view, Span text)
{
    LogView *v = log_view_of(view);
    char *error = NULL;
    if (!v)
        return false;
    if (!v->before.held) {
        v->before = (struct HeldLogFilter){true, v->filter.pattern, v->filter.negated, v->filter.off, v->cursor.at, v->cursor.top};
        v->filter.pattern = NULL;
    }
    if (set_filter(v, text, &error))
        filter_changed(v, v->before.at, v->before.top);
    free(error);
    return true;
}

bool log_view_filter(View *view, Span text, char **error)
{
    LogView *v = log_view_of(view);
    if (!v)
        return false;
    uint64_t at = v->before.held ? v->before.at : v->cursor.at, top = v->before.held ? v->before.top : v->cursor.top;
    if (!set_filter(v, text, error)) {
        log_view_restore_filter(view);
        return false;
    }
    filter_changed(v, at, top);
    pattern_free(v->before.pattern);
    v->before = (struct HeldLogFilter){0};
    return true;
}

void log_view_open_filter(LogView *v)
{
    Buffer text = {0};
    if (v->filter.pattern) {
        buffer_append_span(&text, v->filter.negated ? SPAN("!") : SPAN(""));
        buffer_append_span(&text, pattern_text(v->filter.pattern));
    }
    prompt_open(v->view.ui, PROMPT_FILTER, buffer_span(&text));
    buffer_free(&text);
}

/* The lines around the selected one, among those that are shown now. */
static void show_around(LogView *v)
{
    v->lines.shown = log_filter_is_on(&v->filter) ? &v->filter.shown : NULL;
    log_hits_restart(&v->hits);
    log_cursor_hold(&v->cursor, &v->lines);
    log_cursor_centre(&v->cursor, &v->lines);
}

void log_view_toggle_filter(LogView *v)
{
    if (!v->filter.pattern) {
        ui_message(v->view.ui, false, "There is no filter: \\ sets one.");
        return;
    }
    v->filter.off = !v->filter.off;
    show_around(v);
}

bool log_view_drop_filter(LogView *v)
{
    if (!v->filter.pattern)
        return false;
    log_filter_set(&v->filter, NULL, false);
    show_around(v);
    return true;
}

void log_view_draw_nothing(const LogView *v, Area area)
{
    draw_format(area.row + 2, 2, area.columns - 4, ROLE_NOTE, EMPHASIS_NONE, "%s",
                v->filter.done ? "No line passes the filter. Esc drops it." : "Looking at all lines...");
}

void log_view_say_filter(const LogView *v, Status *status)
{
    const LogFilter *f = &v->filter;
    if (!f->pattern)
        return;
    status_add(status, ROLE_STATUS_NOTE, "filter %s%.*s%s", f->negated ? "!" : "", SPAN_ARG(pattern_text(f->pattern)),
               f->off ? " (off)" : "");
    if (f->off)
        return;
    if (f->shown.begins.len >= LOG_FILTER_LINES_MAX)
        status_add(status, ROLE_STATUS_BAD, "only the first %d lines of it", (int)LOG_FILTER_LINES_MAX);
    else if (!f->done)
        status_add(status, ROLE_STATUS_NOTE, "filtering %d %%", log_filter_percent(f, &v->lines));
    else
        status_add(status, ROLE_STATUS, "%zu line%s", f->shown.begins.len, f->shown.begins.len == 1 ? "" : "s");
}
