#include "parsers/evidence.h"

enum {
    FOR_MEMORY = 40,         /* memory before the line is what the row before left ... */
    FOR_ROUNDED_MEMORY = 30, /* ... but for the last digit, which is rounded twice */
    FOR_FREED_MEMORY = 16,   /* less, where rows in between may be hidden ... */
    AGAINST_DROP = 3,        /* ... for each doubling of the difference, in last digits */
    AGAINST_MEMORY = 30,
    AGAINST_LOOP_MEMORY = 5, /* a line that ran often need not add up */
    AGAINST_AGE = 3,         /* for each doubling of the milliseconds since the report's latest record */
    AGAINST_AGE_MAX = 36,
};

int evidence_age(const Track *track, const Record *piece)
{
    if (track->last_ns == MOMENT_UNKNOWN || piece->profiler.time_ns == MOMENT_UNKNOWN)
        return 0;
    int64_t silence;
    if (__builtin_sub_overflow(piece->profiler.time_ns, track->last_ns, &silence))
        return 0;
    int points = AGAINST_AGE * evidence_doublings(silence / 1000000);
    return points < AGAINST_AGE_MAX ? -points : -AGAINST_AGE_MAX;
}

int evidence_memory(Mib earlier, const ProfilerRow *later, bool whole)
{
    if (!later->measured || later->increment == MIB_NONE || earlier == MIB_NONE)
        return 0;
    Mib difference = later->memory - later->increment - earlier, rounding = mib_unit(later->decimals);
    if (difference >= -rounding && difference <= rounding)
        return difference ? FOR_ROUNDED_MEMORY : FOR_MEMORY;
    if (difference < 0 && !whole)
        return FOR_FREED_MEMORY - AGAINST_DROP * evidence_doublings(-difference / rounding);
    return later->occurrences <= 1 ? -AGAINST_MEMORY : -AGAINST_LOOP_MEMORY;
}
