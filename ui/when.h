/* A time that a person asks for: all of it, a time of day, or an age. Private to ui/. */
#ifndef UI_WHEN_H
#define UI_WHEN_H

#include "base/moment.h"

typedef struct When {
    enum { WHEN_MOMENT, WHEN_CLOCK, WHEN_AGE } kind;
    int64_t ns; /* since 1970, since midnight, or before the newest time */
} When;

/* Reads "12:31", "12:31:05", "2026-11-26", "2026-11-26T12:31:05Z", "15m"; false when it is no time. */
bool when_parse(Span text, When *when);

/*
 * The time that is meant where times go from `first` to `last` and one is at `here`, all nanoseconds since 1970. A time of day is
 * that of the same day, or of the one behind or before it where only that is among them. MOMENT_UNKNOWN where it cannot be told.
 */
int64_t when_resolve(const When *when, int64_t first, int64_t last, int64_t here, Moment newest);

#endif
