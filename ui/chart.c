#include "ui/chart.h"

#include "ui/draw.h"
#include "ui/terminal.h"

enum {
    TABLE_ROWS_MIN = 8, /* with its header */
    SHARE = 5,          /* of all rows, a chart takes this part */
    LABEL_GAP = 1,
    PLOT_COLUMNS_MAX = 512,
};

/* What a character can show: so many columns of values, each as high as so many steps. */
typedef struct Pen {
    size_t across;
    int steps;
} Pen;

static Pen pen_of_terminal(void)
{
    if (terminal_is_ascii())
        return (Pen){1, 3};
    return terminal_has_fine_blocks() ? (Pen){2, 4} : (Pen){1, 2};
}

/* A character with its columns filled from below: `left` steps of the first, `right` of the second. */
static void append_glyph(Buffer *out, Pen pen, int left, int right)
{
    static const char *const ascii[] = {" ", ".", ":", "#"}, *const halves[] = {" ", "▄", "█"};
    static const unsigned dots_left[] = {0, 0x40, 0x44, 0x46, 0x47}, dots_right[] = {0, 0x80, 0xa0, 0xb0, 0xb8};
    if (pen.across == 1) {
        buffer_append_span(out, span_of((pen.steps == 3 ? ascii : halves)[left]));
        return;
    }
    unsigned dots = dots_left[left] | dots_right[right];
    char braille[] = {'\xe2', (char)(0xa0 | dots >> 6), (char)(0x80 | (dots & 0x3f))}; /* U+2800 and its dots */
    if (dots)
        buffer_append(out, braille, sizeof braille);
    else
        buffer_append_byte(out, ' ');
}

/* How high a value stands, from 1 to `height`; 0 for none. Where all values are equal they stand in the middle. */
static int level(const Series *s, Mib value, int height)
{
    if (value == MIB_NONE)
        return 0;
    if (s->high == s->low)
        return (height + 1) / 2;
    return 1 + (int)(((double)value - (double)s->low) / ((double)s->high - (double)s->low) * (height - 1) + 0.5);
}

/* The part of a level that is seen in the row whose lowest step is `floor`. */
static int visible(int level, int floor, int steps)
{
    int part = level - floor;
    return part < 0 ? 0 : part > steps ? steps : part;
}

static void draw_plot(Area area, const Series *s)
{
    Pen pen = pen_of_terminal();
    Mib buckets[PLOT_COLUMNS_MAX];
    size_t columns = (size_t)area.columns * pen.across;
    if (columns > PLOT_COLUMNS_MAX)
        columns = PLOT_COLUMNS_MAX;
    series_bucket(s, columns, buckets);
    Buffer line = {0};
    int height = area.rows * pen.steps;
    for (int row = 0; row < area.rows; row++) {
        int floor = (area.rows - 1 - row) * pen.steps;
        buffer_clear(&line);
        for (size_t i = 0; i + pen.across <= columns; i += pen.across)
            append_glyph(&line, pen, visible(level(s, buckets[i], height), floor, pen.steps),
                         visible(level(s, buckets[i + pen.across - 1], height), floor, pen.steps));
        draw_text(area.row + row, area.column, area.columns, buffer_span(&line), 0, ROLE_CHART, EMPHASIS_NONE);
    }
    buffer_free(&line);
}

static void draw_label(int row, int column, int width, Mib value, unsigned decimals)
{
    char text[MIB_TEXT_MAX];
    int len = (int)mib_format(text, value, decimals);
    draw_format(row, column + (width > len ? width - len : 0), width, ROLE_DIM, EMPHASIS_NONE, "%s", text);
}

static int label_width(const Series *s, const char *title)
{
    char text[MIB_TEXT_MAX];
    int low = (int)mib_format(text, s->low, s->decimals), high = (int)mib_format(text, s->high, s->decimals);
    int width = (int)strlen(title);
    width = low > width ? low : width;
    return high > width ? high : width;
}

int chart_rows(int rows)
{
    int wanted = rows / SHARE;
    if (rows < TABLE_ROWS_MIN + CHART_ROWS_MIN)
        return 0;
    return wanted < CHART_ROWS_MIN ? CHART_ROWS_MIN : wanted > CHART_ROWS_MAX ? CHART_ROWS_MAX : wanted;
}

void chart_draw(Area area, const char *title, const Series *s)
{
    if (s->high == MIB_NONE)
        return;
    int width = label_width(s, title), column = area.column + width + LABEL_GAP;
    draw_label(area.row, area.column, width, s->high, s->decimals);
    draw_text(area.row + area.rows / 2, area.column, width, span_of(title), 0, ROLE_TITLE, EMPHASIS_NONE);
    draw_label(area.row + area.rows - 1, area.column, width, s->low, s->decimals);
    draw_plot((Area){area.row, column, area.rows, area.column + area.columns - column}, s);
}
