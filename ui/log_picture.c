#include "ui/log_picture.h"

#include "base/partition_point.h"
#include "model/log_place.h"
#include "ui/draw.h"
#include "ui/terminal.h"

static void draw_note(const UiLogExtent *extent, int row, int columns)
{
    double gone = (double)extent->first;
    const char *why = extent->why ? extent->why : "";
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB"};
    size_t unit = 0;
    for (; gone >= 1024 && unit + 1 < sizeof units / sizeof *units; unit++)
        gone /= 1024;
    Buffer text = {0};
    buffer_append_span(&text, sign_text(SIGN_ELLIPSIS));
    buffer_printf(&text, " %.0f %s of earlier lines are not kept%s%s", gone, units[unit], *why ? ": " : "", why);
    draw_text(row, LOG_GUTTER, columns - LOG_GUTTER, buffer_span(&text), 0, ROLE_NOTE, EMPHASIS_NONE);
    buffer_free(&text);
}

/* Bytes of `text` before that cell. */
static size_t bytes_before(Span text, size_t cell)
{
    size_t at;
    PARTITION_POINT(at, text.len, display_width(span_to(text, at), terminal_style()) < cell);
    return at;
}

/* A line with a hit that would not be seen is shown with more of it: in full only where an escape sequence is hit. */
static LookForm form_of(const LogPicture *p, const UiLogLine *line)
{
    size_t at = 0, len;
    LookForm form = p->brief ? LOOK_SHORT : LOOK_FULL;
    while (p->pattern && log_look_has_cuts(line, form) && pattern_find(p->pattern, line->text, &at, &len)) {
        while (log_look_place(line, form, at, at + len) == SIZE_MAX)
            form--;
        at += len ? len : 1;
    }
    return form;
}

static size_t cell_of(Span text, size_t byte)
{
    return display_width(span_to(text, byte), terminal_style());
}

/* `text` is what is drawn of the line; hits are those in the line itself. */
static void draw_hits(const LogPicture *p, int row, int columns, const UiLogLine *line, LookForm form, Span text)
{
    size_t found = log_look_byte(line, form, bytes_before(text, p->skip)), len, end = p->skip + (size_t)(columns - LOG_GUTTER);
    while (pattern_find(p->pattern, line->text, &found, &len)) {
        size_t begin = log_look_place(line, form, found, found + len), cell = cell_of(text, begin);
        if (cell >= end)
            return;
        int at = LOG_GUTTER + (int)cell - (int)p->skip;
        if (cell >= p->skip)
            draw_text(row, at, columns - at, span_to(span_from(text, begin), len), 0, ROLE_NORMAL, EMPHASIS_HIT);
        found += len;
    }
}

static const struct LineLook {
    Sign sign;
    Role role;
} line_looks[UI_LINE_KINDS] = {
    [UI_LINE_OTHER] = {SIGN_COUNT, ROLE_NORMAL},
    [UI_LINE_PROFILER] = {SIGN_PROFILER, ROLE_CODE},
    [UI_LINE_BEGIN] = {SIGN_BEGIN, ROLE_TITLE},
    [UI_LINE_END] = {SIGN_END, ROLE_TITLE},
};

static bool is_of_report(const LogPicture *p, LogLines *lines, const UiLogLine *line)
{
    if (p->report == NO_ID || line->kind != UI_LINE_PROFILER)
        return false;
    bool more = line->record < line->begin || line->record_end > line->end;
    Span text = more ? log_bytes(lines, line->record, (size_t)(line->record_end - line->record)) : line->text;
    return log_line_is_of(p->model, p->report, line->record, line->record_end, text);
}

/* The beginning of an invocation is where its record begins, the end where its record ends; both may have many lines. */
static Sign sign_of(const LogPicture *p, LogLines *lines, const UiLogLine *line)
{
    bool inside =
        (line->kind == UI_LINE_BEGIN && line->begin > line->record) || (line->kind == UI_LINE_END && line->end < line->record_end);
    if (is_of_report(p, lines, line))
        return SIGN_PROFILER_HERE;
    return inside ? SIGN_COUNT : line_looks[line->kind].sign;
}

static void draw_words(LogPicture *p, int row, int columns, const UiLogLine *line, Emphasis emphasis)
{
    LookForm form = form_of(p, line);
    size_t front;
    Span text = log_look_text(line, form, &p->scratch, &front);
    draw_text(row, LOG_GUTTER, columns - LOG_GUTTER, text, p->skip, line->failed ? ROLE_BAD : line_looks[line->kind].role,
              emphasis);
    if (front && cell_of(text, front) > p->skip)
        draw_text(row, LOG_GUTTER, columns - LOG_GUTTER, span_to(text, front), p->skip, ROLE_DIM, emphasis);
    if (emphasis == EMPHASIS_SELECTED && p->skip)
        p->selected_width = display_width(text, terminal_style());
    if (p->pattern)
        draw_hits(p, row, columns, line, form, text);
    p->cut |= log_look_has_cuts(line, form);
}

static void draw_line(LogPicture *p, LogLines *lines, int row, int columns, const UiLogLine *line, bool selected)
{
    Emphasis emphasis = selected ? EMPHASIS_SELECTED : EMPHASIS_NONE;
    Sign sign = sign_of(p, lines, line);
    if (emphasis)
        draw_blank(row, 0, columns, ROLE_NORMAL, emphasis);
    if (sign != SIGN_COUNT)
        draw_text(row, 0, 1, sign_text(sign), 0, ROLE_MARK, emphasis);
    if (log_marks_have(p->marks, line->begin))
        draw_text(row, 1, 1, sign_text(SIGN_MARK), 0, ROLE_MARK, emphasis);
    draw_words(p, row, columns, line, emphasis);
}

static void ask(LogPicture *p, LogLines *lines, const LogCursor *cursor, int rows)
{
    log_looks_ask(&p->looks, lines, cursor->top, rows);
    if (p->bare)
        log_looks_bare(&p->looks);
}

static void reveal(LogPicture *p, const UiLogLine *line, int columns)
{
    size_t at = 0, len, front, width = (size_t)(columns > LOG_GUTTER + 8 ? columns - LOG_GUTTER : 8);
    LookForm form = form_of(p, line);
    Span text = log_look_text(line, form, &p->scratch, &front);
    if (!p->pattern || !pattern_find(p->pattern, line->text, &at, &len))
        return;
    size_t begin = log_look_place(line, form, at, at + len);
    size_t cell = cell_of(text, begin), end = cell_of(text, begin + len);
    if (cell >= p->skip && end < p->skip + width)
        return;
    p->skip = end < width || cell < width / 2 ? 0 : cell - width / 2;
    if (end >= p->skip + width)
        p->skip = cell < end - width ? cell : end - width + 1;
}

void log_picture_draw(LogPicture *p, LogLines *lines, const LogCursor *cursor, Area area)
{
    int row = area.row, end = area.row + area.rows;
    if (log_cursor_shows_note(cursor, lines))
        draw_note(&lines->extent, row++, area.columns);
    ask(p, lines, cursor, end - row);
    size_t count = log_looks_count(&p->looks);
    for (size_t i = 0; i < count && p->reveal; i++)
        if (log_looks_line(&p->looks, i)->begin == cursor->at)
            reveal(p, log_looks_line(&p->looks, i), area.columns);
    p->reveal = p->cut = false;
    for (size_t i = 0; i < count; i++) {
        const UiLogLine *line = log_looks_line(&p->looks, i);
        draw_line(p, lines, row + (int)i, area.columns, line, line->begin == cursor->at);
    }
}

static size_t width_of(LogPicture *p, const UiLogLine *line)
{
    size_t front;
    return display_width(log_look_text(line, form_of(p, line), &p->scratch, &front), terminal_style());
}

size_t log_picture_width(LogPicture *p, LogLines *lines, const LogCursor *cursor)
{
    log_looks_ask(&p->looks, lines, cursor->at, 1);
    if (p->bare)
        log_looks_bare(&p->looks);
    return log_looks_count(&p->looks) ? width_of(p, log_looks_line(&p->looks, 0)) : 0;
}

size_t log_picture_widest(LogPicture *p, LogLines *lines, const LogCursor *cursor)
{
    size_t widest = 0;
    ask(p, lines, cursor, cursor->rows);
    for (size_t i = 0; i < log_looks_count(&p->looks); i++) {
        size_t width = width_of(p, log_looks_line(&p->looks, i));
        widest = width > widest ? width : widest;
    }
    return widest;
}

void log_picture_free(LogPicture *p)
{
    log_looks_free(&p->looks);
    buffer_free(&p->scratch);
}
