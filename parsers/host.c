#include "parsers/host.h"

#include <limits.h>

static Span without_functions(Span name)
{
    span_take(&name, SPAN("Functions."));
    return name;
}

/* "'Functions.Name' (" at the front of `*s`. On its way to Azure Monitor the host drops the apostrophes. */
static bool take_function(Span *s, Span *function)
{
    bool quoted = span_take(s, SPAN("'"));
    Span behind = quoted ? SPAN("' (") : SPAN(" (");
    ptrdiff_t end = quoted || span_starts(*s, SPAN("Functions.")) ? span_find(*s, behind) : -1;
    if (end <= 0)
        return false;
    *function = without_functions(span_to(*s, (size_t)end));
    *s = span_from(*s, (size_t)end + behind.len);
    return true;
}

/* "Reason='...', Id=" at the front of `s`. */
static Span reason_of(Span s)
{
    if (!span_take(&s, SPAN("Reason=")))
        return (Span){0};
    bool quoted = span_take(&s, SPAN("'"));
    ptrdiff_t end = span_find_last(s, quoted ? SPAN("', Id=") : SPAN(", Id="));
    return end >= 0 ? span_to(s, (size_t)end) : (Span){0};
}

/* The text behind the last `key` up to a comma or a closing bracket; empty where the line breaks off within it. */
static Span field(Span s, Span key)
{
    ptrdiff_t at = span_find_last(s, key);
    if (at < 0)
        return (Span){0};
    Span value = span_from(s, (size_t)at + key.len);
    size_t n = 0;
    while (n < value.len && value.ptr[n] != ',' && value.ptr[n] != ')' && value.ptr[n] != ' ')
        n++;
    return span_to(value, n < value.len ? n : 0);
}

static int64_t duration_of(Span s)
{
    Span value = field(s, SPAN("Duration="));
    uint64_t ms;
    if (!span_ends(value, SPAN("ms")) || !span_to_uint(span_to(value, value.len - 2), &ms) || ms > INT64_MAX)
        return -1;
    return (int64_t)ms;
}

static bool parse_executing(Span s, Record *record)
{
    HostText host = {.duration_ms = -1};
    if (!take_function(&s, &host.function))
        return false;
    host.id = field(s, SPAN("Id="));
    host.reason = reason_of(s);
    if (!host.id.len)
        return false;
    record->kind = RECORD_EXECUTING;
    record->host = host;
    return true;
}

static bool parse_executed(Span s, Record *record)
{
    HostText host = {.duration_ms = -1};
    if (!take_function(&s, &host.function))
        return false;
    ptrdiff_t end = span_find_byte(s, ')'); /* an exception may follow on the same line */
    s = end < 0 ? s : span_to(s, (size_t)end + 1);
    host.failed = !span_starts(s, SPAN("Succeeded"));
    host.id = field(s, SPAN("Id="));
    host.duration_ms = duration_of(s);
    if (!host.id.len)
        return false;
    record->kind = RECORD_EXECUTED;
    record->host = host;
    return true;
}

static bool parse_worker_started(Span s, Record *record)
{
    (void)s;
    record->kind = RECORD_WORKER_STARTED;
    return true;
}

/* The number at the front of `s`, or -1. */
static int leading_number(Span s)
{
    int value = -1;
    for (size_t i = 0; i < s.len && i < 9 && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
        value = (value < 0 ? 0 : value * 10) + (s.ptr[i] - '0');
    return value;
}

static bool parse_worker_exited(Span s, Record *record)
{
    ptrdiff_t at = span_find(s, SPAN("exited with code "));
    record->kind = RECORD_WORKER_EXITED;
    record->host = (HostText){.code = at < 0 ? -1 : leading_number(span_from(s, (size_t)at + 17)), .duration_ms = -1};
    return true;
}

/* "3.11.exe exited with code 137 (0x89)." and the like behind "python". */
static bool parse_python(Span s, Record *record)
{
    Span text = s;
    while (text.len && ((text.ptr[0] >= '0' && text.ptr[0] <= '9') || text.ptr[0] == '.'))
        text = span_from(text, 1);
    span_take(&text, SPAN("exe"));
    return span_starts(text, SPAN(" exited with code")) && parse_worker_exited(text, record);
}

/* What a shell says of a process that was ended by SIGKILL: mostly the kernel's, for want of memory. */
static bool parse_killed(Span s, Record *record)
{
    if (span_trim(s).len)
        return false;
    record->kind = RECORD_WORKER_EXITED;
    record->host = (HostText){.code = 128 + 9, .duration_ms = -1};
    return true;
}

static bool parse_version(Span s, Record *record)
{
    s = span_trim(s);
    ptrdiff_t dot = span_find_byte(s, '.');
    if (dot < 0)
        return false;
    record->kind = RECORD_HOST_VERSION;
    record->host =
        (HostText){.major = leading_number(s), .minor = leading_number(span_from(s, (size_t)dot + 1)), .duration_ms = -1};
    return true;
}

static bool parse_loss(Span s, Record *record)
{
    (void)s;
    record->kind = RECORD_LOSS;
    return true;
}

/* What a host's record begins with, sorted by first byte; `parse` gets the rest. */
static const struct HostRecord {
    Span prefix;
    bool (*parse)(Span rest, Record *record);
} host_records[] = {
    {{"A function timeout has occurred. Restarting worker process", 58}, parse_worker_exited},
    {{"Executed ", 9}, parse_executed},
    {{"Executing ", 10}, parse_executing},
    {{HOST_VERSION, sizeof HOST_VERSION - 1}, parse_version},
    {{"Killed", 6}, parse_killed},
    {{"Language Worker Process exited", 30}, parse_worker_exited},
    {{"Log output threshold exceeded.", 30}, parse_loss},
    {{"Restarting worker process", 25}, parse_worker_exited},
    {{"Worker process started and initialized.", 39}, parse_worker_started},
    {{"python", 6}, parse_python},
};

enum { HOST_RECORDS = sizeof host_records / sizeof *host_records };

/* A message of the host may be introduced by the .NET source that raised it. */
static const Span dotnet_sources[] = {{"Microsoft.", 10}, {"System.", 7}};

enum { DOTNET_SOURCES = sizeof dotnet_sources / sizeof *dotnet_sources };

static Span without_dotnet_source(Span message)
{
    if (!span_starts(message, dotnet_sources[0]) && !span_starts(message, dotnet_sources[1]))
        return message;
    ptrdiff_t end = span_find(message, SPAN(": "));
    return end < 0 ? message : span_from(message, (size_t)end + 2);
}

enum {
    DOTNET_SOURCE = HOST_RECORDS + 1, /* behind them all: the name of a source may stand in front of a record */
    HEAD_BYTES = 4,                   /* are compared at once */
};

/* Where the records with a first byte begin in `host_records`, counted from 1. */
static const unsigned char first_bytes[UCHAR_MAX + 1] = {
    ['A'] = 1,
    ['E'] = 2,
    ['F'] = 4,
    ['K'] = 5,
    ['L'] = 6,
    ['R'] = 8,
    ['W'] = 9,
    ['p'] = 10,
    ['M'] = DOTNET_SOURCE,
    ['S'] = DOTNET_SOURCE,
};

/* The record that `message` begins with; most lines need no more than a look at their first byte, or two. */
static const struct HostRecord *find_record(Span message)
{
    size_t i = message.len >= HEAD_BYTES ? first_bytes[(unsigned char)message.ptr[0]] : 0;
    if (!i)
        return NULL;
    for (i--; i < HOST_RECORDS && host_records[i].prefix.ptr[0] == message.ptr[0]; i++)
        if (memcmp(host_records[i].prefix.ptr, message.ptr, HEAD_BYTES) == 0 && span_starts(message, host_records[i].prefix))
            return &host_records[i];
    return NULL;
}

static bool may_have_dotnet_source(Span message)
{
    return message.len && first_bytes[(unsigned char)message.ptr[0]] == DOTNET_SOURCE;
}

Span host_head(size_t i)
{
    if (i < HOST_RECORDS)
        return host_records[i].prefix;
    return i - HOST_RECORDS < DOTNET_SOURCES ? dotnet_sources[i - HOST_RECORDS] : (Span){0};
}

bool host_parse(Span message, Record *record)
{
    if (may_have_dotnet_source(message))
        message = without_dotnet_source(message);
    const struct HostRecord *known = find_record(message);
    if (!known)
        return false;
    return known->parse(known->parse == parse_worker_exited ? message : span_from(message, known->prefix.len), record);
}

Span host_function_of_category(Span category)
{
    static const Span user = {".User", 5};
    if (!span_take(&category, SPAN("Function.")))
        return (Span){0};
    return span_ends(category, user) ? span_to(category, category.len - user.len) : category;
}

bool host_is_failure_text(Span message)
{
    if (span_starts(message, SPAN("Exception: ")))
        return true;
    Span text = may_have_dotnet_source(message) ? without_dotnet_source(message) : message;
    Span source = span_to(message, message.len - text.len);
    return source.len > 2 && span_find_byte(source, ' ') == (ptrdiff_t)source.len - 1 && !span_starts(text, SPAN("Result: "));
}
