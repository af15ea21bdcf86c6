#include "ui/log_cursor.h"

bool log_cursor_shows_note(const LogCursor *c, const LogLines *lines)
{
    return lines->extent.first > 0 && c->top <= lines->extent.first;
}

static int lines_shown(const LogCursor *c, const LogLines *lines)
{
    int count = c->rows - log_cursor_shows_note(c, lines);
    return count > 0 ? count : 1;
}

int log_cursor_height(const LogCursor *c, LogLines *lines, uint64_t begin)
{
    return c->height ? c->height(c->ctx, lines, begin) : 1;
}

/* The first of the lines before `begin` that together take no more than so many rows. */
static uint64_t back(const LogCursor *c, LogLines *lines, uint64_t begin, int rows)
{
    for (uint64_t before; rows > 0 && (before = log_line_before(lines, begin)) < begin; begin = before)
        if ((rows -= log_cursor_height(c, lines, before)) < 0)
            break;
    return begin;
}

/* Rows between the two, at most `most`. */
static int distance(const LogCursor *c, LogLines *lines, uint64_t begin, uint64_t end, int most)
{
    int count = 0;
    for (LogLine line; begin < end && count < most && log_line_at(lines, begin, &line); begin = line.next)
        count += log_cursor_height(c, lines, begin);
    return count;
}

/* The first line on the screen when this one is the last. */
static uint64_t top_above(const LogCursor *c, LogLines *lines, uint64_t begin)
{
    return back(c, lines, begin, lines_shown(c, lines) - log_cursor_height(c, lines, begin));
}

/* Where lines are left above, none of the screen is left blank below. */
static void fill(LogCursor *c, LogLines *lines)
{
    int rows = lines_shown(c, lines);
    if (c->top > lines->extent.first && distance(c, lines, c->top, lines->extent.end, rows) < rows)
        c->top = top_above(c, lines, log_line_last(lines));
}

static bool is_seen(const LogCursor *c, LogLines *lines)
{
    int rows = lines_shown(c, lines);
    return c->at >= c->top && distance(c, lines, c->top, c->at, rows) + log_cursor_height(c, lines, c->at) <= rows;
}

static void bring(LogCursor *c, LogLines *lines, bool centre)
{
    bool below = c->at > c->top;
    c->top = centre ? back(c, lines, c->at, lines_shown(c, lines) / 2) : below ? top_above(c, lines, c->at) : c->at;
    if (!is_seen(c, lines)) /* the note takes a row now, or the line more of them than are below the middle */
        c->top = top_above(c, lines, c->at);
}

void log_cursor_scroll(LogCursor *c, LogLines *lines, bool centre)
{
    if (!is_seen(c, lines))
        bring(c, lines, centre);
    fill(c, lines);
}

void log_cursor_centre(LogCursor *c, LogLines *lines)
{
    c->top = back(c, lines, c->at, lines_shown(c, lines) / 2);
    log_cursor_scroll(c, lines, false);
}

void log_cursor_select(LogCursor *c, LogLines *lines, uint64_t begin, bool centre)
{
    c->at = begin;
    log_cursor_scroll(c, lines, centre);
}

void log_cursor_head(LogCursor *c, LogLines *lines, uint64_t begin)
{
    c->at = begin;
    c->top = log_line_before(lines, begin);
    log_cursor_scroll(c, lines, false);
}

static uint64_t step(LogLines *lines, uint64_t begin, int by)
{
    LogLine line;
    if (by < 0)
        return log_line_before(lines, begin);
    return log_line_at(lines, begin, &line) && line.next < lines->extent.end ? line.next : begin;
}

static uint64_t forth(const LogCursor *c, LogLines *lines, uint64_t begin, int rows)
{
    for (uint64_t next; rows > 0 && (next = step(lines, begin, 1)) > begin; begin = next)
        if ((rows -= log_cursor_height(c, lines, begin)) < 0)
            break;
    return begin;
}

/* At least one line further, however many rows that takes. */
static uint64_t moved(const LogCursor *c, LogLines *lines, uint64_t begin, int by)
{
    uint64_t to = by < 0 ? back(c, lines, begin, -by) : forth(c, lines, begin, by);
    return to == begin ? step(lines, begin, by) : to;
}

void log_cursor_move(LogCursor *c, LogLines *lines, int by)
{
    uint64_t at = c->at;
    for (int i = by < 0 ? -by : by; i > 0; i--)
        at = step(lines, at, by);
    log_cursor_select(c, lines, at, false);
}

void log_cursor_page(LogCursor *c, LogLines *lines, int by)
{
    c->top = moved(c, lines, c->top, by);
    c->at = moved(c, lines, c->at, by);
    log_cursor_scroll(c, lines, false);
}

void log_cursor_hold(LogCursor *c, LogLines *lines)
{
    uint64_t first = lines->extent.first, end = lines->extent.end;
    if (lines->shown) { /* to lines that are */
        c->at = log_line_begin(lines, c->at);
        c->top = log_line_begin(lines, c->top);
    }
    if (c->at < first || c->at >= end)
        c->at = c->at < first ? first : log_line_last(lines);
    if (c->top < first || c->top >= end)
        c->top = c->top < first ? first : c->at;
}
