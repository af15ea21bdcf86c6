#include <limits.h>

#include "parsers/matcher_private.h"

enum {
    FOR_LATEST = 6,
    AGAINST_NOBODY = 200, /* a row that no report takes */
};

/* Judging one piece. */

void choices_begin(Matcher *m, const Record *piece)
{
    judge_begin(&m->judge, m->knowledge, piece);
    if (m->channel_of == m->open->len && m->channel.len && same_channel(m->open->items[m->channel.items[0]], piece))
        return;
    m->channel_of = m->open->len;
    m->channel.len = 0;
    for (size_t i = m->open->len; i-- > 0;)
        if (same_channel(m->open->items[i], piece))
            vec_push(&m->channel, (uint16_t)i);
}

static void begin_verdict(Matcher *m, Verdict *v, uint32_t state, size_t report)
{
    State *s = &m->states.items[state];
    s->next = NO_ITEM;
    *v = (Verdict){.piece = m->judge.number, .fit = (uint8_t)judge_fit(m->open->items[report], &s->track, m->judge.piece)};
}

static void judge_state(Matcher *m, Verdict *v, uint32_t state, size_t report)
{
    const Track *track = &m->states.items[state].track;
    v->points = (int16_t)judge_points(&m->judge, m->open->items[report], track, &m->relations.items[report].insight);
    v->judged = true;
}

/* The points of a state where the piece fits so, else UNFIT. */
static inline int16_t points_of(Matcher *m, uint32_t state, size_t report, Fit fit)
{
    Verdict *v = &m->verdicts.items[state];
    if (v->piece != m->judge.number)
        begin_verdict(m, v, state, report);
    if (v->fit != fit)
        return UNFIT;
    if (!v->judged)
        judge_state(m, v, state, report);
    return v->points;
}

/* Choosing. */

/*
 * What a report gives in all guesses if the piece fits so; if loosely, not in guesses where it fits another strictly. All guesses
 * are reckoned, also those that are not there: so that no step depends on the last.
 */
static void bid(Matcher *m, uint16_t report, Fit fit)
{
    const Relation *relation = &m->relations.items[report];
    int16_t points[STEPS_MAX], most = UNFIT;
    for (size_t i = 0; i < relation->count; i++) {
        points[i] = points_of(m, relation->states[i], report, fit);
        most = points[i] > most ? points[i] : most;
    }
    if (most == UNFIT)
        return;
    vec_reserve(&m->bids, 1);
    Bid *made = &m->bids.items[m->bids.len++];
    made->report = report;
    for (size_t i = 0; i < GUESSES_MAX; i++)
        made->points[i] = points[relation->of[i]];
    for (size_t i = 0; fit == FIT_LOOSE && i < GUESSES_MAX; i++)
        made->points[i] = m->most[i] > UNLIKELY ? UNFIT : made->points[i];
}

/* Adds what speaks for the report that took the piece before to the bids from that one on, and finds the most. */
static void weigh_bids(Matcher *m, size_t from)
{
    int16_t most[GUESSES_MAX];
    uint16_t latest[GUESSES_MAX];
    for (size_t i = 0; i < GUESSES_MAX; i++) {
        most[i] = from ? m->most[i] : UNFIT;
        latest[i] = present_guess(m, i)->latest;
    }
    for (size_t n = from; n < m->bids.len; n++) {
        Bid *b = &m->bids.items[n];
        int16_t points[GUESSES_MAX];
        uint16_t report = b->report;
        memcpy(points, b->points, sizeof points);
        for (size_t i = 0; i < GUESSES_MAX; i++)
            points[i] = (int16_t)(points[i] + (latest[i] == report ? FOR_LATEST : 0));
        for (size_t i = 0; i < GUESSES_MAX; i++)
            most[i] = points[i] > most[i] ? points[i] : most[i];
        memcpy(b->points, points, sizeof points);
    }
    memcpy(m->most, most, sizeof most);
}

/* Asks all reports of the channel, the newest first. */
static void ask(Matcher *m, Fit fit)
{
    for (size_t i = 0; i < m->channel.len; i++)
        bid(m, m->channel.items[i], fit);
}

static bool has_bids_for_all(const Matcher *m)
{
    for (size_t i = 0; i < m->guess_count; i++)
        if (m->most[i] < UNLIKELY)
            return false;
    return true;
}

/* A row that no report takes. */
static void bid_for_nobody(Matcher *m)
{
    vec_reserve(&m->bids, 1);
    Bid *made = &m->bids.items[m->bids.len++];
    made->report = NOBODY;
    for (size_t i = 0; i < GUESSES_MAX; i++) {
        made->points[i] = m->most[i] > UNLIKELY ? UNFIT : -AGAINST_NOBODY;
        m->most[i] = m->most[i] > UNLIKELY ? m->most[i] : -AGAINST_NOBODY;
    }
}

/* Finds out what speaks for all ways to go on. */
void choices_weigh(Matcher *m)
{
    m->bids.len = 0;
    ask(m, FIT_STRICT);
    weigh_bids(m, 0);
    if (!has_bids_for_all(m)) {
        size_t strict = m->bids.len;
        ask(m, FIT_LOOSE);
        weigh_bids(m, strict);
    }
    if (!has_bids_for_all(m))
        bid_for_nobody(m);
    m->best_score = INT_MIN;
    for (size_t i = 0; i < m->guess_count; i++) {
        int score = present_guess(m, i)->score + m->most[i];
        m->best_score = score > m->best_score ? score : m->best_score;
    }
    for (size_t i = 0; i < GUESSES_MAX; i++) {
        int behind = i < m->guess_count ? m->best_score - present_guess(m, i)->score : BEHIND_MAX;
        m->behind[i] = (int16_t)(behind < BEHIND_MAX ? behind : BEHIND_MAX);
    }
}

/* How many choices are at most so far behind the best. */
size_t choices_count(const Matcher *m, int behind)
{
    int16_t least[GUESSES_MAX], counts[GUESSES_MAX] = {0};
    size_t count = 0;
    for (size_t i = 0; i < GUESSES_MAX; i++)
        least[i] = (int16_t)(m->behind[i] - behind);
    for (size_t n = 0; n < m->bids.len; n++) {
        const int16_t *points = m->bids.items[n].points;
        for (size_t i = 0; i < GUESSES_MAX; i++)
            counts[i] = (int16_t)(counts[i] + (points[i] >= least[i]));
    }
    for (size_t i = 0; i < GUESSES_MAX; i++)
        count += (size_t)counts[i];
    return count;
}

/* How far behind the best those may be that are among the `enough` best choices, or some more. */
int choices_worst(const Matcher *m, size_t enough)
{
    int low = 0, high = HOPELESS;
    size_t count = choices_count(m, m->worst);
    if (count >= enough && count < 2 * enough)
        return m->worst; /* as with the piece before */
    if (count < enough)
        low = m->worst < HOPELESS ? m->worst + 1 : HOPELESS;
    else
        high = m->worst;
    while (low < high) {
        int middle = (low + high) / 2;
        if (choices_count(m, middle) < enough)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Puts a choice into its rank: those of the better guess first, of the same guess those of the newer report. */
static void rank_choice(Matcher *m, uint32_t choice)
{
    Choice *c = &m->choices.items[choice], *items = m->choices.items;
    Rank *rank = &m->ranks[m->best_score - c->score];
    if (rank->last != NO_ITEM && items[rank->last].guess != c->guess)
        rank->before = rank->last;
    uint32_t *at = rank->before == NO_ITEM ? &rank->first : &items[rank->before].next;
    while (*at != NO_ITEM && items[*at].owner > c->owner)
        at = &items[*at].next;
    c->next = *at;
    *at = choice;
    if (c->next == NO_ITEM)
        rank->last = choice;
}

/* Lists the ways to go on from a guess that are good enough. */
static void list_from(Matcher *m, size_t guess)
{
    int least = m->behind[guess] - m->worst, score = present_guess(m, guess)->score;
    if (m->most[guess] < least)
        return;
    vec_reserve(&m->choices, m->good_bids.len);
    for (size_t i = 0; i < m->good_bids.len; i++) {
        const Bid *b = &m->bids.items[m->good_bids.items[i]];
        if (b->points[guess] < least)
            continue;
        m->choices.items[m->choices.len++] = (Choice){score + b->points[guess], (uint16_t)guess, b->report, NO_ITEM};
        rank_choice(m, (uint32_t)(m->choices.len - 1));
    }
}

/* Finds the bids that are good enough for any guess. */
static void find_good_bids(Matcher *m)
{
    int16_t least[GUESSES_MAX];
    for (size_t i = 0; i < GUESSES_MAX; i++)
        least[i] = (int16_t)(m->behind[i] - m->worst);
    m->good_bids.len = 0;
    for (size_t n = 0; n < m->bids.len; n++) {
        const int16_t *points = m->bids.items[n].points;
        int16_t good = 0;
        for (size_t i = 0; i < GUESSES_MAX; i++)
            good = (int16_t)(good | (points[i] >= least[i]));
        if (good)
            vec_push(&m->good_bids, (uint16_t)n);
    }
}

/* Puts the choices into their order that are at most so far behind the best. */
void choices_list(Matcher *m, int worst)
{
    m->worst = worst;
    for (int i = 0; i <= worst; i++)
        m->ranks[i] = (Rank){NO_ITEM, NO_ITEM, NO_ITEM};
    m->choices.len = 0;
    find_good_bids(m);
    for (size_t i = 0; i < m->guess_count; i++)
        list_from(m, i);
}
