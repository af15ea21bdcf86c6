#include "ui/picture.h"

#include "ui/glyph.h"
#include "ui/terminal.h"

static void end_line(Buffer *out, size_t start, char blank)
{
    while (out->len > start && out->data[out->len - 1] == blank)
        out->len--;
    buffer_append_byte(out, '\n');
}

void picture_text(Buffer *out)
{
    for (int row = 0; row < terminal_rows(); row++) {
        size_t start = out->len;
        char letter;
        for (int column = 0; column < terminal_columns();)
            column += terminal_read_back(row, column, out, &letter);
        end_line(out, start, ' ');
    }
}

void picture_looks(Buffer *out)
{
    Buffer text = {0};
    for (int row = 0; row < terminal_rows(); row++) {
        size_t start = out->len;
        char letter;
        for (int column = 0; column < terminal_columns();) {
            buffer_clear(&text);
            int cells = terminal_read_back(row, column, &text, &letter);
            buffer_append_repeated(out, letter, (size_t)cells);
            column += cells;
        }
        end_line(out, start, '.');
    }
    buffer_free(&text);
}

/*
 * SVG. Cells have a fixed place, whatever the font: each run of text says how long it is, and what is no ASCII, and so may come from
 * another font, stands alone or is a shape; not all who draw SVG heed the length.
 */

enum { CELL_WIDTH = 9, CELL_HEIGHT = 18, BASELINE = 14, FONT_SIZE = 15, MARGIN = 9 };

/* What the terminal itself would have as its colours. */
static const struct Paper {
    unsigned fg, bg;
} dark_paper = {0xd0d0d0, 0x1c1c1c}, light_paper = {0x1c1c1c, 0xffffff};

static const struct Paper *paper(void)
{
    return terminal_is_light() ? &light_paper : &dark_paper;
}

/* The colours of xterm: 16 of old, a cube of 6 steps each, and greys. */
static unsigned rgb_of(short colour, unsigned otherwise)
{
    static const unsigned old[] = {0x000000, 0xcd3131, 0x3fa34d, 0xc5a332, 0x3b78d8, 0xb05fb0, 0x2aa1b3, 0xcccccc,
                                   0x767676, 0xf14c4c, 0x5fd75f, 0xf5e05f, 0x6ca0f0, 0xd787d7, 0x5fd7d7, 0xffffff};
    static const unsigned steps[] = {0, 95, 135, 175, 215, 255};
    enum { CUBE = 16, GREYS = 232 };
    if (colour < 0)
        return otherwise;
    if (colour < CUBE)
        return old[colour];
    if (colour < GREYS) {
        unsigned c = (unsigned)colour - CUBE;
        return steps[c / 36] << 16 | steps[c / 6 % 6] << 8 | steps[c % 6];
    }
    unsigned grey = 8 + 10 * ((unsigned)colour - GREYS);
    return grey << 16 | grey << 8 | grey;
}

typedef enum RunKind { RUN_TEXT, RUN_SHAPES, RUN_ALONE } RunKind;

typedef struct Run {
    Look look;
    RunKind kind;
    int row, column, cells;
    Buffer text; /* of shapes the path, else what stands there */
} Run;

/* Blanks would be taken together by some who draw SVG. */
static void append_escaped(Buffer *out, Span text)
{
    static const struct Escape {
        char c;
        const char *text;
    } escapes[] = {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {' ', "\xc2\xa0"}};
    for (size_t i = 0; i < text.len; i++) {
        Span piece = {&text.ptr[i], 1};
        for (size_t k = 0; k < sizeof escapes / sizeof *escapes; k++)
            piece = text.ptr[i] == escapes[k].c ? span_of(escapes[k].text) : piece;
        buffer_append_span(out, piece);
    }
}

static void append_piece(Buffer *out, const Run *run, Span text, int cells, int x, int y, unsigned colour)
{
    buffer_printf(out, "<text x=\"%d\" y=\"%d\" textLength=\"%d\"%s fill=\"#%06x\"%s%s>", x, y + BASELINE, cells * CELL_WIDTH,
                  run->kind == RUN_TEXT ? "" : " lengthAdjust=\"spacingAndGlyphs\"", colour,
                  run->look.bits & LOOK_BOLD ? " font-weight=\"bold\"" : "",
                  run->look.bits & LOOK_UNDERLINE ? " text-decoration=\"underline\"" : "");
    append_escaped(out, text);
    buffer_append_span(out, SPAN("</text>\n"));
}

/* Each word stands in its own place; underlined words stay together with the blanks between them. */
static void append_text(Buffer *out, const Run *run, int x, int y, unsigned colour)
{
    Span rest = span_trim_right(buffer_span(&run->text)), right;
    if (run->kind == RUN_ALONE) {
        append_piece(out, run, rest, run->cells, x, y, colour);
        return;
    }
    for (; (right = span_trim_left(rest)).len; rest = right) {
        x += (int)(rest.len - right.len) * CELL_WIDTH;
        ptrdiff_t blank = run->look.bits & LOOK_UNDERLINE ? -1 : span_find_byte(right, ' ');
        size_t len = blank < 0 ? right.len : (size_t)blank;
        append_piece(out, run, span_to(right, len), (int)len, x, y, colour);
        x += (int)len * CELL_WIDTH;
        right = span_from(right, len);
    }
}

static void append_run(Buffer *out, Run *run)
{
    bool reverse = run->look.bits & LOOK_REVERSE;
    unsigned fg = rgb_of(run->look.fg, paper()->fg), bg = rgb_of(run->look.bg, paper()->bg);
    int x = MARGIN + run->column * CELL_WIDTH, y = MARGIN + run->row * CELL_HEIGHT;
    if (run->cells && (reverse || run->look.bg != COLOUR_DEFAULT))
        buffer_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n", x, y, run->cells * CELL_WIDTH,
                      (int)CELL_HEIGHT, reverse ? fg : bg);
    if (run->kind != RUN_SHAPES)
        append_text(out, run, x, y, reverse ? bg : fg);
    else if (run->text.len)
        buffer_printf(out, "<path transform=\"translate(%d %d) scale(.125)\" fill=\"#%06x\" d=\"%s\"/>\n", x, y, reverse ? bg : fg,
                      buffer_text(&run->text));
}

static RunKind kind_of(Span cell)
{
    if (cell.len && (unsigned char)cell.ptr[0] < 0x80)
        return RUN_TEXT;
    return glyph_append(cell, 0, NULL) ? RUN_SHAPES : RUN_ALONE;
}

static bool same_look(Look a, Look b)
{
    return a.fg == b.fg && a.bg == b.bg && a.bits == b.bits;
}

static void append_row(Buffer *out, int row, Buffer *cell)
{
    Run run = {.row = row};
    for (int column = 0; column < terminal_columns();) {
        Look look;
        buffer_clear(cell);
        int cells = terminal_read_look(row, column, cell, &look);
        RunKind kind = kind_of(buffer_span(cell));
        if (run.cells && (!same_look(look, run.look) || kind != run.kind || kind == RUN_ALONE)) {
            append_run(out, &run);
            run.cells = 0;
        }
        if (!run.cells) {
            run.look = look;
            run.kind = kind;
            run.column = column;
            buffer_clear(&run.text);
        }
        if (kind == RUN_SHAPES)
            glyph_append(buffer_span(cell), run.cells, &run.text);
        else
            buffer_append_span(&run.text, buffer_span(cell));
        run.cells += cells;
        column += cells;
    }
    append_run(out, &run);
    buffer_free(&run.text);
}

void picture_svg(Buffer *out)
{
    int width = terminal_columns() * CELL_WIDTH + 2 * MARGIN, height = terminal_rows() * CELL_HEIGHT + 2 * MARGIN;
    Buffer cell = {0};
    buffer_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                  "font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"%d\">\n"
                  "<rect width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#%06x\"/>\n",
                  width, height, width, height, (int)FONT_SIZE, width, height, paper()->bg);
    for (int row = 0; row < terminal_rows(); row++)
        append_row(out, row, &cell);
    buffer_append_span(out, SPAN("</svg>\n"));
    buffer_free(&cell);
}
