/* Numbers about many reports. */
#ifndef MODEL_STATS_H
#define MODEL_STATS_H

#include "model/report.h"

/* What one invocation measured, over its reports or those of one target. */
typedef struct InvocationStats {
    Mib entry;     /* lowest baseline of its reports; MIB_NONE without one */
    Mib peak;      /* MIB_NONE when nothing was measured */
    Mib largest;   /* largest rankable increment, MIB_NONE when none is above zero ... */
    Id hot_report; /* ... and where it is; NO_ID without one. Its row is that report's `hot` */
    unsigned flags;
    unsigned decimals;
} InvocationStats;

/* `target` NO_ID: over all of its reports. */
InvocationStats invocation_stats(const Model *model, const Invocation *invocation, Id target);

/* The same for reports that belong to no invocation, one at a time. */
InvocationStats lone_report_stats(const Model *model, Id report);

/*
 * What a call left behind, MiB: the entry memory of the call after it less its own. The call after it is that of the same target
 * within the invocation; for an invocation's last report, which is its outermost, the next invocation of any function that began in
 * the same process when this one had ended. MIB_NONE where there is none. Reports without an invocation: the next of the target.
 */
Mib report_kept(const Model *model, Id report);

typedef VEC(Mib) MibList;

/* The middle value, the lower one of two; MIB_NONE of none. Reorders the list. */
Mib mib_median(MibList *values);

#endif
