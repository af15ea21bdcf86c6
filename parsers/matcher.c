#include "parsers/matcher.h"

#include <stdlib.h>

#include "parsers/matcher_private.h"

enum {
    AGAINST_NO_ROWS = 60, /* an invocation has ended, and its report has no rows */
};

Matcher *matcher_new(const OpenReports *open, const Knowledge *knowledge, PieceTaker take, void *ctx)
{
    Matcher *m = alloc_zeroed(1, sizeof *m);
    m->open = open;
    m->knowledge = knowledge;
    m->take = take;
    m->ctx = ctx;
    m->latest = NOBODY;
    m->states_max = STATES_MIN;
    return m;
}

void matcher_free(Matcher *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < WAITING_MAX; i++)
        record_copy_free(&m->waiting[i]);
    vec_free(&m->relations);
    vec_free(&m->channel);
    vec_free(&m->states);
    vec_free(&m->spare_states);
    vec_free(&m->verdicts);
    vec_free(&m->bids);
    vec_free(&m->good_bids);
    vec_free(&m->choices);
    free(m);
}

static RecordCopy *waiting_piece(Matcher *m, size_t index)
{
    return &m->waiting[(m->first_waiting + index) % WAITING_MAX];
}

/* States. */

static const Track *track_in(const Matcher *m, size_t guess, size_t report)
{
    return &m->states.items[state_in(m, guess, report)].track;
}

static uint32_t add_state(Matcher *m, const Track *track)
{
    vec_push(&m->verdicts, (Verdict){.fit = FIT_NONE});
    vec_push(&m->states, (State){.track = *track, .next = NO_ITEM});
    return (uint32_t)(m->states.len - 1);
}

/* Throws away the states that no guess has any more. */
static void tidy_states(Matcher *m)
{
    States old = m->states;
    m->states = m->spare_states;
    m->states.len = 0;
    m->verdicts.len = 0;
    for (size_t i = 0; i < old.len; i++)
        old.items[i].next = NO_ITEM;
    for (size_t i = 0; i < m->placed; i++) {
        Relation *relation = &m->relations.items[i];
        for (size_t j = 0; j < relation->count; j++) {
            State *s = &old.items[relation->states[j]];
            if (s->next == NO_ITEM)
                s->next = add_state(m, &s->track);
            relation->states[j] = s->next;
        }
    }
    m->spare_states = old;
    m->states_max = m->states.len < STATES_MIN / 2 ? STATES_MIN : 2 * m->states.len;
}

/* What a state adds to the hash of a guess: so that one can be exchanged without a look at the others. */
static uint64_t hash_of(Matcher *m, uint32_t state, size_t report)
{
    State *s = &m->states.items[state];
    if (!s->hash) {
        Track timeless = s->track;
        timeless.last_ns = 0;
        s->hash = hash_bytes(&timeless, sizeof timeless, m->relations.items[report].seed);
    }
    return s->hash;
}

static bool is_same_state(const State *a, const State *b)
{
    Track timed = a->track;
    timed.last_ns = b->track.last_ns;
    return memcmp(&timed, &b->track, sizeof timed) == 0;
}

/*
 * The report that alone can take the piece when nothing waits: then no score need be reckoned. NOBODY where none can, or more than
 * one.
 */
static uint16_t only_taker(const Matcher *m, const Record *piece)
{
    uint16_t takers[FIT_STRICT + 1] = {NOBODY, NOBODY, NOBODY};
    size_t count[FIT_STRICT + 1] = {0};
    for (size_t i = 0; i < m->open->len && count[FIT_STRICT] < 2; i++) {
        const OpenReport *o = m->open->items[i];
        Fit fit = same_channel(o, piece) ? judge_fit(o, &o->track, piece) : FIT_NONE;
        takers[fit] = (uint16_t)i;
        count[fit]++;
    }
    Fit best = count[FIT_STRICT] ? FIT_STRICT : FIT_LOOSE;
    return count[best] == 1 ? takers[best] : NOBODY;
}

static void hand_over(Matcher *m, uint16_t owner, const Record *piece)
{
    m->take(m->ctx, owner == NOBODY ? NO_OWNER : owner, piece);
}

/* Guesses. */

/* New reports have been opened since the guesses were made. */
static void place_new(Matcher *m)
{
    while (m->relations.len < m->open->len)
        vec_push(&m->relations, (Relation){.seed = ++m->seeds});
    for (; m->placed < m->open->len; m->placed++) {
        Relation *relation = &m->relations.items[m->placed];
        relation->count = 1;
        memset(relation->of, 0, sizeof relation->of);
        relation->states[0] = add_state(m, &m->open->items[m->placed]->track);
    }
}

static void begin_guessing(Matcher *m)
{
    Guess *first = present_guess(m, 0);
    first->score = 0;
    first->latest = m->latest;
    first->hash = 0;
    m->states.len = m->verdicts.len = m->placed = 0;
    m->guess_count = 1;
    place_new(m);
}

/* Whether two steps, each from its guess, lead to the same. */
static bool is_same_step(const Matcher *m, const Step *a, const Step *b)
{
    for (size_t i = 0; i < m->placed; i++) {
        uint32_t theirs = i == a->owner ? a->state : state_in(m, a->guess, i);
        uint32_t ours = i == b->owner ? b->state : state_in(m, b->guess, i);
        if (theirs != ours && !is_same_state(&m->states.items[theirs], &m->states.items[ours]))
            return false;
    }
    return true;
}

/* When the report has taken the piece. */
static void find_next(Matcher *m, uint32_t state, size_t report)
{
    Track track = m->states.items[state].track;
    track_advance(&track, m->judge.piece);
    uint32_t next = add_state(m, &track);
    uint64_t exchange = hash_of(m, state, report) ^ hash_of(m, next, report);
    m->states.items[state].next = next;
    m->states.items[state].exchange = exchange;
}

/* Turns a choice into a guess at `at` of the next side; false when an equal one stands there already. Its states are put in later.
 */
static bool make_guess(Matcher *m, size_t at, const Choice *choice)
{
    const Guess *from = present_guess(m, choice->guess);
    Guess *next = m->guesses[!m->side], *to = &next[at];
    Step step = {choice->guess, choice->owner, NO_ITEM};
    uint16_t latest = step.owner == NOBODY ? from->latest : step.owner;
    uint64_t hash = from->hash;
    if (step.owner != NOBODY) {
        uint32_t state = state_in(m, step.guess, step.owner);
        if (m->states.items[state].next == NO_ITEM)
            find_next(m, state, step.owner);
        step.state = m->states.items[state].next;
        hash ^= m->states.items[state].exchange;
    }
    uint64_t mark = UINT64_C(1) << (hash >> 58);
    if (m->hashes_seen & mark)
        for (size_t i = 0; i < at; i++)
            if (next[i].hash == hash && next[i].latest == latest && is_same_step(m, &m->steps[i], &step))
                return false;
    m->hashes_seen |= mark;
    m->steps[at] = step;
    to->score = choice->score;
    to->latest = latest;
    to->hash = hash;
    memcpy(to->owners, from->owners, m->waiting_count * sizeof *to->owners);
    to->owners[m->waiting_count] = step.owner;
    return true;
}

/* Forgets the states of a report that no guess has any more; there are `guesses`. */
static void close_up(Relation *relation, size_t guesses)
{
    relation->moved = false;
    uint64_t used = 0;
    uint8_t place[STEPS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < guesses; i++)
        used |= UINT64_C(1) << relation->of[i];
    if (used == (UINT64_C(1) << relation->count) - 1)
        return;
    for (size_t i = 0; i < relation->count; i++) {
        place[i] = (uint8_t)count;
        relation->states[count] = relation->states[i];
        count += used >> i & 1;
    }
    for (size_t i = 0; i < GUESSES_MAX; i++)
        relation->of[i] = i < guesses ? place[relation->of[i]] : 0;
    relation->count = count;
}

/* Where in the list of the report's states that one is, which is added if need be. */
static uint8_t place_of(Relation *relation, uint32_t state)
{
    size_t at = 0;
    while (at < relation->count && relation->states[at] != state)
        at++;
    relation->states[at] = state;
    relation->moved = true;
    relation->count += at == relation->count;
    return (uint8_t)at;
}

/* Gives the next guesses the states to which their steps led. */
static void move_states(Matcher *m, size_t count)
{
    uint8_t from[GUESSES_MAX], parents[GUESSES_MAX];
    for (size_t i = 0; i < count; i++)
        parents[i] = (uint8_t)m->steps[i].guess;
    for (size_t report = 0; report < m->placed; report++) {
        Relation *relation = &m->relations.items[report];
        if (relation->count == 1)
            continue;
        memcpy(from, relation->of, sizeof from);
        for (size_t i = 0; i < count; i++)
            relation->of[i] = from[parents[i]];
        for (size_t i = count; i < GUESSES_MAX; i++)
            relation->of[i] = 0;
        relation->moved = m->judge.number % 8 == 0; /* now and then, because guesses come and go */
    }
    for (size_t i = 0; i < count; i++) {
        uint16_t owner = m->steps[i].owner;
        if (owner != NOBODY)
            m->relations.items[owner].of[i] = place_of(&m->relations.items[owner], m->steps[i].state);
    }
    for (size_t i = 0; i < m->placed; i++)
        if (m->relations.items[i].moved)
            close_up(&m->relations.items[i], count);
}

static size_t make_guesses(Matcher *m)
{
    size_t kept = 0;
    m->hashes_seen = 0;
    for (int behind = 0; behind <= m->worst; behind++)
        for (uint32_t i = m->ranks[behind].first; i != NO_ITEM && kept < GUESSES_MAX; i = m->choices.items[i].next)
            kept += make_guess(m, kept, &m->choices.items[i]);
    return kept;
}

/* The best choices become guesses. Some may become the same one, so that more must be looked at. */
static void keep_best(Matcher *m)
{
    size_t kept = make_guesses(m);
    if (kept < GUESSES_MAX && m->worst < HOPELESS) {
        choices_list(m, HOPELESS);
        kept = make_guesses(m);
    }
    move_states(m, kept);
    m->side = !m->side;
    m->guess_count = kept;
}

static void drop_guess(Matcher *m, size_t index)
{
    size_t last = --m->guess_count;
    *present_guess(m, index) = *present_guess(m, last);
    for (size_t i = 0; i < m->placed; i++)
        m->relations.items[i].of[index] = m->relations.items[i].of[last];
}

/* Drops the guesses that give the first `count` pieces otherwise than the best one does. */
static void drop_dissenters(Matcher *m, size_t count)
{
    const Guess *best = present_guess(m, 0);
    size_t before = m->guess_count;
    for (size_t i = before; i-- > 1;)
        if (memcmp(present_guess(m, i)->owners, best->owners, count * sizeof *best->owners) != 0)
            drop_guess(m, i);
    for (size_t i = 0; i < m->placed && m->guess_count < before; i++)
        if (m->relations.items[i].count > 1)
            close_up(&m->relations.items[i], m->guess_count);
}

/* Whether two guesses give the piece to reports of one function, so that what is learnt from it is the same. */
static bool same_function(Matcher *m, size_t a, size_t b, size_t piece)
{
    uint16_t x = present_guess(m, a)->owners[piece], y = present_guess(m, b)->owners[piece];
    if (x == y)
        return true;
    return x != NOBODY && y != NOBODY && m->open->items[x]->file == m->open->items[y]->file &&
           track_in(m, a, x)->first_line == track_in(m, b, y)->first_line;
}

static void mark_guessed(Matcher *m, size_t count)
{
    for (size_t n = 0; n < count; n++)
        for (size_t i = 1; i < m->guess_count; i++)
            waiting_piece(m, n)->record.profiler.guessed |= !same_function(m, 0, i, n);
}

/* Hands over the first `count` of the waiting pieces as the best guess says. */
static void decide(Matcher *m, size_t count)
{
    uint16_t owners[WAITING_MAX];
    mark_guessed(m, count);
    drop_dissenters(m, count);
    memcpy(owners, present_guess(m, 0)->owners, count * sizeof *owners);
    m->latest = present_guess(m, 0)->latest;
    for (size_t i = 0; i < count; i++)
        hand_over(m, owners[i], &waiting_piece(m, i)->record);
    m->first_waiting = (m->first_waiting + count) % WAITING_MAX;
    m->waiting_count -= count;
    for (size_t i = 0; i < m->guess_count; i++) {
        Guess *g = present_guess(m, i);
        memmove(g->owners, g->owners + count, m->waiting_count * sizeof *g->owners);
    }
}

/* How many of the waiting pieces all guesses give alike. */
static size_t agreed(Matcher *m)
{
    const Guess *best = present_guess(m, 0);
    for (size_t n = 0; n < m->waiting_count; n++)
        for (size_t i = 1; i < m->guess_count; i++)
            if (present_guess(m, i)->owners[n] != best->owners[n])
                return n;
    return m->waiting_count;
}

/* Makes guesses of the choices that are ranked, and decides what they agree in. */
static void guess_on(Matcher *m, const Record *piece)
{
    keep_best(m);
    RecordCopy *copy = waiting_piece(m, m->waiting_count++);
    record_copy_set(copy, piece);
    copy->record.profiler.contested = true;
    size_t count = agreed(m);
    if (m->waiting_count == WAITING_MAX && count < WAITING_MAX / 2)
        count = WAITING_MAX / 2;
    if (count)
        decide(m, count);
}

/* A piece that more than one report, or none, can take when nothing waits. */
static void begin_with(Matcher *m, const Record *piece)
{
    choices_begin(m, piece);
    begin_guessing(m);
    choices_weigh(m);
    choices_list(m, choices_worst(m, RANKED_ENOUGH));
    if (choices_count(m, CERTAIN - 1) > 1) {
        guess_on(m, piece);
        return;
    }
    m->latest = m->choices.items[m->ranks[0].first].owner;
    Record given = *piece;
    given.profiler.contested = m->bids.len > 1;
    hand_over(m, m->latest, &given);
}

void matcher_piece(Matcher *m, const Record *piece)
{
    if (m->waiting_count) {
        if (m->states.len > m->states_max)
            tidy_states(m);
        choices_begin(m, piece);
        place_new(m);
        choices_weigh(m);
        choices_list(m, choices_worst(m, RANKED_ENOUGH));
        guess_on(m, piece);
        return;
    }
    uint16_t only = only_taker(m, piece);
    if (only == NOBODY) {
        begin_with(m, piece);
        return;
    }
    m->latest = only;
    hand_over(m, only, piece);
}

void matcher_passed_by(Matcher *m, size_t index)
{
    m->latest = (uint16_t)index;
}

bool matcher_is_undecided(const Matcher *m)
{
    return m->waiting_count > 0;
}

static bool has_expected_rows(const Matcher *m, size_t guess, const bool *expected)
{
    for (size_t i = 0; i < m->placed; i++)
        if (expected[i] && track_in(m, guess, i)->first_line)
            return true;
    return false;
}

/* Two guesses may trade places; the best must be the first. */
static void put_best_first(Matcher *m)
{
    size_t best = 0;
    for (size_t i = 1; i < m->guess_count; i++)
        if (present_guess(m, i)->score > present_guess(m, best)->score)
            best = i;
    Guess first = *present_guess(m, 0);
    *present_guess(m, 0) = *present_guess(m, best);
    *present_guess(m, best) = first;
    for (size_t i = 0; best && i < m->placed; i++) {
        uint8_t *of = m->relations.items[i].of, of_first = of[0];
        of[0] = of[best];
        of[best] = of_first;
    }
}

void matcher_expect_rows(Matcher *m, const bool *expected)
{
    if (!m->waiting_count)
        return;
    place_new(m);
    for (size_t i = 0; i < m->guess_count; i++)
        if (!has_expected_rows(m, i, expected))
            present_guess(m, i)->score -= AGAINST_NO_ROWS;
    put_best_first(m);
}

/* What an index becomes when that of another report is taken out. */
static uint16_t index_without(uint16_t index, size_t gone)
{
    if (index == NOBODY || index < gone)
        return index;
    return index == gone ? NOBODY : (uint16_t)(index - 1);
}

static void forget_in(Matcher *m, size_t guess, size_t gone)
{
    Guess *g = present_guess(m, guess);
    if (gone < m->placed)
        g->hash ^= hash_of(m, state_in(m, guess, gone), gone);
    for (size_t i = 0; i < m->waiting_count; i++)
        g->owners[i] = index_without(g->owners[i], gone);
    g->latest = index_without(g->latest, gone);
}

void matcher_forget(Matcher *m, size_t index)
{
    m->latest = index_without(m->latest, index);
    m->channel.len = 0; /* others have these numbers now */
    for (size_t i = 0; m->waiting_count && i < m->guess_count; i++)
        forget_in(m, i, index);
    if (index < m->relations.len)
        vec_remove(&m->relations, index);
    m->placed -= index < m->placed;
}

void matcher_settle(Matcher *m)
{
    if (m->waiting_count)
        decide(m, m->waiting_count);
    m->latest = NOBODY;
}
