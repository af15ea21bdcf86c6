/*
 * Which of the reports that wait for an owner belong to which of the invocations that ran at the same time? All of them at once, as an
 * assignment problem: what one invocation takes no other can have. Private to model/.
 */
#ifndef MODEL_PAIRING_H
#define MODEL_PAIRING_H

#include "model/reading.h"

typedef struct Pairing {
    Reading reading;
    Id call;
    bool sure; /* any other way would leave something unexplained */
} Pairing;

typedef VEC(Pairing) Pairings;

/*
 * Appends a pair for each waiting report that fits an invocation which still runs or is not settled yet. Nothing is decided by that.
 */
void pairing_find(Intake *intake, Pairings *pairings);

#endif
