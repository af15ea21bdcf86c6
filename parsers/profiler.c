#include "parsers/profiler.h"

#include <limits.h>

#include "parsers/row_cells.h"
#include "parsers/scan.h"

const Span profiler_logger = {"memory_profiler_logs", 20};

enum {
    BLANKS_WITH_OCCURRENCES = ROW_BLANKS, /* an unmeasured row: blank fields between its number and its source text */
    BLANKS_WITH_INCREMENT = 29,
    BLANKS_NARROW = 27,      /* 0.10 to 0.15 */
    BLANKS_WITH_MEMORY = 16, /* before 0.10: "{:>6} {:>12}   {}" */
    OCCURRENCES_FIELD = 12,  /* two blanks and ten cells */
    MEMORY_BLANKS_MAX = 9,   /* before the first value of a measured row: "{:>12}" of "0 MB" behind one blank */
    LOGGER_NAME_MAX = 120,
    LINE_DIGITS_MAX = 9,
    RULE_MIN = 35,                /* the shortest header's length, which the rule had at first */
    OCCURRENCES_DIGITS_SURE = 18, /* so many always fit */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_byte(Span s, char c)
{
    return (size_t)(scan_past(s.ptr, s.ptr + s.len, c) - s.ptr);
}

/* " <number> MiB" at the front of `*s`; the first versions wrote MB. */
static inline bool take_memory(Span *s, Mib *value, unsigned *decimals)
{
    const char *end = s->ptr + s->len, *p = scan_past(s->ptr, end, ' ');
    size_t len = mib_take((Span){p, (size_t)(end - p)}, value, decimals);
    p += len;
    if (!len || end - p < 3 || p[0] != ' ' || p[1] != 'M')
        return false;
    if (p[2] == 'B')
        p += 3;
    else if (end - p >= 4 && p[2] == 'i' && p[3] == 'B')
        p += 4;
    else
        return false;
    *s = (Span){p, (size_t)(end - p)};
    return true;
}

/*
 * The Occurrences field. A source text that begins with digits looks alike ("5 * x"); what tells them apart is the header or,
 * where none was seen, that the field is filled to its width.
 */
static inline bool take_occurrences(Span *s, ProfilerColumns columns, int64_t *occurrences)
{
    *occurrences = OCCURRENCES_NONE;
    if (columns.known && !columns.occurrences)
        return true;
    const char *end = s->ptr + s->len, *number = scan_past(s->ptr, end, ' '), *p = number;
    uint64_t value = 0;
    for (; p < end && is_digit(*p); p++)
        value = value * 10 + (uint64_t)(*p - '0');
    size_t blanks = (size_t)(number - s->ptr), digits = (size_t)(p - number);
    bool filled = blanks + digits == OCCURRENCES_FIELD || (blanks == 2 && digits > OCCURRENCES_FIELD - 2);
    bool delimited = p == end || *p == ' ';
    bool fits = digits <= OCCURRENCES_DIGITS_SURE || (span_to_uint((Span){number, digits}, &value) && value <= INT64_MAX);
    if (!digits || !delimited || !(filled || columns.known) || !fits)
        return !columns.known;
    *occurrences = (int64_t)value;
    *s = (Span){p, (size_t)(end - p)};
    return true;
}

/* Both values of a row, and what depends on the columns: whether there is a second one. */
static bool take_values(Span *rest, ProfilerColumns columns, ProfilerRow *row)
{
    unsigned increment_decimals = 0;
    if (count_byte(*rest, ' ') > MEMORY_BLANKS_MAX)
        return false; /* a source text that begins like a value: a docstring */
    if (!take_memory(rest, &row->memory, &row->decimals))
        return false;
    row->increment = MIB_NONE;
    if (columns.known && !columns.increment)
        return true;
    if (!take_memory(rest, &row->increment, &increment_decimals)) {
        row->increment = MIB_NONE;
        return !columns.known;
    }
    if (increment_decimals > row->decimals)
        row->decimals = increment_decimals;
    return true;
}

/* The source text behind the blanks that part it from the numbers; trailing ones may have been lost on the way. */
static inline Span without_blanks_between(Span rest)
{
    if (rest.len && !span_take(&rest, SPAN("   ")))
        rest = span_trim(rest);
    return rest;
}

static bool take_measured(Span rest, ProfilerColumns columns, ProfilerRow *row)
{
    row->occurrences = OCCURRENCES_NONE;
    if (!take_values(&rest, columns, row))
        return false;
    if (row->increment != MIB_NONE && !take_occurrences(&rest, columns, &row->occurrences))
        return false;
    row->measured = true;
    row->contents = without_blanks_between(rest);
    return true;
}

static size_t blanks_before_contents(ProfilerColumns columns)
{
    if (!columns.known || columns.occurrences)
        return BLANKS_WITH_OCCURRENCES;
    if (!columns.increment)
        return BLANKS_WITH_MEMORY;
    return columns.narrow ? BLANKS_NARROW : BLANKS_WITH_INCREMENT;
}

static bool take_unmeasured(Span rest, ProfilerColumns columns, ProfilerRow *row)
{
    size_t blanks = count_byte(rest, ' ');
    size_t expected = blanks_before_contents(columns);
    if (blanks < expected && blanks < rest.len)
        return false;
    row->measured = false;
    row->memory = row->increment = MIB_NONE;
    row->occurrences = OCCURRENCES_NONE;
    row->decimals = 0;
    row->contents = span_from(rest, expected);
    return true;
}

/* A row whose numbers all stand in their fields. */
static inline bool parse_usual_row(Span s, ProfilerColumns columns, ProfilerRow *row)
{
    const char *p = s.ptr;
    if (s.len < ROW_CELLS || !columns.known || !columns.increment || !columns.occurrences || p[ROW_NUMBER_CELLS] != ' ')
        return false;
    if (!row_cells_take_line(p, &row->line) || !row_cells_take_values(p, row) || (s.len > ROW_CELLS && p[ROW_CELLS] != ' '))
        return false;
    row->contents = without_blanks_between((Span){p + ROW_CELLS, s.len - ROW_CELLS});
    return true;
}

static bool parse_row(Span s, ProfilerColumns columns, ProfilerRow *row)
{
    if (parse_usual_row(s, columns, row))
        return true;
    const char *end = s.ptr + s.len, *number = scan_past(s.ptr, end, ' '), *p = number;
    uint32_t line = 0;
    for (; p < end && is_digit(*p) && p - number <= LINE_DIGITS_MAX; p++)
        line = line * 10 + (uint32_t)(*p - '0');
    if (!line || p - number > LINE_DIGITS_MAX || (p < end && *p != ' '))
        return false;
    Span rest = {p, (size_t)(end - p)};
    row->line = line;
    return take_measured(rest, columns, row) || take_unmeasured(rest, columns, row);
}

/* The header of the latest versions, which need not be taken apart. */
static const Span usual_header = {"Line #    Mem usage    Increment  Occurrences   Line Contents", 61};

static bool parse_header(Span s, ProfilerColumns *columns)
{
    if (span_eq(s, usual_header)) {
        *columns = (ProfilerColumns){.known = true, .increment = true, .occurrences = true};
        return true;
    }
    if (span_find(s, SPAN("Mem usage")) < 0 || span_find(s, SPAN("Line Contents")) < 0)
        return false;
    columns->known = true;
    columns->increment = span_find(s, SPAN("Increment")) >= 0;
    columns->occurrences = span_find(s, SPAN("Occurrences")) >= 0 || span_find(s, SPAN("Occurences")) >= 0;
    columns->narrow = span_find(s, SPAN("usage  Increment   L")) >= 0;
    return true;
}

/* A piece without its logger's name. The first byte decides what is tried. */
static bool parse_piece(Span s, ProfilerColumns columns, ProfilerText *text)
{
    if (!s.len)
        return false;
    switch (s.ptr[0]) {
    case 'F':
        text->piece = PROFILER_FILENAME;
        text->file = s;
        if (!span_take(&text->file, SPAN("Filename: ")))
            return false;
        text->file = span_trim(text->file);
        return text->file.len > 0;
    case 'L':
        text->piece = PROFILER_HEADER;
        return span_starts(s, SPAN("Line #")) && parse_header(s, &text->columns);
    case '=':
        text->piece = PROFILER_RULE;
        return s.len >= RULE_MIN && count_byte(s, '=') == span_trim_right(s).len;
    default:
        text->piece = PROFILER_ROW;
        return (s.ptr[0] == ' ' || is_digit(s.ptr[0])) && parse_row(s, columns, &text->row);
    }
}

static bool is_logger_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '.' || c == '-';
}

static bool is_logger_name(Span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_logger_byte(name.ptr[i]))
            return false;
    return name.len > 0;
}

/* What a piece of a report can begin with; a blank one has nothing. */
static const bool piece_bytes[UCHAR_MAX + 1] = {
    [' '] = true, ['\t'] = true, ['F'] = true, ['L'] = true, ['='] = true, ['0'] = true, ['1'] = true, ['2'] = true,
    ['3'] = true, ['4'] = true,  ['5'] = true, ['6'] = true, ['7'] = true, ['8'] = true, ['9'] = true,
};

/* Where a logger's name ends, at its colon, if what stands behind that may be a piece; 0 otherwise. Many lines have a name. */
static size_t logger_end(Span message)
{
    Span head = span_to(message, LOGGER_NAME_MAX + 1);
    ptrdiff_t colon = span_find_byte(head, ':');
    if (colon <= 0)
        return 0;
    size_t behind = (size_t)colon + 1;
    behind += behind < message.len && message.ptr[behind] == ' ';
    return behind >= message.len || piece_bytes[(unsigned char)message.ptr[behind]] ? (size_t)colon : 0;
}

static bool has_documented_logger(Span message)
{
    return message.len > profiler_logger.len && message.ptr[profiler_logger.len] == ':' && span_starts(message, profiler_logger);
}

/* Cuts "logger: " off the front, where a piece may stand behind it. */
static bool take_logger(Span *message, Span *logger)
{
    bool documented = has_documented_logger(*message);
    size_t colon = documented ? profiler_logger.len : logger_end(*message);
    if (!colon)
        return false;
    *logger = span_to(*message, colon);
    if (!documented && !is_logger_name(*logger))
        return false;
    *message = span_from(*message, colon + 1);
    span_take(message, SPAN(" "));
    return true;
}

bool profiler_may_begin(char first)
{
    return piece_bytes[(unsigned char)first];
}

bool profiler_parse(Span message, ProfilerColumns columns, ProfilerText *text)
{
    if (!message.len)
        return false;
    text->columns = columns;
    text->logger = (Span){0};
    if (piece_bytes[(unsigned char)message.ptr[0]] && parse_piece(message, columns, text))
        return true;
    if (!take_logger(&message, &text->logger))
        return false;
    if (parse_piece(message, columns, text))
        return true;
    text->piece = PROFILER_END;
    return span_trim(message).len == 0;
}

Span profiler_defined_name(Span contents)
{
    Span s = span_trim_left(contents);
    if (span_take(&s, SPAN("async ")))
        s = span_trim_left(s);
    if (!span_take(&s, SPAN("def ")))
        return (Span){0};
    s = span_trim_left(s);
    size_t n = 0;
    while (n < s.len && s.ptr[n] != '(' && s.ptr[n] != ' ' && s.ptr[n] != '[' && s.ptr[n] != ':')
        n++;
    return span_to(s, n);
}

bool profiler_begins_function(Span contents)
{
    Span s = span_trim_left(contents);
    return (s.len && s.ptr[0] == '@') || profiler_defined_name(s).len > 0;
}

bool profiler_is_entry(const ProfilerRow *row)
{
    return row->measured && row->increment == row->memory && profiler_begins_function(row->contents);
}
