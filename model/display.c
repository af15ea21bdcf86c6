#include "model/display.h"

#include <utf8proc.h>
#include <wchar.h>

#include "base/utf8.h"

enum {
    TAB_CELLS = 4,
    MARKS_MAX = 3, /* combining marks of one character; curses keeps a few more, terminals draw few well */
};

/* What stands for a character of our own where there is only ASCII. */
static const struct PlainForm {
    uint32_t code;
    Span text;
} plain_forms[] = {
    {0x2192, {">", 1}}, /* an arrow */
};

/* What one character of the text becomes. */
typedef struct Glyph {
    Span bytes;     /* to be copied; `bytes.len` 0: `width` blanks */
    unsigned width; /* cells */
    bool combining; /* belongs to the glyph before it and takes no cell */
} Glyph;

static Glyph replacement(DisplayStyle style)
{
    return (Glyph){.bytes = style.ascii ? SPAN("?") : SPAN("\xef\xbf\xbd"), .width = 1};
}

static Glyph plain_glyph(uint32_t code)
{
    for (size_t i = 0; i < sizeof plain_forms / sizeof *plain_forms; i++)
        if (plain_forms[i].code == code)
            return (Glyph){.bytes = plain_forms[i].text, .width = 1};
    return replacement((DisplayStyle){.ascii = true});
}

static Span ellipsis(DisplayStyle style, bool left)
{
    if (style.ascii)
        return left ? SPAN("<") : SPAN(">");
    return SPAN("\xe2\x80\xa6");
}

/* Characters that change how their neighbour looks, and on which terminals disagree: emoji variants, skin tones, joiners. */
static bool is_variant(uint32_t code)
{
    return (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef) || (code >= 0x1f3fb && code <= 0x1f3ff) ||
           code == 0x200c || code == 0x200d;
}

static bool is_drawable(utf8proc_category_t category)
{
    switch (category) {
    case UTF8PROC_CATEGORY_CN: /* unassigned */
    case UTF8PROC_CATEGORY_CC: /* controls */
    case UTF8PROC_CATEGORY_CF: /* formats, bidi controls among them */
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO: /* private: its width is the font's secret */
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return false;
    default:
        return true;
    }
}

static Glyph glyph_of(uint32_t code, Span bytes, DisplayStyle style)
{
    if (is_variant(code))
        return (Glyph){0};
    if (style.ascii)
        return plain_glyph(code);
    bool flag_letter = code >= 0x1f1e6 && code <= 0x1f1ff; /* two make a flag, on some terminals */
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    int width = utf8proc_charwidth((utf8proc_int32_t)code);
    if (flag_letter || !is_drawable(category) || width != wcwidth((wchar_t)code))
        return replacement(style);
    if (width > 0)
        return (Glyph){.bytes = bytes, .width = (unsigned)width};
    return (Glyph){.bytes = bytes, .combining = true};
}

/* The glyph at the front of `*text`, which is cut off; `column` is its first cell in the whole text. */
static Glyph glyph_take(Span *text, size_t column, DisplayStyle style)
{
    unsigned char c = (unsigned char)text->ptr[0];
    Span bytes = span_to(*text, 1);
    if (c < 0x80) {
        *text = span_from(*text, 1);
        if (c >= ' ' && c != 0x7f)
            return (Glyph){.bytes = bytes, .width = 1};
        unsigned tab = style.tab ? style.tab : TAB_CELLS;
        return c == '\t' ? (Glyph){.width = tab - (unsigned)(column % tab)} : replacement(style);
    }
    uint32_t code;
    size_t len = utf8_next(*text, &code);
    bytes = span_to(*text, len);
    *text = span_from(*text, len ? len : utf8_skip_invalid(*text));
    return len ? glyph_of(code, bytes, style) : replacement(style);
}

/* Where drawing stands: cells are counted from the beginning of the whole text. */
typedef struct Pen {
    Buffer *out;
    size_t column;
    size_t first, end; /* cells to draw */
    size_t fallback_len, fallback_column; /* state to go back to when the last cell is needed for the ellipsis */
    unsigned marks;
    bool base_drawn;
} Pen;

static void pen_mark(Pen *pen, const Glyph *glyph)
{
    if (pen->base_drawn && pen->marks++ < MARKS_MAX)
        buffer_append_span(pen->out, glyph->bytes);
}

/* False when the glyph does not fit any more. */
static bool pen_glyph(Pen *pen, const Glyph *glyph)
{
    size_t begin = pen->column, end = begin + glyph->width;
    if (end > pen->end)
        return false;
    if (begin + 1 <= pen->end) {
        pen->fallback_len = pen->out->len;
        pen->fallback_column = begin;
    }
    pen->column = end;
    pen->marks = 0;
    pen->base_drawn = begin >= pen->first && glyph->bytes.len;
    if (pen->base_drawn)
        buffer_append_span(pen->out, glyph->bytes);
    else if (end > pen->first) /* blanks, or half of a wide character at the left edge */
        buffer_append_repeated(pen->out, ' ', end - (begin > pen->first ? begin : pen->first));
    return true;
}

/* Makes the last cell an ellipsis. */
static void pen_cut(Pen *pen, DisplayStyle style)
{
    if (pen->column + 1 > pen->end) {
        pen->out->len = pen->fallback_len;
        pen->column = pen->fallback_column;
    }
    if (pen->column < pen->first)
        pen->column = pen->first;
    if (pen->column + 1 < pen->end)
        buffer_append_repeated(pen->out, ' ', pen->end - pen->column - 1);
    buffer_append_span(pen->out, ellipsis(style, false));
    pen->column = pen->end;
}

size_t display_append(Buffer *out, Span text, size_t skip, size_t width, DisplayStyle style)
{
    if (!width || !text.len)
        return 0;
    Pen pen = {.out = out, .first = skip, .end = width > SIZE_MAX - skip ? SIZE_MAX : skip + width};
    if (skip) {
        buffer_append_span(out, ellipsis(style, true));
        pen.first++;
        if (width == 1)
            return 1;
    }
    pen.fallback_len = out->len;
    pen.fallback_column = pen.first;
    while (text.len) {
        Glyph glyph = glyph_take(&text, pen.column, style);
        if (glyph.combining) {
            pen_mark(&pen, &glyph);
        } else if (glyph.width && !pen_glyph(&pen, &glyph)) {
            pen_cut(&pen, style);
            break;
        }
    }
    return pen.column > skip ? pen.column - skip : skip > 0;
}

size_t display_advance(Span text, size_t column, DisplayStyle style)
{
    while (text.len)
        column += glyph_take(&text, column, style).width;
    return column;
}

size_t display_width(Span text, DisplayStyle style)
{
    return display_advance(text, 0, style);
}

size_t display_fit(Span text, size_t width, DisplayStyle style)
{
    size_t column = 0;
    for (Span rest = text; rest.len;) {
        size_t left = rest.len;
        column += glyph_take(&rest, column, style).width;
        if (column > width)
            return text.len - left;
    }
    return text.len;
}

size_t display_append_spark(Buffer *out, const int64_t *values, size_t count, size_t width, bool ascii)
{
    enum { STEPS = 8 };
    static const char *const fine[STEPS] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const plain[STEPS] = {"_", ".", "-", "~", "=", "+", "*", "#"};
    size_t from = count > width ? count - width : 0;
    int64_t low = INT64_MAX, high = INT64_MIN;
    for (size_t i = from; i < count; i++) {
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    for (size_t i = from; i < count; i++) {
        double share = high > low ? ((double)values[i] - (double)low) / ((double)high - (double)low) : 0;
        size_t step = (size_t)(share * (STEPS - 1) + 0.5);
        buffer_append_span(out, span_of(ascii ? plain[step] : fine[step]));
    }
    return count - from;
}
