#include <stdlib.h>

#include "base/assignment.h"
#include "base/partition_point.h"
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
    REMEMBERED_MAX = 512, /* sheets; of more it is not remembered what they would have to pay */
};

#define NO_ORDER (UINT64_C(1) << 32) /* behind all */
#define COST_NEVER INT32_MAX         /* for ASSIGNMENT_NEVER */

static const Tail no_tail = {NULL, 0};

/* Pieces that move together. */
typedef struct Part {
    size_t begin, count; /* in Search.pieces */
    uint32_t sheet;      /* that has them now, or NO_SHEET */
    uint32_t owner;      /* the call that seems to have printed it, where all of its report's rows are in it, else NO_CALL */
    uint64_t channel;
    int64_t first_clock, last_clock;
    Tail tail;   /* where they are all that their report has from a row on */
    size_t slot; /* in Search.movable, where it is one piece by itself */
} Part;

/* The pieces with an order from `from` to below `to` are moved. */
typedef struct Range {
    uint64_t from, to;
} Range;

/* A taker in a step. */
typedef struct Taker {
    uint32_t index;
    Sheet *sheet;
    Range range;
    size_t begin, end; /* its rows in the range */
    size_t fixed;      /* its first fixed row from there on ... */
    bool kept;         /* ... which is in the range */
    bool bare;         /* it has no rows without those that move */
    int without;       /* its points then */
} Taker;

/*
 * What a report has from a place on, as far as it may move: at most places as at the one before. Whether a fixed row stands in
 * front of the place or behind it makes no difference to what others would bring.
 */
typedef struct TailState {
    uint32_t version, loose; /* of the sheet, and how many loose rows */
    uint32_t stamp;          /* another one whenever these change */
    uint32_t taker_stamp;    /* the one that `taker` is of */
    Taker taker;
} TailState;

/* What it costs to give a report one piece, and of which version of the report that is; 0 before it was reckoned. */
typedef struct PieceCost {
    uint32_t version;
    int32_t cost;
} PieceCost;

/* What it costs to give a report all that another has from a place on, and of which stamps that is; 0 before it was reckoned. */
typedef struct TailCost {
    uint32_t taker, giver;
    int64_t cost;
} TailCost;

/* Where a sheet's pieces were looked for the last time, which is not far from where they will be: places come one after the other.
 */
typedef struct Cursor {
    size_t rows, fixed, loose;
} Cursor;

typedef struct Search {
    Board *board;
    PieceList movable; /* all that are not given for good, by order */
    bool doubting;     /* it is looked for what is not certain */
    /* Of one step: */
    bool tails;       /* all that reports have from a place on is moved */
    PieceList pieces; /* of all parts */
    VEC(Part) parts;
    VEC(uint32_t) candidates; /* sheets that are not yet known to take a part */
    /* Of some of its parts and the sheets that they may go to: */
    size_t begin, end;    /* the parts */
    VEC(uint32_t) takers; /* the sheets */
    VEC(size_t) columns;  /* for each sheet its place in `takers`, if it is there */
    VEC(int64_t) costs;
    VEC(size_t) groups, chosen;
    VEC(int64_t) margins;
    PieceList merged; /* what a report would have from a row on */
    /* Of all steps: */
    uint32_t versions, stamps;  /* that sheets and their tails have had */
    VEC(Cursor) cursors;        /* by sheet */
    VEC(uint32_t) owners;       /* of the sheets, as of their versions */
    bool remembers;             /* the costs are kept */
    VEC(TailState) tail_states; /* by sheet */
    VEC(TailCost) tail_costs;   /* by taker and giver */
    VEC(PieceCost) piece_costs; /* by taker and place in `movable` */
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

/* The first of the pieces, which are in order, that does not stand in front of that one. */
static size_t first_from(const Search *s, const PieceList *pieces, uint64_t order)
{
    size_t at;
    PARTITION_POINT(at, pieces->len, piece_at(s, pieces->items[at])->order < order);
    return at;
}

/* The same, looked for from `cursor` on, which goes there. */
static size_t go_to(const Search *s, const PieceList *pieces, uint64_t order, size_t *cursor)
{
    size_t at = *cursor < pieces->len ? *cursor : pieces->len;
    while (at > 0 && piece_at(s, pieces->items[at - 1])->order >= order)
        at--;
    while (at < pieces->len && piece_at(s, pieces->items[at])->order < order)
        at++;
    return *cursor = at;
}

/* Leaves in `merged` the sheet's rows from `begin` on and `pieces`. */
static void merge(Search *s, const Sheet *sheet, size_t begin, const uint32_t *pieces, size_t count)
{
    size_t next = 0;
    s->merged.len = 0;
    vec_reserve(&s->merged, sheet->rows.len - begin + count);
    for (size_t i = begin; i < sheet->rows.len; i++) {
        while (next < count && piece_at(s, pieces[next])->order < piece_at(s, sheet->rows.items[i])->order)
            s->merged.items[s->merged.len++] = pieces[next++];
        s->merged.items[s->merged.len++] = sheet->rows.items[i];
    }
    while (next < count)
        s->merged.items[s->merged.len++] = pieces[next++];
}

static const uint32_t *pieces_of(const Search *s, const Part *part)
{
    return s->pieces.items + part->begin;
}

static bool has_rows(const Search *s, const uint32_t *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (piece_at(s, pieces[i])->kind == PROFILER_ROW)
            return true;
    return false;
}

/* Parts, and who may take them. */

static void find_extent(const Search *s, Sheet *sheet)
{
    sheet->changed = false;
    sheet->first_clock = sheet->last_clock = sheet->clock;
    sheet->loose.len = 0;
    for (size_t i = 0; i < sheet->rows.len; i++) {
        const Piece *p = piece_at(s, sheet->rows.items[i]);
        sheet->first_clock = p->clock < sheet->first_clock ? p->clock : sheet->first_clock;
        sheet->last_clock = p->clock > sheet->last_clock ? p->clock : sheet->last_clock;
        if (!p->given)
            vec_push(&sheet->loose, sheet->rows.items[i]);
    }
}

static void begin_step(Search *s, bool tails)
{
    s->tails = tails;
    s->pieces.len = s->parts.len = s->candidates.len = 0;
    for (uint32_t i = 0; i < s->board->sheets.len; i++) {
        if (!sheet_at(s, i)->active)
            continue;
        if (sheet_at(s, i)->changed)
            find_extent(s, sheet_at(s, i));
        vec_push(&s->candidates, i);
    }
}

/* The pieces from `begin` on are a part. */
static Part *add_part(Search *s, size_t begin, uint32_t sheet)
{
    const Piece *first = piece_at(s, s->pieces.items[begin]);
    Part part = {begin, s->pieces.len - begin, sheet, NO_CALL, first->channel, first->clock, first->clock, no_tail, 0};
    for (size_t i = begin; i < s->pieces.len; i++) {
        int64_t clock = piece_at(s, s->pieces.items[i])->clock;
        part.first_clock = clock < part.first_clock ? clock : part.first_clock;
        part.last_clock = clock > part.last_clock ? clock : part.last_clock;
    }
    vec_push(&s->parts, part);
    return &vec_last(&s->parts);
}

static bool may_take(const Search *s, uint32_t index, const Part *part)
{
    const Sheet *sheet = sheet_at(s, index);
    int64_t near = s->board->near_ns;
    if (!sheet->active || sheet->channel != part->channel)
        return false;
    return index == part->sheet || (part->first_clock <= sheet->last_clock + near && part->last_clock >= sheet->first_clock - near);
}

static bool is_taker(const Search *s, uint32_t sheet)
{
    size_t column = s->columns.items[sheet];
    return column < s->takers.len && s->takers.items[column] == sheet;
}

static void add_taker(Search *s, uint32_t sheet)
{
    s->columns.items[sheet] = s->takers.len;
    vec_push(&s->takers, sheet);
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

/* All candidates that may take that part. */
static void gather_takers(Search *s, size_t part)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->candidates.len; i++) {
        uint32_t sheet = s->candidates.items[i];
        if (may_take(s, sheet, &s->parts.items[part])) {
            add_taker(s, sheet);
            gather_parts(s, sheet);
        } else {
            s->candidates.items[kept++] = sheet;
        }
    }
    s->candidates.len = kept;
}

/* The parts from `begin` on that have to do with each other, and who may take any of them. */
static void gather(Search *s, size_t begin)
{
    s->begin = begin;
    s->end = begin + 1;
    s->takers.len = 0;
    for (size_t i = begin; i < s->end; i++)
        gather_takers(s, i);
}

/* Deciding where they go. */

/* What the owner says of a report that has no rows of its own, and would have those of the part. */
static int judge_bare(const Search *s, const Sheet *sheet, Range range, uint32_t owner)
{
    int points = unordered_judge_owner(s->board, sheet, owner);
    for (size_t i = 0; i < sheet->rows.len; i++) {
        const Piece *p = piece_at(s, sheet->rows.items[i]);
        if (p->given || p->order < range.from)
            points += unordered_judge_owned(s->board, owner, &sheet->rows.items[i], 1);
    }
    return points;
}

static Taker taker_in(Search *s, uint32_t index, Range range)
{
    Sheet *sheet = sheet_at(s, index);
    Taker t = {.index = index, .sheet = sheet, .range = range};
    t.begin = go_to(s, &sheet->rows, range.from, &s->cursors.items[index].rows);
    t.fixed = go_to(s, &sheet->fixed, range.from, &s->cursors.items[index].fixed);
    size_t count = sheet->fixed.len - t.fixed;
    const uint32_t *fixed = count ? sheet->fixed.items + t.fixed : NULL;
    t.kept = count && piece_at(s, fixed[0])->order < range.to;
    if (range.to == NO_ORDER) {
        t.bare = !has_rows(s, sheet->rows.items, t.begin) && !has_rows(s, fixed, count);
        unordered_points_onto(s->board, sheet, t.begin, t.fixed, NULL, 0, no_tail, &t.without);
    } else {
        t.end = t.begin + (t.begin < sheet->rows.len && piece_at(s, sheet->rows.items[t.begin])->order < range.to);
        t.without = unordered_points_with(s->board, sheet, t.begin, t.end, fixed, t.kept);
    }
    return t;
}

/* The points of the taker with the part, as far as they do not depend on owners. */
static bool points_with(Search *s, const Taker *t, const Part *part, int *points)
{
    if (part->sheet == t->index) {
        *points = unordered_points(t->sheet);
        return true;
    }
    if (t->range.to == NO_ORDER)
        return unordered_points_onto(s->board, t->sheet, t->begin, t->fixed, pieces_of(s, part), part->count, part->tail, points);
    if (t->kept)
        return false; /* that place is taken */
    *points = unordered_points_with(s->board, t->sheet, t->begin, t->end, pieces_of(s, part), part->count);
    return true;
}

static int64_t cost_of(Search *s, const Taker *t, const Part *part)
{
    int points;
    if (!may_take(s, t->index, part) || !points_with(s, t, part, &points))
        return ASSIGNMENT_NEVER;
    uint32_t owner = t->sheet->owner;
    int gain = points - t->without;
    /* A report that has no rows of its own has the owner of the part that brings them. */
    if (t->bare && part->owner != NO_CALL && part->owner != owner) {
        gain += judge_bare(s, t->sheet, t->range, part->owner) - judge_bare(s, t->sheet, t->range, owner);
        owner = part->owner;
    }
    return -(gain + unordered_judge_owned(s->board, owner, pieces_of(s, part), part->count));
}

static const Taker *tail_taker(Search *s, uint32_t index, Range range)
{
    TailState *state = &s->tail_states.items[index];
    if (state->taker_stamp != state->stamp)
        state->taker = taker_in(s, index, range);
    state->taker_stamp = state->stamp;
    return &state->taker;
}

static void fill_tails(Search *s, const Taker *t, size_t column, size_t columns)
{
    TailCost *known = s->tail_costs.items + t->index * s->board->sheets.len;
    uint32_t taker = s->tail_states.items[t->index].stamp;
    for (size_t i = s->begin; i < s->end; i++) {
        const Part *part = &s->parts.items[i];
        uint32_t giver = s->tail_states.items[part->sheet].stamp;
        TailCost *cost = &known[part->sheet];
        if (cost->taker != taker || cost->giver != giver)
            *cost = (TailCost){taker, giver, cost_of(s, t, part)};
        s->costs.items[(i - s->begin) * columns + column] = cost->cost;
    }
}

/* Pieces by themselves: in a later pass most reports are as they were in the one before. */
static void fill_pieces(Search *s, uint32_t index, size_t column, size_t columns, Range range)
{
    PieceCost *known = s->piece_costs.items + index * s->movable.len;
    uint32_t version = sheet_at(s, index)->version;
    Taker t = {.sheet = NULL};
    s->groups.items[column] = index;
    for (size_t i = s->begin; i < s->end; i++) {
        const Part *part = &s->parts.items[i];
        PieceCost *cost = &known[part->slot];
        if (cost->version != version) {
            if (!t.sheet)
                t = taker_in(s, index, range);
            int64_t reckoned = cost_of(s, &t, part);
            *cost = (PieceCost){version, reckoned < COST_NEVER ? (int32_t)reckoned : COST_NEVER};
        }
        s->costs.items[(i - s->begin) * columns + column] = cost->cost == COST_NEVER ? ASSIGNMENT_NEVER : cost->cost;
    }
}

/* Costs of each part for one of the takers. */
static void fill_column(Search *s, size_t column, size_t columns, Range range)
{
    if (s->remembers && range.to != NO_ORDER) {
        fill_pieces(s, s->takers.items[column], column, columns, range);
        return;
    }
    bool remembered = s->remembers && s->tails;
    Taker t = remembered ? *tail_taker(s, s->takers.items[column], range) : taker_in(s, s->takers.items[column], range);
    /* Which of the reports of a file that have no rows takes some makes no difference to these. */
    s->groups.items[column] = t.bare ? s->board->sheets.len + 1 + t.sheet->place : t.index;
    if (remembered) {
        fill_tails(s, &t, column, columns);
        return;
    }
    for (size_t i = s->begin; i < s->end; i++)
        s->costs.items[(i - s->begin) * columns + column] = cost_of(s, &t, &s->parts.items[i]);
}

/* The last columns are for those that nobody takes. */
static void fill_costs(Search *s, size_t columns, Range range)
{
    size_t count = s->end - s->begin;
    vec_reserve(&s->costs, columns * count);
    vec_reserve(&s->groups, columns);
    for (size_t j = 0; j < s->takers.len; j++)
        unordered_judge_rows(s->board, sheet_at(s, s->takers.items[j]));
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
        uint32_t sheet = s->parts.items[i].sheet;
        int64_t now = sheet != NO_SHEET && is_taker(s, sheet) ? costs[s->columns.items[sheet]] : AGAINST_NOBODY;
        gain += now - costs[s->chosen.items[i - s->begin]];
    }
    return gain > 0;
}

/* The rows of the sheet from `begin` on are about to change. */
static void change_rows(Search *s, Sheet *sheet, size_t begin)
{
    unordered_forget_points(sheet, begin);
    sheet->changed = true;
    sheet->version = ++s->versions;
}

static size_t first_row_of(const Search *s, const Sheet *sheet, const Part *part)
{
    return first_from(s, &sheet->rows, piece_at(s, pieces_of(s, part)[0])->order);
}

static void take_away(Search *s, const Part *part)
{
    if (part->sheet == NO_SHEET)
        return;
    Sheet *sheet = sheet_at(s, part->sheet);
    size_t kept = first_row_of(s, sheet, part);
    change_rows(s, sheet, kept);
    for (size_t i = kept, next = part->begin; i < sheet->rows.len; i++) {
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
        s->board->pieces.items[pieces_of(s, part)[i]].sheet = to;
    if (to == NO_SHEET)
        return;
    Sheet *sheet = sheet_at(s, to);
    if (part->owner != NO_CALL && !has_rows(s, sheet->rows.items, sheet->rows.len))
        s->owners.items[to] = sheet->owner = part->owner;
    size_t begin = first_row_of(s, sheet, part);
    change_rows(s, sheet, begin);
    merge(s, sheet, begin, pieces_of(s, part), part->count);
    sheet->rows.len = begin;
    vec_reserve(&sheet->rows, s->merged.len);
    memcpy(sheet->rows.items + begin, s->merged.items, s->merged.len * sizeof *s->merged.items);
    sheet->rows.len += s->merged.len;
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
    if (columns < count || columns == 1)
        return false; /* there is nothing to choose */
    fill_costs(s, columns, range);
    vec_reserve(&s->chosen, count);
    vec_reserve(&s->margins, count);
    assignment_solve(count, columns, s->costs.items, s->groups.items, s->chosen.items, s->doubting ? s->margins.items : NULL,
                     CERTAIN);
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
    begin_step(s, false);
    for (size_t i = begin; i < end; i++) {
        vec_push(&s->pieces, s->movable.items[i]);
        add_part(s, s->pieces.len - 1, piece_at(s, s->movable.items[i])->sheet)->slot = i;
    }
    return place_parts(s, (Range){order, order + 1}, true);
}

static void note_tail(Search *s, uint32_t index, size_t loose)
{
    TailState *state = &s->tail_states.items[index];
    uint32_t version = sheet_at(s, index)->version;
    if (state->version == version && state->loose == loose && state->stamp)
        return;
    state->version = version;
    state->loose = (uint32_t)loose;
    state->stamp = ++s->stamps;
}

static void add_tail(Search *s, uint32_t index, uint64_t order)
{
    const Sheet *sheet = sheet_at(s, index);
    Cursor *cursor = &s->cursors.items[index];
    size_t begin = s->pieces.len, loose = go_to(s, &sheet->loose, order, &cursor->loose);
    size_t count = sheet->loose.len - loose;
    if (s->remembers)
        note_tail(s, index, count);
    if (!count)
        return;
    for (size_t i = loose; i < sheet->loose.len; i++)
        vec_push(&s->pieces, sheet->loose.items[i]);
    Part *part = add_part(s, begin, index);
    size_t first = go_to(s, &sheet->rows, order, &cursor->rows);
    if (count == sheet->rows.len - first)
        part->tail = (Tail){sheet, first};
    if (!has_rows(s, sheet->rows.items, sheet->rows.len - count))
        part->owner = sheet->owner;
}

/* What each report has from that place on: whether another one's beginning suits it better. */
static bool place_tails(Search *s, uint64_t order)
{
    begin_step(s, true);
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

/* Sheets whose owner is another one now are to be judged anew, or `all`. */
static void note_owners(Search *s, bool all)
{
    for (uint32_t i = 0; i < s->board->sheets.len; i++) {
        Sheet *sheet = sheet_at(s, i);
        if (all || sheet->owner != s->owners.items[i])
            sheet->version = ++s->versions;
        s->owners.items[i] = sheet->owner;
    }
}

/* Tries all steps; whether one helped. */
static bool improve(Search *s)
{
    bool moved = false;
    unordered_find_owners(s->board);
    note_owners(s, unordered_vote(s->board));
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

/* Makes room for what is kept from step to step. */
static void remember(Search *s)
{
    size_t sheets = s->board->sheets.len;
    for (size_t i = 0; i < sheets; i++) {
        vec_push(&s->columns, 0);
        vec_push(&s->owners, NO_CALL);
        vec_push(&s->cursors, (Cursor){0});
        vec_push(&s->tail_states, (TailState){0});
    }
    s->remembers = sheets <= REMEMBERED_MAX;
    for (size_t i = 0; s->remembers && i < sheets * sheets; i++)
        vec_push(&s->tail_costs, (TailCost){0});
    for (size_t i = 0; s->remembers && i < sheets * s->movable.len; i++)
        vec_push(&s->piece_costs, (PieceCost){0});
    note_owners(s, true);
}

void unordered_search(Board *board)
{
    Search s = {.board = board};
    unordered_prepare(board);
    unordered_vote(board);
    collect_movable(&s);
    for (size_t i = 0; i < board->sheets.len; i++)
        if (board->sheets.items[i].active)
            unordered_judge_fixed(board, &board->sheets.items[i]);
    remember(&s);
    begin(&s);
    for (int pass = 0; pass < PASSES_MAX && improve(&s); pass++)
        ;
    s.doubting = true;
    improve(&s);
    vec_free(&s.movable);
    vec_free(&s.pieces);
    vec_free(&s.parts);
    vec_free(&s.candidates);
    vec_free(&s.takers);
    vec_free(&s.columns);
    vec_free(&s.costs);
    vec_free(&s.groups);
    vec_free(&s.chosen);
    vec_free(&s.margins);
    vec_free(&s.merged);
    vec_free(&s.tail_costs);
    vec_free(&s.piece_costs);
    vec_free(&s.cursors);
    vec_free(&s.owners);
    vec_free(&s.tail_states);
}
