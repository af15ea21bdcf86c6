#include "parsers/matcher.h"

#include <limits.h>
#include <stdlib.h>

#include "parsers/judge.h"
#include "parsers/record_copy.h"

enum {
    FOR_LATEST = 6,
    AGAINST_NO_ROWS = 60, /* an invocation has ended, and its report has no rows */
    AGAINST_NOBODY = 200, /* a row that no report takes */
};

enum {
    CERTAIN = 36,   /* ahead by so much, the best needs no second guess */
    HOPELESS = 120, /* behind by so much, a guess is dropped */
    GUESSES_MAX = 24,
    RANKED_ENOUGH = 28, /* choices that are looked at first: some may come to the same guess */
    WAITING_MAX = 96,  /* pieces that may wait for a decision */
    STATES_MIN = 1024, /* so many are not worth a look for those that no guess has any more */
    NOBODY = UINT16_MAX,
};

#define NO_ITEM UINT32_MAX

/* How far a report has come in some of the guesses. */
typedef struct State {
    Track track;
    uint64_t hash; /* of the report and of its track but the time; 0 before it was needed */
    uint32_t next; /* the state behind the present piece; NO_ITEM before it was needed */
} State;

/* What a state means for a piece: found out once for all guesses that have the state. */
typedef struct Verdict {
    uint32_t piece;
    int16_t points;
    uint8_t fit;
    bool judged; /* there are points: they are of no use when a report is there that the piece fits better */
} Verdict;

typedef VEC(State) States;

/* One way to give the waiting pieces to reports. */
typedef struct Guess {
    int score;
    uint16_t latest;      /* report that took the latest piece, or NOBODY */
    VEC(uint32_t) states; /* by open report */
    uint64_t hash;        /* of the states: guesses are compared often and are rarely equal */
    size_t own_choices;   /* where those end in the list that are no offers */
    bool takes_offers;
    uint16_t owners[WAITING_MAX];
} Guess;

/* One way to go on. */
typedef struct Choice {
    int score;
    uint16_t guess;
    uint16_t owner;
    uint32_t next; /* of the same score */
} Choice;

/* The choices of one score, in their order. */
typedef struct Rank {
    uint32_t first, last;
    uint32_t before; /* the last one of an earlier guess than that of `last` */
    uint32_t count;
} Rank;

/* What a report gives for the piece in all guesses. */
typedef struct Offer {
    int points;
    uint16_t report;
} Offer;

/* What a piece and an open report are to each other whatever the guess. */
typedef struct Relation {
    uint64_t seed;          /* tells the report's states from those of others */
    uint32_t piece;         /* the next is for this one */
    const KnownLine *known; /* of the report's file and the row's line */
    bool split;             /* guesses may have different states of it */
} Relation;

struct Matcher {
    const OpenReports *open;
    const Knowledge *knowledge;
    PieceTaker take;
    void *ctx;
    Judge judge;             /* of the present piece ... */
    uint32_t piece;          /* ... which has that number */
    VEC(Relation) relations; /* by open report */
    uint64_t seeds;          /* given so far */
    VEC(uint16_t) channel;   /* the reports that come through the piece's channel, the newest in front ... */
    size_t channel_of;       /* ... of so many open ones; 0 when others are open now */
    States states, spare_states;
    VEC(Verdict) verdicts; /* by state */
    size_t states_max;             /* beyond it there may be many that no guess has */
    Guess guesses[2][GUESSES_MAX]; /* present and next ones, in turns; the best is the first */
    unsigned side;
    size_t guess_count;
    RecordCopy waiting[WAITING_MAX]; /* a ring ... */
    size_t first_waiting;            /* ... from there on */
    size_t waiting_count;
    uint16_t latest; /* when nothing waits */
    VEC(uint16_t) split;     /* reports of the channel of which guesses have different states ... */
    VEC(Offer) offers;       /* ... and what the others give, the most in front ... */
    Fit offered;             /* ... if the piece fits so */
    VEC(Choice) choices;
    size_t own_choices;      /* of them, those that are no offers */
    int best_score;
    Rank ranks[HOPELESS + 1]; /* by how far behind the best they are */
    int worst;               /* rank that may still be of use */
    size_t ranked, enough;   /* choices as far as there, and how many are as a rule as many as can be of use */
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
    for (size_t i = 0; i < GUESSES_MAX; i++) {
        vec_free(&m->guesses[0][i].states);
        vec_free(&m->guesses[1][i].states);
    }
    for (size_t i = 0; i < WAITING_MAX; i++)
        record_copy_free(&m->waiting[i]);
    vec_free(&m->relations);
    vec_free(&m->channel);
    vec_free(&m->states);
    vec_free(&m->spare_states);
    vec_free(&m->verdicts);
    vec_free(&m->split);
    vec_free(&m->offers);
    vec_free(&m->choices);
    free(m);
}

static Guess *present_guess(Matcher *m, size_t index)
{
    return &m->guesses[m->side][index];
}

static RecordCopy *waiting_piece(Matcher *m, size_t index)
{
    return &m->waiting[(m->first_waiting + index) % WAITING_MAX];
}

/* States. */

static State *state_at(const Matcher *m, const Guess *guess, size_t report)
{
    return &m->states.items[guess->states.items[report]];
}

static uint32_t add_state(Matcher *m, const Track *track)
{
    m->verdicts.len = m->states.len;
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
    for (size_t i = 0; i < old.len; i++)
        old.items[i].next = NO_ITEM;
    for (size_t i = 0; i < m->guess_count; i++) {
        Guess *g = present_guess(m, i);
        for (size_t j = 0; j < g->states.len; j++) {
            State *s = &old.items[g->states.items[j]];
            if (s->next == NO_ITEM) {
                s->next = (uint32_t)m->states.len;
                vec_push(&m->states, *s);
            }
            g->states.items[j] = s->next;
        }
    }
    m->spare_states = old;
    m->verdicts.len = 0;
    for (size_t i = 0; i < m->states.len; i++)
        vec_push(&m->verdicts, (Verdict){.fit = FIT_NONE});
    m->states_max = m->states.len < STATES_MIN / 2 ? STATES_MIN : 2 * m->states.len;
}

/* What a state adds to the hash of a guess: so that one can be exchanged without a look at the others. */
static uint64_t hash_of(Matcher *m, State *s, size_t report)
{
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

/* Judging one piece. */

static void look_at(Matcher *m, const Record *piece)
{
    m->piece++;
    m->judge = judge_begin(m->knowledge, piece);
    if (m->channel_of == m->open->len && m->channel.len && same_channel(m->open->items[m->channel.items[0]], piece))
        return;
    m->channel_of = m->open->len;
    m->channel.len = 0;
    for (size_t i = m->open->len; i-- > 0;)
        if (same_channel(m->open->items[i], piece))
            vec_push(&m->channel, (uint16_t)i);
}

static const KnownLine *known_line(Matcher *m, size_t report)
{
    Relation *relation = &m->relations.items[report];
    if (relation->piece != m->piece)
        relation->known = knowledge_find(m->knowledge, m->open->items[report]->file, m->judge.piece->profiler.row.line);
    relation->piece = m->piece;
    return relation->known;
}

/* Whether the piece fits the report in that state; points are reckoned once they are asked for. */
static Verdict *verdict_on(Matcher *m, uint32_t state, size_t report)
{
    Verdict *v = &m->verdicts.items[state];
    if (v->piece == m->piece)
        return v;
    State *s = &m->states.items[state];
    s->next = NO_ITEM;
    *v = (Verdict){.piece = m->piece, .fit = (uint8_t)judge_fit(m->open->items[report], &s->track, m->judge.piece)};
    return v;
}

static int points_of(Matcher *m, Verdict *v, uint32_t state, size_t report)
{
    if (!v->judged)
        v->points = (int16_t)judge_points(&m->judge, m->open->items[report], &m->states.items[state].track, known_line(m, report));
    v->judged = true;
    return v->points;
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

/* Choosing. */

/* Sorts the reports of the channel: which are in the same state in all guesses? */
static void find_split(Matcher *m)
{
    m->split.len = 0;
    for (size_t i = 0; i < m->channel.len; i++) {
        uint16_t report = m->channel.items[i];
        Relation *relation = &m->relations.items[report];
        uint32_t state = present_guess(m, 0)->states.items[report];
        size_t same = 1;
        while (relation->split && same < m->guess_count && present_guess(m, same)->states.items[report] == state)
            same++;
        relation->split = relation->split && same < m->guess_count;
        if (relation->split)
            vec_push(&m->split, report);
    }
}

static void add_offer(Matcher *m, Offer offer)
{
    vec_reserve(&m->offers, 1);
    Offer *at = &m->offers.items[m->offers.len++];
    for (; at > m->offers.items && at[-1].points < offer.points; at--)
        *at = at[-1];
    *at = offer;
}

/* What the reports give that are in the same state in all guesses and that the piece fits so. */
static void find_offers(Matcher *m, Fit fit)
{
    m->offers.len = 0;
    for (size_t i = 0; i < m->channel.len; i++) {
        uint16_t report = m->channel.items[i];
        if (m->relations.items[report].split)
            continue;
        uint32_t state = present_guess(m, 0)->states.items[report];
        Verdict *v = verdict_on(m, state, report);
        if (v->fit == fit)
            add_offer(m, (Offer){points_of(m, v, state, report), report});
    }
}

static int score_of(const Guess *g, int points, uint16_t report)
{
    return g->score + points + (report == g->latest ? FOR_LATEST : 0);
}

static void see_score(Matcher *m, int score)
{
    m->best_score = score > m->best_score ? score : m->best_score;
}

/* Adds the ways in which the piece can go to a report in whose state guesses differ. */
static void add_split(Matcher *m, uint16_t guess, Fit fit)
{
    const Guess *g = present_guess(m, guess);
    vec_reserve(&m->choices, m->split.len);
    for (size_t i = 0; i < m->split.len; i++) {
        uint16_t report = m->split.items[i];
        uint32_t state = g->states.items[report];
        Verdict *v = verdict_on(m, state, report);
        if (v->fit != fit)
            continue;
        int score = score_of(g, points_of(m, v, state, report), report);
        m->choices.items[m->choices.len++] = (Choice){score, guess, report, NO_ITEM};
        see_score(m, score);
    }
}

/* Puts a choice into its rank: those of the better guess first, of the same guess those of the newer report. */
static void rank_choice(Matcher *m, uint32_t choice)
{
    Choice *c = &m->choices.items[choice], *items = m->choices.items;
    int behind = m->best_score - c->score;
    if (behind > m->worst)
        return;
    Rank *rank = &m->ranks[behind];
    if (rank->last != NO_ITEM && items[rank->last].guess != c->guess)
        rank->before = rank->last;
    uint32_t *at = rank->before == NO_ITEM ? &rank->first : &items[rank->before].next;
    while (*at != NO_ITEM && items[*at].owner > c->owner)
        at = &items[*at].next;
    c->next = *at;
    *at = choice;
    if (c->next == NO_ITEM)
        rank->last = choice;
    rank->count++;
    m->ranked++;
    for (; m->worst && m->ranked - m->ranks[m->worst].count >= m->enough; m->worst--)
        m->ranked -= m->ranks[m->worst].count;
}

static void hand_over(Matcher *m, uint16_t owner, const Record *piece)
{
    m->take(m->ctx, owner == NOBODY ? NO_OWNER : owner, piece);
}

/* Guesses. */

/* New reports have been opened since the guesses were made. */
static void complete_states(Matcher *m)
{
    size_t known = present_guess(m, 0)->states.len;
    while (m->relations.len < m->open->len)
        vec_push(&m->relations, (Relation){.seed = ++m->seeds});
    for (size_t report = known; report < m->open->len; report++) {
        uint32_t state = add_state(m, &m->open->items[report]->track);
        for (size_t i = 0; i < m->guess_count; i++)
            vec_push(&present_guess(m, i)->states, state);
    }
}

static void begin_guessing(Matcher *m)
{
    Guess *first = present_guess(m, 0);
    first->score = 0;
    first->latest = m->latest;
    first->hash = 0;
    first->states.len = 0;
    m->states.len = 0;
    m->guess_count = 1;
    complete_states(m);
}

/* Whether `a` is as `from` would be with another `latest` and the state of that report changed. */
static bool is_same_guess(const Matcher *m, const Guess *a, const Guess *from, uint16_t owner, uint16_t latest, uint32_t state)
{
    if (a->latest != latest)
        return false;
    for (size_t i = 0; i < a->states.len; i++) {
        uint32_t theirs = a->states.items[i], ours = i == owner ? state : from->states.items[i];
        if (theirs != ours && !is_same_state(&m->states.items[theirs], &m->states.items[ours]))
            return false;
    }
    return true;
}

/* The state of the report when it has taken the piece. */
static uint32_t next_state(Matcher *m, const Guess *from, uint16_t owner)
{
    uint32_t next = state_at(m, from, owner)->next;
    if (next != NO_ITEM)
        return next;
    Track track = state_at(m, from, owner)->track;
    track_advance(&track, m->judge.piece);
    next = add_state(m, &track);
    return state_at(m, from, owner)->next = next;
}

/* Turns a choice into a guess at `at` of the next side; false when an equal one stands there already. */
static bool make_guess(Matcher *m, size_t at, const Choice *choice)
{
    const Guess *from = present_guess(m, choice->guess);
    Guess *next = m->guesses[!m->side], *to = &next[at];
    uint16_t owner = choice->owner, latest = owner == NOBODY ? from->latest : owner;
    uint64_t hash = from->hash;
    uint32_t state = NO_ITEM;
    if (owner != NOBODY) {
        state = next_state(m, from, owner);
        hash ^= hash_of(m, state_at(m, from, owner), owner) ^ hash_of(m, &m->states.items[state], owner);
    }
    for (size_t i = 0; i < at; i++)
        if (next[i].hash == hash && is_same_guess(m, &next[i], from, owner, latest, state))
            return false;
    to->score = choice->score;
    to->latest = latest;
    to->hash = hash;
    to->states.len = 0;
    vec_reserve(&to->states, from->states.len + 1);
    memcpy(to->states.items, from->states.items, from->states.len * sizeof *to->states.items);
    to->states.len = from->states.len;
    if (owner != NOBODY) {
        to->states.items[owner] = state;
        m->relations.items[owner].split = true;
    }
    memcpy(to->owners, from->owners, m->waiting_count * sizeof *to->owners);
    to->owners[m->waiting_count] = owner;
    return true;
}

/* The ways in which the piece can go from a guess but for the offers, or, where there are none, to nobody. */
static void list_own(Matcher *m, uint16_t guess)
{
    Guess *g = present_guess(m, guess);
    size_t before = m->choices.len;
    add_split(m, guess, FIT_STRICT);
    g->takes_offers = m->offered == FIT_STRICT || m->choices.len == before;
    if (!g->takes_offers)
        return;
    if (m->offered == FIT_LOOSE)
        add_split(m, guess, FIT_LOOSE);
    for (size_t i = 0; i < m->offers.len && m->offers.items[i].points + FOR_LATEST >= m->offers.items[0].points; i++)
        see_score(m, score_of(g, m->offers.items[i].points, m->offers.items[i].report));
    if (m->choices.len > before || m->offers.len)
        return;
    vec_push(&m->choices, (Choice){g->score - AGAINST_NOBODY, guess, NOBODY, NO_ITEM});
    see_score(m, g->score - AGAINST_NOBODY);
}

/* Goes on from all guesses. */
static void list_choices(Matcher *m)
{
    find_split(m);
    m->offered = FIT_STRICT;
    find_offers(m, FIT_STRICT);
    if (!m->offers.len) {
        m->offered = FIT_LOOSE;
        find_offers(m, FIT_LOOSE);
    }
    m->choices.len = 0;
    m->best_score = INT_MIN;
    for (size_t i = 0; i < m->guess_count; i++) {
        list_own(m, (uint16_t)i);
        present_guess(m, i)->own_choices = m->choices.len;
    }
    m->own_choices = m->choices.len;
}

static void rank_offers(Matcher *m, uint16_t guess)
{
    const Guess *g = present_guess(m, guess);
    for (size_t i = 0; i < m->offers.len; i++) {
        const Offer *offer = &m->offers.items[i];
        if (m->best_score - (g->score + offer->points + FOR_LATEST) > m->worst)
            return;
        vec_push(&m->choices, (Choice){score_of(g, offer->points, offer->report), guess, offer->report, NO_ITEM});
        rank_choice(m, (uint32_t)(m->choices.len - 1));
    }
}

/* Puts the choices that are listed, and the offers, into their order; those behind about `enough` better ones may be left out. */
static void rank_choices(Matcher *m, size_t enough)
{
    for (size_t i = 0; i <= HOPELESS; i++)
        m->ranks[i] = (Rank){NO_ITEM, NO_ITEM, NO_ITEM, 0};
    m->worst = HOPELESS;
    m->ranked = 0;
    m->enough = enough;
    m->choices.len = m->own_choices;
    for (size_t i = 0, choice = 0; i < m->guess_count; i++) {
        const Guess *g = present_guess(m, i);
        for (; choice < g->own_choices; choice++)
            rank_choice(m, (uint32_t)choice);
        if (g->takes_offers)
            rank_offers(m, (uint16_t)i);
    }
}

static size_t make_guesses(Matcher *m)
{
    size_t kept = 0;
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
        rank_choices(m, SIZE_MAX);
        kept = make_guesses(m);
    }
    m->side = !m->side;
    m->guess_count = kept;
}

static void drop_guess(Matcher *m, size_t index)
{
    Guess dropped = *present_guess(m, index);
    m->guess_count--;
    *present_guess(m, index) = *present_guess(m, m->guess_count);
    *present_guess(m, m->guess_count) = dropped;
}

/* Drops the guesses that give the first `count` pieces otherwise than the best one does. */
static void drop_dissenters(Matcher *m, size_t count)
{
    const Guess *best = present_guess(m, 0);
    for (size_t i = m->guess_count; i-- > 1;)
        if (memcmp(present_guess(m, i)->owners, best->owners, count * sizeof *best->owners) != 0)
            drop_guess(m, i);
}

/* Whether two guesses give the piece to reports of one function, so that what is learnt from it is the same. */
static bool same_function(Matcher *m, const Guess *a, const Guess *b, size_t piece)
{
    uint16_t x = a->owners[piece], y = b->owners[piece];
    if (x == y)
        return true;
    return x != NOBODY && y != NOBODY && m->open->items[x]->file == m->open->items[y]->file &&
           state_at(m, a, x)->track.first_line == state_at(m, b, y)->track.first_line;
}

static void mark_guessed(Matcher *m, size_t count)
{
    for (size_t n = 0; n < count; n++)
        for (size_t i = 1; i < m->guess_count; i++)
            waiting_piece(m, n)->record.profiler.guessed |= !same_function(m, present_guess(m, 0), present_guess(m, i), n);
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

/* Whether the best of the choices is so far ahead that no other need be followed. */
static bool has_certain_choice(const Matcher *m)
{
    size_t near = 0;
    for (size_t i = 0; i < CERTAIN; i++)
        near += m->ranks[i].count;
    return near == 1;
}

/* A piece that more than one report, or none, can take when nothing waits. */
static void begin_with(Matcher *m, const Record *piece)
{
    look_at(m, piece);
    begin_guessing(m);
    list_choices(m);
    rank_choices(m, RANKED_ENOUGH);
    if (!has_certain_choice(m)) {
        guess_on(m, piece);
        return;
    }
    m->latest = m->choices.items[m->ranks[0].first].owner;
    Record given = *piece;
    given.profiler.contested = m->offers.len > 1;
    hand_over(m, m->latest, &given);
}

void matcher_piece(Matcher *m, const Record *piece)
{
    if (m->waiting_count) {
        if (m->states.len > m->states_max)
            tidy_states(m);
        look_at(m, piece);
        complete_states(m);
        list_choices(m);
        rank_choices(m, RANKED_ENOUGH);
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

bool matcher_is_undecided(const Matcher *m)
{
    return m->waiting_count > 0;
}

static bool has_expected_rows(const Matcher *m, const Guess *guess, const bool *expected)
{
    for (size_t i = 0; i < guess->states.len; i++)
        if (expected[i] && state_at(m, guess, i)->track.first_line)
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
}

void matcher_expect_rows(Matcher *m, const bool *expected)
{
    if (!m->waiting_count)
        return;
    complete_states(m);
    for (size_t i = 0; i < m->guess_count; i++) {
        Guess *g = present_guess(m, i);
        if (!has_expected_rows(m, g, expected))
            g->score -= AGAINST_NO_ROWS;
    }
    put_best_first(m);
}

/* What an index becomes when that of another report is taken out. */
static uint16_t index_without(uint16_t index, size_t gone)
{
    if (index == NOBODY || index < gone)
        return index;
    return index == gone ? NOBODY : (uint16_t)(index - 1);
}

static void forget_in(Matcher *m, Guess *g, size_t gone)
{
    if (gone < g->states.len) {
        g->hash ^= hash_of(m, state_at(m, g, gone), gone);
        vec_remove(&g->states, gone);
    }
    for (size_t i = 0; i < m->waiting_count; i++)
        g->owners[i] = index_without(g->owners[i], gone);
    g->latest = index_without(g->latest, gone);
}

void matcher_forget(Matcher *m, size_t index)
{
    m->latest = index_without(m->latest, index);
    for (size_t i = 0; m->waiting_count && i < m->guess_count; i++)
        forget_in(m, present_guess(m, i), index);
    m->channel_of = 0;
    if (index < m->relations.len)
        vec_remove(&m->relations, index);
}

void matcher_settle(Matcher *m)
{
    if (m->waiting_count)
        decide(m, m->waiting_count);
    m->latest = NOBODY;
}
