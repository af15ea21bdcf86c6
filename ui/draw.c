#include "ui/draw.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "ui/terminal.h"

static Buffer line; /* what is being drawn */

static void put(int row, int column, Span text, Role role, Emphasis emphasis)
{
    terminal_set_look(role, emphasis);
    mvaddnstr(row, column, text.ptr, (int)text.len);
    attr_set(A_NORMAL, 0, NULL);
}

/* Cuts the width to the screen; false when nothing is left of it. */
static bool clip(int row, int column, int *width)
{
    if (row < 0 || row >= LINES || column < 0 || column >= COLS)
        return false;
    if (*width > COLS - column)
        *width = COLS - column;
    return *width > 0;
}

int draw_text(int row, int column, int width, Span text, size_t skip, Role role, Emphasis emphasis)
{
    if (!clip(row, column, &width))
        return 0;
    buffer_clear(&line);
    size_t cells = display_append(&line, text, skip, (size_t)width, terminal_style());
    put(row, column, buffer_span(&line), role, emphasis);
    return (int)cells;
}

static void light(int row, int column, int width, size_t from, size_t to, Light why)
{
    to = to > from ? to : from + 1;
    int cells = (int)(to - from);
    if (from < (size_t)width && clip(row, column + (int)from, &cells))
        terminal_light(row, column + (int)from, cells < width - (int)from ? cells : width - (int)from, why);
}

/* The cell on the screen, from the first of the text on, that shows the text's cell `cell` or its being cut off. */
static size_t cell_shown(size_t cell, size_t width, size_t natural, size_t skip)
{
    size_t end = skip + width;
    if (skip && cell <= skip)
        return 0;
    return natural > end && cell + 1 >= end ? width - 1 : cell - skip;
}

void draw_lit(int row, int column, int width, size_t natural, size_t skip, size_t from, size_t to, Light why)
{
    if (width <= 0 || to <= from)
        return;
    light(row, column, width, cell_shown(from, (size_t)width, natural, skip), cell_shown(to - 1, (size_t)width, natural, skip) + 1,
          why);
}

static const Span common = {"/__init__.py:", 13};

Span draw_short_name(Span text, Buffer *out)
{
    ptrdiff_t at = span_find(text, common);
    if (at < 0)
        return text;
    buffer_append_span(out, span_to(text, (size_t)at));
    buffer_append_span(out, terminal_is_ascii() ? SPAN(">") : SPAN("…"));
    buffer_append_span(out, span_from(text, (size_t)at + common.len - 1));
    return buffer_span(out);
}

/* How a name is made to fit. */
typedef struct NameFit {
    bool brief;     /* it is in its short form, ... */
    size_t natural; /* ... which takes so many cells, ... */
    size_t head;    /* ... of which behind so many ... */
    size_t gone;    /* ... so many are left out */
} NameFit;

/* The name, or its short form in `without`. */
static Span fit_name(Span text, int width, Buffer *without, NameFit *fit)
{
    size_t room = width > 0 ? (size_t)width : 0;
    fit->brief = display_width(text, terminal_style()) > room;
    if (fit->brief)
        text = draw_short_name(text, without);
    fit->natural = display_width(text, terminal_style());
    fit->head = room / 3;
    fit->gone = fit->natural > room && fit->head ? fit->natural - room : 0;
    return text;
}

int draw_name(int row, int column, int width, Span text, Role role, Emphasis emphasis)
{
    Buffer without = {0};
    NameFit fit;
    text = fit_name(text, width, &without, &fit);
    int head = (int)fit.head, cells;
    if (!fit.gone) {
        cells = draw_text(row, column, width, text, 0, role, emphasis);
    } else {
        draw_text(row, column, head + 1, text, 0, role, emphasis);
        cells = head + draw_text(row, column + head, width - head, text, fit.gone + fit.head, role, emphasis);
    }
    buffer_free(&without);
    return cells;
}

/* The cell of its short form that shows the byte `at` of a name. */
static size_t cell_of_name(Span text, bool brief, size_t at)
{
    ptrdiff_t cut = brief ? span_find(text, common) : -1;
    size_t from = (size_t)cut, to = from + common.len - 1;
    if (cut < 0 || at <= from)
        return display_width(span_to(text, at), terminal_style());
    size_t before = display_width(span_to(text, from), terminal_style());
    return at < to ? before : before + 1 + display_width(span_from(span_to(text, at), to), terminal_style());
}

/* The cell that shows that one of a name of which some are left out, or their being left out. */
static size_t cell_of_fit(const NameFit *fit, size_t cell)
{
    if (cell < fit->head)
        return cell;
    return cell > fit->head + fit->gone ? cell - fit->gone : fit->head;
}

void draw_lit_name(int row, int column, int width, Span text, size_t from, size_t to, Light why)
{
    Buffer without = {0};
    NameFit fit;
    fit_name(text, width, &without, &fit);
    buffer_free(&without);
    size_t begin = cell_of_name(text, fit.brief, from), end = cell_of_name(text, fit.brief, to);
    end = end > begin ? end : begin + 1;
    if (fit.gone)
        light(row, column, width, cell_of_fit(&fit, begin), cell_of_fit(&fit, end - 1) + 1, why);
    else
        draw_lit(row, column, width, fit.natural, 0, begin, end, why);
}

int draw_format(int row, int column, int width, Role role, Emphasis emphasis, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    if (len < 0)
        return 0;
    int cells = draw_text(row, column, width, (Span){text, (size_t)len}, 0, role, emphasis);
    free(text);
    return cells;
}

void draw_blank(int row, int column, int width, Role role, Emphasis emphasis)
{
    if (!clip(row, column, &width))
        return;
    buffer_clear(&line);
    buffer_append_repeated(&line, ' ', (size_t)width);
    put(row, column, buffer_span(&line), role, emphasis);
}

void draw_bar(int row, int column, int width, unsigned share, Role role, Emphasis emphasis)
{
    static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    if (!clip(row, column, &width))
        return;
    unsigned steps = terminal_is_ascii() ? 1 : terminal_has_fine_blocks() ? 8 : 2;
    unsigned filled = ((unsigned)width * steps * share + 999) / 1000;
    if (filled > (unsigned)width * steps)
        filled = (unsigned)width * steps;
    buffer_clear(&line);
    for (unsigned i = 0; i < filled / steps; i++)
        buffer_append_span(&line, terminal_is_ascii() ? SPAN("#") : SPAN("█"));
    buffer_append_span(&line, span_of(parts[filled % steps * (8 / steps)]));
    put(row, column, buffer_span(&line), role, emphasis);
}

/* The Linux console's fonts have no eighths of a block. */
void draw_spark(int row, int column, int width, const int64_t *values, size_t count, Role role, Emphasis emphasis)
{
    if (!clip(row, column, &width))
        return;
    int blank = count < (size_t)width ? width - (int)count : 0;
    buffer_clear(&line);
    display_append_spark(&line, values, count, (size_t)width, terminal_is_ascii() || !terminal_has_fine_blocks());
    put(row, column + blank, buffer_span(&line), role, emphasis);
}

static void draw_border_line(int row, int column, int columns, const char *left, const char *middle, const char *right)
{
    buffer_clear(&line);
    buffer_append_span(&line, span_of(left));
    for (int i = 2; i < columns; i++)
        buffer_append_span(&line, span_of(middle));
    buffer_append_span(&line, span_of(right));
    put(row, column, buffer_span(&line), ROLE_BORDER, EMPHASIS_NONE);
}

void draw_box(int row, int column, int rows, int columns, Span title)
{
    bool plain = terminal_is_ascii();
    if (row < 0 || column < 0 || row + rows > LINES || column + columns > COLS || rows < 2 || columns < 4)
        return;
    draw_border_line(row, column, columns, plain ? "+" : "┌", plain ? "-" : "─", plain ? "+" : "┐");
    for (int i = 1; i + 1 < rows; i++)
        draw_border_line(row + i, column, columns, plain ? "|" : "│", " ", plain ? "|" : "│");
    draw_border_line(row + rows - 1, column, columns, plain ? "+" : "└", plain ? "-" : "─", plain ? "+" : "┘");
    if (title.len && columns > 8) {
        int cells = draw_text(row, column + 3, columns - 6, title, 0, ROLE_TITLE, EMPHASIS_NONE);
        draw_blank(row, column + 2, 1, ROLE_BORDER, EMPHASIS_NONE);
        draw_blank(row, column + 3 + cells, 1, ROLE_BORDER, EMPHASIS_NONE);
    }
}

Span sign_text(Sign sign)
{
    static const struct SignText {
        const char *text, *plain;
    } signs[SIGN_COUNT] = {
        [SIGN_UP] = {"▲", "^"},   [SIGN_DOWN] = {"▼", "v"},      [SIGN_CRUMB] = {"›", ">"},      [SIGN_DOT] = {"·", "|"},
        [SIGN_MARK] = {"●", "*"}, [SIGN_MORE_LEFT] = {"‹", "<"}, [SIGN_MORE_RIGHT] = {"›", ">"},
        [SIGN_PROFILER] = {"│", "|"}, [SIGN_PROFILER_HERE] = {"┃", "#"}, [SIGN_BEGIN] = {"┌", ">"}, [SIGN_END] = {"└", "<"}, [SIGN_ELLIPSIS] = {"…", "..."},
    };
    return span_of(terminal_is_ascii() ? signs[sign].plain : signs[sign].text);
}

void draw_release(void)
{
    buffer_free(&line);
}
