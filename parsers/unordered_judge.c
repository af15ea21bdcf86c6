#include "base/partition_point.h"
#include "parsers/unordered_private.h"

/* What speaks for rows being a report, and what against it. Ten points are a factor of e. */
enum {
    FOR_ENTRY = 100, /* it has the line at which its function begins */
    AGAINST_NO_ENTRY = 60,
    AGAINST_SECOND_ENTRY = 200,
    AGAINST_NO_ROWS = 40,
    FOR_KNOWN_FUNCTION = 30,
    AGAINST_OTHER_FUNCTION = 50,
    AGAINST_OTHER_TEXT = 80,
    FOR_VOTES = 20, /* other reports that are still to be placed show the same text in that line, or another */
    AGAINST_SPARSE_END = 100,
    FOR_LAST_LINE = 40,     /* the end comes behind the function's last line */
    AGAINST_EARLY_END = 20, /* a row that is missing may be lost */
    AGAINST_FUNCTION = 30,  /* ... or its function does not print reports of that file */
    AGAINST_NO_CALL = 40,   /* the invocation that it seems to belong to was not open */
    FOR_NEIGHBOUR = 20,     /* a complete report has the next line */
    FOR_ROW = 60,           /* it has a row more: what the differences to its neighbours speak against it is less, as a rule */
};

bool unordered_gap(Mib reached, const ProfilerRow *row, int64_t *gap)
{
    if (!row->measured || row->increment == MIB_NONE || reached == MIB_NONE)
        return false;
    *gap = (row->memory - row->increment - reached) / mib_unit(row->decimals);
    return true;
}

uint32_t unordered_first_line(const Board *b, const Sheet *s)
{
    for (size_t i = 0; i < s->rows.len; i++)
        if (b->pieces.items[s->rows.items[i]].kind == PROFILER_ROW)
            return b->pieces.items[s->rows.items[i]].row.line;
    return 0;
}

/* How far the pieces of a report have been judged. */
typedef struct Judging {
    const Board *board;
    const Sheet *sheet;
    Standing at;
} Judging;

/* Only complete reports have an end, behind the last line of their function. */
static int judge_end(const Judging *j)
{
    if (!j->at.dense)
        return -AGAINST_SPARSE_END;
    uint32_t last = knowledge_last_line(j->board->knowledge, j->sheet->file, j->at.function);
    return !last ? 0 : j->at.last >= last ? FOR_LAST_LINE : -AGAINST_EARLY_END;
}

static int judge_source(Judging *j, uint32_t piece)
{
    const Board *b = j->board;
    const Piece *p = &b->pieces.items[piece];
    size_t at = j->sheet->place * b->pieces.len + piece;
    const KnownLine *known = b->known.items[at];
    if (!known && j->at.function && knowledge_begins_between(b->knowledge, j->sheet->file, j->at.function, p->row.line))
        return -AGAINST_OTHER_FUNCTION;
    if (!known)
        return FOR_VOTES * b->votes.items[at];
    if (known->text != p->text)
        return -AGAINST_OTHER_TEXT;
    if (j->at.function)
        return known->first_line == j->at.function ? FOR_KNOWN_FUNCTION : -AGAINST_OTHER_FUNCTION;
    j->at.function = known->first_line;
    return FOR_KNOWN_FUNCTION / 2;
}

static int judge_first(Judging *j, const Piece *first)
{
    if (first->entry) {
        j->at.function = first->row.line;
        return FOR_ENTRY;
    }
    return !j->at.dense && first->row.measured ? -AGAINST_NO_ENTRY : 0;
}

static int judge_next(const Judging *j, const Piece *later)
{
    bool next = j->at.dense && j->at.last + 1 == later->row.line;
    int score = (next ? FOR_NEIGHBOUR : 0) - (later->entry ? AGAINST_SECOND_ENTRY : 0);
    int64_t gap;
    if (unordered_gap(j->at.memory, &later->row, &gap))
        score += FOR_ROW + spread_judge(&j->board->gaps[later->row.occurrences > 1][next], gap);
    return score;
}

static int judge_row(Judging *j, uint32_t piece)
{
    const Piece *p = &j->board->pieces.items[piece];
    int score = j->at.last ? judge_next(j, p) : judge_first(j, p);
    score += judge_source(j, piece);
    j->at.last = p->row.line;
    j->at.memory = p->row.measured ? p->row.memory : j->at.memory;
    return score;
}

static int judge_piece(Judging *j, uint32_t piece)
{
    const Piece *p = &j->board->pieces.items[piece];
    int score = spread_judge(&j->board->delays, (p->clock - j->at.clock) / TICK);
    j->at.clock = p->clock;
    j->at.dense |= p->kind == PROFILER_RULE;
    if (p->kind == PROFILER_ROW)
        return score + judge_row(j, piece);
    return p->kind == PROFILER_END ? score + judge_end(j) : score;
}

void unordered_judge_rows(const Board *b, Sheet *s)
{
    if (!s->judged.len)
        vec_push(&s->judged, (Judged){{.memory = MIB_NONE, .clock = s->clock}, 0});
    Judging j = {b, s, vec_last(&s->judged).before};
    while (s->judged.len <= s->rows.len) {
        int points = vec_last(&s->judged).points + judge_piece(&j, s->rows.items[s->judged.len - 1]);
        vec_push(&s->judged, (Judged){j.at, points});
    }
}

void unordered_forget_points(Sheet *s, size_t begin)
{
    if (s->judged.len > begin + 1)
        s->judged.len = begin + 1;
}

static int whole_points(int points, const Standing *last)
{
    return last->last ? points : points - AGAINST_NO_ROWS;
}

int unordered_points(const Sheet *s)
{
    return whole_points(vec_last(&s->judged).points, &vec_last(&s->judged).before);
}

static bool same_standing(const Standing *x, const Standing *y)
{
    return x->clock == y->clock && x->last == y->last && x->memory == y->memory && x->function == y->function &&
           x->dense == y->dense;
}

/* Whether the rows of the sheet from that one on, which come next, are judged as they were there. */
static bool goes_on_like(const Judging *j, const Sheet *s, size_t row)
{
    return j->sheet->place == s->place && same_standing(&j->at, &s->judged.items[row].before);
}

/* All rows of the sheet from that one on, where they are judged as they were there. */
static int points_behind(Judging *j, const Sheet *s, size_t row)
{
    j->at = vec_last(&s->judged).before;
    return vec_last(&s->judged).points - s->judged.items[row].points;
}

int unordered_points_with(const Board *b, const Sheet *s, size_t begin, size_t end, const uint32_t *pieces, size_t count)
{
    Judging j = {b, s, s->judged.items[begin].before};
    int points = s->judged.items[begin].points;
    for (size_t i = 0; i < count; i++)
        points += judge_piece(&j, pieces[i]);
    for (size_t i = end; i < s->rows.len; i++) {
        if (goes_on_like(&j, s, i)) {
            points += points_behind(&j, s, i);
            break;
        }
        points += judge_piece(&j, s->rows.items[i]);
    }
    return whole_points(points, &j.at);
}

/* The fixed rows of the sheet from `from` on to below `to`. */
static int judge_stretch(Judging *j, const Sheet *s, size_t from, size_t to)
{
    int points = 0;
    for (size_t i = from; i < to; i++) {
        if (same_standing(&j->at, &s->alone.items[i].before)) {
            j->at = s->alone.items[to].before;
            return points + s->alone.items[to].points - s->alone.items[i].points;
        }
        points += judge_piece(j, s->fixed.items[i]);
    }
    return points;
}

/* The first of the fixed rows from `at` on that does not stand in front of that order. */
static size_t skip_fixed(const Board *b, const Sheet *s, size_t at, uint32_t order)
{
    size_t found;
    if (at == s->fixed.len || b->pieces.items[s->fixed.items[at]].order >= order)
        return at;
    PARTITION_POINT(found, s->fixed.len, b->pieces.items[s->fixed.items[found]].order < order);
    return found;
}

bool unordered_points_onto(const Board *b, const Sheet *s, size_t begin, size_t fixed, const uint32_t *pieces, size_t count,
                           Tail tail, int *points)
{
    Judging j = {b, s, s->judged.items[begin].before};
    int sum = s->judged.items[begin].points;
    for (size_t i = 0; i < count; i++) {
        uint32_t order = b->pieces.items[pieces[i]].order;
        size_t stop = skip_fixed(b, s, fixed, order);
        if (stop < s->fixed.len && b->pieces.items[s->fixed.items[stop]].order == order)
            return false;
        sum += judge_stretch(&j, s, fixed, stop);
        fixed = stop;
        if (tail.sheet && fixed == s->fixed.len && goes_on_like(&j, tail.sheet, tail.begin + i)) {
            sum += points_behind(&j, tail.sheet, tail.begin + i);
            break;
        }
        sum += judge_piece(&j, pieces[i]);
    }
    sum += judge_stretch(&j, s, fixed, s->fixed.len);
    *points = whole_points(sum, &j.at);
    return true;
}

void unordered_judge_fixed(const Board *b, Sheet *s)
{
    Judging j = {b, s, {.memory = MIB_NONE, .clock = s->clock}};
    int points = 0;
    s->fixed.len = s->alone.len = 0;
    for (size_t i = 0; i < s->rows.len; i++) {
        if (!b->pieces.items[s->rows.items[i]].given)
            continue;
        vec_push(&s->fixed, s->rows.items[i]);
        vec_push(&s->alone, (Judged){j.at, points});
        points += judge_piece(&j, s->rows.items[i]);
    }
    vec_push(&s->alone, (Judged){j.at, points});
}

/* Owners. */

static int judge_call(const Call *call, const Piece *p)
{
    return p->number < call->began || p->number > call->ended ? -AGAINST_NO_CALL : 0;
}

int unordered_judge_owner(const Board *b, const Sheet *s, uint32_t owner)
{
    if (owner == NO_CALL)
        return 0;
    const Call *call = &b->calls.items[owner];
    int points = unordered_may_print(b, s, call) ? 0 : -AGAINST_FUNCTION;
    return s->filename == NO_PIECE ? points : points + judge_call(call, &b->pieces.items[s->filename]);
}

int unordered_judge_owned(const Board *b, uint32_t owner, const uint32_t *pieces, size_t count)
{
    int points = 0;
    for (size_t i = 0; owner != NO_CALL && i < count; i++)
        points += judge_call(&b->calls.items[owner], &b->pieces.items[pieces[i]]);
    return points;
}

/* Learning. */

static void learn_delays(Board *b, const Sheet *s)
{
    for (size_t i = 1; i < s->rows.len; i++) {
        const Piece *p = &b->pieces.items[s->rows.items[i]], *before = &b->pieces.items[s->rows.items[i - 1]];
        if (!p->contested && !before->contested)
            spread_learn(&b->delays, (p->clock - before->clock) / TICK);
    }
}

static void learn_gaps(Board *b, const Sheet *s)
{
    const Piece *before = NULL;
    Mib reached = MIB_NONE;
    bool dense = false, contested = false;
    for (size_t i = 0; i < s->rows.len; i++) {
        const Piece *p = &b->pieces.items[s->rows.items[i]];
        int64_t gap;
        dense |= p->kind == PROFILER_RULE;
        if (p->kind != PROFILER_ROW)
            continue;
        bool next = dense && before && before->row.line + 1 == p->row.line;
        contested |= p->contested;
        if (unordered_gap(reached, &p->row, &gap) && !contested)
            spread_learn(&b->gaps[p->row.occurrences > 1][next], gap);
        if (p->row.measured) {
            reached = p->row.memory;
            contested = p->contested;
        }
        before = p;
    }
}

static void learn_lag(Board *b, const Sheet *s)
{
    const Call *call = s->owner == NO_CALL ? NULL : &b->calls.items[s->owner];
    int64_t last = s->clock;
    if (!call || call->ended == UINT64_MAX)
        return;
    for (size_t i = 0; i < s->rows.len; i++)
        last = b->pieces.items[s->rows.items[i]].clock > last ? b->pieces.items[s->rows.items[i]].clock : last;
    if (call->ended_clock >= last)
        spread_learn(&b->lags, (call->ended_clock - last) / MS);
}

void unordered_learn(Board *b, const Sheet *s)
{
    learn_delays(b, s);
    learn_gaps(b, s);
    learn_lag(b, s);
}
