#include "parsers/export_time.h"

#include "base/span.h"

enum { FRACTION_DIGITS_MAX = 9 };

/* Blanks that browsers put between a time and its AM or PM, among others U+00A0 and U+202F. */
static bool take_blank(Span *s)
{
    return span_take(s, SPAN(" ")) || span_take(s, SPAN("\xc2\xa0")) || span_take(s, SPAN("\xe2\x80\xaf"));
}

static bool take_number(Span *s, size_t digits_max, int *value)
{
    size_t n = 0;
    *value = 0;
    for (; n < s->len && n < digits_max && s->ptr[n] >= '0' && s->ptr[n] <= '9'; n++)
        *value = *value * 10 + (s->ptr[n] - '0');
    *s = span_from(*s, n);
    return n > 0;
}

/* One of the bytes of `separators`, with blanks behind it. */
static bool take_separator(Span *s, const char *separators, char *which)
{
    if (!s->len || !strchr(separators, s->ptr[0]) || !s->ptr[0])
        return false;
    *which = s->ptr[0];
    *s = span_from(*s, 1);
    while (take_blank(s))
        ;
    return true;
}

typedef struct LocalDate {
    int first, second, year;
    bool ordered; /* the notation itself tells which is the day: `first` is the month then */
} LocalDate;

static bool take_date(Span *s, LocalDate *date)
{
    int a, b, c;
    char separator, again;
    if (!take_number(s, 4, &a) || !take_separator(s, "/.-", &separator) || !take_number(s, 2, &b) ||
        !take_separator(s, "/.-", &again) || again != separator || !take_number(s, 4, &c))
        return false;
    bool year_in_front = a > 31, day_in_front = separator != '/';
    if (year_in_front)
        *date = (LocalDate){b, c, a, true};
    else if (day_in_front)
        *date = (LocalDate){b, a, c, true};
    else
        *date = (LocalDate){a, b, c, false};
    if (date->year < 100)
        date->year += 2000;
    return date->year >= 1970 && date->year < 2250;
}

/* "AM", "pm", "a.m.", "p. m."; 0 for none, else 'a' or 'p'. */
static char take_meridiem(Span *s, bool *capital)
{
    while (take_blank(s))
        ;
    if (!s->len || !strchr("aApP", s->ptr[0]))
        return 0;
    char which = s->ptr[0];
    *s = span_from(*s, 1);
    span_take(s, SPAN("."));
    while (take_blank(s))
        ;
    if (!span_take(s, SPAN("m")) && !span_take(s, SPAN("M")))
        return 0;
    span_take(s, SPAN("."));
    *capital = which == 'A' || which == 'P';
    return (char)(which | ('a' ^ 'A'));
}

static bool take_fraction(Span *s, int64_t *ns, unsigned *digits)
{
    int64_t unit = MOMENT_SECOND / 10;
    for (; s->len && s->ptr[0] >= '0' && s->ptr[0] <= '9'; *s = span_from(*s, 1), unit /= 10) {
        *ns += (s->ptr[0] - '0') * unit;
        *digits += *digits < FRACTION_DIGITS_MAX;
    }
    return *digits > 0;
}

typedef struct LocalClock {
    int hour, minute, second;
    int64_t ns;
    unsigned digits;
    bool capitals;
} LocalClock;

static bool take_clock(Span *s, LocalClock *clock)
{
    char separator;
    *clock = (LocalClock){0};
    if (!take_number(s, 2, &clock->hour) || !take_separator(s, ":.", &separator) || !take_number(s, 2, &clock->minute))
        return false;
    char again[] = {separator, '\0'}, dot;
    if (take_separator(s, again, &dot) && !take_number(s, 2, &clock->second))
        return false;
    if (take_separator(s, ".,", &dot) && !take_fraction(s, &clock->ns, &clock->digits))
        return false;
    bool capital = false;
    char meridiem = take_meridiem(s, &capital);
    clock->capitals = meridiem && capital;
    if (meridiem)
        clock->hour = clock->hour % 12 + (meridiem == 'p' ? 12 : 0);
    return clock->hour < 24 && clock->minute < 60 && clock->second < 61;
}

static int64_t ns_of(int month, int day, const LocalDate *date, const LocalClock *clock)
{
    return moment_seconds(date->year, month, day, clock->hour, clock->minute, clock->second) * MOMENT_SECOND + clock->ns;
}

static ExportTime parse_local(Span s, DateEvidence *evidence)
{
    ExportTime none = {.moment = MOMENT_NONE};
    LocalDate date;
    LocalClock clock;
    char comma;
    if (!take_date(&s, &date))
        return none;
    take_separator(&s, ",.", &comma);
    while (take_blank(&s))
        ;
    if (!take_clock(&s, &clock) || span_trim(s).len)
        return none;
    bool first_is_day = date.first > 12, second_is_day = date.second > 12;
    int month = first_is_day ? date.second : date.first, day = first_is_day ? date.first : date.second;
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return none;
    evidence->day_first |= !date.ordered && first_is_day;
    evidence->month_first |= !date.ordered && second_is_day;
    evidence->capitals |= clock.capitals;
    return (ExportTime){{ns_of(month, day, &date, &clock), clock.digits}, !date.ordered && !first_is_day && !second_is_day};
}

/* The fraction of "<second>.1234567Z"; false where there is none. */
static bool fraction_of(Span text, int64_t *ns, unsigned *digits)
{
    *ns = 0;
    *digits = 0;
    Span rest = span_from(text, EXPORT_SECOND_BYTES);
    return span_take(&rest, SPAN(".")) && take_fraction(&rest, ns, digits) && span_eq(rest, SPAN("Z"));
}

ExportTime export_time_parse(Span text, DateEvidence *evidence)
{
    Moment moment;
    int64_t fraction;
    unsigned digits;
    text = span_trim(text);
    bool plain = fraction_of(text, &fraction, &digits);
    if (plain && evidence->second[0] && memcmp(text.ptr, evidence->second, EXPORT_SECOND_BYTES) == 0)
        return (ExportTime){{evidence->second_ns + fraction, digits}, false};
    size_t len = moment_parse(text, &moment);
    if (!len || len != text.len)
        return parse_local(text, evidence);
    if (plain) {
        memcpy(evidence->second, text.ptr, EXPORT_SECOND_BYTES);
        evidence->second_ns = moment.ns - fraction;
    }
    return (ExportTime){moment, false};
}

/* A number above 12 tells it. Without one: only American English puts the month first, and it writes AM and PM in capitals. */
bool date_has_day_first(const DateEvidence *evidence)
{
    if (evidence->day_first != evidence->month_first)
        return evidence->day_first;
    return !evidence->capitals;
}

Moment date_swapped(Moment moment)
{
    char text[MOMENT_TEXT_MAX];
    size_t len = moment_format(text, moment);
    if (len < 10)
        return moment;
    char month[2] = {text[5], text[6]};
    text[5] = text[8];
    text[6] = text[9];
    text[8] = month[0];
    text[9] = month[1];
    Moment swapped;
    return moment_parse((Span){text, len}, &swapped) ? swapped : moment;
}
