#include <stdlib.h>

#include "base/assignment.h"
#include "parsers/unordered_private.h"

/*
 * A way to give all pieces to reports is made better, step by step, until no step helps. At each place of the order of pieces (see
 * ORDER_HEADER) there are two kinds of steps: the pieces of that place go to other reports, or reports exchange all that they have
 * from that place on. Either is done for all reports at once in the best way that there is: an assignment problem.
 */

enum {
    PASSES_MAX = 6,
    AGAINST_NOBODY = 130, /* a piece that no report takes */
    CERTAIN = 36,         /* so much better than the next best, there is no doubt */
};

#define NO_ORDER (UINT64_C(1) << 32) /* behind all */

/* Pieces that move together. */
typedef struct Part {
    size_t begin, count; /* in Search.pieces */
    uint32_t sheet;      /* that has them now, or NO_SHEET */
    uint32_t owner;      /* the call that seems to have printed it, where all of its report's rows are in it, else NO_CALL */
    uint64_t channel;
    int64_t first_clock, last_clock;
} Part;

/* When a report was written, as far as it has pieces. */
typedef struct Extent {
    int64_t first_clock, last_clock;
} Extent;

/* The pieces with an order from `from` to below `to` are moved. */
typedef struct Range {
    uint64_t from, to;
} Range;

typedef struct Search {
    Board *board;
    PieceList movable; /* all that are not given for good, by order */
    bool doubting;     /* it is looked for what is not certain */
    /* Of one step: */
    PieceList pieces; /* of all parts */
    VEC(Part) parts;
    VEC(Extent) extents; /* of all sheets */
    /* Of some of its parts and the sheets that they may go to: */
    size_t begin, end;    /* the parts */
    VEC(uint32_t) takers; /* the sheets */
    VEC(int64_t) costs;
    VEC(size_t) groups, chosen;
    VEC(int64_t) margins;
    PieceList whole; /* all that a report would have */
} Search;

static const Piece *piece_at(const Search *s, uint32_t index)
{
    return &s->board->pieces.items[index];
}

static Sheet *sheet_at(const Search *s, uint32_t index)
{
    return &s->board->sheets.items[index];
}

/* What a report would have. */

/* Leaves in `whole` what the sheet has outside of the range, or for good, and `pieces`. False when both have the same line. */
static bool compose(Search *s, const Sheet *sheet, Range range, const uint32_t *pieces, size_t count)
{
    size_t next = 0;
    s->whole.len = 0;
    vec_reserve(&s->whole, sheet->rows.len + count + 1);
    for (size_t i = 0; i < sheet->rows.len; i++) {
        const Piece *p = piece_at(s, sheet->rows.items[i]);
        if (!p->given && p->order >= range.from && p->order < range.to)
            continue;
        while (next < count && piece_at(s, pieces[next])->order < p->order)
            s->whole.items[s->whole.len++] = pieces[next++];
        if (next < count && piece_at(s, pieces[next])->order == p->order)
            return false;
        s->whole.items[s->whole.len++] = sheet->rows.items[i];
    }
    while (next < count)
        s->whole.items[s->whole.len++] = pieces[next++];
    return true;
}

static bool compose_with(Search *s, const Sheet *sheet, Range range, const Part *part)
{
    return compose(s, sheet, range, s->pieces.items + part->begin, part->count);
}

static bool has_rows(const Search *s, const uint32_t *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (piece_at(s, pieces[i])->kind == PROFILER_ROW)
            return true;
    return false;
}

static int judge(const Search *s, const Sheet *sheet)
{
    return unordered_judge(s->board, sheet, s->whole.items, s->whole.len);
}

/* The same for a report that has no rows of its own: it has the owner of the part that brings them. */
static int judge_bare(const Search *s, Sheet *sheet, const Part *part)
{
    uint32_t owner = sheet->owner;
    if (part->owner != NO_CALL)
        sheet->owner = part->owner;
    int score = judge(s, sheet);
    sheet->owner = owner;
    return score;
}

/* Parts, and who may take them. */

static void find_extents(Search *s)
{
    s->extents.len = 0;
    for (uint32_t i = 0; i < s->board->sheets.len; i++) {
        const Sheet *sheet = sheet_at(s, i);
        Extent e = {sheet->clock, sheet->clock};
        for (size_t j = 0; sheet->active && j < sheet->rows.len; j++) {
            int64_t clock = piece_at(s, sheet->rows.items[j])->clock;
            e.first_clock = clock < e.first_clock ? clock : e.first_clock;
            e.last_clock = clock > e.last_clock ? clock : e.last_clock;
        }
        vec_push(&s->extents, e);
    }
}

static void begin_step(Search *s)
{
    s->pieces.len = s->parts.len = 0;
    find_extents(s);
}

/* The pieces from `begin` on are a part. */
static Part *add_part(Search *s, size_t begin, uint32_t sheet)
{
    const Piece *first = piece_at(s, s->pieces.items[begin]);
    Part part = {begin, s->pieces.len - begin, sheet, NO_CALL, first->channel, first->clock, first->clock};
    for (size_t i = begin; i < s->pieces.len; i++) {
        int64_t clock = piece_at(s, s->pieces.items[i])->clock;
        part.first_clock = clock < part.first_clock ? clock : part.first_clock;
        part.last_clock = clock > part.last_clock ? clock : part.last_clock;
    }
    vec_push(&s->parts, part);
    return &vec_last(&s->parts);
}

static bool may_take(const Search *s, uint32_t sheet, const Part *part)
{
    const Extent *e = &s->extents.items[sheet];
    int64_t near = s->board->near_ns;
    if (!sheet_at(s, sheet)->active || sheet_at(s, sheet)->channel != part->channel)
        return false;
    return sheet == part->sheet || (part->first_clock <= e->last_clock + near && part->last_clock >= e->first_clock - near);
}

static bool is_taker(const Search *s, uint32_t sheet)
{
    for (size_t i = 0; i < s->takers.len; i++)
        if (s->takers.items[i] == sheet)
            return true;
    return false;
}

/* Moves all parts that the sheet may take to the front of those that are left. */
static void gather_parts(Search *s, uint32_t sheet)
{
    for (size_t i = s->end; i < s->parts.len; i++) {
        if (!may_take(s, sheet, &s->parts.items[i]))
            continue;
        Part part = s->parts.items[i];
        s->parts.items[i] = s->parts.items[s->end];
        s->parts.items[s->end++] = part;
    }
}

/* The parts from `begin` on that have to do with each other, and who may take any of them. */
static void gather(Search *s, size_t begin)
{
    s->begin = begin;
    s->end = begin + 1;
    s->takers.len = 0;
    for (size_t i = begin; i < s->end; i++)
        for (uint32_t sheet = 0; sheet < s->board->sheets.len; sheet++) {
            if (!may_take(s, sheet, &s->parts.items[i]) || is_taker(s, sheet))
                continue;
            vec_push(&s->takers, sheet);
            gather_parts(s, sheet);
        }
}

/* Deciding where they go. */

/* Costs of each part for one of the takers. */
static void fill_column(Search *s, size_t column, size_t columns, Range range)
{
    uint32_t taker = s->takers.items[column];
    Sheet *sheet = sheet_at(s, taker);
    compose(s, sheet, range, NULL, 0);
    int without = judge(s, sheet);
    bool bare = range.to == NO_ORDER && !has_rows(s, s->whole.items, s->whole.len);
    /* Which of the reports of a file that have no rows takes some makes no difference to these. */
    s->groups.items[column] = bare ? s->board->sheets.len + 1 + sheet->place : taker;
    for (size_t i = s->begin; i < s->end; i++) {
        const Part *part = &s->parts.items[i];
        int64_t cost = ASSIGNMENT_NEVER;
        if (may_take(s, taker, part) && compose_with(s, sheet, range, part))
            cost = without - (bare ? judge_bare(s, sheet, part) : judge(s, sheet));
        s->costs.items[(i - s->begin) * columns + column] = cost;
    }
}

/* The last columns are for those that nobody takes. */
static void fill_costs(Search *s, size_t columns, Range range)
{
    size_t count = s->end - s->begin;
    vec_reserve(&s->costs, columns * count);
    vec_reserve(&s->groups, columns);
    for (size_t j = 0; j < s->takers.len; j++)
        fill_column(s, j, columns, range);
    for (size_t j = s->takers.len; j < columns; j++) {
        s->groups.items[j] = s->board->sheets.len;
        for (size_t i = 0; i < count; i++)
            s->costs.items[i * columns + j] = AGAINST_NOBODY;
    }
}

static uint32_t chosen_sheet(const Search *s, size_t part)
{
    size_t column = s->chosen.items[part - s->begin];
    return column < s->takers.len ? s->takers.items[column] : NO_SHEET;
}

/* Whether what was chosen costs less than what is. */
static bool is_better(const Search *s, size_t columns)
{
    int64_t gain = 0;
    for (size_t i = s->begin; i < s->end; i++) {
        const int64_t *costs = s->costs.items + (i - s->begin) * columns;
        size_t j = 0;
        while (j < s->takers.len && s->takers.items[j] != s->parts.items[i].sheet)
            j++;
        gain += (j < s->takers.len ? costs[j] : AGAINST_NOBODY) - costs[s->chosen.items[i - s->begin]];
    }
    return gain > 0;
}

static void take_away(Search *s, const Part *part)
{
    if (part->sheet == NO_SHEET)
        return;
    Sheet *sheet = sheet_at(s, part->sheet);
    size_t kept = 0;
    for (size_t i = 0, next = part->begin; i < sheet->rows.len; i++) {
        if (next < part->begin + part->count && sheet->rows.items[i] == s->pieces.items[next])
            next++;
        else
            sheet->rows.items[kept++] = sheet->rows.items[i];
    }
    sheet->rows.len = kept;
}

static void give(Search *s, const Part *part, uint32_t to)
{
    for (size_t i = 0; i < part->count; i++)
        s->board->pieces.items[s->pieces.items[part->begin + i]].sheet = to;
    if (to == NO_SHEET)
        return;
    Sheet *sheet = sheet_at(s, to);
    if (part->owner != NO_CALL && !has_rows(s, sheet->rows.items, sheet->rows.len))
        sheet->owner = part->owner;
    compose_with(s, sheet, (Range){NO_ORDER, NO_ORDER}, part);
    sheet->rows.len = 0;
    vec_reserve(&sheet->rows, s->whole.len);
    memcpy(sheet->rows.items, s->whole.items, s->whole.len * sizeof *s->whole.items);
    sheet->rows.len = s->whole.len;
}

static void move_parts(Search *s)
{
    for (size_t i = s->begin; i < s->end; i++)
        if (chosen_sheet(s, i) != s->parts.items[i].sheet)
            take_away(s, &s->parts.items[i]);
    for (size_t i = s->begin; i < s->end; i++)
        if (chosen_sheet(s, i) != s->parts.items[i].sheet)
            give(s, &s->parts.items[i], chosen_sheet(s, i));
}

static void note_doubts(Search *s)
{
    for (size_t i = s->begin; i < s->end; i++)
        if (s->margins.items[i - s->begin] < CERTAIN)
            s->board->pieces.items[s->pieces.items[s->parts.items[i].begin]].contested = true;
}

/* Moves the gathered parts to where they cost least; whether any moved. */
static bool place_gathered(Search *s, Range range, bool nobody)
{
    size_t count = s->end - s->begin, columns = s->takers.len + (nobody ? count : 0);
    if (columns < count)
        return false;
    fill_costs(s, columns, range);
    vec_reserve(&s->chosen, count);
    vec_reserve(&s->margins, count);
    assignment_solve(count, columns, s->costs.items, s->groups.items, s->chosen.items, s->doubting ? s->margins.items : NULL);
    if (s->doubting)
        note_doubts(s);
    if (!is_better(s, columns))
        return false;
    move_parts(s);
    return true;
}

static bool place_parts(Search *s, Range range, bool nobody)
{
    bool moved = false;
    for (size_t begin = 0; begin < s->parts.len; begin = s->end) {
        gather(s, begin);
        moved |= place_gathered(s, range, nobody);
    }
    return moved;
}

/* Steps. */

/* All pieces of one place in the order, movable[begin] to movable[end]: each by itself. */
static bool place_level(Search *s, size_t begin, size_t end)
{
    uint64_t order = piece_at(s, s->movable.items[begin])->order;
    begin_step(s);
    for (size_t i = begin; i < end; i++) {
        vec_push(&s->pieces, s->movable.items[i]);
        add_part(s, s->pieces.len - 1, piece_at(s, s->movable.items[i])->sheet);
    }
    return place_parts(s, (Range){order, order + 1}, true);
}

static void add_tail(Search *s, uint32_t index, uint64_t order)
{
    const Sheet *sheet = sheet_at(s, index);
    size_t begin = s->pieces.len;
    for (size_t i = 0; i < sheet->rows.len; i++) {
        const Piece *p = piece_at(s, sheet->rows.items[i]);
        if (!p->given && p->order >= order)
            vec_push(&s->pieces, sheet->rows.items[i]);
    }
    size_t count = s->pieces.len - begin;
    if (!count)
        return;
    Part *part = add_part(s, begin, index);
    if (!has_rows(s, sheet->rows.items, sheet->rows.len - count))
        part->owner = sheet->owner;
}

/* What each report has from that place on: whether another one's beginning suits it better. */
static bool place_tails(Search *s, uint64_t order)
{
    begin_step(s);
    for (uint32_t i = 0; i < s->board->sheets.len; i++)
        if (sheet_at(s, i)->active)
            add_tail(s, i, order);
    return place_parts(s, (Range){order, NO_ORDER}, false);
}

static size_t end_of_level(const Search *s, size_t begin)
{
    size_t end = begin + 1;
    while (end < s->movable.len && piece_at(s, s->movable.items[end])->order == piece_at(s, s->movable.items[begin])->order)
        end++;
    return end;
}

/* Tries all steps; whether one helped. */
static bool improve(Search *s)
{
    bool moved = false;
    unordered_find_owners(s->board);
    unordered_vote(s->board);
    for (size_t i = 0, end; i < s->movable.len; i = end) {
        end = end_of_level(s, i);
        moved |= place_tails(s, piece_at(s, s->movable.items[i])->order);
        moved |= place_level(s, i, end);
    }
    return moved;
}

static void begin(Search *s)
{
    for (size_t i = 0, end; i < s->movable.len; i = end) {
        end = end_of_level(s, i);
        place_level(s, i, end);
    }
}

static void collect_movable(Search *s)
{
    for (uint32_t i = 0; i < s->board->pieces.len; i++) {
        Piece *p = &s->board->pieces.items[i];
        if (p->given || p->kind == PROFILER_FILENAME)
            continue;
        size_t at = s->movable.len;
        p->contested = false;
        vec_push(&s->movable, i);
        for (; at > 0 && piece_at(s, s->movable.items[at - 1])->order > p->order; at--)
            s->movable.items[at] = s->movable.items[at - 1];
        s->movable.items[at] = i;
    }
}

void unordered_search(Board *board)
{
    Search s = {.board = board};
    unordered_prepare(board);
    unordered_vote(board);
    collect_movable(&s);
    begin(&s);
    for (int pass = 0; pass < PASSES_MAX && improve(&s); pass++)
        ;
    s.doubting = true;
    improve(&s);
    vec_free(&s.movable);
    vec_free(&s.pieces);
    vec_free(&s.parts);
    vec_free(&s.extents);
    vec_free(&s.takers);
    vec_free(&s.costs);
    vec_free(&s.groups);
    vec_free(&s.chosen);
    vec_free(&s.margins);
    vec_free(&s.whole);
}
