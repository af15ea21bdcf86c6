#include "parsers/prefix.h"

enum { STAMP_MAX = 40, STAMP_MIN = 19 };

static Moment time_of_iso(Span stamp)
{
    Moment moment;
    return moment_parse(stamp, &moment) ? moment : MOMENT_NONE;
}

/*
 * Core Tools since 3.0.2931: "[2021-03-22T19:20:10.123Z] ", with or without the Z; the blank behind the bracket is lost where a
 * line is empty and trailing blanks were stripped.
 */
static bool take_coretools(Span *text, Span *stamp)
{
    const char *p = text->ptr;
    if (text->len < STAMP_MIN + 2 || p[0] != '[' || p[5] != '-' || p[8] != '-' || p[11] != 'T')
        return false;
    ptrdiff_t end = span_find_byte(span_to(*text, STAMP_MAX), ']');
    if (end < STAMP_MIN + 1)
        return false;
    *stamp = (Span){p + 1, (size_t)end - 1};
    *text = span_from(*text, (size_t)end + 1);
    span_take(text, SPAN(" "));
    return true;
}

const Prefix prefixes[] = {
    {"coretools", take_coretools, time_of_iso},
    {0},
};
