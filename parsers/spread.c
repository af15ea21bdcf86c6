#include "parsers/spread.h"

#include <math.h>

#define NEARLY 0.02 /* what was never seen counts as seen by so much */

enum { HARDLY = 256 }; /* one in so many */

void spread_init(Spread *s, const SpreadGuess *usual)
{
    *s = (Spread){.counts[0][0] = usual->none, .total = usual->none};
    for (unsigned i = 1; i < SPREAD_STEPS; i++) {
        s->counts[0][i] = usual->above[i - 1];
        s->counts[1][i] = usual->below[i - 1];
        s->total += usual->above[i - 1] + usual->below[i - 1];
    }
    spread_reckon(s);
}

void spread_learn(Spread *s, int64_t difference)
{
    s->counts[difference < 0][spread_step(difference)]++;
    s->total++;
}

static int points_of(double count, const Spread *s)
{
    return (int)(SPREAD_E * log(count / s->total));
}

void spread_reckon(Spread *s)
{
    double more = NEARLY;
    for (unsigned i = SPREAD_STEPS; i-- > 0;) {
        double width = i ? (double)(1u << (i - 1)) : 1;
        s->points[0][i] = points_of((s->counts[0][i] + NEARLY) / width, s);
        s->points[1][i] = points_of((s->counts[1][i] + NEARLY) / width, s);
        more += s->counts[0][i];
        s->more[i] = points_of(more, s);
    }
}

int spread_judge_more(const Spread *s, int64_t difference)
{
    return s->more[spread_step(difference < 0 ? 0 : difference)];
}

int64_t spread_most(const Spread *s)
{
    uint32_t beyond = 0;
    unsigned step = SPREAD_STEPS - 1;
    while (step > 0 && (beyond += s->counts[0][step] + s->counts[1][step]) <= s->total / HARDLY)
        step--;
    return INT64_C(1) << step;
}
