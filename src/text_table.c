#include "src/text_table.h"

enum {
    COLUMN_GAP = 2,
    BAR_CELLS = 8,
    TEXT_CELLS_MIN = 16,   /* a column of text that is shorter says less than one that can be spared */
    SOURCE_CELLS_MIN = 24, /* the same for source text */
    RANK_SPARE = 3,        /* columns of this rank and above can be spared */
    PROSE_CELLS = 100,     /* of a line of words, where lines have no limit */
    HEAT_WARM = 333,
    HEAT_HOT = 667,
};

/* Filling. */

static const Column *column_named(const TableKind *kind, const char *id, size_t *index)
{
    *index = table_column_named(kind, span_of(id));
    return *index == SIZE_MAX ? NULL : &kind->columns[*index];
}

static void add_cell(TextTable *t, const Table *table, RowKey row, size_t column)
{
    Cell cell = table_cell(table, row, column);
    TextCell text = {.at = t->text.len, .type = cell.type, .style = cell.style, .heat = cell.heat};
    if (cell.type == CELL_SPARK)
        display_append_spark(&t->text, cell.values, cell.value_count, cell.value_count, t->ascii);
    else
        cell_text(&cell, &t->text);
    text.len = t->text.len - text.at;
    vec_push(&t->cells, text);
}

TextTable text_table_of(const Table *table, const char *const *ids, bool (*wanted)(const Table *table, RowKey row), size_t top)
{
    TextTable t = {0};
    size_t columns[TEXT_TABLE_COLUMNS_MAX];
    for (; *ids && t.column_count < TEXT_TABLE_COLUMNS_MAX; ids++) {
        const Column *column = column_named(table_kind(table), *ids, &columns[t.column_count]);
        if (column)
            t.columns[t.column_count++] = column;
    }
    for (size_t i = 0; i < table_length(table); i++) {
        RowKey row = table_row(table, i);
        if (wanted && !wanted(table, row))
            continue;
        if (t.rows == top) {
            t.more++;
            continue;
        }
        t.rows++;
        for (size_t j = 0; j < t.column_count; j++)
            add_cell(&t, table, row, columns[j]);
    }
    return t;
}

static const Column marked_column = {.id = "marked", .title = "Marked", .type = CELL_TEXT};

static void add_mark(TextTable *t, bool marked)
{
    TextCell cell = {.at = t->text.len, .len = marked, .type = marked ? CELL_TEXT : CELL_NONE};
    if (marked)
        buffer_append_byte(&t->text, '*');
    vec_push(&t->cells, cell);
}

TextTable text_table_of_columns(const TableExtract *e, bool ascii, bool (*skips)(CellType type))
{
    TextTable t = {.rows = 1, .ascii = ascii};
    for (size_t i = 0; i < e->columns.len && t.column_count < TEXT_TABLE_COLUMNS_MAX - 1; i++) {
        const Column *column = &table_kind(e->table)->columns[e->columns.items[i]];
        if (skips && skips(column->type))
            continue;
        t.extracted[t.column_count] = e->columns.items[i];
        t.columns[t.column_count++] = column;
    }
    t.extracted_count = t.column_count;
    if (e->marked.len)
        t.columns[t.column_count++] = &marked_column;
    return t;
}

void text_table_put_row(TextTable *t, const TableExtract *e, size_t row)
{
    t->cells.len = 0;
    buffer_clear(&t->text);
    for (size_t i = 0; i < t->extracted_count; i++)
        add_cell(t, e->table, e->rows.items[row], t->extracted[i]);
    if (e->marked.len)
        add_mark(t, e->marked.items[row]);
}

void text_table_free(TextTable *t)
{
    vec_free(&t->cells);
    buffer_free(&t->text);
}

Span text_table_text(const TextTable *t, const TextCell *cell)
{
    return cell->len ? (Span){t->text.data + cell->at, cell->len} : (Span){0};
}

bool text_column_is_number(const Column *column)
{
    return column->type != CELL_TEXT && !cell_type_is_picture(column->type);
}

/* Colours. */

static const char *const color_codes[] = {
    [TEXT_PLAIN] = NULL, [TEXT_BOLD] = "\x1b[1m", [TEXT_DIM] = "\x1b[2m", [TEXT_WARM] = "\x1b[33m", [TEXT_HOT] = "\x1b[31m",
};

void text_color_begin(Writer *w, TextColor color, const TextStyle *style)
{
    if (style->color && color_codes[color])
        writer_text(w, color_codes[color]);
}

void text_color_end(Writer *w, TextColor color, const TextStyle *style)
{
    if (style->color && color_codes[color])
        writer_text(w, "\x1b[0m");
}

static TextColor color_of(const TextCell *cell)
{
    switch (cell->style) {
    case STYLE_HOT:
        return cell->heat >= HEAT_HOT ? TEXT_HOT : cell->heat >= HEAT_WARM ? TEXT_WARM : TEXT_PLAIN;
    case STYLE_BAD:
        return TEXT_HOT;
    case STYLE_NOTE:
        return TEXT_WARM;
    case STYLE_DIM:
    case STYLE_ENTRY:
    case STYLE_SUSPECT:
        return TEXT_DIM;
    default:
        return TEXT_PLAIN;
    }
}

/* Laying out. */

typedef struct LaidColumn LaidColumn;

static const TextCell *cell_at(const TextTable *t, size_t row, size_t column)
{
    return &t->cells.items[row * t->column_count + column];
}

/* Cells from the decimal point on; words in a column of numbers end where the whole numbers do. */
static size_t tail_of(Span text)
{
    ptrdiff_t point = span_find_byte(text, '.');
    return point < 0 ? 0 : text.len - (size_t)point;
}

static size_t width_of(const TextLayout *l, const TextCell *cell)
{
    return cell->type == CELL_HEAT ? BAR_CELLS : display_width(text_table_text(l->table, cell), l->style->display);
}

static void measure_cell(TextLayout *l, size_t row, size_t column)
{
    const TextCell *cell = cell_at(l->table, row, column);
    LaidColumn *laid = &l->columns[column];
    if (cell->type == CELL_NONE)
        return;
    bool points = l->table->columns[column]->type == CELL_MIB && cell->type == CELL_MIB;
    size_t width = width_of(l, cell), tail = points ? tail_of(text_table_text(l->table, cell)) : 0;
    laid->shown = true;
    laid->head = width - tail > laid->head ? width - tail : laid->head;
    laid->tail = tail > laid->tail ? tail : laid->tail;
}

void text_layout_measure(TextLayout *l)
{
    for (size_t row = 0; row < l->table->rows; row++)
        for (size_t i = 0; i < l->table->column_count; i++)
            measure_cell(l, row, i);
}

static void set_natural_width(const TextLayout *l, size_t column, LaidColumn *laid)
{
    const char *unit = l->table->units ? column_unit(l->table->columns[column]) : NULL;
    size_t title = strlen(l->table->columns[column]->title) + (unit ? strlen(unit) + 1 : 0);
    laid->width = laid->head + laid->tail > title ? laid->head + laid->tail : title;
}

static size_t total_width(const TextLayout *l)
{
    size_t total = 0;
    for (size_t i = 0; i < l->table->column_count; i++)
        if (l->columns[i].shown)
            total += l->columns[i].width + (total ? COLUMN_GAP : 0);
    return total;
}

/* How short a column of text may become: first so that it still reads well, then as its kind allows. */
typedef enum Squeeze { SQUEEZE_SOME, SQUEEZE_MOST, SQUEEZE_ALL } Squeeze;

static size_t least_width(const Column *column, Squeeze squeeze)
{
    if (squeeze == SQUEEZE_ALL || column->type != CELL_TEXT)
        return 1;
    if (squeeze == SQUEEZE_MOST)
        return column->min_width ? column->min_width : strlen(column->title);
    return column->flexible ? SOURCE_CELLS_MIN : TEXT_CELLS_MIN;
}

/* Cuts the widest text, cell by cell, until the table fits or all are as short as they may be. */
static bool cut_texts(TextLayout *l, Squeeze squeeze)
{
    for (size_t total = total_width(l); total > l->style->width; total--) {
        size_t widest = SIZE_MAX;
        for (size_t i = 0; i < l->table->column_count; i++) {
            const Column *column = l->table->columns[i];
            const LaidColumn *laid = &l->columns[i];
            if (laid->shown && column->type == CELL_TEXT && laid->width > least_width(column, squeeze) &&
                (widest == SIZE_MAX || laid->width >= l->columns[widest].width))
                widest = i;
        }
        if (widest == SIZE_MAX)
            return false;
        l->columns[widest].width--;
    }
    return true;
}

/* Leaves out the column that matters least, of those whose rank is `rank` or above; false when there is none. */
static bool drop_column(TextLayout *l, unsigned rank)
{
    size_t worst = SIZE_MAX;
    for (size_t i = 0; i < l->table->column_count; i++)
        if (l->columns[i].shown && l->table->columns[i]->rank >= rank &&
            (worst == SIZE_MAX || l->table->columns[i]->rank >= l->table->columns[worst]->rank))
            worst = i;
    if (worst != SIZE_MAX)
        l->columns[worst].shown = false;
    return worst != SIZE_MAX;
}

static void set_natural_widths(TextLayout *l)
{
    for (size_t i = 0; i < l->table->column_count; i++)
        if (l->columns[i].shown)
            set_natural_width(l, i, &l->columns[i]);
}

void text_layout_settle(TextLayout *l)
{
    set_natural_widths(l);
    if (!l->style->width)
        return;
    while (!cut_texts(l, SQUEEZE_SOME) && drop_column(l, RANK_SPARE))
        set_natural_widths(l);
    while (!cut_texts(l, SQUEEZE_MOST) && drop_column(l, 1))
        set_natural_widths(l);
    cut_texts(l, SQUEEZE_ALL);
}

/* Printing. */

/* Text of at most the column's width, padded to it. A path is cut in front, because its end tells more. */
static void append_text(Buffer *out, Span text, const LaidColumn *laid, bool flexible, DisplayStyle display)
{
    size_t width = display_width(text, display);
    bool path = !flexible && (span_find_byte(text, '/') >= 0 || span_find_byte(text, '\\') >= 0);
    size_t skip = path && width > laid->width ? width - laid->width : 0;
    size_t used = display_append(out, text, skip, laid->width, display);
    buffer_append_repeated(out, ' ', laid->width - used);
}

static void append_number(Buffer *out, Span text, const LaidColumn *laid, CellType type)
{
    size_t behind = laid->tail - (type == CELL_MIB ? tail_of(text) : 0);
    buffer_append_repeated(out, ' ', laid->width - behind - text.len);
    buffer_append_span(out, text);
    buffer_append_repeated(out, ' ', behind);
}

static void append_bar(Buffer *out, const TextCell *cell, DisplayStyle display)
{
    size_t cells = cell->type == CELL_HEAT ? ((size_t)cell->heat * BAR_CELLS + 999) / 1000 : 0;
    for (size_t i = 0; i < cells; i++)
        buffer_append_span(out, display.ascii ? SPAN("#") : SPAN("\xe2\x96\x88"));
    buffer_append_repeated(out, ' ', BAR_CELLS - cells);
}

static void append_cell(Buffer *out, const TextLayout *l, size_t row, size_t column)
{
    const TextCell *cell = cell_at(l->table, row, column);
    const LaidColumn *laid = &l->columns[column];
    const Column *kind = l->table->columns[column];
    Span text = text_table_text(l->table, cell);
    if (kind->type == CELL_HEAT)
        append_bar(out, cell, l->style->display);
    else if (text_column_is_number(kind))
        append_number(out, cell->type == CELL_NONE ? SPAN("-") : text, laid, cell->type);
    else
        append_text(out, text, laid, kind->flexible, l->style->display);
}

static void append_title(Buffer *out, const TextLayout *l, size_t column)
{
    const Column *kind = l->table->columns[column];
    const char *unit = l->table->units ? column_unit(kind) : NULL;
    LaidColumn laid = {.width = l->columns[column].width};
    Buffer title = {0};
    buffer_printf(&title, "%s%s%s", kind->title, unit ? " " : "", unit ? unit : "");
    if (text_column_is_number(kind))
        append_number(out, buffer_span(&title), &laid, CELL_TEXT);
    else
        append_text(out, buffer_span(&title), &laid, true, l->style->display);
    buffer_free(&title);
}

/* Blanks at the end of a line are of no use. */
static void print_line(Writer *w, Buffer *line)
{
    writer_span(w, span_trim_right(buffer_span(line)));
    writer_text(w, "\n");
    buffer_clear(line);
}

static void print_header(Writer *w, const TextLayout *l, Buffer *line)
{
    for (size_t i = 0; i < l->table->column_count; i++) {
        if (!l->columns[i].shown)
            continue;
        buffer_append_repeated(line, ' ', line->len ? COLUMN_GAP : 0);
        append_title(line, l, i);
    }
    text_color_begin(w, TEXT_BOLD, l->style);
    writer_span(w, span_trim_right(buffer_span(line)));
    text_color_end(w, TEXT_BOLD, l->style);
    writer_text(w, "\n");
    buffer_clear(line);
}

/* A coloured cell is printed as it comes, so that no padding of the last one is left to trim. */
static void print_row(Writer *w, const TextLayout *l, size_t row, Buffer *line)
{
    bool first = true;
    for (size_t i = 0; i < l->table->column_count; i++) {
        if (!l->columns[i].shown)
            continue;
        if (!first)
            buffer_append_repeated(line, ' ', COLUMN_GAP);
        first = false;
        TextColor color = l->style->color ? color_of(cell_at(l->table, row, i)) : TEXT_PLAIN;
        if (color != TEXT_PLAIN)
            buffer_append_span(line, span_of(color_codes[color]));
        append_cell(line, l, row, i);
        if (color != TEXT_PLAIN)
            buffer_append_span(line, SPAN("\x1b[0m"));
    }
    print_line(w, line);
}

void text_layout_print_header(Writer *w, const TextLayout *l)
{
    Buffer line = {0};
    print_header(w, l, &line);
    buffer_free(&line);
}

void text_layout_print_rows(Writer *w, const TextLayout *l)
{
    Buffer line = {0};
    for (size_t i = 0; i < l->table->rows; i++)
        print_row(w, l, i, &line);
    buffer_free(&line);
}

void text_table_print(Writer *w, const TextTable *t, const TextStyle *style)
{
    TextLayout l = {.table = t, .style = style};
    text_layout_measure(&l);
    text_layout_settle(&l);
    text_layout_print_header(w, &l);
    text_layout_print_rows(w, &l);
}

/* The word at the front of `*words`, which is cut off with the blanks behind it. */
static Span take_word(Span *words)
{
    ptrdiff_t end = span_find_byte(*words, ' ');
    Span word = end < 0 ? *words : span_to(*words, (size_t)end);
    *words = span_trim_left(span_from(*words, word.len));
    return word;
}

void text_print_paragraph(Writer *w, Span words, size_t indent, const TextStyle *style)
{
    size_t limit = style->width ? style->width : PROSE_CELLS, column = 0;
    Buffer line = {0};
    words = span_trim(words);
    while (words.len) {
        Span word = take_word(&words);
        size_t width = display_width(word, style->display);
        if (line.len && column + 1 + width > limit) {
            print_line(w, &line);
            column = indent;
            buffer_append_repeated(&line, ' ', indent);
        } else if (line.len) {
            buffer_append_byte(&line, ' ');
            column++;
        }
        size_t room = !style->width ? width : limit > column ? limit - column : 1;
        column += display_append(&line, word, 0, room, style->display);
    }
    if (line.len)
        print_line(w, &line);
    buffer_free(&line);
}
