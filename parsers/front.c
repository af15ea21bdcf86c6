#include "parsers/front.h"

#include "parsers/glue.h"
#include "parsers/host.h"
#include "parsers/stamp.h"

/* "[2021-03-22T19:20:10.123Z] " and a record behind it. */
static bool begins_record(Span text, ProfilerColumns columns)
{
    IsoStamp iso;
    if (!span_take(&text, SPAN("[")))
        return false;
    text = span_from(text, stamp_iso(text, &iso));
    return span_take(&text, SPAN("] ")) && glue_is_record(text, columns);
}

/* Where in the head of a line such a record begins, or -1. */
static ptrdiff_t find_record(Span line, ProfilerColumns columns)
{
    Span head = span_to(line, FRONT_BYTES_MAX);
    ptrdiff_t step;
    for (size_t at = 0; (step = span_find_byte(span_from(head, at), '[')) >= 0; at++) {
        at += (size_t)step;
        if (begins_record(span_from(line, at), columns))
            return (ptrdiff_t)at;
    }
    return -1;
}

bool front_learn(Front *front, Span line, FrontSign sign, ProfilerColumns columns)
{
    ptrdiff_t at =
        sign == FRONT_OF_RECORD ? find_record(line, columns) : span_find(span_to(line, FRONT_BYTES_MAX), SPAN(HOST_VERSION));
    if (at <= 0)
        return false;
    front->len = (size_t)at;
    memcpy(front->text, line.ptr, front->len);
    return true;
}

static bool is_padding(char c)
{
    return c == ' ' || (c >= '0' && c <= '9');
}

bool front_take(const Front *front, Span *line)
{
    if (!front->len || line->len < front->len)
        return false;
    for (size_t i = 0; i < front->len; i++)
        if (line->ptr[i] != front->text[i] && !(is_padding(line->ptr[i]) && is_padding(front->text[i])))
            return false;
    *line = span_from(*line, front->len);
    return true;
}
