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
    const Call *call;  /* the owner, or NULL */
    bool dense;        /* it has a rule */
    uint32_t last;     /* line of the latest row, 0 before one */
    uint32_t function; /* line at which its function begins, as far as that is known, else 0 */
    Mib memory;        /* of the latest measured row */
    int64_t clock;     /* of the latest piece */
} Judging;

/* Only complete reports have an end, behind the last line of their function. */
static int judge_end(const Judging *j)
{
    uint32_t last = knowledge_last_line(j->board->knowledge, j->sheet->file, j->function);
    if (!j->dense)
        return -AGAINST_SPARSE_END;
    return !last ? 0 : j->last >= last ? FOR_LAST_LINE : -AGAINST_EARLY_END;
}

static int judge_source(Judging *j, uint32_t piece)
{
    const Board *b = j->board;
    const Piece *p = &b->pieces.items[piece];
    size_t at = j->sheet->place * b->pieces.len + piece;
    const KnownLine *known = b->known.items[at];
    if (!known && j->function && knowledge_begins_between(b->knowledge, j->sheet->file, j->function, p->row.line))
        return -AGAINST_OTHER_FUNCTION;
    if (!known)
        return FOR_VOTES * b->votes.items[at];
    if (known->text != p->text)
        return -AGAINST_OTHER_TEXT;
    if (j->function)
        return known->first_line == j->function ? FOR_KNOWN_FUNCTION : -AGAINST_OTHER_FUNCTION;
    j->function = known->first_line;
    return FOR_KNOWN_FUNCTION / 2;
}

static int judge_first(Judging *j, const Piece *first)
{
    if (first->entry) {
        j->function = first->row.line;
        return FOR_ENTRY;
    }
    return !j->dense && first->row.measured ? -AGAINST_NO_ENTRY : 0;
}

static int judge_next(const Judging *j, const Piece *later)
{
    bool next = j->dense && j->last + 1 == later->row.line;
    int score = (next ? FOR_NEIGHBOUR : 0) - (later->entry ? AGAINST_SECOND_ENTRY : 0);
    int64_t gap;
    if (unordered_gap(j->memory, &later->row, &gap))
        score += FOR_ROW + spread_judge(&j->board->gaps[later->row.occurrences > 1][next], gap);
    return score;
}

static int judge_row(Judging *j, uint32_t piece)
{
    const Piece *p = &j->board->pieces.items[piece];
    int score = j->last ? judge_next(j, p) : judge_first(j, p);
    score += judge_source(j, piece);
    j->last = p->row.line;
    j->memory = p->row.measured ? p->row.memory : j->memory;
    return score;
}

static int judge_call(const Judging *j, const Piece *p)
{
    return j->call && (p->number < j->call->began || p->number > j->call->ended) ? -AGAINST_NO_CALL : 0;
}

static int judge_piece(Judging *j, uint32_t piece)
{
    const Piece *p = &j->board->pieces.items[piece];
    int score = judge_call(j, p) + spread_judge(&j->board->delays, (p->clock - j->clock) / TICK);
    j->clock = p->clock;
    j->dense |= p->kind == PROFILER_RULE;
    if (p->kind == PROFILER_ROW)
        return score + judge_row(j, piece);
    return p->kind == PROFILER_END ? score + judge_end(j) : score;
}

int unordered_judge(const Board *b, const Sheet *s, const uint32_t *pieces, size_t count)
{
    Judging j = {.board = b, .sheet = s, .memory = MIB_NONE, .clock = s->clock};
    int score = 0;
    if (s->owner != NO_CALL) {
        j.call = &b->calls.items[s->owner];
        score -= unordered_may_print(b, s, j.call) ? 0 : AGAINST_FUNCTION;
        score += s->filename == NO_PIECE ? 0 : judge_call(&j, &b->pieces.items[s->filename]);
    }
    for (size_t i = 0; i < count; i++)
        score += judge_piece(&j, pieces[i]);
    return j.last ? score : score - AGAINST_NO_ROWS;
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
