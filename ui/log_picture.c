#include "ui/log_picture.h"

#include "model/log_place.h"
#include "ui/draw.h"
#include "ui/terminal.h"

enum {
    HIT_MAX = 4096, /* bytes: what begins so far before the screen is not looked for in it */
    MEASURED_BEFORE = 16,
};

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

/* A row as it is drawn: a line, or where it is wrapped, a piece of it. */
typedef struct Drawn {
    const UiLogLine *line;
    LookForm form;
    Span text;
    size_t offset; /* of the text in what is drawn of the line */
    int row, width;
    size_t natural;    /* cells of the text ... */
    size_t skip;       /* ... and how many of them are scrolled out at the left */
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

/* Lights a piece of the line itself; false when it begins behind what is seen. */
static bool light_piece(Drawn *d, size_t at, size_t len, Light light)
{
    size_t begin = log_look_near(d->line, d->form, at), end = log_look_near(d->line, d->form, at + len);
    end = end > begin ? end : begin + 1;
    if (begin >= d->offset + d->text.len && d->text.len)
        return false;
    if (end <= d->offset)
        return true; /* it is in the row above */
    size_t from = drawn_cell(d, begin > d->offset ? begin - d->offset : 0), to = drawn_cell(d, end - d->offset);
    draw_lit(d->row, LOG_GUTTER, d->width, d->natural, d->skip, from, to > from ? to : from + 1, light);
    return from < d->skip + (size_t)d->width;
}

/* Lights what a pattern finds: all of it that is seen, and of what is not that there is some on either side. */
static void light_hits(Drawn *d, const Pattern *pattern, Light light)
{
    size_t at = 0, len, seen = d->offset + (d->skip ? display_fit(d->text, d->skip, terminal_style()) : 0);
    seen = seen ? log_look_byte(d->line, d->form, seen) : 0;
    if (d->skip && seen > HIT_MAX && pattern_find(pattern, d->line->text, &at, &len) && at < seen)
        light_piece(d, at, len, light);
    for (at = seen > HIT_MAX ? seen - HIT_MAX : 0; pattern_find(pattern, d->line->text, &at, &len); at += len)
        if (!light_piece(d, at, len, light))
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

static void draw_row(const LogPicture *p, Drawn *d, size_t front, Emphasis emphasis)
{
    Role role = d->line->failed ? ROLE_BAD : line_looks[d->line->kind].role;
    size_t dim = front > d->offset ? front - d->offset : 0;
    draw_text(d->row, LOG_GUTTER, d->width, d->text, d->skip, role, emphasis);
    if (dim && cell_of(d->text, dim) > d->skip)
        draw_text(d->row, LOG_GUTTER, d->width, span_to(d->text, dim), d->skip, ROLE_DIM, emphasis);
    if (p->pattern || p->filter)
        d->natural = display_width(d->text, terminal_style());
    if (p->filter)
        light_hits(d, p->filter, LIGHT_PASSED);
    if (p->pattern)
        light_hits(d, p->pattern, LIGHT_HIT);
}

/* Returns the rows that it took. */
static int draw_words(LogPicture *p, int row, int end, int columns, const UiLogLine *line, Emphasis emphasis)
{
    LookForm form = form_of(p, line);
    size_t front, at = 0;
    int used = 0, most = p->wrap ? p->heights.fold.most : 1;
    Span text = log_look_text(line, form, &p->scratch, &front);
    do {
        Drawn drawn = {.line = line, .form = form, .text = span_from(text, at), .offset = at};
        drawn.row = row + used++;
        drawn.width = columns - LOG_GUTTER;
        drawn.skip = p->wrap ? 0 : p->skip;
        if (used < most)
            drawn.text = span_to(drawn.text, log_fold_length(&p->heights.fold, drawn.text));
        if (emphasis && used > 1)
            draw_blank(drawn.row, 0, columns, ROLE_NORMAL, emphasis);
        draw_row(p, &drawn, front, emphasis);
        at += drawn.text.len;
    } while (at < text.len && row + used < end);
    if (emphasis && !p->wrap && p->skip)
        p->selected_width = display_width(text, terminal_style());
    p->cut |= log_look_has_cuts(line, form);
    return used;
}

static int draw_line(LogPicture *p, LogLines *lines, int row, int end, int columns, const UiLogLine *line, bool selected)
{
    Emphasis emphasis = selected ? EMPHASIS_SELECTED : EMPHASIS_NONE;
    Sign sign = sign_of(p, lines, line);
    if (emphasis)
        draw_blank(row, 0, columns, ROLE_NORMAL, emphasis);
    if (sign != SIGN_COUNT)
        draw_text(row, 0, 1, sign_text(sign), 0, ROLE_MARK, emphasis);
    if (log_marks_have(p->marks, line->begin))
        draw_text(row, 1, 1, sign_text(SIGN_MARK), 0, ROLE_MARK, emphasis);
    return draw_words(p, row, end, columns, line, emphasis);
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
    for (size_t i = 0; i < count && p->reveal && !p->wrap; i++)
        if (log_looks_line(&p->looks, i)->begin == cursor->at)
            reveal(p, log_looks_line(&p->looks, i), area.columns);
    p->reveal = p->cut = false;
    for (size_t i = 0; i < count && row < end; i++) {
        const UiLogLine *line = log_looks_line(&p->looks, i);
        row += draw_line(p, lines, row, end, area.columns, line, line->begin == cursor->at);
    }
}

void log_picture_fold(LogPicture *p, const LogLines *lines, int rows, int columns)
{
    LogFold fold = {columns > LOG_GUTTER + 1 ? columns - LOG_GUTTER : 1, rows > 1 ? rows : 1, p->brief, p->bare};
    log_heights_hold(&p->heights, fold, lines->extent.end);
}

/* Reckons the lines around it as well: what is asked for next are those. */
static void measure(LogPicture *p, LogLines *lines, uint64_t begin)
{
    uint64_t from = begin;
    for (int i = 0; i < MEASURED_BEFORE; i++)
        from = log_line_before(lines, from);
    log_looks_ask(&p->measured, lines, from, MEASURED_BEFORE + p->heights.fold.most);
    if (p->bare)
        log_looks_bare(&p->measured);
    for (size_t i = 0; i < log_looks_count(&p->measured); i++) {
        const UiLogLine *line = log_looks_line(&p->measured, i);
        size_t front;
        log_heights_add(&p->heights, line->begin, line->end, log_look_text(line, form_of(p, line), &p->scratch, &front));
    }
}

int log_picture_height(void *picture, LogLines *lines, uint64_t begin)
{
    LogPicture *p = picture;
    if (!log_heights_find(&p->heights, begin))
        measure(p, lines, begin);
    int rows = log_heights_find(&p->heights, begin);
    return rows ? rows : 1;
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
    log_looks_free(&p->measured);
    log_heights_free(&p->heights);
    buffer_free(&p->scratch);
}
