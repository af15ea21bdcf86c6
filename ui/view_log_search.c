#include "ui/view_log_private.h"

#include <inttypes.h>

#include "base/clock.h"
#include "ui/draw.h"

/* Searching the raw log, and what else takes long: it goes on in slices between keys. */

/* What takes long. */

static void show_hit(LogView *v)
{
    log_cursor_select(&v->cursor, &v->lines, v->search.hit, true);
    v->picture.reveal = true;
}

static void end_search(LogView *v, LogSlice slice)
{
    Ui *ui = v->view.ui;
    v->found = slice;
    Span text = pattern_text(v->pattern);
    if (slice == SLICE_NOTHING)
        ui_message(ui, true, v->previewing ? "No line matches so far." : "No line matches \"%.*s\".", SPAN_ARG(text));
    else
        show_hit(v);
    if (slice == SLICE_FOUND && v->search.wrapped && !v->previewing)
        ui_say_wrapped(ui, v->search.forward);
}

static void end_count(LogView *v, LogSlice slice, uint64_t begin)
{
    if (slice == SLICE_FOUND) {
        log_cursor_select(&v->cursor, &v->lines, begin, true);
        return;
    }
    log_cursor_select(&v->cursor, &v->lines, log_line_last(&v->lines), false);
    ui_message(v->view.ui, false, "There are fewer lines: this is the last one.");
}

/* Goes on with what takes long until that time; false when it has ended. */
static bool work_until(LogView *v, int64_t until)
{
    uint64_t begin = 0;
    LogSlice slice = v->job == JOB_SEARCH ? log_search_slice(&v->search, &v->lines, until)
                                          : log_index_find(&v->index, &v->lines, v->number, &begin, until);
    if (slice == SLICE_GOES_ON)
        return true;
    Job job = v->job;
    v->job = JOB_NONE;
    if (job == JOB_SEARCH)
        end_search(v, slice);
    else
        end_count(v, slice, begin);
    return false;
}

void log_view_work(LogView *v)
{
    while (v->job != JOB_NONE)
        if (work_until(v, clock_ns() + SLICE_NS) && ui_postpone(v->view.ui, 1))
            return;
}

bool log_view_has_searched(const LogView *v)
{
    return v->pattern && !v->previewing && v->job == JOB_NONE && v->found != SLICE_GOES_ON;
}

void log_view_count_hits(LogView *v)
{
    bool later = v->answering && ui_postpone(v->view.ui, 1);
    v->answering = false;
    if (!log_view_has_searched(v) || later)
        return;
    uint64_t limit = v->lines.shown ? v->filter.at : v->lines.extent.end;
    log_hits_hold(&v->hits, &v->lines, v->pattern);
    while (log_hits_slice(&v->hits, &v->lines, v->pattern, limit, clock_ns() + SLICE_NS / 2) && !ui_postpone(v->view.ui, 1))
        continue;
}

/* A search goes on when it is asked for once more, turns when it is asked for the other way, and ends with any other key. */
bool log_view_key(View *view, Key pressed)
{
    LogView *v = (LogView *)view;
    if (v->job == JOB_NONE)
        return false;
    log_view_refresh(v);
    if (!work_until(v, clock_ns() + BRIEF_NS)) /* it was asked for just before: keys may come faster than frames */
        return false;
    ActionId action = keymap_find(ui_keymap(view->ui), false, pressed);
    bool searches = action == ACTION_SEARCH_NEXT || action == ACTION_SEARCH_PREVIOUS;
    if (v->job == JOB_SEARCH && searches && v->search.forward == (action == ACTION_SEARCH_NEXT))
        return true;
    v->job = JOB_NONE;
    if (!searches)
        ui_message(view->ui, false, "Stopped.");
    return action == ACTION_CANCEL;
}

/* Searching. */

static void start_search(LogView *v, bool forward, bool here)
{
    v->follow = false;
    v->found = SLICE_GOES_ON;
    log_search_begin(&v->search, &v->lines, v->pattern, v->cursor.at, forward, here);
    v->job = JOB_SEARCH;
}

/* What is accepted was searched for while it was typed: that stands, or goes on. */
static bool accept_search(LogView *v, Pattern *pattern)
{
    if (!v->previewing || !pattern || !v->pattern || !span_eq(pattern_text(pattern), pattern_text(v->pattern)))
        return false;
    pattern_free(pattern);
    v->previewing = false;
    if (v->job == JOB_NONE)
        end_search(v, v->found);
    return true;
}

void log_view_search(View *view, Pattern *pattern, bool final)
{
    LogView *v = (LogView *)view;
    log_view_refresh(v);
    if (final && accept_search(v, pattern))
        return;
    v->job = JOB_NONE;
    if (v->previewing) {
        v->cursor.at = v->from;
        v->cursor.top = v->from_top;
    } else {
        v->from = v->cursor.at;
        v->from_top = v->cursor.top;
    }
    v->previewing = !final;
    pattern_free(v->pattern);
    v->pattern = pattern;
    v->picture.pattern = pattern;
    log_hits_restart(&v->hits);
    log_heights_forget(&v->picture.heights); /* lines with a hit may be shown in full */
    if (pattern)
        start_search(v, true, true);
}

void log_view_search_again(LogView *v, bool forward)
{
    bool new = !v->pattern;
    if (new && (!ui_search_last(v->view.ui) || forward || !v->pattern))
        return;
    start_search(v, forward, false);
}

bool log_view_cancel(View *view)
{
    LogView *v = (LogView *)view;
    if (!v->pattern)
        return log_view_drop_filter(v);
    pattern_free(v->pattern);
    v->picture.pattern = v->pattern = NULL;
    v->job = JOB_NONE;
    log_heights_forget(&v->picture.heights);
    return true;
}

/* "/text: 3 of 17+": the sign stands there as long as they are counted. */
void log_view_say_hits(LogView *v, Status *status)
{
    Span text = pattern_text(v->pattern);
    uint64_t count = log_hits_count(&v->hits), position = log_hits_position(&v->hits, &v->lines, v->pattern, v->cursor.at);
    const char *more = v->hits.done ? "" : "+";
    if (position)
        status_add(status, ROLE_STATUS_NOTE, "/%.*s: %" PRIu64 " of %" PRIu64 "%s", SPAN_ARG(text), position, count, more);
    else
        status_add(status, ROLE_STATUS_NOTE, "/%.*s: %" PRIu64 "%s hit%s", SPAN_ARG(text), count, more, count == 1 ? "" : "s");
}
