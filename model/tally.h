/*
 * How often each of many values came: for medians. Increments are printed with few digits, so that equal ones are the rule, and what is
 * kept grows with the values that differ, not with the rows. Private to model/.
 */
#ifndef MODEL_TALLY_H
#define MODEL_TALLY_H

#include "base/mib.h"
#include "base/vec.h"

typedef struct TallyCount {
    Mib value;
    uint32_t count;
} TallyCount;

/* Zero-initialise; end with tally_free(). */
typedef struct Tally {
    VEC(TallyCount) counts; /* ascending */
    VEC(Mib) fresh;         /* values that are not among them yet, in the order of their coming */
} Tally;

void tally_add(Tally *tally, Mib value);

/* The lower one of the two in the middle; MIB_NONE without any value. */
Mib tally_median(Tally *tally);

void tally_free(Tally *tally);

#endif
