/*
 * Time stamps as hosts, shells and container runtimes write them in front of a line: where they end, and what time they say.
 *
 * Two families. ISO 8601 stamps say their order themselves. Stamps in the manner of a culture, which Core Tools 2 and early 3 print
 * (azure-functions-core-tools, ColoredConsoleLogger.cs: DateTime.UtcNow in the machine's culture; .NET's "G" format), do not:
 * "1/2/2020 6:10:07" is a day in January or in February. What a log shows decides, see CultureClock.
 */
#ifndef PARSERS_STAMP_H
#define PARSERS_STAMP_H

#include "base/moment.h"
#include "base/span.h"

enum { STAMP_TEXT_MAX = 48 };

typedef struct IsoStamp {
    unsigned fraction; /* digits behind the point */
    bool zulu;         /* ends in Z ... */
    bool offset;       /* ... or in an offset such as +01:00 or +0100 */
} IsoStamp;

/* Bytes of the ISO 8601 date and time at the front of `text`, 0 when there is none; its values are not checked. */
size_t stamp_iso(Span text, IsoStamp *stamp);

/* The time of such a stamp. */
Moment stamp_iso_time(Span stamp);

/* The time of microseconds since 1970, in digits. */
Moment stamp_micros_time(Span stamp);

/* Whether `text` is wholly a date and a time of day in the manner of some culture. */
bool stamp_is_culture(Span text);

/*
 * Whether day or month comes first. The strongest evidence so far counts, and a stamp is read by what is known when its line is
 * read: times before the decision keep the guess.
 *  - guess, by the look of a stamp: dots and dashes are day first; so is a slashed one without AM and PM, or with a month that is
 *    padded behind a day that is not ("6/01/2020", Australia); AM or PM otherwise is month first (United States);
 *  - change: from one stamp to the next one of the two fields went up by one and the other stayed: it is the day;
 *  - proof: a field above 12 is the day. A stamp that only makes sense the other way round is read that way.
 */
typedef struct CultureClock {
    enum { CLOCK_OPEN, CLOCK_GUESSED, CLOCK_CHANGED, CLOCK_PROVED } evidence;
    bool day_first;
    unsigned first, second; /* the two fields of the last stamp, 0 before */
} CultureClock;

/* Takes in one more stamp and returns the function that reads stamps by what is known now. */
Moment (*culture_clock_see(CultureClock *clock, Span stamp))(Span stamp);

/* Times of stamps whose order is known. */
Moment stamp_month_first_time(Span stamp);
Moment stamp_day_first_time(Span stamp);

#endif
