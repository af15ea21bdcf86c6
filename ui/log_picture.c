#include "ui/log_picture.h"

#include "ui/draw.h"
#include "ui/terminal.h"

enum {
    CONTEXT_BYTES = 32 << 10,   /* looked at before the screen, to know what the first lines on it belong to */
    CONTEXT_OF_SHOWN = 4 << 10, /* the same before each line, where only some are shown */
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

/* Bytes of `text` before that cell. */
static size_t bytes_before(Span text, size_t cell)
{
    size_t low = 0, high = text.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (display_width(span_to(text, middle), terminal_style()) < cell)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void draw_hits(const LogPicture *p, int row, int columns, Span text)
{
    size_t found = bytes_before(text, p->skip), len, end = p->skip + (size_t)(columns - LOG_GUTTER);
    while (pattern_find(p->pattern, text, &found, &len)) {
        size_t cell = display_width(span_to(text, found), terminal_style());
        if (cell >= end)
            return;
        int at = LOG_GUTTER + (int)cell - (int)p->skip;
        if (cell >= p->skip)
            draw_text(row, at, columns - at, span_to(span_from(text, found), len), 0, ROLE_NORMAL, EMPHASIS_HIT);
        found += len;
    }
}

static void draw_line(const LogPicture *p, int row, int columns, const LogLine *line, bool selected, UiLineKind kind)
{
    static const struct LineLook {
        Sign sign;
        Role role;
    } looks[UI_LINE_KINDS] = {
        [UI_LINE_OTHER] = {SIGN_COUNT, ROLE_NORMAL},
        [UI_LINE_PROFILER] = {SIGN_PROFILER, ROLE_CODE},
        [UI_LINE_BEGIN] = {SIGN_BEGIN, ROLE_TITLE},
        [UI_LINE_END] = {SIGN_END, ROLE_TITLE},
    };
    const struct LineLook *look = &looks[kind];
    Emphasis emphasis = selected ? EMPHASIS_SELECTED : EMPHASIS_NONE;
    if (emphasis)
        draw_blank(row, 0, columns, ROLE_NORMAL, emphasis);
    if (look->sign != SIGN_COUNT)
        draw_text(row, 0, 1, sign_text(look->sign), 0, ROLE_MARK, emphasis);
    if (log_marks_have(p->marks, line->begin))
        draw_text(row, 1, 1, sign_text(SIGN_MARK), 0, ROLE_MARK, emphasis);
    draw_text(row, LOG_GUTTER, columns - LOG_GUTTER, line->text, p->skip, look->role, emphasis);
    if (p->pattern)
        draw_hits(p, row, columns, line->text);
}

/* Asks what the lines on the screen are, with some before them. Returns how many those are. */
static size_t ask_kinds(LogPicture *p, LogLines *lines, uint64_t top, int rows)
{
    uint64_t first = lines->extent.first, begin = log_line_begin(lines, top - first > CONTEXT_BYTES ? top - CONTEXT_BYTES : first);
    size_t count = 0, before = 0;
    int shown = 0;
    buffer_clear(&p->text);
    for (LogLine line; shown < rows && log_line_at(lines, begin, &line); begin = line.next) {
        buffer_append_span(&p->text, line.text);
        buffer_append_byte(&p->text, '\n');
        before += begin < top;
        shown += begin >= top;
        count++;
    }
    vec_reserve(&p->kinds, count + 1);
    p->kinds.len = count;
    if (count)
        lines->host->log->kinds(lines->host->log->ctx, lines->source, buffer_span(&p->text), p->kinds.items, count);
    return before;
}

/* The same where only some lines are shown: each is asked about with what stands before it in the log. */
static size_t ask_kinds_of_shown(LogPicture *p, LogLines *lines, uint64_t top, int rows)
{
    p->kinds.len = 0;
    LogLine line, part;
    for (uint64_t at = top; rows-- > 0 && log_line_at(lines, at, &line); at = line.next) {
        uint64_t from = log_raw_line_begin(lines, line.begin > CONTEXT_OF_SHOWN ? line.begin - CONTEXT_OF_SHOWN : 0);
        UiLineKind kinds[CONTEXT_OF_SHOWN + 1];
        size_t count = 0;
        buffer_clear(&p->text);
        for (uint64_t begin = from; begin <= line.begin && count <= CONTEXT_OF_SHOWN && log_raw_line_at(lines, begin, &part);
             begin = part.end) {
            buffer_append_span(&p->text, part.text);
            buffer_append_byte(&p->text, '\n');
            count++;
        }
        for (size_t i = 0; i < count; i++)
            kinds[i] = UI_LINE_OTHER;
        lines->host->log->kinds(lines->host->log->ctx, lines->source, buffer_span(&p->text), kinds, count);
        vec_push(&p->kinds, count ? kinds[count - 1] : UI_LINE_OTHER);
    }
    return 0;
}

void log_picture_draw(LogPicture *p, LogLines *lines, const LogCursor *cursor, Area area)
{
    int row = area.row, end = area.row + area.rows;
    if (log_cursor_shows_note(cursor, lines))
        draw_note(&lines->extent, row++, area.columns);
    size_t at = (lines->shown ? ask_kinds_of_shown : ask_kinds)(p, lines, cursor->top, end - row);
    uint64_t begin = cursor->top;
    for (LogLine line; row < end && log_line_at(lines, begin, &line); begin = line.next, row++, at++)
        draw_line(p, row, area.columns, &line, line.begin == cursor->at, at < p->kinds.len ? p->kinds.items[at] : UI_LINE_OTHER);
}

void log_picture_free(LogPicture *p)
{
    vec_free(&p->kinds);
    buffer_free(&p->text);
}
