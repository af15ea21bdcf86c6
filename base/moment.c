#include "base/moment.h"

#include <string.h>

#include "base/put.h"

enum { DAYS_TO_1970 = 719468 }; /* from 0000-03-01, the era's first day */

int64_t moment_seconds(int year, int month, int day, int hour, int minute, int second)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t days = era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - DAYS_TO_1970;
    return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

static bool digits_at(const char *p, int count, int *value)
{
    int sum = 0;
    for (int i = 0; i < count; i++) {
        if (p[i] < '0' || p[i] > '9')
            return false;
        sum = sum * 10 + (p[i] - '0');
    }
    *value = sum;
    return true;
}

/* "Z", "+hh:mm", "+hhmm" or nothing; the offset in seconds. */
static size_t parse_zone(Span rest, int64_t *offset)
{
    int hours, minutes;
    *offset = 0;
    if (rest.len && (rest.ptr[0] == 'Z' || rest.ptr[0] == 'z'))
        return 1;
    if (rest.len < 5 || (rest.ptr[0] != '+' && rest.ptr[0] != '-') || !digits_at(rest.ptr + 1, 2, &hours))
        return 0;
    bool colon = rest.ptr[3] == ':';
    if ((colon && rest.len < 6) || !digits_at(rest.ptr + 3 + colon, 2, &minutes) || hours > 23 || minutes > 59)
        return 0;
    *offset = (rest.ptr[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return 5 + (size_t)colon;
}

static size_t parse_fraction(Span rest, int64_t *ns, unsigned *digits)
{
    size_t at = 1;
    *ns = 0;
    *digits = 0;
    if (rest.len < 2 || rest.ptr[0] != '.' || rest.ptr[1] < '0' || rest.ptr[1] > '9')
        return 0;
    int64_t unit = MOMENT_SECOND / 10;
    for (; at < rest.len && rest.ptr[at] >= '0' && rest.ptr[at] <= '9'; at++, unit /= 10) {
        *ns += (rest.ptr[at] - '0') * unit;
        *digits += *digits < 9;
    }
    return at;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (leap && month == 2);
}

size_t moment_parse(Span text, Moment *moment)
{
    const char *p = text.ptr;
    int year, month, day, hour, minute, second;
    if (text.len < 19 || p[4] != '-' || p[7] != '-' || (p[10] != 'T' && p[10] != ' ') || p[13] != ':' || p[16] != ':' ||
        !digits_at(p, 4, &year) || !digits_at(p + 5, 2, &month) || !digits_at(p + 8, 2, &day) || !digits_at(p + 11, 2, &hour) ||
        !digits_at(p + 14, 2, &minute) || !digits_at(p + 17, 2, &second))
        return 0;
    if (year < 1700 || year > 2250 || month < 1 || month > 12 || day < 1 || day > days_of(year, month))
        return 0;
    if (hour > 23 || minute > 59 || second > 60)
        return 0;
    int64_t fraction, offset;
    unsigned digits;
    size_t len = 19;
    len += parse_fraction(span_from(text, len), &fraction, &digits);
    len += parse_zone(span_from(text, len), &offset);
    moment->ns = (moment_seconds(year, month, day, hour, minute, second) - offset) * MOMENT_SECOND + fraction;
    moment->digits = digits;
    return len;
}

bool moment_parse_date(Span text, int64_t *ns)
{
    Moment moment;
    char whole[] = "0000-00-00T00:00:00Z";
    if (text.len != strlen("0000-00-00"))
        return false;
    memcpy(whole, text.ptr, text.len);
    if (!moment_parse(SPAN(whole), &moment))
        return false;
    *ns = moment.ns;
    return true;
}

bool moment_parse_clock(Span text, int64_t *ns)
{
    Moment moment;
    char whole[] = "1970-01-01T00:00:00.000000000";
    size_t minutes = strlen("00:00"), at = strlen("1970-01-01T");
    if ((text.len != minutes && text.len < strlen("00:00:00")) || text.len > strlen(whole) - at)
        return false;
    memcpy(whole + at, text.ptr, text.len);
    size_t len = at + (text.len == minutes ? strlen("00:00:00") : text.len);
    if (moment_parse((Span){whole, len}, &moment) != len)
        return false;
    *ns = moment.ns;
    return true;
}

bool moment_parse_age(Span text, int64_t *ns)
{
    static const struct {
        char letter;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    uint64_t count;
    if (!text.len || !span_to_uint(span_to(text, text.len - 1), &count))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (text.ptr[text.len - 1] == units[i].letter)
            return count <= INT64_MAX && !__builtin_mul_overflow((int64_t)count, units[i].seconds * MOMENT_SECOND, ns);
    return false;
}

typedef struct Civil {
    int64_t year;
    unsigned month, day, hour, minute, second;
    uint32_t ns;
} Civil;

static Civil civil_of(Moment moment)
{
    int64_t seconds = moment.ns / MOMENT_SECOND, ns = moment.ns % MOMENT_SECOND;
    if (ns < 0) {
        ns += MOMENT_SECOND;
        seconds--;
    }
    int64_t days = seconds / 86400, rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    days += DAYS_TO_1970;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    Civil c = {.day = (unsigned)(day_of_year - (153 * month + 2) / 5 + 1),
               .month = (unsigned)(month < 10 ? month + 3 : month - 9),
               .hour = (unsigned)(rest / 3600),
               .minute = (unsigned)(rest / 60 % 60),
               .second = (unsigned)(rest % 60),
               .ns = (uint32_t)ns};
    c.year = year_of_era + era * 400 + (c.month <= 2);
    return c;
}

static char *put_date(char *at, const Civil *c)
{
    unsigned year = (unsigned)c->year; /* nanoseconds reach from 1677 to 2262 */
    at = put_two(at, year / 100);
    at = put_two(at, year % 100);
    at = put_two(put_byte(at, '-'), c->month);
    return put_two(put_byte(at, '-'), c->day);
}

/* Of the fraction `digits` are left. */
static char *put_clock(char *at, const Civil *c, unsigned digits)
{
    at = put_two(at, c->hour);
    at = put_two(put_byte(at, ':'), c->minute);
    at = put_two(put_byte(at, ':'), c->second);
    return digits ? put_fraction(put_byte(at, '.'), c->ns, digits) : at;
}

size_t moment_format(char text[MOMENT_TEXT_MAX], Moment moment)
{
    char *at = text;
    if (moment_known(moment)) {
        Civil c = civil_of(moment);
        at = put_date(at, &c);
        at = put_clock(put_byte(at, 'T'), &c, moment.digits);
        at = put_byte(at, 'Z');
    }
    *at = '\0';
    return (size_t)(at - text);
}

size_t moment_format_clock(char text[MOMENT_TEXT_MAX], Moment moment)
{
    char *at = text;
    if (moment_known(moment)) {
        Civil c = civil_of(moment);
        at = put_clock(at, &c, moment.digits);
    }
    *at = '\0';
    return (size_t)(at - text);
}
