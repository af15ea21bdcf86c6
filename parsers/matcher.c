#include "parsers/matcher.h"

#include <stdlib.h>

#include "parsers/evidence.h"
#include "parsers/profiler.h"
#include "parsers/record_copy.h"

/* What speaks for a piece going to a report, and what against it. */
enum {
    FOR_ENTRY = 100, /* the first row is the line at which a function begins */
    AGAINST_LATE_ENTRY = 200,
    AGAINST_NO_ENTRY = 60,  /* a report without its entry row: possible, rare */
    AGAINST_NO_HEADER = 15, /* its header may have been taken for another's */
    FOR_KNOWN_FUNCTION = 30,
    AGAINST_OTHER_FUNCTION = 50,
    AGAINST_OTHER_TEXT = 80,
    AGAINST_JUMP = 4, /* for each doubling of the lines that are left out, where nothing is known of the line ... */
    AGAINST_JUMP_MAX = 32,
    FOR_OCCURRENCES = 15,
    FOR_LAST_LINE = 40, /* the end comes behind the function's last line */
    AGAINST_EARLY_END = 60,
    AGAINST_OVER = 25, /* the invocation that it seems to belong to has ended */
    FOR_LATEST = 6,
    AGAINST_NO_ROWS = 60, /* an invocation has ended, and its report has no rows */
    AGAINST_NOBODY = 200, /* a row that no report takes */
};

enum {
    CERTAIN = 36,   /* ahead by so much, the best needs no second guess */
    HOPELESS = 120, /* behind by so much, a guess is dropped */
    GUESSES_MAX = 24,
    WAITING_MAX = 96,  /* pieces that may wait for a decision */
    CHOICES_MAX = 512, /* ways to go on that are compared */
    NOBODY = UINT16_MAX,
};

/* One way to give the waiting pieces to reports. */
typedef struct Guess {
    int score;
    uint16_t latest;   /* report that took the latest piece, or NOBODY */
    VEC(Track) tracks; /* by open report */
    uint64_t hash;     /* of `latest` and all tracks: guesses are compared often and are rarely equal */
    uint16_t owners[WAITING_MAX];
} Guess;

typedef struct Choice {
    int score;
    uint16_t guess;
    uint16_t owner;
} Choice;

/* What a piece and an open report are to each other whatever the guess. */
typedef struct Relation {
    bool same_channel;
    bool looked_up;
    const KnownLine *known; /* of the report's file and the row's line, once it was looked up */
    bool judged;            /* the piece was held against the report as far as `track`, with this result: */
    Track track;
    int score;
} Relation;

struct Matcher {
    VEC(Relation) relations; /* of the piece that is being judged, by open report */
    uint64_t text;           /* hash of its contents */
    const OpenReports *open;
    const Knowledge *knowledge;
    PieceTaker take;
    void *ctx;
    Guess guesses[2][GUESSES_MAX]; /* present and next ones, in turns; the best is the first */
    unsigned side;
    size_t guess_count;
    RecordCopy waiting[WAITING_MAX];
    size_t waiting_count;
    uint16_t latest; /* when nothing waits */
    Choice choices[CHOICES_MAX];
};

Matcher *matcher_new(const OpenReports *open, const Knowledge *knowledge, PieceTaker take, void *ctx)
{
    Matcher *m = alloc_zeroed(1, sizeof *m);
    m->open = open;
    m->knowledge = knowledge;
    m->take = take;
    m->ctx = ctx;
    m->latest = NOBODY;
    return m;
}

void matcher_free(Matcher *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < GUESSES_MAX; i++) {
        vec_free(&m->guesses[0][i].tracks);
        vec_free(&m->guesses[1][i].tracks);
    }
    for (size_t i = 0; i < WAITING_MAX; i++)
        record_copy_free(&m->waiting[i]);
    vec_free(&m->relations);
    free(m);
}

static bool is_end(const Record *piece)
{
    return piece->profiler.piece == PROFILER_END;
}

/* Judging one piece and one report. */

static void look_at(Matcher *m, const Record *piece)
{
    m->relations.len = 0;
    vec_reserve(&m->relations, m->open->len + 1);
    for (size_t i = 0; i < m->open->len; i++) {
        Relation *relation = &m->relations.items[i];
        relation->same_channel = same_channel(m->open->items[i], piece);
        relation->looked_up = relation->judged = false;
        relation->known = NULL;
    }
    m->text = is_end(piece) ? 0 : hash_text(piece->profiler.row.contents);
}

static const KnownLine *known_line(Matcher *m, size_t index, const ProfilerRow *row)
{
    Relation *relation = &m->relations.items[index];
    if (!relation->looked_up)
        relation->known = knowledge_find(m->knowledge, m->open->items[index]->file, row->line);
    relation->looked_up = true;
    return relation->known;
}

/* For a piece of the same channel. */
static inline bool accepts(const OpenReport *o, const Track *track, const Record *piece, bool strict)
{
    if (track->ended)
        return false;
    const ProfilerRow *row = &piece->profiler.row;
    if (is_end(piece))
        return o->report.dense && track->first_line;
    if (!track->first_line)
        return true;
    if (strict && o->report.dense)
        return row->line == track->last_line + 1;
    return row->line > track->last_line && (row->measured || o->report.dense || o->report.logger.len);
}

static int judge_first(const OpenReport *o, const KnownLine *known, const ProfilerRow *row)
{
    int score = o->has_header ? 0 : -AGAINST_NO_HEADER;
    if (profiler_is_entry(row))
        score += FOR_ENTRY;
    else if (!o->report.dense && row->measured)
        score -= AGAINST_NO_ENTRY;
    if (known)
        score += known->first_line == row->line ? FOR_KNOWN_FUNCTION : -AGAINST_OTHER_FUNCTION;
    return score;
}

/* Lines of a function that are near each other are likelier to be measured one after the other. */
static int judge_jump(const Track *track, const ProfilerRow *row)
{
    int points = AGAINST_JUMP * (evidence_doublings(row->line - track->last_line) - 1);
    return points < AGAINST_JUMP_MAX ? -points : -AGAINST_JUMP_MAX;
}

/* Whether the report has the last line of its function. */
static bool is_complete(const Matcher *m, const OpenReport *o, const Track *track)
{
    uint32_t last = knowledge_last_line(m->knowledge, o->file, track->first_line);
    return last && track->last_line >= last;
}

static int judge_source(const Matcher *m, const OpenReport *o, const KnownLine *known, const Track *track, const ProfilerRow *row)
{
    if (!known && knowledge_begins_between(m->knowledge, o->file, track->first_line, row->line))
        return -AGAINST_OTHER_FUNCTION;
    if (!known && is_complete(m, o, track))
        return -AGAINST_OTHER_FUNCTION;
    if (!known)
        return judge_jump(track, row);
    if (known->text != m->text)
        return -AGAINST_OTHER_TEXT;
    return known->first_line == track->first_line ? FOR_KNOWN_FUNCTION : -AGAINST_OTHER_FUNCTION;
}

static int judge_end(const Matcher *m, const OpenReport *o, const Track *track)
{
    uint32_t last = knowledge_last_line(m->knowledge, o->file, track->first_line);
    if (!last)
        return 0;
    return track->last_line >= last ? FOR_LAST_LINE : -AGAINST_EARLY_END;
}

static int judge(Matcher *m, size_t index, const Track *track, const Record *piece)
{
    const OpenReport *o = m->open->items[index];
    const ProfilerRow *row = &piece->profiler.row;
    int score = evidence_age(track, piece) - (o->probably_over ? AGAINST_OVER : 0);
    if (is_end(piece))
        return score + judge_end(m, o, track);
    const KnownLine *known = known_line(m, index, row);
    if (!track->first_line)
        return score + judge_first(o, known, row);
    if (profiler_is_entry(row))
        score -= AGAINST_LATE_ENTRY;
    if (row->occurrences > 1 && row->occurrences == track->last_occurrences)
        score += FOR_OCCURRENCES;
    return score + judge_source(m, o, known, track, row) + evidence_memory(track->last_memory, row, o->report.dense);
}

/* Most guesses have the same track of a report, so that one judgement serves them. */
static int judge_once(Matcher *m, size_t index, const Track *track, const Record *piece)
{
    Relation *relation = &m->relations.items[index];
    if (relation->judged && memcmp(&relation->track, track, sizeof *track) == 0)
        return relation->score;
    relation->judged = true;
    relation->track = *track;
    return relation->score = judge(m, index, track, piece);
}

/* Choosing. */

typedef struct Present {
    int score;
    uint16_t latest;
    const Track *tracks; /* NULL: those of the open reports */
} Present;

static const Track *track_at(const Matcher *m, const Present *present, size_t index)
{
    return present->tracks ? &present->tracks[index] : &m->open->items[index]->track;
}

/*
 * The report that alone can take the piece when nothing waits: then no score need be reckoned. NOBODY where none can, or more than
 * one.
 */
static uint16_t only_taker(const Matcher *m, const Record *piece)
{
    for (int strict = 1; strict >= 0; strict--) {
        size_t takers = 0;
        uint16_t taker = NOBODY;
        for (size_t i = 0; i < m->open->len && takers < 2; i++) {
            const OpenReport *o = m->open->items[i];
            if (!same_channel(o, piece) || !accepts(o, &o->track, piece, strict))
                continue;
            taker = (uint16_t)i;
            takers++;
        }
        if (takers)
            return takers == 1 ? taker : NOBODY;
    }
    return NOBODY;
}

/* Adds the ways in which the piece can go from there; returns the new number of choices. */
static size_t add_choices(Matcher *m, size_t count, uint16_t guess, const Present *present, const Record *piece)
{
    size_t before = count;
    for (int strict = 1; strict >= 0 && count == before; strict--) {
        for (size_t i = 0; i < m->open->len && count < CHOICES_MAX - 1; i++) {
            const Track *track = track_at(m, present, i);
            if (!m->relations.items[i].same_channel || !accepts(m->open->items[i], track, piece, strict))
                continue;
            int score = present->score + judge_once(m, i, track, piece) + (i == present->latest ? FOR_LATEST : 0);
            m->choices[count++] = (Choice){score, guess, (uint16_t)i};
        }
    }
    if (count == before && count < CHOICES_MAX)
        m->choices[count++] = (Choice){present->score - AGAINST_NOBODY, guess, NOBODY};
    return count;
}

/* The higher score first; among equals what the better guess and the newer report give. */
static bool is_better(const Choice *x, const Choice *y)
{
    if (x->score != y->score)
        return x->score > y->score;
    return x->guess != y->guess ? x->guess < y->guess : x->owner > y->owner;
}

/* Choices as a heap, the best at the front: only the few best are ever looked at. */

static void sift_down(Choice *choices, size_t count, size_t at)
{
    Choice moved = choices[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        child += child + 1 < count && is_better(&choices[child + 1], &choices[child]);
        if (!is_better(&choices[child], &moved))
            break;
        choices[at] = choices[child];
    }
    choices[at] = moved;
}

static void make_heap(Choice *choices, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift_down(choices, count, i);
}

/* Takes the best out. */
static Choice take_best(Choice *choices, size_t *count)
{
    Choice best = choices[0];
    choices[0] = choices[--*count];
    sift_down(choices, *count, 0);
    return best;
}

static void hand_over(Matcher *m, uint16_t owner, const Record *piece)
{
    m->take(m->ctx, owner == NOBODY ? NO_OWNER : owner, piece);
}

/* Guesses. */

static Guess *present_guess(Matcher *m, size_t index)
{
    return &m->guesses[m->side][index];
}

/* What a track adds to the hash of its guess: so that one can be exchanged without a look at the others. */
static uint64_t hash_track(const Track *track, size_t index)
{
    Track timeless = *track;
    timeless.last_ns = 0;
    return hash_bytes(&timeless, sizeof timeless, index);
}

static uint64_t hash_latest(uint16_t latest)
{
    return hash_pair(latest, 1);
}

/* New reports have been opened since the guess was made. */
static void complete_tracks(Matcher *m, Guess *guess)
{
    for (size_t i = guess->tracks.len; i < m->open->len; i++) {
        vec_push(&guess->tracks, m->open->items[i]->track);
        guess->hash ^= hash_track(&m->open->items[i]->track, i);
    }
}

static void begin_guessing(Matcher *m)
{
    Guess *first = present_guess(m, 0);
    first->score = 0;
    first->latest = m->latest;
    first->hash = hash_latest(m->latest);
    first->tracks.len = 0;
    complete_tracks(m, first);
    m->guess_count = 1;
}

static bool is_same_track(const Track *a, const Track *b)
{
    Track timed = *a;
    timed.last_ns = b->last_ns;
    return memcmp(&timed, b, sizeof timed) == 0;
}

/* Whether `a` is as `from` would be with another `latest` and the track of that report changed. */
static bool is_same_guess(const Guess *a, const Guess *from, uint16_t owner, uint16_t latest, const Track *track)
{
    if (a->latest != latest || a->tracks.len != from->tracks.len)
        return false;
    for (size_t i = 0; i < a->tracks.len; i++)
        if (!is_same_track(&a->tracks.items[i], i == owner ? track : &from->tracks.items[i]))
            return false;
    return true;
}

/* Turns a choice into a guess at `at` of the next side; false when an equal one stands there already. */
static bool make_guess(Matcher *m, size_t at, const Choice *choice, const Record *piece)
{
    const Guess *from = present_guess(m, choice->guess);
    Guess *next = m->guesses[!m->side], *to = &next[at];
    uint16_t owner = choice->owner, latest = owner == NOBODY ? from->latest : owner;
    Track track = TRACK_BEGIN;
    uint64_t hash = from->hash ^ hash_latest(from->latest) ^ hash_latest(latest);
    if (owner != NOBODY) {
        track = from->tracks.items[owner];
        track_advance(&track, piece);
        hash ^= hash_track(&from->tracks.items[owner], owner) ^ hash_track(&track, owner);
    }
    for (size_t i = 0; i < at; i++)
        if (next[i].hash == hash && is_same_guess(&next[i], from, owner, latest, &track))
            return false;
    to->score = choice->score;
    to->latest = latest;
    to->hash = hash;
    to->tracks.len = 0;
    vec_reserve(&to->tracks, from->tracks.len + 1);
    memcpy(to->tracks.items, from->tracks.items, from->tracks.len * sizeof *to->tracks.items);
    to->tracks.len = from->tracks.len;
    if (owner != NOBODY)
        to->tracks.items[owner] = track;
    memcpy(to->owners, from->owners, m->waiting_count * sizeof *to->owners);
    to->owners[m->waiting_count] = owner;
    return true;
}

static void keep_best(Matcher *m, size_t choices, const Record *piece)
{
    size_t kept = 0;
    make_heap(m->choices, choices);
    int hopeless = m->choices[0].score - HOPELESS;
    while (choices && kept < GUESSES_MAX) {
        Choice choice = take_best(m->choices, &choices);
        if (choice.score < hopeless)
            break;
        kept += make_guess(m, kept, &choice, piece);
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
           a->tracks.items[x].first_line == b->tracks.items[y].first_line;
}

static void mark_guessed(Matcher *m, size_t count)
{
    for (size_t n = 0; n < count; n++)
        for (size_t i = 1; i < m->guess_count; i++)
            m->waiting[n].record.profiler.guessed |= !same_function(m, present_guess(m, 0), present_guess(m, i), n);
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
        hand_over(m, owners[i], &m->waiting[i].record);
    m->waiting_count -= count;
    for (size_t i = 0; i < m->waiting_count; i++) {
        RecordCopy decided = m->waiting[i];
        m->waiting[i] = m->waiting[i + count];
        m->waiting[i + count] = decided;
    }
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

static void guess_on(Matcher *m, const Record *piece)
{
    size_t choices = 0;
    look_at(m, piece);
    for (size_t i = 0; i < m->guess_count; i++) {
        Guess *g = present_guess(m, i);
        complete_tracks(m, g);
        Present present = {g->score, g->latest, g->tracks.items};
        choices = add_choices(m, choices, (uint16_t)i, &present, piece);
    }
    keep_best(m, choices, piece);
    record_copy_set(&m->waiting[m->waiting_count], piece);
    m->waiting[m->waiting_count++].record.profiler.contested = true;
    size_t count = agreed(m);
    if (m->waiting_count == WAITING_MAX && count < WAITING_MAX / 2)
        count = WAITING_MAX / 2;
    if (count)
        decide(m, count);
}

void matcher_piece(Matcher *m, const Record *piece)
{
    if (m->waiting_count) {
        guess_on(m, piece);
        return;
    }
    uint16_t only = only_taker(m, piece);
    if (only != NOBODY) {
        m->latest = only;
        hand_over(m, only, piece);
        return;
    }
    look_at(m, piece);
    Present present = {0, m->latest, NULL};
    size_t choices = add_choices(m, 0, 0, &present, piece);
    size_t left = choices;
    make_heap(m->choices, choices);
    Choice best = take_best(m->choices, &left);
    if (left && best.score - m->choices[0].score < CERTAIN) {
        begin_guessing(m);
        guess_on(m, piece);
        return;
    }
    m->latest = best.owner;
    Record given = *piece;
    given.profiler.contested = choices > 1;
    hand_over(m, best.owner, &given);
}

void matcher_passed_by(Matcher *m, size_t index)
{
    m->latest = (uint16_t)index;
}

bool matcher_is_undecided(const Matcher *m)
{
    return m->waiting_count > 0;
}

static bool has_expected_rows(const Guess *guess, const bool *expected)
{
    for (size_t i = 0; i < guess->tracks.len; i++)
        if (expected[i] && guess->tracks.items[i].first_line)
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
    for (size_t i = 0; i < m->guess_count; i++) {
        Guess *g = present_guess(m, i);
        complete_tracks(m, g);
        if (!has_expected_rows(g, expected))
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

static void forget_in(Guess *g, size_t gone, size_t waiting)
{
    if (gone < g->tracks.len)
        vec_remove(&g->tracks, gone);
    for (size_t i = 0; i < waiting; i++)
        g->owners[i] = index_without(g->owners[i], gone);
    g->latest = index_without(g->latest, gone);
    g->hash = hash_latest(g->latest);
    for (size_t i = 0; i < g->tracks.len; i++)
        g->hash ^= hash_track(&g->tracks.items[i], i);
}

void matcher_forget(Matcher *m, size_t index)
{
    m->latest = index_without(m->latest, index);
    for (size_t i = 0; m->waiting_count && i < m->guess_count; i++)
        forget_in(present_guess(m, i), index, m->waiting_count);
}

void matcher_settle(Matcher *m)
{
    if (m->waiting_count)
        decide(m, m->waiting_count);
    m->latest = NOBODY;
}
