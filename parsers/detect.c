#include "parsers/detect.h"

#include "parsers/csv_reader.h"
#include "parsers/export_field.h"
#include "parsers/json_value.h"

/* Members that show what an object is, beside the names of fields: the containers of records, and what logs are wrapped in. */
static const struct Sign {
    Span name;
    DetectResult is;
} signs[] = {
    {{"tables", 6}, DETECT_JSON},
    {{"Tables", 6}, DETECT_JSON},
    {{"records", 7}, DETECT_JSON},
    {{"FrameType", 9}, DETECT_JSON},
    {{"log", 3}, DETECT_TEXT},
    {{"__CURSOR", 8}, DETECT_TEXT},
    {{"__REALTIME_TIMESTAMP", 20}, DETECT_TEXT},
};

static DetectResult sign_of(Span name)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (span_eq(signs[i].name, name))
            return signs[i].is;
    return export_field_weight(name) > 1 ? DETECT_JSON : DETECT_MORE;
}

static Span skip_space(Span s)
{
    while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\n' || s.ptr[0] == '\r' || s.ptr[0] == '\t'))
        s = span_from(s, 1);
    return s;
}

/* What an object is whose members up to a place are known. */
typedef struct Members {
    DetectResult answer; /* DETECT_MORE: not told yet */
    unsigned weak;       /* names that any program's JSON may have as well */
    bool message;
    bool error;
} Members;

static void see_name(Members *m, Span name)
{
    if (m->answer == DETECT_MORE)
        m->answer = sign_of(name);
    m->weak += export_field_weight(name) == 1;
    ExportField field = export_field_named(name);
    m->message |= field == FIELD_MESSAGE || field == FIELD_DIMENSIONS; /* in which diagnostic settings put the message */
    m->error |= span_eq(name, SPAN("error"));
}

/*
 * Behind an object without a sure sign: a message and another name that exports use make it one where it stands in a list or where
 * another object follows. A text log that begins with an app's own JSON goes on otherwise. A failed query's answer is its error.
 */
static DetectResult judge_whole(const Members *m, Span rest, bool listed, bool whole)
{
    bool record = m->message && m->weak > 1;
    rest = skip_space(rest);
    if (listed || (!record && !m->error))
        return record ? DETECT_JSON : DETECT_TEXT;
    if (!rest.len)
        return whole ? DETECT_JSON : DETECT_MORE;
    return record && rest.ptr[0] == '{' ? DETECT_JSON : DETECT_TEXT;
}

/* The length of the string at the front of `s` with its quotes; 0 when it has not ended. */
static size_t string_length(Span s)
{
    for (size_t at = 1; at < s.len; at++) {
        if (s.ptr[at] == '\\')
            at++;
        else if (s.ptr[at] == '"')
            return at + 1;
    }
    return 0;
}

/* `s` begins with the brace of an object. */
static DetectResult judge_object(Span s, bool listed, bool whole)
{
    Members members = {.answer = DETECT_MORE};
    size_t depth = 0;
    Span key = {0};
    for (; s.len; s = skip_space(s)) {
        size_t len = s.ptr[0] == '"' ? string_length(s) : 1;
        if (!len)
            return whole ? DETECT_TEXT : DETECT_MORE;
        char c = s.ptr[0];
        if (depth == 0 && c != '{')
            return DETECT_TEXT;
        if (c == '"' && depth == 1)
            key = (Span){s.ptr + 1, len - 2};
        if (c == ':' && depth == 1 && key.ptr)
            see_name(&members, key);
        if (members.answer != DETECT_MORE)
            return members.answer;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (c != '"')
            key = (Span){0};
        s = span_from(s, len);
        if (!depth)
            return judge_whole(&members, s, listed, whole);
        if (depth == 1 && c == '{' && skip_space(s).len && skip_space(s).ptr[0] != '"' && skip_space(s).ptr[0] != '}')
            return DETECT_TEXT;
    }
    return whole ? DETECT_TEXT : DETECT_MORE;
}

/* A list of lists: its first row names the columns. */
static DetectResult judge_header(Span s, bool whole)
{
    s = skip_space(span_from(s, 1));
    while (s.len && s.ptr[0] == '"') {
        size_t len = string_length(s);
        if (!len)
            break;
        if (export_field_weight((Span){s.ptr + 1, len - 2}))
            return DETECT_JSON;
        s = skip_space(span_from(s, len));
        span_take(&s, SPAN(","));
        s = skip_space(s);
    }
    bool cut = !s.len || (s.ptr[0] == '"' && !string_length(s));
    return cut && !whole ? DETECT_MORE : DETECT_TEXT;
}

static DetectResult judge_list(Span s, bool whole)
{
    s = skip_space(span_from(s, 1));
    if (!s.len)
        return whole ? DETECT_TEXT : DETECT_MORE;
    switch (s.ptr[0]) {
    case '{':
        return judge_object(s, true, whole);
    case '[':
        return judge_header(s, whole);
    case ']':
        return DETECT_JSON; /* a query that found nothing */
    default:
        return DETECT_TEXT;
    }
}

static DetectResult judge_line(Span s, bool whole)
{
    ptrdiff_t end = span_find_byte(s, '\n');
    if (end < 0 && !whole)
        return DETECT_MORE;
    return csv_header_delimiter(end < 0 ? s : span_to(s, (size_t)end)) ? DETECT_CSV : DETECT_TEXT;
}

DetectResult detect_input(Span head, bool whole)
{
    static const Span bom = {"\xef\xbb\xbf", 3};
    bool full = head.len >= DETECT_BYTES_MAX;
    Span s = span_to(head, DETECT_BYTES_MAX);
    whole |= full;
    if (s.len < bom.len && !whole && memcmp(s.ptr, bom.ptr, s.len) == 0)
        return DETECT_MORE;
    span_take(&s, bom);
    s = skip_space(s);
    if (!s.len)
        return whole ? DETECT_TEXT : DETECT_MORE;
    if (s.ptr[0] == '{')
        return judge_object(s, false, whole);
    return s.ptr[0] == '[' ? judge_list(s, whole) : judge_line(s, whole);
}
