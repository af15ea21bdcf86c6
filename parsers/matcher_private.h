/* The guesses of a matcher. Private to matcher.c and matcher_choices.c. */
#ifndef PARSERS_MATCHER_PRIVATE_H
#define PARSERS_MATCHER_PRIVATE_H

#include "parsers/judge.h"
#include "parsers/matcher.h"
#include "parsers/record_copy.h"

enum {
    CERTAIN = 36,   /* ahead by so much, the best needs no second guess */
    HOPELESS = 120, /* behind by so much, a guess is dropped */
    GUESSES_MAX = 24,
    STEPS_MAX = 2 * GUESSES_MAX,
    RANKED_ENOUGH = 28, /* choices that are looked at first: some may come to the same guess */
    WAITING_MAX = 96,   /* pieces that may wait for a decision */
    STATES_MIN = 1024,  /* so many are not worth a look for those that no guess has any more */
    BEHIND_MAX = 16000, /* who is behind by more is as hopeless */
    NOBODY = UINT16_MAX,
};

#define NO_ITEM UINT32_MAX
#define UNFIT INT16_MIN
#define UNLIKELY (INT16_MIN / 2)

/* How far a report has come in some of the guesses. */
typedef struct State {
    Track track;
    uint64_t hash;     /* of the report and of its track but the time; 0 before it was needed */
    uint32_t next;     /* the state behind the present piece; NO_ITEM before it was needed ... */
    uint64_t exchange; /* ... and what the hash of a guess that goes there takes */
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
    uint16_t latest; /* report that took the latest piece, or NOBODY */
    uint64_t hash;   /* of the reports' states: guesses are compared often and are rarely equal */
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
} Rank;

/* An open report in the guesses. */
typedef struct Relation {
    uint64_t seed;              /* tells the report's states from those of others */
    Insight insight;            /* of the present piece */
    uint32_t states[STEPS_MAX]; /* the different ones that guesses have ... */
    size_t count;               /* ... so many ... */
    uint8_t of[GUESSES_MAX];    /* ... by guess; all are the first where there is only one */
    bool moved;                 /* some of them may be of no guess any more */
} Relation;

/* What a report gives for the piece: points by guess, below UNLIKELY where it cannot take it. */
typedef struct Bid {
    uint16_t report;
    int16_t points[GUESSES_MAX];
} Bid;

/* How a choice becomes a guess. */
typedef struct Step {
    uint16_t guess, owner;
    uint32_t state; /* of the owner */
} Step;

struct Matcher {
    const OpenReports *open;
    const Knowledge *knowledge;
    PieceTaker take;
    void *ctx;
    Judge judge;             /* of the present piece */
    VEC(Relation) relations; /* by open report */
    size_t placed;           /* of them, those that have states in the guesses */
    uint64_t seeds;          /* given so far */
    VEC(uint16_t) channel;   /* the reports that come through the piece's channel, the newest in front ... */
    size_t channel_of;       /* ... of so many open ones */
    States states, spare_states;
    VEC(Verdict) verdicts;         /* by state */
    size_t states_max;             /* beyond it there may be many that no guess has */
    Guess guesses[2][GUESSES_MAX]; /* present and next ones, in turns; the best is the first */
    Step steps[GUESSES_MAX];       /* which led to the next ones ... */
    uint64_t hashes_seen;          /* a bit for some of each one's hash: most are new */
    unsigned side;
    size_t guess_count;
    RecordCopy waiting[WAITING_MAX]; /* a ring ... */
    size_t first_waiting;            /* ... from there on */
    size_t waiting_count;
    uint16_t latest; /* when nothing waits */
    VEC(Bid) bids;
    VEC(uint16_t) good_bids;     /* that may be listed */
    int16_t most[GUESSES_MAX];   /* points that any report gives, by guess */
    int16_t behind[GUESSES_MAX]; /* by guess, how far its score is behind the best of all choices */
    int best_score;              /* which is that */
    VEC(Choice) choices;
    Rank ranks[HOPELESS + 1];
    int worst; /* rank that is listed */
};

static inline Guess *present_guess(Matcher *m, size_t index)
{
    return &m->guesses[m->side][index];
}

/* The report's state in a guess. */
static inline uint32_t state_in(const Matcher *m, size_t guess, size_t report)
{
    const Relation *relation = &m->relations.items[report];
    return relation->states[relation->of[guess]];
}

/* The piece is the one that is judged from now on. */
void choices_begin(Matcher *matcher, const Record *piece);

/* Finds out what speaks for all ways to go on. All open reports must have states. */
void choices_weigh(Matcher *matcher);

/* How many choices are at most so far behind the best. */
size_t choices_count(const Matcher *matcher, int behind);

/* How far behind the best those may be that are among the `enough` best choices, or some more. */
int choices_worst(const Matcher *matcher, size_t enough);

/* Puts the choices into their order that are at most so far behind the best. */
void choices_list(Matcher *matcher, int worst);

#endif
