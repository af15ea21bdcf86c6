#include "parsers/stamp.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ISO 8601. */

/* "0" stands for a digit. */
static bool matches(Span text, const char *pattern)
{
    size_t i = 0;
    for (; pattern[i]; i++)
        if (i >= text.len || (pattern[i] == '0' ? !is_digit(text.ptr[i]) : text.ptr[i] != pattern[i]))
            return false;
    return true;
}

size_t stamp_iso(Span text, IsoStamp *stamp)
{
    *stamp = (IsoStamp){0};
    if (text.len < 19 || text.ptr[4] != '-' || text.ptr[10] != 'T' || !matches(text, "0000-00-00T00:00:00"))
        return 0;
    size_t at = 19;
    if (at + 1 < text.len && text.ptr[at] == '.' && is_digit(text.ptr[at + 1]))
        for (at++; at < text.len && is_digit(text.ptr[at]) && stamp->fraction < 9; at++)
            stamp->fraction++;
    Span zone = span_from(text, at);
    stamp->zulu = span_starts(zone, SPAN("Z"));
    stamp->offset = zone.len && (zone.ptr[0] == '+' || zone.ptr[0] == '-');
    zone = span_from(zone, 1);
    if (stamp->offset && matches(zone, "00:00"))
        return at + 6;
    if (stamp->offset && matches(zone, "0000"))
        return at + 5;
    stamp->offset = false;
    return at + stamp->zulu;
}

Moment stamp_iso_time(Span stamp)
{
    Moment moment;
    return moment_parse(stamp, &moment) ? moment : MOMENT_NONE;
}

Moment stamp_micros_time(Span stamp)
{
    enum { MICROS_DIGITS = 6, MICRO = 1000 };
    uint64_t micros;
    bool fits = span_to_uint(stamp, &micros) && micros <= INT64_MAX / MICRO;
    return fits ? (Moment){(int64_t)micros * MICRO, MICROS_DIGITS} : MOMENT_NONE;
}

/* Cultures. */

typedef struct CultureStamp {
    unsigned value[6]; /* the numbers as they stand */
    unsigned digits[6];
    char separator;     /* of the date */
    bool half, evening; /* AM or PM is said; it is PM */
} CultureStamp;

/* How cultures say AM and PM. */
static const struct HalfDay {
    Span word;
    bool evening;
} half_days[] = {
    {{"AM", 2}, false},  {{"am", 2}, false},  {{"a.", 2}, false},  {{"上午", 6}, false}, {{"오전", 6}, false}, {{"午前", 6}, false},
    {{"π", 2}, false},   {{"ص", 2}, false},   {{"SA", 2}, false},  {{"PM", 2}, true},    {{"pm", 2}, true},    {{"p.", 2}, true},
    {{"下午", 6}, true}, {{"오후", 6}, true}, {{"午後", 6}, true}, {{"μ.μ", 5}, true},   {{"م", 2}, true},     {{"CH", 2}, true},
};

enum { HALF_DAYS = sizeof half_days / sizeof *half_days, WORD_MAX = 16 };

static size_t take_number(Span *s, unsigned *value)
{
    size_t n = 0;
    for (*value = 0; n < s->len && is_digit(s->ptr[n]) && n < 5; n++)
        *value = *value * 10 + (unsigned)(s->ptr[n] - '0');
    *s = span_from(*s, n);
    return n;
}

/* What stands between two numbers. */
static Span take_between(Span *s)
{
    size_t n = 0;
    while (n < s->len && !is_digit(s->ptr[n]) && s->ptr[n] != '[' && s->ptr[n] != ']')
        n++;
    Span between = span_to(*s, n);
    *s = span_from(*s, n);
    return between;
}

/* "/", "-", "." or ". " */
static bool separates_date(Span between)
{
    return (between.len == 1 || (between.len == 2 && between.ptr[0] == '.' && between.ptr[1] == ' ')) &&
           memchr("/-.", between.ptr[0], 3);
}

static bool separates_clock(Span between)
{
    return between.len == 1 && (between.ptr[0] == ':' || between.ptr[0] == '.');
}

/* What stands in front of the time of day or behind it: blanks, AM or PM, the word "year" of some cultures. */
static bool read_word(Span word, CultureStamp *c)
{
    if (word.len > WORD_MAX)
        return false;
    for (size_t i = 0; i < HALF_DAYS && !c->half; i++) {
        c->half = span_find(word, half_days[i].word) >= 0;
        c->evening = c->half && half_days[i].evening;
    }
    return true;
}

/* Numbers and what separates them; false where that is not a date and a time of day. */
static bool read_culture(Span s, CultureStamp *c)
{
    *c = (CultureStamp){0};
    if (s.len > STAMP_TEXT_MAX)
        return false;
    for (size_t i = 0; i < 6; i++) {
        c->digits[i] = (unsigned)take_number(&s, &c->value[i]);
        Span between = take_between(&s);
        bool fits = i < 2    ? separates_date(between)
                    : i == 2 ? between.len && memchr(between.ptr, ' ', between.len) && read_word(between, c)
                    : i < 5  ? separates_clock(between)
                             : !s.len && read_word(between, c);
        if (!c->digits[i] || c->digits[i] > 4 || !fits)
            return false;
        c->separator = i == 0 ? between.ptr[0] : c->separator;
    }
    bool year_first = c->digits[0] == 4;
    return c->digits[1] <= 2 && (year_first ? c->digits[2] <= 2 : c->digits[0] <= 2 && (c->digits[2] == 4 || c->digits[2] == 2)) &&
           c->digits[3] <= 2 && c->digits[4] == 2 && c->digits[5] == 2;
}

bool stamp_is_culture(Span text)
{
    CultureStamp c;
    return text.len && is_digit(text.ptr[0]) && read_culture(text, &c);
}

static unsigned hour_of(const CultureStamp *c)
{
    unsigned hour = c->value[3];
    if (!c->half || hour > 12)
        return hour;
    return hour % 12 + (c->evening ? 12 : 0);
}

static Moment culture_time(Span stamp, bool day_first)
{
    CultureStamp c;
    if (!read_culture(stamp, &c))
        return MOMENT_NONE;
    bool year_first = c.digits[0] == 4;
    unsigned year = c.value[year_first ? 0 : 2];
    unsigned month = c.value[year_first || day_first ? 1 : 0], day = c.value[year_first ? 2 : day_first ? 0 : 1];
    if (month > 12 && !year_first && day <= 12) {
        unsigned swapped = month;
        month = day;
        day = swapped;
    }
    if (year < 100)
        year += 2000;
    /* the ISO reader knows how long months are */
    char iso[] = "0000-00-00T00:00:00";
    const struct {
        size_t at, digits;
        unsigned value;
    } fields[] = {{0, 4, year}, {5, 2, month}, {8, 2, day}, {11, 2, hour_of(&c)}, {14, 2, c.value[4]}, {17, 2, c.value[5]}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        unsigned value = fields[i].value;
        for (size_t digit = fields[i].digits; digit-- > 0; value /= 10)
            iso[fields[i].at + digit] = (char)('0' + value % 10);
    }
    return stamp_iso_time(SPAN(iso));
}

Moment stamp_month_first_time(Span stamp)
{
    return culture_time(stamp, false);
}

Moment stamp_day_first_time(Span stamp)
{
    return culture_time(stamp, true);
}

static bool looks_day_first(const CultureStamp *c)
{
    if (c->separator != '/' || !c->half)
        return true;
    return c->digits[0] == 1 && c->digits[1] == 2 && c->value[1] < 10;
}

static void learn(CultureClock *clock, const CultureStamp *c)
{
    unsigned first = c->value[0], second = c->value[1];
    bool first_changed = first == clock->first + 1 && second == clock->second;
    bool second_changed = second == clock->second + 1 && first == clock->first;
    if ((first > 12) != (second > 12)) {
        clock->evidence = CLOCK_PROVED;
        clock->day_first = first > 12;
    } else if (clock->first && (first_changed || second_changed)) {
        clock->evidence = CLOCK_CHANGED;
        clock->day_first = first_changed;
    } else if (clock->evidence == CLOCK_OPEN) {
        clock->evidence = CLOCK_GUESSED;
        clock->day_first = looks_day_first(c);
    }
    clock->first = first;
    clock->second = second;
}

Moment (*culture_clock_see(CultureClock *clock, Span stamp))(Span stamp)
{
    CultureStamp c;
    if (clock->evidence != CLOCK_PROVED && read_culture(stamp, &c) && c.digits[0] != 4)
        learn(clock, &c);
    return clock->day_first ? stamp_day_first_time : stamp_month_first_time;
}
