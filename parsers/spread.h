/*
 * How far apart values lie that belong together: a count for each power of two, behind and in front, that begins with what is usual
 * and learns from what is seen. Private to parsers/.
 */
#ifndef PARSERS_SPREAD_H
#define PARSERS_SPREAD_H

#include <stdint.h>

#include "parsers/evidence.h"

enum {
    SPREAD_STEPS = 24, /* 0, 1, 2 and 3, 4 to 7, ... */
    SPREAD_E = 10,     /* points for a factor of e */
};

/* Of many cases, in how many the difference is 0, of the order of each power of two above, or below. */
typedef struct SpreadGuess {
    uint32_t none;
    uint32_t above[SPREAD_STEPS - 1], below[SPREAD_STEPS - 1];
} SpreadGuess;

typedef struct Spread {
    uint32_t counts[2][SPREAD_STEPS]; /* not below, and below 0 */
    uint32_t total;
    int points[2][SPREAD_STEPS]; /* as of the last spread_reckon() */
    int more[SPREAD_STEPS];
} Spread;

/* The count that the difference belongs to. */
static inline unsigned spread_step(int64_t difference)
{
    int64_t size = difference >= 0 ? difference : difference == INT64_MIN ? INT64_MAX : -difference;
    int step = evidence_doublings(size);
    return step < SPREAD_STEPS ? (unsigned)step : SPREAD_STEPS - 1;
}

void spread_init(Spread *spread, const SpreadGuess *usual);

/* One more case. Counts for nothing before the next spread_reckon(). */
void spread_learn(Spread *spread, int64_t difference);

void spread_reckon(Spread *spread);

/* How often that difference is seen: its logarithm, in points, which are below 0. */
static inline int spread_judge(const Spread *spread, int64_t difference)
{
    return spread->points[difference < 0][spread_step(difference)];
}

/* The same for all differences that are not smaller, and not below 0. */
int spread_judge_more(const Spread *spread, int64_t difference);

/* A size that differences hardly ever exceed. */
int64_t spread_most(const Spread *spread);

#endif
