#include "ui/table_layout.h"

#include <limits.h>

#include "base/hash.h"
#include "ui/draw.h"

enum {
    GAP_WIDE = 2,
    GAP_NARROW = 1,
    SHORT_TEXT = 24,
    TIGHT_TEXT = 16,
    TIGHT_RANK = 3,
    VITAL_RANK = 1,
    SAME_RANK = 5, /* of what should tell rows apart and says the same in all of them */
    LAST_TEXT = 8,
    PINNED_SHARE = 5, /* of the width, that is enough for a name beside columns that are scrolled to */
    SKIP_STEP = 16,
    BAR_MAX = 12,
    READABLE_TEXT = 32
};

void layout_forget(TableLayout *layout)
{
    for (size_t i = 0; i < LAYOUT_COLUMNS_MAX; i++) {
        ColumnLayout *c = &layout->columns[i];
        c->left = c->right = c->brief = 0;
        c->seen = c->some = c->varied = false;
    }
}

bool layout_is_numeric(const Column *column)
{
    return column->type != CELL_TEXT && !cell_type_is_picture(column->type);
}

void layout_header(const TableLayout *layout, const Column *column, Buffer *out)
{
    const char *unit = layout->units ? column_unit(column) : NULL;
    buffer_printf(out, "%s%s%s", column->title, unit ? " " : "", unit ? unit : "");
}

int layout_point(Span text)
{
    size_t n = 0;
    while (n < text.len && text.ptr[n] != '.' && text.ptr[n] != ' ')
        n++;
    return (int)n;
}

static bool is_left_out(const TableLayout *layout, size_t column)
{
    return layout->left_out >> column & 1;
}

static bool is_name(const Column *column)
{
    return column->type == CELL_TEXT && !column->flexible;
}

static int brief_width(Span text, DisplayStyle style)
{
    Buffer out = {0};
    int width = (int)display_width(draw_short_name(text, &out), style);
    buffer_free(&out);
    return width;
}

static void note_text(ColumnLayout *c, Span text)
{
    uint64_t hash = hash_bytes(text.ptr, text.len, 0);
    c->varied |= c->some && hash != c->first;
    c->first = c->some ? c->first : hash;
    c->some = true;
}

void layout_measure(TableLayout *layout, const TableKind *kind, size_t column, const Cell *cell, Span text, DisplayStyle style)
{
    ColumnLayout *c = &layout->columns[column];
    note_text(c, text);
    if (cell->type == CELL_NONE)
        return;
    c->seen = !is_left_out(layout, column);
    int width = (int)display_width(text, style), brief = is_name(&kind->columns[column]) ? brief_width(text, style) : 0;
    c->brief = brief > c->brief ? brief : c->brief;
    if (layout_is_numeric(&kind->columns[column]) && cell->type != CELL_TEXT) {
        int left = layout_point(text), right = width - left;
        c->left = left > c->left ? left : c->left;
        c->right = right > c->right ? right : c->right;
    } else if (width > c->left + c->right) {
        c->left = width - c->right;
    }
}

static int title_width(const Column *column, bool sorted)
{
    return (int)strlen(column->title) + (sorted ? 1 : 0);
}

static int natural_width(const TableLayout *layout, const TableKind *kind, size_t i, size_t sorted)
{
    const Column *column = &kind->columns[i];
    int title = title_width(column, i == sorted), content = layout->columns[i].left + layout->columns[i].right;
    if (cell_type_is_picture(column->type))
        content = column->min_width;
    return content > title ? content : title;
}

/* The same of names without what they have in common. */
static int brief_natural(const TableLayout *layout, const TableKind *kind, size_t i, size_t sorted)
{
    int natural = natural_width(layout, kind, i, sorted), title = title_width(&kind->columns[i], i == sorted);
    int brief = layout->columns[i].brief > title ? layout->columns[i].brief : title;
    return is_name(&kind->columns[i]) && brief < natural ? brief : natural;
}

/* What a column must have before others are dropped; of names so many cells are enough. */
static int needed_width(const TableLayout *layout, const TableKind *kind, size_t i, size_t sorted, int enough)
{
    const Column *column = &kind->columns[i];
    int natural = brief_natural(layout, kind, i, sorted), least = title_width(column, i == sorted);
    if (column->type != CELL_TEXT)
        return natural;
    if (column->min_width > least)
        least = column->min_width;
    if (!column->flexible && least < enough)
        least = enough;
    return natural < least ? natural : least;
}

static int total_width(const TableLayout *layout, size_t count, int gap)
{
    int total = 0;
    for (size_t i = 0; i < count; i++)
        if (layout->columns[i].shown)
            total += layout->columns[i].width + (total ? gap : 0);
    return total;
}

static bool is_listed(const char *ids, const Column *column)
{
    Span rest = span_of(ids ? ids : ""), name = span_of(column->id);
    while (rest.len) {
        ptrdiff_t blank = span_find(rest, SPAN(" "));
        size_t len = blank < 0 ? rest.len : (size_t)blank;
        if (span_eq(span_to(rest, len), name))
            return true;
        rest = span_from(rest, len + (blank >= 0));
    }
    return false;
}

/* Of those of which one must be seen: how many are shown and differ. */
static size_t either_shown(const TableLayout *layout, const TableKind *kind)
{
    size_t count = 0;
    for (size_t i = 0; i < kind->column_count; i++)
        count += layout->columns[i].shown && layout->columns[i].varied && is_listed(kind->either, &kind->columns[i]);
    return count;
}

/* The rank of a shown column among these rows: 0 for what alone tells them apart. */
static unsigned rank_here(const TableLayout *layout, const TableKind *kind, size_t i)
{
    const Column *column = &kind->columns[i];
    bool part = is_listed(kind->parts, column), either = is_listed(kind->either, column);
    if (!layout->several || (!part && !either))
        return column->rank;
    if (!layout->columns[i].varied)
        return column->rank > SAME_RANK ? column->rank : SAME_RANK;
    return part || either_shown(layout, kind) == 1 ? 0 : column->rank;
}

/* The column that leaves first, of those whose rank is `from` or above; SIZE_MAX when all must stay. */
static size_t least_important(const TableLayout *layout, const TableKind *kind, size_t sorted, unsigned from)
{
    size_t worst = SIZE_MAX;
    unsigned highest = 0;
    for (size_t i = 0; i < kind->column_count; i++) {
        unsigned rank = layout->columns[i].shown ? rank_here(layout, kind, i) : 0;
        if (!layout->columns[i].shown || i == sorted || rank < from)
            continue;
        if (worst == SIZE_MAX || rank >= highest) {
            worst = i;
            highest = rank;
        }
    }
    return worst;
}

static void give(TableLayout *layout, size_t i, int wanted, int *spare)
{
    int more = wanted - layout->columns[i].width;
    if (more > *spare)
        more = *spare;
    if (more > 0) {
        layout->columns[i].width += more;
        *spare -= more;
    }
}

static int unit_width(const Column *column)
{
    const char *unit = column_unit(column);
    return unit ? (int)strlen(unit) + 1 : 0;
}

/* All headers get their units, or none does. */
static void give_units(TableLayout *layout, const TableKind *kind, size_t sorted, int *spare)
{
    int wanted = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < kind->column_count; i++) {
            int width = title_width(&kind->columns[i], i == sorted) + unit_width(&kind->columns[i]);
            if (!layout->columns[i].shown || !unit_width(&kind->columns[i]) || width <= layout->columns[i].width)
                continue;
            if (pass == 0)
                wanted += width - layout->columns[i].width;
            else
                give(layout, i, width, spare);
        }
        layout->units = wanted <= *spare || (pass > 0 && layout->units);
        if (!layout->units)
            return;
    }
}

static void give_flexible(TableLayout *layout, const TableKind *kind, size_t sorted, int most, int *spare)
{
    for (unsigned rank = 0; rank <= UINT8_MAX && *spare > 0; rank++) {
        for (size_t i = 0; i < kind->column_count; i++) {
            int natural = natural_width(layout, kind, i, sorted);
            if (layout->columns[i].shown && kind->columns[i].flexible && kind->columns[i].rank == rank)
                give(layout, i, natural < most ? natural : most, spare);
        }
    }
}

/* Names are whole, or without what they have in common. */
static void give_names(TableLayout *layout, const TableKind *kind, size_t sorted, int *spare)
{
    for (size_t i = 0; i < kind->column_count; i++) {
        int natural = natural_width(layout, kind, i, sorted);
        if (layout->columns[i].shown && !kind->columns[i].flexible && natural - layout->columns[i].width <= *spare)
            give(layout, i, natural, spare);
    }
}

/* The room that is left goes to texts that are cut, short ones first, until they can be read; to units; to texts; to the pictures. */
static void give_spare(TableLayout *layout, const TableKind *kind, size_t sorted, int spare)
{
    for (size_t i = 0; i < kind->column_count; i++)
        if (layout->columns[i].shown && !kind->columns[i].flexible)
            give(layout, i, brief_natural(layout, kind, i, sorted), &spare);
    give_flexible(layout, kind, sorted, READABLE_TEXT, &spare);
    give_names(layout, kind, sorted, &spare);
    give_units(layout, kind, sorted, &spare);
    give_flexible(layout, kind, sorted, INT_MAX, &spare);
    for (size_t i = 0; i < kind->column_count; i++)
        if (layout->columns[i].shown && cell_type_is_picture(kind->columns[i].type))
            give(layout, i, kind->columns[i].type == CELL_SPARK ? SPARK_VALUES : BAR_MAX, &spare);
}

static void shrink_text(ColumnLayout *c, int least, int *excess)
{
    int less = c->width - least < *excess ? c->width - least : *excess;
    if (less > 0) {
        c->width -= less;
        *excess -= less;
    }
}

/* Texts give way when nothing can be dropped any more; at last those that take what is left have hardly any of it. */
static void shrink(TableLayout *layout, const TableKind *kind, int excess)
{
    for (int last = 0; last < 2; last++) {
        for (size_t i = kind->column_count; i-- > 0 && excess > 0;) {
            ColumnLayout *c = &layout->columns[i];
            const Column *column = &kind->columns[i];
            int least = column->min_width ? column->min_width : (int)strlen(column->title);
            if (c->shown && column->type == CELL_TEXT && (!last || column->flexible))
                shrink_text(c, last ? LAST_TEXT : least, &excess);
        }
    }
}

/* The last resort: columns leave from the right, but not the one that is sorted by and not what tells rows apart. */
static void drop_rightmost(TableLayout *layout, const TableKind *kind, size_t sorted, int width, int gap)
{
    bool tells[LAYOUT_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < kind->column_count; i++)
        tells[i] = layout->columns[i].shown && layout->columns[i].varied &&
                   (is_listed(kind->parts, &kind->columns[i]) || is_listed(kind->either, &kind->columns[i]));
    for (size_t i = kind->column_count; i-- > 1 && total_width(layout, kind->column_count, gap) > width;)
        if (i != sorted && !(layout->several && tells[i]))
            layout->columns[i].shown = false;
}

/* Texts begin with more than they need: see roomy_text(). */
static void need_widths(TableLayout *layout, const TableKind *kind, size_t sorted, int enough)
{
    for (size_t i = 0; i < kind->column_count; i++) {
        ColumnLayout *c = &layout->columns[i];
        c->width = needed_width(layout, kind, i, sorted, enough);
        int natural = natural_width(layout, kind, i, sorted), wished = natural < SHORT_TEXT ? natural : SHORT_TEXT;
        if (kind->columns[i].flexible && c->width < wished)
            c->width = wished;
    }
}

/* A text with more than it must have, which gives way before a column of that rank leaves; SIZE_MAX: none. */
static size_t roomy_text(const TableLayout *layout, const TableKind *kind, size_t sorted, unsigned rank)
{
    for (size_t i = kind->column_count; i-- > 0;) {
        const Column *column = &kind->columns[i];
        if (layout->columns[i].shown && column->flexible && (column->rank >= rank || rank <= VITAL_RANK) &&
            layout->columns[i].width > needed_width(layout, kind, i, sorted, 0))
            return i;
    }
    return SIZE_MAX;
}

/* Drops columns of that rank and above until the others fit. */
static void drop_columns(TableLayout *layout, const TableKind *kind, size_t sorted, unsigned from, int width, int gap)
{
    while (total_width(layout, kind->column_count, gap) > width) {
        size_t worst = least_important(layout, kind, sorted, from);
        size_t text = roomy_text(layout, kind, sorted, worst == SIZE_MAX ? 0 : kind->columns[worst].rank);
        if (text != SIZE_MAX)
            layout->columns[text].width = needed_width(layout, kind, text, sorted, 0);
        else if (worst != SIZE_MAX)
            layout->columns[worst].shown = false;
        else
            return;
    }
}

/* What a column takes where there is room: names are not cut, and texts can be read. */
static int wanted_width(const TableLayout *layout, const TableKind *kind, size_t i, size_t sorted)
{
    int natural = brief_natural(layout, kind, i, sorted), width = layout->columns[i].width;
    int wanted = kind->columns[i].flexible && natural > READABLE_TEXT ? READABLE_TEXT : natural;
    return wanted > width ? wanted : width;
}

static int wanted_total(const TableLayout *layout, const TableKind *kind, size_t sorted, int gap)
{
    int total = 0;
    for (size_t i = 0; i < kind->column_count; i++)
        if (layout->columns[i].shown)
            total += wanted_width(layout, kind, i, sorted) + (total ? gap : 0);
    return total;
}

/* Columns that left come back, the most important ones first, where nothing has to be cut for them. */
static void take_back(TableLayout *layout, const TableKind *kind, size_t sorted, int width)
{
    for (unsigned rank = 0; rank <= UINT8_MAX; rank++) {
        for (size_t i = 0; i < kind->column_count; i++) {
            ColumnLayout *c = &layout->columns[i];
            if (c->shown || !c->seen || kind->columns[i].rank != rank)
                continue;
            c->shown = true;
            c->shown = wanted_total(layout, kind, sorted, GAP_NARROW) <= width;
        }
    }
}

/* Chooses the columns and their widths; returns the gap between them. */
static int choose_best(TableLayout *layout, const TableKind *kind, size_t sorted, int width)
{
    for (size_t i = 0; i < kind->column_count; i++) {
        ColumnLayout *c = &layout->columns[i];
        c->shown = c->seen || i == sorted || (!kind->columns[i].rank && !is_left_out(layout, i));
    }
    need_widths(layout, kind, sorted, SHORT_TEXT);
    drop_columns(layout, kind, sorted, TIGHT_RANK + 1, width, GAP_NARROW);
    if (total_width(layout, kind->column_count, GAP_NARROW) > width)
        need_widths(layout, kind, sorted, TIGHT_TEXT); /* before numbers that matter leave, names are cut */
    drop_columns(layout, kind, sorted, 1, width, GAP_NARROW);
    take_back(layout, kind, sorted, width);
    int gap = wanted_total(layout, kind, sorted, GAP_WIDE) <= width ? GAP_WIDE : GAP_NARROW;
    int total = total_width(layout, kind->column_count, gap);
    if (total > width) {
        shrink(layout, kind, total - width);
        drop_rightmost(layout, kind, sorted, width, gap);
        total = total_width(layout, kind->column_count, gap);
    }
    if (total < width)
        give_spare(layout, kind, sorted, width - total);
    return gap;
}

/* Columns that are not scrolled out: the first one, and what tells rows apart. */
static bool is_pinned(const TableLayout *layout, const TableKind *kind, size_t i)
{
    return i == 0 || (layout->several && layout->columns[i].varied && is_listed(kind->parts, &kind->columns[i]));
}

static void choose_scrolled(TableLayout *layout, const TableKind *kind, size_t sorted, int width)
{
    for (size_t i = 0; i < kind->column_count; i++) {
        ColumnLayout *c = &layout->columns[i];
        bool pinned = is_pinned(layout, kind, i);
        c->shown = (pinned || i >= layout->first) && (c->seen || i == sorted);
        c->width = pinned ? needed_width(layout, kind, i, sorted, width / PINNED_SHARE) : natural_width(layout, kind, i, sorted);
    }
}

/* Gives the shown columns their places and drops or cuts what stands beyond the edge. */
static void place(TableLayout *layout, const TableKind *kind, int width, int gap)
{
    int at = 0;
    for (size_t i = 0; i < kind->column_count; i++) {
        ColumnLayout *c = &layout->columns[i];
        if (!c->shown)
            continue;
        c->at = at;
        bool is_text = kind->columns[i].type == CELL_TEXT;
        if (at + c->width > width) {
            c->shown = is_text && width - at >= 4;
            c->width = c->shown ? width - at : 0;
        }
        at += c->shown ? c->width + gap : width;
    }
}

static void note_hidden(TableLayout *layout, const TableKind *kind)
{
    layout->hidden = 0;
    layout->more_right = false;
    layout->more_left = layout->first > 0 || layout->skip > 0;
    for (size_t i = 0; i < kind->column_count; i++) {
        ColumnLayout *c = &layout->columns[i];
        bool flexible = kind->columns[i].flexible;
        c->skip = c->shown && flexible ? layout->skip : 0;
        c->cut = c->shown && kind->columns[i].type == CELL_TEXT && c->left + c->right > c->width + (int)c->skip;
        if (c->seen && !c->shown) {
            layout->hidden++;
            layout->more_right |= layout->first == 0 || i >= layout->first;
        }
        layout->more_right |= c->cut && flexible;
        layout->more_right |= layout->first && c->shown && i > layout->first && c->width < title_width(&kind->columns[i], false);
    }
}

void layout_arrange(TableLayout *layout, const TableKind *kind, TableSort sort, int width)
{
    int gap = GAP_WIDE;
    layout->units = false;
    if (layout->first)
        choose_scrolled(layout, kind, sort.column, width);
    else
        gap = choose_best(layout, kind, sort.column, width);
    place(layout, kind, width, gap);
    note_hidden(layout, kind);
}

/* Whether scrolling by a column shows more: of one beyond the right edge, or of a text that is cut there. */
static bool has_hidden_right(const TableLayout *layout, const TableKind *kind)
{
    for (size_t i = layout->first ? layout->first : 1; i < kind->column_count; i++) {
        const ColumnLayout *c = &layout->columns[i];
        bool cut = c->cut || (c->shown && c->width < title_width(&kind->columns[i], false));
        bool can_widen = cut && (!kind->columns[i].flexible || (layout->first && i > layout->first));
        if (c->seen && (!c->shown || can_widen))
            return true;
    }
    return false;
}

static bool has_cut_text(const TableLayout *layout, const TableKind *kind)
{
    for (size_t i = 0; i < kind->column_count; i++)
        if (kind->columns[i].flexible && layout->columns[i].cut)
            return true;
    return false;
}

/* Whether nothing changes on the screen when the first of the columns that are scrolled to is another one. */
static bool is_no_step(const TableLayout *layout, const TableKind *kind)
{
    return layout->first > 1 && (!layout->columns[layout->first - 1].seen || is_pinned(layout, kind, layout->first - 1));
}

static bool scroll_right(TableLayout *layout, const TableKind *kind)
{
    if (has_hidden_right(layout, kind) && layout->first + 1 < kind->column_count) {
        layout->skip = 0;
        do
            layout->first++;
        while (layout->first + 1 < kind->column_count && is_no_step(layout, kind));
        return true;
    }
    if (!has_cut_text(layout, kind))
        return false;
    layout->skip += SKIP_STEP;
    return true;
}

static bool scroll_left(TableLayout *layout, const TableKind *kind)
{
    if (layout->skip) {
        layout->skip -= layout->skip < SKIP_STEP ? layout->skip : SKIP_STEP;
        return true;
    }
    if (!layout->first)
        return false;
    do
        layout->first--;
    while (is_no_step(layout, kind));
    return true;
}

bool layout_scroll(TableLayout *layout, const TableKind *kind, int direction)
{
    return direction > 0 ? scroll_right(layout, kind) : scroll_left(layout, kind);
}

void layout_scroll_to_end(TableLayout *layout, const TableKind *kind, TableSort sort, int width)
{
    bool beyond = layout->hidden > 0;
    layout->skip = 0;
    layout_arrange(layout, kind, sort, width);
    while (has_hidden_right(layout, kind) && scroll_right(layout, kind))
        layout_arrange(layout, kind, sort, width);
    for (size_t i = 0; !beyond && i < kind->column_count; i++) {
        const ColumnLayout *c = &layout->columns[i];
        int longer = c->left + c->right - c->width;
        if (c->shown && kind->columns[i].flexible && longer > (int)layout->skip)
            layout->skip = (size_t)longer;
    }
}
