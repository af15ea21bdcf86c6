/*
 * A point in time in UTC, and how precisely it was written. Nanoseconds since 1970; the calendar is the proleptic Gregorian one.
 */
#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

#include "base/span.h"

typedef struct Moment {
    int64_t ns;      /* nanoseconds since 1970-01-01T00:00:00Z, or MOMENT_UNKNOWN */
    unsigned digits; /* digits behind the seconds, 0 to 9 */
} Moment;

enum { MOMENT_TEXT_MAX = 40 };

#define MOMENT_UNKNOWN INT64_MIN
#define MOMENT_NONE ((Moment){MOMENT_UNKNOWN, 0})
#define MOMENT_SECOND INT64_C(1000000000)

static inline bool moment_known(Moment m)
{
    return m.ns != MOMENT_UNKNOWN;
}

/* Seconds since 1970 of a date and time of day in UTC. Fields are not checked. */
int64_t moment_seconds(int year, int month, int day, int hour, int minute, int second);

/*
 * Parses an RFC 3339 time at the front of `text`: date, 'T' or space, time, an optional fraction of up to nine digits (more are
 * cut), an optional 'Z' or offset; without one it is UTC. Returns how many bytes were read, 0 when there is no such time.
 */
size_t moment_parse(Span text, Moment *moment);

/* Reads a whole date, "2021-03-22": when that day begins, nanoseconds since 1970. False when it is none. */
bool moment_parse_date(Span text, int64_t *ns);

/* Reads a time of day, "19:20", "19:20:10" or "19:20:10.123": nanoseconds since midnight. False when it is none. */
bool moment_parse_clock(Span text, int64_t *ns);

/* Reads an age, "90s", "15m", "2h" or "1d", in nanoseconds. False when it is none, or too long. */
bool moment_parse_age(Span text, int64_t *ns);

/* Writes RFC 3339 in UTC with the moment's own digits and a 'Z'; returns the length. An unknown moment writes nothing. */
size_t moment_format(char text[MOMENT_TEXT_MAX], Moment moment);

/* The same without date and 'Z': "19:20:10.123". */
size_t moment_format_clock(char text[MOMENT_TEXT_MAX], Moment moment);

#endif
