#include "ui/when.h"

#define DAY (86400 * MOMENT_SECOND)

static bool parse_moment(Span text, int64_t *ns)
{
    Moment moment;
    int64_t clock;
    size_t date = strlen("2026-11-26");
    if (moment_parse_date(text, ns))
        return true;
    if (text.len && moment_parse(text, &moment) == text.len) {
        *ns = moment.ns;
        return true;
    }
    bool both = text.len > date && (text.ptr[date] == 'T' || text.ptr[date] == ' ') && moment_parse_date(span_to(text, date), ns) &&
                moment_parse_clock(span_from(text, date + 1), &clock);
    if (both)
        *ns += clock;
    return both;
}

bool when_parse(Span text, When *when)
{
    if (parse_moment(text, &when->ns))
        when->kind = WHEN_MOMENT;
    else if (moment_parse_clock(text, &when->ns))
        when->kind = WHEN_CLOCK;
    else if (moment_parse_age(text, &when->ns))
        when->kind = WHEN_AGE;
    else
        return false;
    return true;
}

static int64_t day_of(int64_t ns)
{
    int64_t rest = ns % DAY;
    return ns - rest - (rest < 0 ? DAY : 0);
}

int64_t when_resolve(const When *when, int64_t first, int64_t last, int64_t here, Moment newest)
{
    static const int64_t days[] = {0, DAY, -DAY};
    int64_t age;
    switch (when->kind) {
    case WHEN_MOMENT:
        return when->ns;
    case WHEN_AGE:
        return moment_known(newest) && !__builtin_sub_overflow(newest.ns, when->ns, &age) ? age : MOMENT_UNKNOWN;
    case WHEN_CLOCK:
        break;
    }
    if (here == MOMENT_UNKNOWN)
        return MOMENT_UNKNOWN;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        int64_t ns = day_of(here) + days[i] + when->ns;
        if (ns >= first && ns <= last)
            return ns;
    }
    return day_of(here) + when->ns;
}
