#include "ui/view_table_private.h"

#include <stdlib.h>

/* What of a table is shown and found: search, filter, follow, hiding. */

/* Searching. */

static void go_to_hit(TableView *t, size_t from, bool forward, bool here)
{
    bool wrapped;
    size_t hit = widget_hit(&t->widget, from, forward, here, &wrapped);
    if (t->widget.jumping) {
        t->jump_forward = forward;
        t->jump_here = here;
        ui_message(t->view.ui, false, "Searching...");
        ui_postpone(t->view.ui, 1);
        return;
    }
    if (hit == SIZE_MAX) {
        ui_message(t->view.ui, true, "No row matches \"%.*s\".", SPAN_ARG(pattern_text(t->widget.search)));
        return;
    }
    widget_select(&t->widget, hit, true);
    if (wrapped)
        ui_say_wrapped(t->view.ui, forward);
}

void table_view_go_on_searching(TableView *t)
{
    ui_message(t->view.ui, false, "%s", ""); /* no longer */
    go_to_hit(t, t->widget.index, t->jump_forward, t->jump_here);
}

static void search_restore(TableView *t)
{
    if (!t->previewing)
        return;
    widget_select_row(&t->widget, t->search_from);
    t->widget.top = t->search_from_top;
}

static void preview_hit(TableView *t)
{
    size_t hit = widget_hit_nearby(&t->widget, t->widget.index);
    if (hit != SIZE_MAX)
        widget_select(&t->widget, hit, true);
    else
        ui_message(t->view.ui, false, "No row matches so far.");
}

void table_view_search(View *view, Pattern *pattern, bool final)
{
    TableView *t = (TableView *)view;
    if (!t->previewing) {
        t->search_from = widget_selected(&t->widget);
        t->search_from_top = t->widget.top;
    }
    search_restore(t);
    t->previewing = !final;
    t->follow = t->follow && !pattern;
    widget_set_search(&t->widget, pattern);
    if (pattern && final)
        go_to_hit(t, t->widget.index, true, true);
    else if (pattern)
        preview_hit(t);
}

static void search_again(TableView *t, bool forward)
{
    bool new = !t->widget.search;
    if (new && (!ui_search_last(t->view.ui) || forward || !t->widget.search))
        return;
    go_to_hit(t, t->widget.index, forward, false);
}

/* Filtering. */

static bool set_filter(TableView *t, Span text, char **error)
{
    bool negated = span_take(&text, SPAN("!"));
    Pattern *pattern = text.len ? pattern_new(text, error) : NULL;
    if (text.len && !pattern)
        return false;
    widget_set_filter(&t->widget, pattern, negated);
    return true;
}

bool table_view_filter(View *view, Span text, char **error)
{
    TableView *t = table_view_of(view);
    if (!t || !set_filter(t, text, error)) {
        table_view_restore_filter(view);
        return false;
    }
    pattern_free(t->before.filter);
    t->before = (struct HeldFilter){0};
    return true;
}

void table_view_preview_filter(View *view, Span text)
{
    TableView *t = table_view_of(view);
    char *error = NULL;
    if (!t)
        return;
    TableWidget *w = &t->widget;
    if (!t->before.held) {
        t->before = (struct HeldFilter){true, w->filter, w->filter_negated, w->filter_off, w->index, w->top};
        w->filter = NULL;
    }
    set_filter(t, text, &error);
    free(error);
}

void table_view_restore_filter(View *view)
{
    TableView *t = table_view_of(view);
    if (!t || !t->before.held)
        return;
    widget_set_filter(&t->widget, t->before.filter, t->before.negated);
    t->widget.filter_off = t->before.off;
    t->widget.index = t->before.index;
    t->widget.top = t->before.top;
    t->before = (struct HeldFilter){0};
}

static void open_filter(TableView *t)
{
    Buffer text = {0};
    if (t->widget.filter) {
        buffer_append_span(&text, t->widget.filter_negated ? SPAN("!") : SPAN(""));
        buffer_append_span(&text, pattern_text(t->widget.filter));
    }
    prompt_open(t->view.ui, PROMPT_FILTER, buffer_span(&text));
    buffer_free(&text);
}

static void toggle_filter(TableView *t)
{
    if (!t->widget.filter) {
        ui_message(t->view.ui, false, "There is no filter: \\ sets one.");
        return;
    }
    t->widget.filter_off = !t->widget.filter_off;
    t->widget.stale = true;
}

bool table_view_cancel(View *view)
{
    TableView *t = (TableView *)view;
    if (t->widget.search)
        widget_set_search(&t->widget, NULL);
    else if (t->widget.filter)
        widget_set_filter(&t->widget, NULL, false);
    else
        return false;
    return true;
}

/* Following and hiding. */

static void toggle_follow(TableView *t)
{
    t->follow = !t->follow;
    if (t->follow)
        table_view_select_newest(t);
    ui_message(t->view.ui, false, t->follow ? "Follows the newest report." : "Stays where it is.");
}

static void toggle_hide_zero(TableView *t)
{
    if (t->id != TABLE_REPORT) {
        ui_message(t->view.ui, false, "Rows without increment are hidden in a report: open one.");
        return;
    }
    Settings *settings = ui_settings(t->view.ui);
    settings->hide_zero = !settings->hide_zero;
    ui_settings_changed(t->view.ui);
}

bool table_view_act_find(TableView *t, ActionId action)
{
    switch (action) {
    case ACTION_SEARCH_NEXT:
        search_again(t, true);
        return true;
    case ACTION_SEARCH_PREVIOUS:
        search_again(t, false);
        return true;
    case ACTION_FILTER:
        open_filter(t);
        return true;
    case ACTION_FILTER_TOGGLE:
        toggle_filter(t);
        return true;
    case ACTION_HIDE_ZERO:
        toggle_hide_zero(t);
        return true;
    case ACTION_FOLLOW:
        toggle_follow(t);
        return true;
    default:
        return false;
    }
}
