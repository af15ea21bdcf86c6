#include "ui/glyph.h"

#include "base/utf8.h"

enum {
    EIGHTH_ACROSS = GLYPH_WIDTH / 8,
    EIGHTH_DOWN = GLYPH_HEIGHT / 8,
    DOT_PITCH_ACROSS = GLYPH_WIDTH / 2,
    DOT_PITCH_DOWN = GLYPH_HEIGHT / 4,
    DOT = 22,
    LINE = 8,
    UPPER_HALF = 0x2580, /* behind it eighths from below, up to all of the cell, then eighths from the left, down to one */
    FULL = 0x2588,
    LEFT_EIGHTH = 0x258f,
    BRAILLE = 0x2800,
    BRAILLE_LAST = 0x28ff,
};

static void append_box(Buffer *path, int column, int x, int y, int width, int height)
{
    if (path)
        buffer_printf(path, "M%d %dh%dv%dh-%dz", column * GLYPH_WIDTH + x, y, width, height, width);
}

static void append_braille(Buffer *path, int column, unsigned dots)
{
    static const struct Dot {
        int across, down;
    } places[] = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}}; /* by bit */
    for (unsigned bit = 0; bit < sizeof places / sizeof *places; bit++)
        if (dots >> bit & 1)
            append_box(path, column, places[bit].across * DOT_PITCH_ACROSS + (DOT_PITCH_ACROSS - DOT) / 2,
                       places[bit].down * DOT_PITCH_DOWN + (DOT_PITCH_DOWN - DOT) / 2, DOT, DOT);
}

static void append_block(Buffer *path, int column, uint32_t code)
{
    if (code == UPPER_HALF)
        append_box(path, column, 0, 0, GLYPH_WIDTH, GLYPH_HEIGHT / 2);
    else if (code <= FULL)
        append_box(path, column, 0, (int)(FULL - code) * EIGHTH_DOWN, GLYPH_WIDTH, (int)(code - UPPER_HALF) * EIGHTH_DOWN);
    else
        append_box(path, column, 0, 0, (int)(LEFT_EIGHTH + 1 - code) * EIGHTH_ACROSS, GLYPH_HEIGHT);
}

/* Lines go from the middle of the cell to some of its edges. */
static bool append_lines(Buffer *path, int column, uint32_t code)
{
    static const struct Lines {
        uint32_t code;
        bool left, right, up, down;
    } lines[] = {
        {0x2500, true, true, false, false}, {0x2502, false, false, true, true},  {0x250c, false, true, false, true},
        {0x2510, true, false, false, true}, {0x2514, false, true, true, false}, {0x2518, true, false, true, false},
    };
    int x = (GLYPH_WIDTH - LINE) / 2, y = (GLYPH_HEIGHT - LINE) / 2;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const struct Lines *l = &lines[i];
        if (l->code != code)
            continue;
        int left = l->left ? 0 : x, right = l->right ? GLYPH_WIDTH : x + LINE;
        int top = l->up ? 0 : y, bottom = l->down ? GLYPH_HEIGHT : y + LINE;
        if (l->left || l->right)
            append_box(path, column, left, y, right - left, LINE);
        if (l->up || l->down)
            append_box(path, column, x, top, LINE, bottom - top);
        return true;
    }
    return false;
}

bool glyph_append(Span character, int column, Buffer *path)
{
    uint32_t code;
    if (!character.len || utf8_next(character, &code) != character.len)
        return false;
    if (code >= BRAILLE && code <= BRAILLE_LAST)
        append_braille(path, column, code - BRAILLE);
    else if (code >= UPPER_HALF && code <= LEFT_EIGHTH)
        append_block(path, column, code);
    else
        return append_lines(path, column, code);
    return true;
}
