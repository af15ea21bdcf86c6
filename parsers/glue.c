#include "parsers/glue.h"

#include "parsers/host.h"
#include "parsers/profiler.h"

enum {
    SECONDS_APART_MAX = 10,
    PREFIX_MIN = 16,
    STAMP_MIN = 12,       /* bytes to the bracket that ends it, at least ... */
    STAMP_USUAL_END = 25, /* ... and where that mostly is, whatever brackets stand before it */
    REFUSED_MAX = 16,     /* stamps in one line that are none of another record: the rest is data */
};

/* Whether the end of a source line stands within a string or a comment. */
static bool ends_in_literal(Span source)
{
    char quote = 0;
    for (size_t i = 0; i < source.len; i++) {
        char c = source.ptr[i];
        if (quote && c == '\\')
            i++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == '#')
            return true;
    }
    return quote != 0;
}

static bool is_near(Moment a, Moment b)
{
    int64_t limit = SECONDS_APART_MAX * MOMENT_SECOND, apart;
    return moment_known(a) && moment_known(b) && !__builtin_sub_overflow(a.ns, b.ns, &apart) && apart <= limit && apart >= -limit;
}

bool glue_is_record(Span message, ProfilerColumns columns)
{
    ProfilerText profiler;
    Record record;
    return profiler_parse(message, columns, &profiler) || host_parse(message, &record);
}

/* Whether what stands before the second prefix can be the whole text of a record. */
static bool can_end_text(Span before, ProfilerColumns columns)
{
    ProfilerText profiler;
    if (!before.len)
        return true;
    bool piece = profiler_parse(before, columns, &profiler);
    if (piece && profiler.piece == PROFILER_END)
        return true;
    if (memchr(" \t\"'`([{<=,\\", before.ptr[before.len - 1], 12))
        return false;
    return !piece || profiler.piece != PROFILER_ROW || !ends_in_literal(profiler.row.contents);
}

/* Whether a stamp in mid line is one that belongs there, going by its time or by what follows. */
static bool is_plausible(const Opening *own, const Opening *second, Span rest, ProfilerColumns columns)
{
    if (own->stamp.len)
        return is_near(own->time(own->stamp), second->time(second->stamp));
    return !span_trim(rest).len || glue_is_record(rest, columns);
}

bool glue_may_begin(Span rest)
{
    if (rest.len < PREFIX_MIN || rest.ptr[1] < '0' || rest.ptr[1] > '9')
        return false;
    bool is_index = span_find_byte(span_to(rest, STAMP_MIN), ']') >= 0; /* "[0]" and the like are frequent in source text */
    return !is_index || (rest.len > STAMP_USUAL_END && rest.ptr[STAMP_USUAL_END] == ']');
}

ptrdiff_t glue_find(const Prefix *prefix, PrefixMemory *memory, Span message, const Opening *own, ProfilerColumns columns)
{
    unsigned refused = 0;
    for (size_t at = 0; at + PREFIX_MIN < message.len && refused < REFUSED_MAX; at++) {
        ptrdiff_t bracket = span_find_byte(span_from(message, at), '[');
        if (bracket < 0)
            return -1;
        at += (size_t)bracket;
        Span rest = span_from(message, at);
        bool digit = rest.len >= PREFIX_MIN && rest.ptr[1] >= '0' && rest.ptr[1] <= '9';
        if (!digit) /* lines without such a bracket do not even come here: see lines.c */
            continue;
        Opening second = {0};
        if (!prefix->take(memory, &rest, &second))
            continue;
        if (is_plausible(own, &second, rest, columns) && can_end_text(span_to(message, at), columns))
            return (ptrdiff_t)at;
        refused++;
    }
    return -1;
}
