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

static uint64_t back(LogLines *lines, uint64_t begin, int count)
{
    for (uint64_t before; count-- > 0 && (before = log_line_before(lines, begin)) < begin;)
        begin = before;
    return begin;
}

/* Lines between the two, at most `most`. */
static int distance(LogLines *lines, uint64_t begin, uint64_t end, int most)
{
    int count = 0;
    for (LogLine line; begin < end && count < most && log_line_at(lines, begin, &line); begin = line.next)
        count++;
    return count;
}

/* Where lines are left above, none of the screen is left blank below. */
static void fill(LogCursor *c, LogLines *lines)
{
    int rows = lines_shown(c, lines);
    if (c->top > lines->extent.first && distance(lines, c->top, lines->extent.end, rows) < rows)
        c->top = back(lines, log_line_last(lines), rows - 1);
}

static void bring(LogCursor *c, LogLines *lines, bool centre)
{
    int rows = lines_shown(c, lines);
    bool below = c->at > c->top;
    c->top = centre ? back(lines, c->at, rows / 2) : below ? back(lines, c->at, rows - 1) : c->at;
    rows = lines_shown(c, lines);
    if (distance(lines, c->top, c->at, rows) >= rows) /* the note takes a row now */
        c->top = back(lines, c->at, rows - 1);
}

void log_cursor_scroll(LogCursor *c, LogLines *lines, bool centre)
{
    int rows = lines_shown(c, lines);
    if (c->at < c->top || distance(lines, c->top, c->at, rows) >= rows)
        bring(c, lines, centre);
    fill(c, lines);
}

void log_cursor_centre(LogCursor *c, LogLines *lines)
{
    c->top = back(lines, c->at, lines_shown(c, lines) / 2);
    fill(c, lines);
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

static uint64_t forth(LogLines *lines, uint64_t begin, int count)
{
    LogLine line;
    for (; count > 0 && log_line_at(lines, begin, &line) && line.next < lines->extent.end; count--)
        begin = line.next;
    return begin;
}

static uint64_t moved(LogLines *lines, uint64_t begin, int by)
{
    return by < 0 ? back(lines, begin, -by) : forth(lines, begin, by);
}

void log_cursor_move(LogCursor *c, LogLines *lines, int by)
{
    log_cursor_select(c, lines, moved(lines, c->at, by), false);
}

void log_cursor_page(LogCursor *c, LogLines *lines, int by)
{
    c->top = moved(lines, c->top, by);
    c->at = moved(lines, c->at, by);
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
