#include <math.h>
#include <stdlib.h>

#include "base/assignment.h"
#include "parsers/unordered_private.h"

/* What speaks against a call having printed a report, in points. */
enum {
    AGAINST_OUTSIDE = 40,         /* for each record before its beginning or behind its end */
    AGAINST_HEADING_OUTSIDE = 10, /* one heading is as good as another */
    AGAINST_FUNCTION = 30,        /* its function is not known to print reports of the file, and others are */
    AGAINST_SECOND = 25,          /* it has another one of the same function already */
    AGAINST_NOBODY = 120,
    FOR_END = 30, /* that it ends just then is no accident */
    SLOTS = 2,    /* reports of a function that a call may have printed */
};

/* What matters of a report here. */
typedef struct Outline {
    uint32_t first_line;
    uint64_t first_number, last_number; /* of its records: UINT64_MAX and 0 without any */
    int64_t last_clock;                 /* INT64_MIN without any */
    bool has_owner;                     /* that has ended, and nothing more is to come of the report */
} Outline;

typedef struct Owning {
    Board *board;
    VEC(Outline) outlines; /* of all sheets */
    VEC(uint32_t) sheets;  /* of one function */
    VEC(uint32_t) calls;
    VEC(int64_t)
    taken; /* what speaks against each of all calls because it has reports of that function that are not looked at any more */
    VEC(int64_t) costs;
    VEC(size_t) chosen;
} Owning;

static void extend(Outline *o, const Piece *p)
{
    o->first_number = p->number < o->first_number ? p->number : o->first_number;
    o->last_number = p->number > o->last_number ? p->number : o->last_number;
    o->last_clock = p->clock > o->last_clock ? p->clock : o->last_clock;
}

static Outline outline_of(const Board *b, const Sheet *s)
{
    Outline o = {.first_line = unordered_first_line(b, s), .first_number = UINT64_MAX, .last_clock = INT64_MIN};
    o.has_owner = !s->active && s->owner != NO_CALL && b->calls.items[s->owner].ended != UINT64_MAX;
    if (s->filename != NO_PIECE)
        extend(&o, &b->pieces.items[s->filename]);
    for (size_t i = 0; i < s->rows.len; i++)
        extend(&o, &b->pieces.items[s->rows.items[i]]);
    return o;
}

static int64_t judge_outside(const Piece *p, const Call *call)
{
    if (p->number >= call->began && p->number <= call->ended)
        return 0;
    return p->order < ORDER_ROWS ? AGAINST_HEADING_OUTSIDE : AGAINST_OUTSIDE;
}

/* What speaks against the records that are not within the call. */
static int64_t cost_outside(const Board *b, const Sheet *s, const Outline *o, const Call *call)
{
    if (o->first_number >= call->began && o->last_number <= call->ended)
        return 0;
    int64_t cost = s->filename != NO_PIECE ? judge_outside(&b->pieces.items[s->filename], call) : 0;
    for (size_t i = 0; i < s->rows.len; i++)
        cost += judge_outside(&b->pieces.items[s->rows.items[i]], call);
    return cost;
}

static int64_t cost_of(const Owning *owning, uint32_t sheet, const Call *call)
{
    const Board *b = owning->board;
    const Sheet *s = &b->sheets.items[sheet];
    const Outline *o = &owning->outlines.items[sheet];
    if (o->last_clock == INT64_MIN)
        return AGAINST_NOBODY; /* all its pieces were given to others */
    int64_t cost = cost_outside(b, s, o, call) + (unordered_may_print(b, s, call) ? 0 : AGAINST_FUNCTION);
    if (call->ended == UINT64_MAX)
        return cost - spread_judge_more(&b->lags, (b->clock - o->last_clock) / MS);
    int64_t lag = call->ended_clock > o->last_clock ? call->ended_clock - o->last_clock : 0;
    return cost - spread_judge(&b->lags, lag / MS) - FOR_END;
}

static bool same_function(const Owning *o, size_t x, size_t y)
{
    const Sheet *sheets = o->board->sheets.items;
    return sheets[x].place == sheets[y].place && o->outlines.items[x].first_line == o->outlines.items[y].first_line;
}

/* The calls that were open at some time between the first record of the reports and the last. */
static void find_calls(Owning *o)
{
    const Board *b = o->board;
    uint64_t first = UINT64_MAX, last = 0;
    for (size_t i = 0; i < o->sheets.len; i++) {
        const Outline *outline = &o->outlines.items[o->sheets.items[i]];
        first = outline->first_number < first ? outline->first_number : first;
        last = outline->last_number > last ? outline->last_number : last;
    }
    o->calls.len = 0;
    for (uint32_t i = 0; i < b->calls.len; i++)
        if (b->calls.items[i].began <= last && b->calls.items[i].ended >= first)
            vec_push(&o->calls, i);
}

static void find_taken(Owning *o)
{
    const Board *b = o->board;
    memset(o->taken.items, 0, b->calls.len * sizeof *o->taken.items);
    for (size_t i = 0; i < b->sheets.len; i++)
        if (o->outlines.items[i].has_owner && same_function(o, i, o->sheets.items[0]))
            o->taken.items[b->sheets.items[i].owner] += AGAINST_SECOND;
}

static void fill_costs(Owning *o, size_t row, size_t slots, size_t columns)
{
    int64_t *costs = o->costs.items + row * columns;
    for (size_t i = 0; i < o->calls.len; i++) {
        uint32_t call = o->calls.items[i];
        int64_t cost = cost_of(o, o->sheets.items[row], &o->board->calls.items[call]) + o->taken.items[call];
        for (size_t j = 0; j < SLOTS; j++)
            costs[i * SLOTS + j] = cost + (int64_t)j * AGAINST_SECOND;
    }
    for (size_t i = slots; i < columns; i++)
        costs[i] = AGAINST_NOBODY;
}

static void solve(Owning *o)
{
    Board *b = o->board;
    size_t rows = o->sheets.len, slots = SLOTS * o->calls.len, columns = slots + rows;
    o->costs.len = o->chosen.len = 0;
    vec_reserve(&o->costs, rows * columns);
    vec_reserve(&o->chosen, rows);
    for (size_t i = 0; i < rows; i++)
        fill_costs(o, i, slots, columns);
    assignment_solve(rows, columns, o->costs.items, NULL, o->chosen.items, NULL, 0);
    for (size_t i = 0; i < rows; i++) {
        size_t j = o->chosen.items[i];
        b->sheets.items[o->sheets.items[i]].owner = j < slots ? o->calls.items[j / SLOTS] : NO_CALL;
    }
}

void unordered_find_owners(Board *b)
{
    Owning o = {.board = b};
    VEC(bool) done = {0};
    vec_reserve(&o.taken, b->calls.len);
    for (size_t i = 0; i < b->sheets.len; i++) {
        Sheet *s = &b->sheets.items[i];
        vec_push(&o.outlines, outline_of(b, s));
        if (!o.outlines.items[i].has_owner)
            s->owner = NO_CALL;
        vec_push(&done, o.outlines.items[i].has_owner || s->closed);
    }
    for (size_t i = 0; i < b->sheets.len && b->calls.len; i++) {
        if (done.items[i])
            continue;
        o.sheets.len = 0;
        for (size_t j = i; j < b->sheets.len; j++)
            if (!done.items[j] && same_function(&o, i, j)) {
                vec_push(&o.sheets, (uint32_t)j);
                done.items[j] = true;
            }
        find_calls(&o);
        find_taken(&o);
        solve(&o);
    }
    vec_free(&done);
    vec_free(&o.outlines);
    vec_free(&o.sheets);
    vec_free(&o.calls);
    vec_free(&o.taken);
    vec_free(&o.costs);
    vec_free(&o.chosen);
}
