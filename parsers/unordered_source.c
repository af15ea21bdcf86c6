#include <stdlib.h>

#include "base/partition_point.h"
#include "parsers/unordered_private.h"

/* Pieces that are farther apart than neighbours hardly ever are have nothing to do with each other. */
enum {
    NEAR_TIMES = 4, /* so much farther */
    NEAR_MS_MIN = 16,
};

enum { LINES = 1024 };

/* Only functions with calls at hand are asked for; behind them all stands whether one of those prints the file. */
static void find_printers(Board *b, const Sheet *s, const bool *at_hand)
{
    const ParsedReport report = {.file = s->path};
    bool known = false;
    for (size_t i = 0; i < b->functions.len; i++) {
        bool prints = s->file && at_hand[i] && b->prints(b->ctx, buffer_span(&b->functions.items[i]), &report);
        vec_push(&b->printers, prints);
        known |= prints;
    }
    vec_push(&b->printers, known);
}

/* Reports that were written before all that is still to be placed have what is theirs. */
static void find_active(Board *b)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < b->pieces.len; i++)
        if (!b->pieces.items[i].given && b->pieces.items[i].clock < first)
            first = b->pieces.items[i].clock;
    for (size_t i = 0; i < b->sheets.len; i++) {
        Sheet *s = &b->sheets.items[i];
        s->active = s->clock >= first - b->near_ns;
        for (size_t j = 0; j < s->rows.len && !s->active; j++) {
            const Piece *p = &b->pieces.items[s->rows.items[j]];
            s->active = !p->given || p->clock >= first - b->near_ns;
        }
        s->active &= !s->closed;
        s->owner = s->active ? NO_CALL : s->owner;
    }
}

/* Whether the piece may be judged as a row of that file: one that is given for good only of its own. */
static bool is_of_interest(const Board *b, size_t file, const Piece *p)
{
    if (!b->files.items[file] || p->kind != PROFILER_ROW)
        return false;
    const Sheet *s = p->sheet == NO_SHEET ? NULL : &b->sheets.items[p->sheet];
    return !p->given || (s && s->active && s->place == file);
}

void unordered_prepare(Board *b)
{
    spread_reckon(&b->delays);
    spread_reckon(&b->lags);
    for (int i = 0; i < 4; i++)
        spread_reckon(&b->gaps[i / 2][i % 2]);
    b->near_ns = NEAR_TIMES * TICK * spread_most(&b->delays);
    b->near_ns = b->near_ns < NEAR_MS_MIN * MS ? NEAR_MS_MIN * MS : b->near_ns;
    find_active(b);
    b->files.len = b->known.len = b->printers.len = 0;
    bool *at_hand = alloc_zeroed(b->functions.len + 1, sizeof *at_hand);
    for (size_t i = 0; i < b->calls.len; i++)
        at_hand[b->calls.items[i].function] = true;
    for (size_t i = 0; i < b->sheets.len; i++) {
        Sheet *s = &b->sheets.items[i];
        s->judged.len = 0;
        s->changed = true;
        s->place = 0;
        while (s->place < b->files.len && b->files.items[s->place] != s->file)
            s->place++;
        if (s->place < b->files.len)
            continue;
        vec_push(&b->files, s->file);
        find_printers(b, s, at_hand);
    }
    free(at_hand);
    vec_reserve(&b->votes, b->files.len * b->pieces.len);
    b->votes.len = b->files.len * b->pieces.len;
    if (b->votes.len)
        memset(b->votes.items, 0, b->votes.len);
    vec_reserve(&b->known, b->files.len * b->pieces.len);
    for (size_t i = 0; i < b->files.len; i++)
        for (size_t j = 0; j < b->pieces.len; j++) {
            bool look = is_of_interest(b, i, &b->pieces.items[j]);
            vec_push(&b->known, look ? knowledge_find(b->knowledge, b->files.items[i], b->pieces.items[j].row.line) : NULL);
        }
}

typedef struct Vote {
    uint64_t text;
    uint32_t place, line;
    uint32_t count;
} Vote;

typedef VEC(Vote) Votes;

static int by_line_and_text(const void *a, const void *b)
{
    const Vote *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return (x->text > y->text) - (x->text < y->text);
}

/* Lines that rows stand in which are not given for good, by their last digits: others need no votes. */
typedef struct Lines {
    bool asked[LINES];
} Lines;

static Lines asked_lines(const Board *b)
{
    Lines lines = {0};
    for (size_t i = b->waiting; i < b->pieces.len; i++)
        lines.asked[b->pieces.items[i].row.line % LINES] |= b->pieces.items[i].kind == PROFILER_ROW;
    return lines;
}

static void collect_votes(const Board *b, Votes *votes)
{
    const Lines lines = asked_lines(b);
    for (size_t i = 0; i < b->sheets.len; i++) {
        const Sheet *s = &b->sheets.items[i];
        for (size_t j = 0; s->active && j < s->rows.len; j++) {
            const Piece *p = &b->pieces.items[s->rows.items[j]];
            if (p->kind == PROFILER_ROW && lines.asked[p->row.line % LINES] &&
                !b->known.items[s->place * b->pieces.len + s->rows.items[j]])
                vec_push(votes, (Vote){p->text, s->place, p->row.line, 1});
        }
    }
    if (!votes->len)
        return;
    qsort(votes->items, votes->len, sizeof *votes->items, by_line_and_text);
    size_t kept = 0;
    for (size_t i = 1; i < votes->len; i++) {
        if (by_line_and_text(&votes->items[kept], &votes->items[i]) == 0)
            votes->items[kept].count++;
        else
            votes->items[++kept] = votes->items[i];
    }
    votes->len = kept + 1;
}

/* What the votes of others than the piece itself say of its text, if it stood in that file. */
static int8_t ask(const Board *b, const Votes *votes, uint32_t place, const Piece *p)
{
    uint32_t same = 0, other = 0, own = p->sheet != NO_SHEET && b->sheets.items[p->sheet].place == place;
    Vote key = {0, place, p->row.line, 0};
    size_t at;
    PARTITION_POINT(at, votes->len, by_line_and_text(&votes->items[at], &key) < 0);
    for (; at < votes->len && votes->items[at].place == place && votes->items[at].line == p->row.line; at++) {
        const Vote *v = &votes->items[at];
        if (v->text == p->text)
            same = v->count - own;
        else if (v->count > other)
            other = v->count;
    }
    return (int8_t)((same > other) - (same < other));
}

/* Votes are asked for rows that are not given for good. */
static void forget_votes(Board *b)
{
    for (size_t i = 0; i < b->sheets.len; i++) {
        Sheet *s = &b->sheets.items[i];
        size_t j = 0;
        while (j < s->rows.len && b->pieces.items[s->rows.items[j]].given)
            j++;
        unordered_forget_points(s, j);
    }
}

bool unordered_vote(Board *b)
{
    Votes votes = {0};
    bool changed = false;
    collect_votes(b, &votes);
    for (uint32_t i = 0; i < b->files.len; i++)
        for (size_t j = b->waiting; b->files.items[i] && j < b->pieces.len; j++) {
            const Piece *p = &b->pieces.items[j];
            int8_t *vote = &b->votes.items[i * b->pieces.len + j];
            int8_t now = p->kind == PROFILER_ROW && !b->known.items[i * b->pieces.len + j] ? ask(b, &votes, i, p) : 0;
            changed |= *vote != now;
            *vote = now;
        }
    vec_free(&votes);
    if (changed)
        forget_votes(b);
    return changed;
}

bool unordered_may_print(const Board *b, const Sheet *s, const Call *call)
{
    const bool *printers = b->printers.items + s->place * (b->functions.len + 1);
    return !printers[b->functions.len] || printers[call->function];
}
