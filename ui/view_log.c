#include "ui/view_log_private.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "model/report.h"
#include "ui/draw.h"
#include "ui/log_row.h"
#include "ui/log_time.h"
#include "ui/table_view.h"
#include "ui/terminal.h"

/* The raw log of one source: lines as they are, marked, searched, and the way from a line to its report. */

static const ViewKind log_view_kind;

LogView *log_view_of(View *view)
{
    return view->kind == &log_view_kind ? (LogView *)view : NULL;
}

static const Model *model_of(const LogView *v)
{
    return ui_model(v->view.ui);
}

static bool has_short_fronts(const LogView *v)
{
    int fronts = ui_settings(v->view.ui)->log_fronts;
    return fronts == LOG_FRONTS_SHORT || (fronts == LOG_FRONTS_AUTO && v->view.area.columns < FULL_COLUMNS);
}

/* What lines look like decides how many rows they take, and so what is on the screen. */
static void prepare_picture(LogView *v)
{
    LogPicture *p = &v->picture;
    p->pattern = v->pattern;
    p->filter = log_filter_is_on(&v->filter) && !v->filter.negated ? v->filter.pattern : NULL;
    p->marks = &v->marks;
    p->brief = has_short_fronts(v);
    p->bare = v->view.area.columns < NARROW_COLUMNS;
    p->wrap = ui_settings(v->view.ui)->log_wrap;
    p->model = model_of(v);
    log_picture_fold(p, &v->lines, v->cursor.rows, v->view.area.columns);
    v->cursor.height = p->wrap ? log_picture_height : NULL;
    v->cursor.ctx = p;
}

void log_view_refresh(LogView *v)
{
    Ui *ui = v->view.ui;
    v->lines.host = ui_host(ui);
    v->there = log_lines_refresh(&v->lines, ui_is_paused(ui));
    prepare_picture(v);
    log_filter_hold(&v->filter, &v->lines);
    v->lines.shown = log_filter_is_on(&v->filter) ? &v->filter.shown : NULL;
    log_cursor_hold(&v->cursor, &v->lines);
    log_marks_hold(&v->marks, v->lines.extent.first);
    if (v->follow && !ui_is_paused(ui))
        v->cursor.at = log_line_last(&v->lines);
    log_cursor_scroll(&v->cursor, &v->lines, false);
}

/* The selected line. */

/* The selected line and its record; false where there is none. */
static bool ask_selected(LogView *v, LogLine *record, UiLineKind *kind)
{
    log_looks_ask(&v->asked, &v->lines, v->cursor.at, 1);
    if (!log_looks_count(&v->asked))
        return false;
    const UiLogLine *line = log_looks_line(&v->asked, 0);
    *kind = line->kind;
    *record = (LogLine){.begin = line->record, .end = line->record_end, .next = line->record_end, .text = line->text};
    if (line->record < line->begin || line->record_end > line->end)
        record->text = log_bytes(&v->lines, line->record, (size_t)(line->record_end - line->record));
    return true;
}

/* The report that it belongs to, or NO_ID. */
static Id selected_report(LogView *v)
{
    struct SelectedReport *r = &v->report;
    const Model *m = model_of(v);
    LogLine line;
    UiLineKind kind;
    uint32_t row;
    if (r->known && r->at == v->cursor.at && r->source == v->lines.source && r->closed == m->closed.len)
        return r->id;
    *r = (struct SelectedReport){v->cursor.at, m->closed.len, v->lines.source, NO_ID, true};
    if (ask_selected(v, &line, &kind) && kind == UI_LINE_PROFILER)
        r->id = log_report_at(&v->places, m, v->lines.source, line.begin, line.end, line.text, &row);
    return r->id;
}

/* Drawing. */

static void draw(View *view, Area area)
{
    LogView *v = (LogView *)view;
    v->cursor.rows = area.rows;
    log_view_refresh(v);
    if (!v->there) {
        draw_text(area.row + 2, 2, area.columns - 4, SPAN("Nothing was read yet."), 0, ROLE_NOTE, EMPHASIS_NONE);
        return;
    }
    log_view_go_on_filtering(v);
    log_view_work(v);
    log_view_count_hits(v);
    if (v->lines.shown && !v->filter.shown.begins.len)
        log_view_draw_nothing(v, area);
    v->picture.report = selected_report(v);
    log_picture_draw(&v->picture, &v->lines, &v->cursor, area);
}

/* Where lines lead to. */

static void open_invocation(LogView *v, Id invocation)
{
    const Model *m = model_of(v);
    const Invocation *call = &m->invocations.items[invocation];
    Scope scope = SCOPE_ALL;
    scope.invocation = invocation;
    uint32_t reports = invocation_reports(m, call);
    if (reports > 1)
        ui_push(v->view.ui, table_view_new(v->view.ui, TABLE_REPORTS, scope));
    else if (reports && m->reports.items[call->first_report].closed)
        ui_push(v->view.ui, table_view_report(v->view.ui, call->first_report, NO_ID));
    else
        ui_message(v->view.ui, false, "This invocation has no report.");
}

static void open_report(LogView *v)
{
    Ui *ui = v->view.ui;
    const Model *m = model_of(v);
    LogLine line;
    UiLineKind kind;
    uint32_t row;
    if (!ask_selected(v, &line, &kind))
        return;
    bool edge = kind == UI_LINE_BEGIN || kind == UI_LINE_END;
    Id invocation = edge ? log_invocation_at(m, v->lines.source, line.text) : NO_ID;
    if (invocation != NO_ID) {
        open_invocation(v, invocation);
        return;
    }
    Id report = log_report_at(&v->places, m, v->lines.source, line.begin, line.end, line.text, &row);
    if (report != NO_ID)
        ui_push(ui, table_view_report(ui, report, row));
    else if (line.begin >= m->sources.items[v->lines.source].bytes)
        ui_message(ui, false, "This line is not read yet.");
    else
        ui_message(ui, false, "This line belongs to no report that is complete.");
}

static bool show_source(LogView *v, Id source)
{
    if (source >= model_of(v)->sources.len)
        return false;
    if (source == v->lines.source)
        return true;
    v->lines.source = source;
    v->lines.extent = (UiLogExtent){0};
    v->index.before.len = 0;
    v->marks.lines.len = 0;
    log_filter_set(&v->filter, NULL, false);
    log_hits_restart(&v->hits);
    log_heights_forget(&v->picture.heights);
    v->lines.shown = NULL;
    v->cursor.at = v->cursor.top = 0;
    v->picture.skip = 0;
    v->job = JOB_NONE;
    return true;
}

static void show_other(LogView *v, int direction)
{
    Id source = v->lines.source;
    bool last = direction > 0 ? !show_source(v, source + 1) : source == 0 || !show_source(v, source - 1);
    if (last)
        ui_message(v->view.ui, false, direction > 0 ? "This is the last log." : "This is the first log.");
}

/* The first line of the next report, or of the one before. */
static void show_sibling(LogView *v, int direction)
{
    const Model *m = model_of(v);
    LogLine line;
    UiLineKind kind;
    uint64_t from = ask_selected(v, &line, &kind) && direction > 0 ? line.end - 1 : v->cursor.at;
    Id found = log_report_next(&v->places, m, v->lines.source, from, direction);
    if (found == NO_ID) {
        bool more = m->sources.items[v->lines.source].bytes < v->lines.extent.end;
        ui_message(v->view.ui, false, "There is no report %s this line%s%s.", direction > 0 ? "behind" : "before",
                   m->sources.len > 1 ? " in this log" : "", more ? " so far" : "");
        return;
    }
    LogPlace place;
    Scope scope = SCOPE_ALL;
    scope.report = found;
    log_place_of(m, scope, &place);
    v->follow = false;
    log_cursor_head(&v->cursor, &v->lines, log_line_begin(&v->lines, place.begin));
}

/* The line of the row between the two ends of its report. */
static uint64_t line_of_row(LogView *v, const LogPlace *place)
{
    const Model *m = model_of(v);
    uint64_t begin = log_line_begin(&v->lines, place->begin), end = begin + PLACE_BYTES;
    if (place->row == NO_ID)
        return begin;
    uint64_t at = begin;
    for (LogLine line; at <= place->last && at < end && log_line_at(&v->lines, at, &line); at = line.next)
        if (log_line_shows(m, &m->reports.items[place->report], place->row, line.text))
            return at;
    return begin;
}

bool log_view_show(View *view, const LogPlace *place)
{
    LogView *v = log_view_of(view);
    if (!v || !show_source(v, place->source))
        return false;
    log_view_refresh(v);
    if (!v->there)
        return false;
    v->follow = false;
    log_cursor_select(&v->cursor, &v->lines, line_of_row(v, place), true);
    if (place->begin < v->lines.extent.first)
        ui_message(view->ui, true, "That part of the log is not kept any more.");
    return true;
}

bool log_view_goto(View *view, Span text)
{
    LogView *v = log_view_of(view);
    uint64_t number;
    bool share = span_ends(text, SPAN("%"));
    if (!v || !span_to_uint(span_to(text, text.len - share), &number))
        return false;
    log_view_refresh(v);
    v->follow = false;
    UiLogExtent extent = v->lines.extent;
    if (share) {
        double part = number < 100 ? (double)number / 100 : 1;
        uint64_t at = extent.first + (uint64_t)((double)(extent.end - extent.first) * part);
        log_cursor_select(&v->cursor, &v->lines, log_line_begin(&v->lines, at), true);
    } else if (extent.first) {
        ui_message(view->ui, true, "Line numbers are not known: earlier lines are not kept.");
    } else {
        v->number = number;
        v->job = JOB_LINE;
    }
    return true;
}

/* Of a log in no order: where the earliest call or report stands that is not before the time. */
static bool place_in_disorder(const LogView *v, int64_t ns, uint64_t *begin)
{
    const Model *m = model_of(v);
    int64_t best = INT64_MAX;
    for (size_t i = 0; i < m->invocations.len; i++) {
        const Invocation *call = &m->invocations.items[i];
        int64_t started = invocation_started(m, call).ns;
        uint64_t offset = invocation_number(m, call, INVOCATION_OFFSET);
        if (started < ns || started >= best || offset == NUMBER_NONE ||
            m->processes.items[invocation_process(m, call)].source != v->lines.source)
            continue;
        best = started;
        *begin = offset;
    }
    for (size_t i = 0; i < m->reports.len; i++) {
        const Report *r = &m->reports.items[i];
        int64_t time = report_time(m, r).ns;
        if (time < ns || time >= best || m->processes.items[report_process(m, r)].source != v->lines.source)
            continue;
        best = time;
        *begin = report_number(m, r, REPORT_OFFSET);
    }
    return best != INT64_MAX;
}

static bool find_time(LogView *v, const LogTimes *times, int64_t ns, uint64_t *begin)
{
    bool found;
    if (times->order != LOG_UNORDERED) {
        found = log_time_find(&v->lines, times->order, ns, begin);
    } else {
        found = place_in_disorder(v, ns, begin);
        if (found)
            ui_message(v->view.ui, false, "The lines are in no order: this is the first call or report from then on.");
    }
    if (!found && times->order == LOG_ASCENDING)
        ui_message(v->view.ui, false, "All lines are earlier: this is the last one.");
    else if (!found)
        ui_message(v->view.ui, false, "All lines are earlier.");
    else if (ns < times->first)
        ui_message(v->view.ui, false, "No line is earlier: this is the first from then on.");
    return found || times->order == LOG_ASCENDING;
}

bool log_view_goto_time(View *view, const When *when)
{
    LogView *v = log_view_of(view);
    LogLine line;
    uint64_t begin;
    if (!v)
        return false;
    log_view_refresh(v);
    LogTimes times = log_times_see(&v->lines);
    int64_t here = log_time_at(&v->lines, v->cursor.at), ns = MOMENT_UNKNOWN;
    if (times.order != LOG_TIMELESS)
        ns = when_resolve(when, times.first, times.last, here != MOMENT_UNKNOWN ? here : times.first, model_of(v)->newest);
    if (ns == MOMENT_UNKNOWN) {
        ui_message(view->ui, true, "The lines of this log have no times.");
    } else if (find_time(v, &times, ns, &begin)) {
        v->follow = v->anchored = false;
        v->job = JOB_NONE;
        begin = log_raw_line_begin(&v->lines, begin);
        log_cursor_select(&v->cursor, &v->lines, log_line_at(&v->lines, begin, &line) ? line.begin : log_line_last(&v->lines),
                          true);
    }
    return true;
}

/* Actions. */

static bool act_move(LogView *v, ActionId action)
{
    int rows = v->cursor.rows > 1 ? v->cursor.rows - 1 : 1;
    switch (action) {
    case ACTION_MOVE_DOWN:
        log_cursor_move(&v->cursor, &v->lines, 1);
        break;
    case ACTION_MOVE_UP:
        log_cursor_move(&v->cursor, &v->lines, -1);
        break;
    case ACTION_PAGE_DOWN:
        log_cursor_page(&v->cursor, &v->lines, rows);
        break;
    case ACTION_PAGE_UP:
        log_cursor_page(&v->cursor, &v->lines, -rows);
        break;
    case ACTION_HALF_DOWN:
        log_cursor_page(&v->cursor, &v->lines, rows / 2 + 1);
        break;
    case ACTION_HALF_UP:
        log_cursor_page(&v->cursor, &v->lines, -(rows / 2 + 1));
        break;
    case ACTION_FIRST:
        log_cursor_select(&v->cursor, &v->lines, v->lines.extent.first, false);
        break;
    case ACTION_LAST:
        log_cursor_select(&v->cursor, &v->lines, log_line_last(&v->lines), false);
        break;
    default:
        return false;
    }
    v->follow = v->anchored = false;
    return true;
}

/* Where the text is to begin: the end of the selected line comes first, then that of the widest. */
static size_t skip_to_end(LogView *v, size_t columns, size_t most)
{
    size_t width = log_picture_width(&v->picture, &v->lines, &v->cursor), end = width > columns ? width - columns : 0;
    return end > v->picture.skip ? end : most;
}

static bool act_sideways(LogView *v, ActionId action)
{
    size_t columns = v->view.area.columns > LOG_GUTTER ? (size_t)(v->view.area.columns - LOG_GUTTER) : 1;
    size_t step = columns / 2 + 1, skip = v->picture.skip, widest, most;
    bool left = action == ACTION_COLUMNS_LEFT || action == ACTION_COLUMNS_FIRST;
    if (!left && action != ACTION_COLUMNS_RIGHT && action != ACTION_COLUMNS_LAST)
        return false;
    if (v->picture.wrap) {
        ui_say_edge(v->view.ui, left);
        return true;
    }
    widest = left ? 0 : log_picture_widest(&v->picture, &v->lines, &v->cursor);
    most = widest > columns ? widest - columns : 0;
    if (left)
        skip = action == ACTION_COLUMNS_LEFT && skip > step ? skip - step : 0;
    else if (action == ACTION_COLUMNS_LAST)
        skip = skip_to_end(v, columns, most);
    else if (skip < most)
        skip = skip + step < most ? skip + step : most;
    if (skip == v->picture.skip)
        ui_say_edge(v->view.ui, left);
    v->picture.skip = skip;
    return true;
}

static void toggle_fronts(LogView *v)
{
    bool brief = !has_short_fronts(v);
    ui_settings(v->view.ui)->log_fronts = brief ? LOG_FRONTS_SHORT : LOG_FRONTS_FULL;
    ui_settings_changed(v->view.ui);
    ui_message(v->view.ui, false,
               brief ? "Of times the date is left out, and the profiler's name." : "Lines are shown as they are.");
}

static void toggle_wrap(LogView *v)
{
    Settings *settings = ui_settings(v->view.ui);
    settings->log_wrap = !settings->log_wrap;
    v->picture.skip = 0;
    ui_settings_changed(v->view.ui);
    ui_message(v->view.ui, false, settings->log_wrap ? "Long lines are wrapped." : "Long lines are cut at the edge.");
}

static bool act_other(LogView *v, ActionId action)
{
    switch (action) {
    case ACTION_OPEN:
        open_report(v);
        return true;
    case ACTION_SEARCH_NEXT:
        log_view_search_again(v, true);
        return true;
    case ACTION_SEARCH_PREVIOUS:
        log_view_search_again(v, false);
        return true;
    case ACTION_SIBLING_NEXT:
        show_sibling(v, 1);
        return true;
    case ACTION_SIBLING_PREVIOUS:
        show_sibling(v, -1);
        return true;
    case ACTION_LOG_NEXT:
        show_other(v, 1);
        return true;
    case ACTION_LOG_PREVIOUS:
        show_other(v, -1);
        return true;
    case ACTION_FILTER:
        log_view_open_filter(v);
        return true;
    case ACTION_FILTER_TOGGLE:
        log_view_toggle_filter(v);
        return true;
    case ACTION_EXPORT:
        log_view_ask_file(v);
        return true;
    case ACTION_LOG_FRONTS:
        toggle_fronts(v);
        return true;
    case ACTION_LOG_WRAP:
        toggle_wrap(v);
        return true;
    case ACTION_FOLLOW:
        v->follow = !v->follow;
        ui_message(v->view.ui, false, v->follow ? "Stays at the end of the log." : "Stays where it is.");
        return true;
    default:
        return false;
    }
}

static void toggle_mark(LogView *v)
{
    log_marks_toggle(&v->marks, v->cursor.at);
    v->follow = false;
    log_cursor_move(&v->cursor, &v->lines, 1);
}

static void go_to_mark(LogView *v, int direction)
{
    uint64_t line;
    if (!log_marks_next(&v->marks, v->cursor.at, direction, &line)) {
        ui_message(v->view.ui, false, "No line is marked: m marks one.");
        return;
    }
    ui_say_marks(v->view.ui, direction > 0, v->cursor.at, line);
    v->follow = false;
    log_cursor_select(&v->cursor, &v->lines, line, true);
}

/* What is done with the selected line. */
static bool act_line(LogView *v, ActionId action)
{
    Ui *ui = v->view.ui;
    LogLine line;
    UiLineKind kind;
    if (!v->there || !log_line_at(&v->lines, v->cursor.at, &line))
        return false;
    switch (action) {
    case ACTION_MARK:
        toggle_mark(v);
        return true;
    case ACTION_MARK_NEXT:
    case ACTION_MARK_PREVIOUS:
        go_to_mark(v, action == ACTION_MARK_NEXT ? 1 : -1);
        return true;
    case ACTION_EDIT:
        if (ask_selected(v, &line, &kind))
            log_row_edit(ui, &v->places, v->lines.source, &line);
        return true;
    case ACTION_COPY_ROW:
        log_row_copy(ui, &line);
        return true;
    case ACTION_EXPLAIN:
        if (ask_selected(v, &line, &kind))
            log_row_explain(ui, &v->places, v->lines.source, &line, kind);
        return true;
    default:
        return false;
    }
}

static bool act(View *view, ActionId action)
{
    LogView *v = (LogView *)view;
    log_view_refresh(v);
    v->answering = log_view_has_searched(v) && !v->hits.done;
    return act_move(v, action) || act_other(v, action) || act_sideways(v, action) || act_line(v, action);
}

static bool mouse(View *view, const KeyEvent *event)
{
    LogView *v = (LogView *)view;
    int row = event->row - view->area.row - log_cursor_shows_note(&v->cursor, &v->lines);
    if (event->mouse != MOUSE_CLICK && event->mouse != MOUSE_DOUBLE_CLICK)
        return false;
    log_view_refresh(v);
    uint64_t begin = v->cursor.top;
    LogLine line;
    while (row >= log_cursor_height(&v->cursor, &v->lines, begin) && log_line_at(&v->lines, begin, &line) &&
           line.next < v->lines.extent.end) {
        row -= log_cursor_height(&v->cursor, &v->lines, begin);
        begin = line.next;
    }
    if (row < 0 || row >= log_cursor_height(&v->cursor, &v->lines, begin))
        return true;
    bool again = begin == v->cursor.at;
    v->follow = false;
    v->cursor.at = begin;
    if (event->mouse == MOUSE_DOUBLE_CLICK || again)
        open_report(v);
    return true;
}

/* The lines around it. */

static void label(const View *view, Buffer *out)
{
    const LogView *v = (const LogView *)view;
    const Model *m = model_of(v);
    if (m->sources.len < 2) {
        buffer_append_span(out, SPAN("Log"));
        return;
    }
    buffer_append_span(out, SPAN("Log "));
    buffer_append_span(out, ui_source_name(view->ui, v->lines.source));
}

/* That fronts are short, what shows lines in full, and what is left out of the selected one's time. */
static void say_fronts(const LogView *v, Span line, Status *status)
{
    const UiLogText *log = v->lines.host->log;
    char text[MOMENT_TEXT_MAX];
    Buffer key = {0};
    keymap_keys(ui_keymap(v->view.ui), ACTION_LOG_FRONTS, 1, &key);
    status_add(status, ROLE_STATUS, "fronts are short%s%s%s", key.len ? " (" : "", buffer_text(&key), key.len ? ")" : "");
    if (log->time && moment_format(text, log->time(log->ctx, v->lines.source, line)))
        status_add(status, ROLE_STATUS, "%s", text);
    buffer_free(&key);
}

/* Which part of the selected line is seen. */
static void say_columns(const LogView *v, Status *status)
{
    size_t from = v->picture.skip + 1, room = (size_t)(v->view.area.columns > LOG_GUTTER ? v->view.area.columns - LOG_GUTTER : 1);
    size_t width = v->picture.selected_width, to = v->picture.skip + room;
    if (width < from)
        status_add(status, ROLE_STATUS, "from column %zu", from);
    else
        status_add(status, ROLE_STATUS, "columns %zu to %zu of %zu", from, to < width ? to : width, width);
}

static void status(View *view, Status *status)
{
    LogView *v = (LogView *)view;
    const UiLogExtent *extent = &v->lines.extent;
    LogLine line;
    uint64_t size = extent->end - extent->first, number = v->there ? log_index_number(&v->index, &v->lines, v->cursor.at) : 0;
    bool there = size && log_line_at(&v->lines, v->cursor.at, &line);
    if (v->job == JOB_SEARCH)
        status_add(status, ROLE_STATUS_NOTE, "searching %d %%", log_search_percent(&v->search, &v->lines));
    else if (v->job == JOB_LINE)
        status_add(status, ROLE_STATUS_NOTE, "counting lines %d %%", log_index_percent(&v->index, &v->lines));
    if (v->picture.skip && !v->picture.wrap)
        say_columns(v, status);
    if (number)
        status_add(status, ROLE_STATUS, "line %" PRIu64, number);
    if (log_view_has_searched(v))
        log_view_say_hits(v, status);
    else if (v->pattern && v->job != JOB_SEARCH)
        status_add(status, ROLE_STATUS_NOTE, "/%.*s", SPAN_ARG(pattern_text(v->pattern)));
    if (there)
        status_add(status, ROLE_STATUS, "%d %%", (int)((double)(line.end - extent->first) * 100.0 / (double)size));
    log_view_say_filter(v, status);
    if (v->follow)
        status_add(status, ROLE_STATUS_LIVE, "stays at the end");
    if (v->marks.lines.len)
        status_add(status, ROLE_STATUS, "%zu marked", v->marks.lines.len);
    if (model_of(v)->sources.len > 1)
        status_add(status, ROLE_STATUS, "log %" PRIu32 " of %zu", v->lines.source + 1, model_of(v)->sources.len);
    if (v->picture.cut && there)
        say_fronts(v, line.text, status);
}

static const ActionId *bar(const View *view)
{
    static const ActionId root[] = {ACTION_OPEN,    ACTION_SEARCH,     ACTION_FILTER,       ACTION_FOLLOW,   ACTION_HELP,
                                    ACTION_CLOSE,   ACTION_LOG_FRONTS, ACTION_SIBLING_NEXT, ACTION_LOG_WRAP, ACTION_PAUSE,
                                    ACTION_EXPLAIN, ACTION_EDIT,       ACTION_COPY_ROW,     ACTION_NONE};
    static const ActionId inner[] = {ACTION_OPEN,  ACTION_BACK,    ACTION_SEARCH, ACTION_FILTER,   ACTION_FOLLOW, ACTION_HELP,
                                     ACTION_CLOSE, ACTION_EXPLAIN, ACTION_EDIT,   ACTION_COPY_ROW, ACTION_NONE};
    return ui_below(view->ui, view) ? inner : root;
}

static void view_free(View *view)
{
    LogView *v = (LogView *)view;
    log_lines_free(&v->lines);
    vec_free(&v->index.before);
    log_picture_free(&v->picture);
    log_looks_free(&v->asked);
    log_places_free(&v->places);
    log_marks_free(&v->marks);
    log_filter_free(&v->filter);
    log_hits_free(&v->hits);
    pattern_free(v->before.pattern);
    pattern_free(v->pattern);
    buffer_free(&v->save_name);
    free(v);
}

static const ViewKind log_view_kind = {
    .draw = draw,
    .act = act,
    .key = log_view_key,
    .mouse = mouse,
    .label = label,
    .status = status,
    .bar = bar,
    .search = log_view_search,
    .cancel = log_view_cancel,
    .free = view_free,
};

View *log_view_new(Ui *ui)
{
    LogView *v = alloc_zeroed(1, sizeof *v);
    v->view = (View){.kind = &log_view_kind, .ui = ui};
    v->cursor.rows = terminal_rows();
    return &v->view;
}
