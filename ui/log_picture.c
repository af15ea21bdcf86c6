#include "ui/log_picture.h"

#include "model/log_place.h"
#include "ui/draw.h"
#include "ui/terminal.h"

enum { HIT_MAX = 4096 }; /* bytes: what begins so far before the screen is not looked for in it */

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

/* A line as it is drawn. */
typedef struct Drawn {
    const UiLogLine *line;
    LookForm form;
    Span text;
    int row, width;
    size_t natural;    /* cells of the text */
    size_t byte, cell; /* of it: one that was looked for last */
} Drawn;

/* Mostly asked for one behind another: long lines are gone through once. */
static size_t drawn_cell(Drawn *d, size_t byte)
{
    if (byte < d->byte)
        d->byte = d->cell = 0;
    d->cell = display_advance(span_from(span_to(d->text, byte), d->byte), d->cell, terminal_style());
    d->byte = byte;
    return d->cell;
}

/* Lights a piece of the line itself; returns the cell at which it begins in what is drawn. */
static size_t light_piece(const LogPicture *p, Drawn *d, size_t at, size_t len, Light light)
{
    size_t begin = log_look_near(d->line, d->form, at), end = log_look_near(d->line, d->form, at + len);
    size_t from = drawn_cell(d, begin), to = drawn_cell(d, end);
    draw_lit(d->row, LOG_GUTTER, d->width, d->natural, p->skip, from, to > from ? to : from + 1, light);
    return from;
}

/* Lights what a pattern finds: all of it that is seen, and of what is not that there is some on either side. */
static void light_hits(const LogPicture *p, Drawn *d, const Pattern *pattern, Light light)
{
    size_t at = 0, len, seen = p->skip ? log_look_byte(d->line, d->form, display_fit(d->text, p->skip, terminal_style())) : 0;
    if (seen > HIT_MAX && pattern_find(pattern, d->line->text, &at, &len) && at < seen)
        light_piece(p, d, at, len, light);
    for (at = seen > HIT_MAX ? seen - HIT_MAX : 0; pattern_find(pattern, d->line->text, &at, &len); at += len)
        if (light_piece(p, d, at, len, light) >= p->skip + (size_t)d->width)
            return;
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
    Drawn drawn = {.line = line, .form = form, .text = text, .row = row, .width = columns - LOG_GUTTER};
    if (p->pattern || p->filter || (emphasis == EMPHASIS_SELECTED && p->skip))
        drawn.natural = display_width(text, terminal_style());
    if (emphasis == EMPHASIS_SELECTED)
        p->selected_width = drawn.natural;
    if (p->filter)
        light_hits(p, &drawn, p->filter, LIGHT_PASSED);
    if (p->pattern)
        light_hits(p, &drawn, p->pattern, LIGHT_HIT);
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
