#include <stdlib.h>

#include "parsers/export_order_private.h"

enum {
    NEARLY_ALL = 8,        /* of so many steps in time one may go the other way in a file that is sorted */
    GROUP_ITEMS_MAX = 256, /* larger groups of one time are not searched for copies */
};

/* The order within one time. */

/* What a record is, for its place within one time. */
static unsigned rank_of(const Held *held)
{
    static const uint8_t ranks[] = {
        [PROFILER_FILENAME] = 1, [PROFILER_HEADER] = 2, [PROFILER_RULE] = 3, [PROFILER_ROW] = 4, [PROFILER_END] = 5};
    if (held->kind == RECORD_PROFILER)
        return ranks[held->piece];
    return held->kind == RECORD_EXECUTED || held->kind == RECORD_FAILURE ? 6 : 0;
}

/* Which ranks may come before one: a bit each. Ranks as in rank_of(); bit 7: nothing was there before. */
static const uint8_t predecessors[] = {
    [0] = 1 << 7, [1] = 1 << 7 | 1 << 0 | 1 << 4 | 1 << 5,          [2] = 1 << 1, [3] = 1 << 2, [4] = 1 << 2 | 1 << 3 | 1 << 4,
    [5] = 1 << 4, [6] = 1 << 7 | 1 << 0 | 1 << 4 | 1 << 5 | 1 << 6,
};

typedef struct Place {
    unsigned rank; /* 7: nothing before */
    uint32_t line;
} Place;

/* The first measured row of a report, as versions that count occurrences print it: others are hardly ever like that. */
static bool is_entry_row(const Held *held)
{
    return held->row.memory == held->row.increment;
}

static bool may_follow(Place before, const Held *held)
{
    unsigned rank = rank_of(held);
    if (rank != 4)
        return predecessors[rank] >> before.rank & 1;
    if (before.rank == 4)
        return held->row.line > before.line && !(held->flags & HELD_MEASURED && is_entry_row(held));
    bool at_beginning = predecessors[4] >> before.rank & 1 || (before.rank == 1 && held->flags & HELD_TAKEN_APART);
    return at_beginning && (!(held->flags & HELD_MEASURED) || is_entry_row(held));
}

static Place place_at(const Held *held)
{
    return (Place){rank_of(held), held->kind == RECORD_PROFILER && held->piece == PROFILER_ROW ? held->row.line : 0};
}

static Place place_of_call(const Call *call)
{
    Held last = {.kind = call->last_kind, .piece = call->last_piece};
    return call->any ? (Place){rank_of(&last), call->last_line} : (Place){7, 0};
}

/* How many records cannot follow the one before them. */
static size_t count_misplaced(const ExportOrder *o, Place before, const uint32_t *indices, size_t count)
{
    size_t misplaced = 0;
    for (size_t i = 0; i < count; i++) {
        const Held *held = &o->held.items[indices[i]];
        misplaced += !may_follow(before, held);
        before = place_at(held);
    }
    return misplaced;
}

static int by_rank(const void *a, const void *b, void *ctx)
{
    const Held *items = ctx, *x = &items[*(const uint32_t *)a], *y = &items[*(const uint32_t *)b];
    Place p = place_at(x), q = place_at(y);
    if (p.rank != q.rank)
        return p.rank < q.rank ? -1 : 1;
    if (p.line != q.line)
        return p.line < q.line ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static void reverse(uint32_t *items, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        uint32_t swapped = items[i];
        items[i] = items[count - 1 - i];
        items[count - 1 - i] = swapped;
    }
}

typedef enum Arrangement { AS_IS, REVERSED, RANKED, ARRANGEMENTS } Arrangement;

/* What to believe first: the order of a file that is sorted, or nearly, says more than that of one in no order. */
static const Arrangement *preferred_arrangements(const ExportOrder *o)
{
    static const Arrangement preferences[][ARRANGEMENTS] = {
        {AS_IS, REVERSED, RANKED}, {REVERSED, AS_IS, RANKED}, {RANKED, AS_IS, REVERSED}};
    if (o->rising >= NEARLY_ALL * o->falling)
        return preferences[0];
    return preferences[o->falling >= NEARLY_ALL * o->rising ? 1 : 2];
}

static void arrange_as(ExportOrder *o, uint32_t *indices, size_t count, Arrangement how)
{
    if (how == REVERSED)
        reverse(indices, count);
    if (how == RANKED)
        qsort_r(indices, count, sizeof *indices, by_rank, o->held.items);
}

/* The records of one call at one time, in the order of the file: puts them in the likeliest order. */
static void arrange(ExportOrder *o, const Call *call, uint32_t *indices, size_t count)
{
    const Arrangement *preferred = preferred_arrangements(o);
    Arrangement best = AS_IS;
    size_t fewest = SIZE_MAX;
    for (size_t i = 0; i < ARRANGEMENTS && fewest; i++) {
        o->arranged.len = 0;
        for (size_t j = 0; j < count; j++)
            vec_push(&o->arranged, indices[j]);
        arrange_as(o, o->arranged.items, count, preferred[i]);
        size_t misplaced = count_misplaced(o, place_of_call(call), o->arranged.items, count);
        if (misplaced < fewest) {
            fewest = misplaced;
            best = preferred[i];
        }
    }
    arrange_as(o, indices, count, best);
}

static int by_call(const void *a, const void *b, void *ctx)
{
    const ExportOrder *o = ctx;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    uint32_t p = held_call(o, x), q = held_call(o, y);
    if (p != q)
        return p < q ? -1 : 1;
    return (o->held.items[x].offset > o->held.items[y].offset) - (o->held.items[x].offset < o->held.items[y].offset);
}

static void arrange_calls(ExportOrder *o, uint32_t *indices, size_t count)
{
    o->group.len = 0;
    for (size_t i = 0; i < count; i++)
        vec_push(&o->group, indices[i]);
    qsort_r(o->group.items, count, sizeof *indices, by_call, o);
    for (size_t from = 0, to; from < count; from = to) {
        uint32_t call = held_call(o, o->group.items[from]);
        for (to = from + 1; to < count && held_call(o, o->group.items[to]) == call;)
            to++;
        o->calls.items[call].cursor = (uint32_t)from;
        if (to - from > 1)
            arrange(o, &o->calls.items[call], o->group.items + from, to - from);
    }
    for (size_t i = 0; i < count; i++)
        indices[i] = o->group.items[o->calls.items[held_call(o, indices[i])].cursor++];
}

/* Copies. */

static bool same_content(const Held *a, const Held *b)
{
    return a->kind == b->kind && a->piece == b->piece && a->text == b->text && a->channel == b->channel &&
           memcmp(&a->row, &b->row, sizeof a->row) == 0;
}

/*
 * Whether two records of one time are the same row twice: overlapping exports, or the published query, which returns each Filename
 * two times. Without an id of the row, only a time of the full precision can tell, or that nothing stands between two Filenames.
 */
static bool is_copy(const Held *a, const Held *b, bool adjacent)
{
    if (!same_content(a, b))
        return false;
    if (a->item && b->item)
        return a->item == b->item;
    return (a->digits & 15) >= 6 || (adjacent && a->flags & HELD_TAKEN_APART && a->piece == PROFILER_FILENAME);
}

static size_t drop_copies(const ExportOrder *o, uint32_t *indices, size_t count)
{
    size_t kept = 0;
    if (count > GROUP_ITEMS_MAX)
        return count;
    for (size_t i = 0; i < count; i++) {
        bool copy = false;
        for (size_t j = 0; j < kept && !copy; j++)
            copy = is_copy(&o->held.items[indices[j]], &o->held.items[indices[i]], j + 1 == kept);
        if (!copy)
            indices[kept++] = indices[i];
    }
    return kept;
}

size_t export_arrange(ExportOrder *o, uint32_t *indices, size_t count)
{
    if (count < 2)
        return count;
    arrange_calls(o, indices, count);
    return drop_copies(o, indices, count);
}
