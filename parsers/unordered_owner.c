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

typedef struct Owning {
    Board *board;
    VEC(uint32_t) sheets; /* of one function */
    VEC(uint32_t) calls;
    VEC(int64_t) taken; /* what speaks against each because it has reports of that function that are not looked at any more */
    VEC(int64_t) costs;
    VEC(size_t) chosen;
} Owning;

/* Where a report's records stand. */
typedef struct Extent {
    int64_t last_clock;
    int outside; /* what speaks against those that are not within the call */
} Extent;

static void extend(Extent *e, const Piece *p, const Call *call)
{
    e->last_clock = p->clock > e->last_clock ? p->clock : e->last_clock;
    if (p->number < call->began || p->number > call->ended)
        e->outside += p->order < ORDER_ROWS ? AGAINST_HEADING_OUTSIDE : AGAINST_OUTSIDE;
}

static Extent extent_of(const Board *b, const Sheet *s, const Call *call)
{
    Extent e = {INT64_MIN, 0};
    if (s->filename != NO_PIECE)
        extend(&e, &b->pieces.items[s->filename], call);
    for (size_t i = 0; i < s->rows.len; i++)
        extend(&e, &b->pieces.items[s->rows.items[i]], call);
    return e;
}

static int64_t cost_of(const Board *b, const Sheet *s, const Call *call)
{
    Extent e = extent_of(b, s, call);
    if (e.last_clock == INT64_MIN)
        return AGAINST_NOBODY; /* all its pieces were given to others */
    int64_t cost = e.outside + (unordered_may_print(b, s, call) ? 0 : AGAINST_FUNCTION);
    if (call->ended == UINT64_MAX)
        return cost - spread_judge_more(&b->lags, (b->clock - e.last_clock) / MS);
    int64_t lag = call->ended_clock > e.last_clock ? call->ended_clock - e.last_clock : 0;
    return cost - spread_judge(&b->lags, lag / MS) - FOR_END;
}

static bool same_function(const Board *b, const Sheet *x, const Sheet *y)
{
    return x->place == y->place && unordered_first_line(b, x) == unordered_first_line(b, y);
}

/* Whether its owner has ended, and nothing more is to come of the report. */
static bool has_owner(const Board *b, const Sheet *s)
{
    return !s->active && s->owner != NO_CALL && b->calls.items[s->owner].ended != UINT64_MAX;
}

/* The calls that were open at some time between the first record of the reports and the last. */
static void find_calls(Owning *o)
{
    const Board *b = o->board;
    uint64_t first = UINT64_MAX, last = 0;
    for (size_t i = 0; i < o->sheets.len; i++) {
        const Sheet *s = &b->sheets.items[o->sheets.items[i]];
        for (size_t j = 0; j <= s->rows.len; j++) {
            uint32_t piece = j < s->rows.len ? s->rows.items[j] : s->filename;
            uint64_t number = piece == NO_PIECE ? first : b->pieces.items[piece].number;
            first = number < first ? number : first;
            last = number > last && number != UINT64_MAX ? number : last;
        }
    }
    o->calls.len = o->taken.len = 0;
    for (uint32_t i = 0; i < b->calls.len; i++) {
        if (b->calls.items[i].began > last || b->calls.items[i].ended < first)
            continue;
        vec_push(&o->calls, i);
        vec_push(&o->taken, 0);
        for (size_t j = 0; j < b->sheets.len; j++) {
            const Sheet *s = &b->sheets.items[j];
            if (s->owner == i && has_owner(b, s) && same_function(b, s, &b->sheets.items[o->sheets.items[0]]))
                vec_last(&o->taken) += AGAINST_SECOND;
        }
    }
}

static void solve(Owning *o)
{
    Board *b = o->board;
    size_t rows = o->sheets.len, slots = SLOTS * o->calls.len, columns = slots + rows;
    o->costs.len = o->chosen.len = 0;
    vec_reserve(&o->costs, rows * columns);
    vec_reserve(&o->chosen, rows);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < o->calls.len; j++) {
            int64_t cost = cost_of(b, &b->sheets.items[o->sheets.items[i]], &b->calls.items[o->calls.items[j]]) + o->taken.items[j];
            for (size_t k = 0; k < SLOTS; k++)
                o->costs.items[i * columns + j * SLOTS + k] = cost + (int64_t)k * AGAINST_SECOND;
        }
        for (size_t j = slots; j < columns; j++)
            o->costs.items[i * columns + j] = AGAINST_NOBODY;
    }
    assignment_solve(rows, columns, o->costs.items, NULL, o->chosen.items, NULL);
    for (size_t i = 0; i < rows; i++) {
        size_t j = o->chosen.items[i];
        b->sheets.items[o->sheets.items[i]].owner = j < slots ? o->calls.items[j / SLOTS] : NO_CALL;
    }
}

void unordered_find_owners(Board *b)
{
    Owning o = {.board = b};
    VEC(bool) done = {0};
    for (size_t i = 0; i < b->sheets.len; i++) {
        bool found = has_owner(b, &b->sheets.items[i]);
        if (!found)
            b->sheets.items[i].owner = NO_CALL;
        vec_push(&done, found || b->sheets.items[i].closed);
    }
    for (size_t i = 0; i < b->sheets.len && b->calls.len; i++) {
        if (done.items[i])
            continue;
        o.sheets.len = 0;
        for (size_t j = i; j < b->sheets.len; j++)
            if (!done.items[j] && same_function(b, &b->sheets.items[i], &b->sheets.items[j])) {
                vec_push(&o.sheets, (uint32_t)j);
                done.items[j] = true;
            }
        find_calls(&o);
        solve(&o);
    }
    vec_free(&done);
    vec_free(&o.sheets);
    vec_free(&o.calls);
    vec_free(&o.taken);
    vec_free(&o.costs);
    vec_free(&o.chosen);
}
