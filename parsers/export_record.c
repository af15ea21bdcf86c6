#include "parsers/export_record.h"

#include <stdio.h>

#include "base/hash.h"
#include "parsers/host.h"
#include "parsers/json_value.h"
#include "parsers/profiler.h"

enum {
    MESSAGE_CHARACTERS_MAX = 32768, /* where the services cut messages; rows of all exports are alike then */
    FAILURE_LINES_KEPT = 4,
    BLANKS_WITHOUT_NUMBERS = 41, /* of a row: see profiler.c */
};

static const Span documented_logger = {"memory_profiler_logs", 20};

/* Details. */

#define BIT(field) (UINT32_C(1) << (field))

/* What customDimensions may tell: an app's own dimensions can have any other name. */
static const uint32_t dimension_fields =
    BIT(FIELD_INVOCATION) | BIT(FIELD_FUNCTION) | BIT(FIELD_CATEGORY) | BIT(FIELD_INSTANCE) | BIT(FIELD_ROLE) | BIT(FIELD_ERROR);
static const uint32_t context_fields = BIT(FIELD_INVOCATION) | BIT(FIELD_CATEGORY) | BIT(FIELD_INSTANCE) | BIT(FIELD_ROLE) |
                                       BIT(FIELD_TIME) | BIT(FIELD_RATE) | BIT(FIELD_OPERATION);

/* Some clients print nothing as "None". */
static Span without_none(Span text)
{
    return span_eq(text, SPAN("None")) ? (Span){0} : text;
}

/* Makes the details of a row the current ones. False when there is text that cannot be read, and the row before had another. */
static bool read_details(DetailsMemory *m, const ExportRow *row, ExportField field, uint32_t wanted)
{
    Span source = row->source(row->ctx, field);
    const ExportDetails *before = details_current(m);
    if (!details_recall(m, source)) {
        Span text = row->text(row->ctx, field);
        /* without a text it could not be read, which is to be said of the next row, too */
        details_read(m, text.len ? source : text, json_trim(without_none(text)), wanted);
        return !details_current(m)->unreadable;
    }
    return details_current(m) == before || !details_current(m)->unreadable;
}

/* Fields. */

/* What the details tell goes first: a FunctionAppLogs record has a category of its own around the one that counts. */
static Span field_of(const ExportRecords *e, const ExportRow *row, ExportField field)
{
    const Buffer *texts[] = {&e->dimensions.kept[e->dimensions.current].texts[field],
                             &e->context.kept[e->context.current].texts[field]};
    for (size_t i = 0; i < 2; i++)
        if (texts[i]->len)
            return buffer_span(texts[i]);
    return without_none(row->text(row->ctx, field));
}

static void gather_details(ExportRecords *e, const ExportRow *row)
{
    if (!read_details(&e->dimensions, row, FIELD_DIMENSIONS, dimension_fields) ||
        !read_details(&e->context, row, FIELD_CONTEXT, context_fields))
        damage_note(&e->damage, row->line, "dimensions that are no JSON");
}

/* "Function.<name>" or "Function.<name>.User". */
static Span function_of_category(Span category)
{
    if (!span_take(&category, SPAN("Function.")))
        return (Span){0};
    if (span_ends(category, SPAN(".User")))
        category.len -= 5;
    return category;
}

static Span function_of(const ExportRecords *e, const ExportRow *row)
{
    Span function = function_of_category(field_of(e, row, FIELD_CATEGORY));
    if (function.len)
        return function;
    function = field_of(e, row, FIELD_FUNCTION);
    if (!function.len)
        function = field_of(e, row, FIELD_OPERATION);
    span_take(&function, SPAN("Functions."));
    bool route = span_find_byte(function, '/') >= 0 || span_find_byte(function, ' ') >= 0;
    return route ? (Span){0} : function;
}

static uint64_t whole_part(Span number)
{
    ptrdiff_t point = span_find_byte(number, '.');
    uint64_t value = 0;
    return span_to_uint(point < 0 ? number : span_to(number, (size_t)point), &value) ? value : UINT64_MAX;
}

static bool is_sampled(const ExportRecords *e, const ExportRow *row)
{
    Span count = field_of(e, row, FIELD_ITEM_COUNT), rate = field_of(e, row, FIELD_RATE);
    uint64_t stands_for = whole_part(count);
    return (count.len && stands_for > 1 && stands_for != UINT64_MAX) || (rate.len && whole_part(rate) < 100);
}

static ExportTime time_of(ExportRecords *e, const ExportRow *row)
{
    Span text = field_of(e, row, FIELD_TIME);
    ExportTime time = export_time_parse(text, &e->dates);
    if (text.len && !moment_known(time.moment))
        damage_note(&e->damage, row->line, "a time that cannot be read");
    return time;
}

/* An entry with all that the row says beside its message. */
static ExportEntry entry_of(ExportRecords *e, const ExportRow *row, RecordKind kind)
{
    gather_details(e, row);
    Span item = field_of(e, row, FIELD_ITEM), instance = field_of(e, row, FIELD_INSTANCE);
    return (ExportEntry){
        .kind = kind,
        .time = time_of(e, row),
        .offset = row->offset,
        .item = item.len ? hash_bytes(item.ptr, item.len, 0) : 0,
        .invocation = field_of(e, row, FIELD_INVOCATION),
        .function = function_of(e, row),
        .instance = instance.len ? instance : field_of(e, row, FIELD_ROLE),
        .columns = e->columns,
        .sampled = is_sampled(e, row),
        .console = span_eq(field_of(e, row, FIELD_CATEGORY), SPAN("Host.Function.Console")),
    };
}

/* Messages. */

static Span cut_message(Span text)
{
    size_t characters = 0;
    if (text.len <= MESSAGE_CHARACTERS_MAX)
        return text;
    for (size_t i = 0; i < text.len; i++) {
        characters += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
        if (characters > MESSAGE_CHARACTERS_MAX)
            return span_to(text, i);
    }
    return text;
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static Span trim_line_ends(Span text)
{
    while (text.len && is_line_end(text.ptr[0]))
        text = span_from(text, 1);
    while (text.len && is_line_end(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

/* Takes the first line off `*text`. */
static Span take_line(Span *text)
{
    ptrdiff_t end = span_find_byte(*text, '\n');
    Span line = end < 0 ? *text : span_to(*text, (size_t)end);
    *text = span_from(*text, end < 0 ? text->len : (size_t)end + 1);
    while (line.len && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

static void add_piece(ExportRecords *e, ExportEntry *entry, const ProfilerText *text)
{
    e->columns = text->columns;
    entry->columns = text->columns;
    entry->profiler = text;
    export_order_add(e->order, entry);
}

/* A piece of a report; some writers put several into a message. */
static void take_pieces(ExportRecords *e, const ExportRow *row, Span rest, ProfilerText *text, Span line)
{
    ExportEntry entry = entry_of(e, row, RECORD_PROFILER);
    Span logger = text->logger;
    entry.message = line;
    add_piece(e, &entry, text);
    while (rest.len) {
        entry.message = take_line(&rest);
        entry.offset++;
        if (!entry.message.len || !profiler_parse(entry.message, e->columns, text))
            continue;
        if (!text->logger.len)
            text->logger = logger;
        add_piece(e, &entry, text);
    }
}

/* The lines of `rest`, or of the exception that stands in a column of its own, that say why an invocation failed. */
static void append_failure(Buffer *out, Span rest, Span exception)
{
    size_t kept = 0;
    Span error = exception;
    while (rest.len && kept < FAILURE_LINES_KEPT) {
        Span line = take_line(&rest);
        if (!host_is_failure_text(line))
            continue;
        buffer_append_byte(out, '\n');
        buffer_append_span(out, line);
        kept++;
    }
    while (error.len && !kept) {
        Span line = take_line(&error);
        if (!line.len || (exception.len != line.len && span_starts(line, SPAN("Result: "))))
            continue;
        buffer_printf(out, "\n%s", span_starts(line, SPAN("Exception: ")) ? "" : "Exception: ");
        buffer_append_span(out, line);
        kept++;
    }
}

static void take_host_record(ExportRecords *e, const ExportRow *row, Span line, Span rest, const Record *record)
{
    bool of_call = record->kind == RECORD_EXECUTING || record->kind == RECORD_EXECUTED;
    ExportEntry entry = entry_of(e, row, record->kind);
    buffer_clear(&e->composed);
    buffer_append_span(&e->composed, line);
    if (record->kind == RECORD_EXECUTED && record->host.failed)
        append_failure(&e->composed, rest, field_of(e, row, FIELD_ERROR));
    entry.message = buffer_span(&e->composed);
    entry.invocation = of_call ? record->host.id : (Span){0};
    entry.function = (Span){0};
    export_order_add(e->order, &entry);
}

static void take_message(ExportRecords *e, const ExportRow *row, Span message)
{
    ProfilerText text;
    Record record = {.kind = RECORD_TEXT};
    Span rest = message, line = take_line(&rest);
    if (profiler_parse(line, e->columns, &text))
        take_pieces(e, row, rest, &text, line);
    else if (host_parse(line, &record))
        take_host_record(e, row, line, rest, &record);
    else if (span_starts(line, SPAN("memory_profiler_logs: ")))
        damage_note(&e->damage, row->line, "no piece of a memory_profiler report");
}

/* Rows that the published query took apart. */

static bool is_number(Span text)
{
    uint64_t value;
    return text.len && span_to_uint(text, &value);
}

static void append_memory(Buffer *out, Span value)
{
    bool has_unit = span_ends(value, SPAN("B"));
    buffer_printf(out, " %.*s%s", SPAN_ARG(value), value.len && !has_unit ? " MiB" : "");
}

/* The row as memory_profiler wrote it, or near enough to be read as that. */
static void compose_row(Buffer *out, const Span cells[5])
{
    buffer_printf(out, "%.*s", SPAN_ARG(cells[0]));
    if (!cells[1].len) {
        buffer_append_repeated(out, ' ', BLANKS_WITHOUT_NUMBERS);
    } else {
        append_memory(out, span_trim(cells[1]));
        append_memory(out, span_trim(cells[2]));
        if (cells[3].len)
            buffer_printf(out, "  %10.*s", SPAN_ARG(cells[3]));
        buffer_append(out, "   ", 3);
    }
    buffer_append_span(out, cells[4]);
}

/* The query splits at two blanks, which padding is full of: the cells with two blanks between them are what it split. */
static void compose_joined(Buffer *out, const Span cells[5])
{
    for (size_t i = 0; i < 5; i++) {
        buffer_append(out, "  ", i ? 2 : 0);
        buffer_append_span(out, cells[i]);
    }
}

static bool are_empty(const Span *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_trim(cells[i]).len)
            return false;
    return true;
}

static void take_cells(ExportRecords *e, const ExportRow *row, const Span cells[5])
{
    ProfilerColumns columns = e->columns;
    ProfilerText text;
    buffer_clear(&e->composed);
    if (is_number(cells[0])) {
        columns = (ProfilerColumns){.known = true, .increment = true, .occurrences = cells[3].len || !cells[1].len};
        compose_row(&e->composed, cells);
    } else if (are_empty(cells + 1, 4)) {
        buffer_printf(&e->composed, "Filename: %.*s", SPAN_ARG(cells[0]));
    } else {
        compose_joined(&e->composed, cells);
    }
    if (!profiler_parse(buffer_span(&e->composed), columns, &text)) {
        damage_note(&e->damage, row->line, "columns that are no row of a report");
        return;
    }
    ExportEntry entry = entry_of(e, row, RECORD_PROFILER);
    entry.taken_apart = true;
    entry.message = buffer_span(&e->composed);
    text.logger = documented_logger; /* the query selects by it and cuts it off */
    add_piece(e, &entry, &text);
}

/* Requests. */

static bool is_success(Span text)
{
    return span_eq(text, SPAN("true")) || span_eq(text, SPAN("True")) || span_eq(text, SPAN("1"));
}

/* Milliseconds with any fraction, in nanoseconds. */
static int64_t duration_ns(Span text)
{
    Mib picoseconds; /* a nano-unit of a millisecond */
    unsigned decimals;
    ptrdiff_t point = span_find_byte(text, '.');
    Span digits = point < 0 ? text : span_to(text, (size_t)point + 1 + MIB_DECIMALS_MAX);
    if (!mib_parse(digits, &picoseconds, &decimals) || picoseconds < 0)
        return -1;
    return picoseconds / 1000;
}

/* What the request's row says of its invocation, in the words of the host's log. */
static void take_request(ExportRecords *e, const ExportRow *row, Span success)
{
    ExportEntry entry = entry_of(e, row, RECORD_EXECUTING);
    Span name = field_of(e, row, FIELD_NAME);
    Span function = entry.function.len || span_find_byte(name, '/') >= 0 ? entry.function : name;
    int64_t duration = duration_ns(field_of(e, row, FIELD_DURATION));
    bool good = is_success(success);
    if (!entry.invocation.len || !function.len)
        return;
    entry.request = true;
    buffer_clear(&e->composed);
    buffer_printf(&e->composed, "Executing '%.*s' (Reason='', Id=%.*s)", SPAN_ARG(function), SPAN_ARG(entry.invocation));
    entry.message = buffer_span(&e->composed);
    export_order_add(e->order, &entry);
    buffer_clear(&e->composed);
    buffer_printf(&e->composed, "Executed '%.*s' (%s, Id=%.*s", SPAN_ARG(function), good ? "Succeeded" : "Failed",
                  SPAN_ARG(entry.invocation));
    if (duration >= 0)
        buffer_printf(&e->composed, ", Duration=%lldms", (long long)(duration / 1000000));
    buffer_append_byte(&e->composed, ')');
    entry.kind = RECORD_EXECUTED;
    entry.message = buffer_span(&e->composed);
    entry.offset++;
    entry.end_ns = duration >= 0 ? duration : 0;
    export_order_add(e->order, &entry);
}

/* A row of the table of exceptions: all that says why an invocation failed where its Executed does not. */
static void take_exception(ExportRecords *e, const ExportRow *row, Span exception)
{
    ExportEntry entry = entry_of(e, row, RECORD_FAILURE);
    buffer_clear(&e->composed);
    append_failure(&e->composed, (Span){0}, exception);
    if (!entry.invocation.len || !e->composed.len)
        return;
    entry.message = span_from(buffer_span(&e->composed), 1);
    export_order_add(e->order, &entry);
}

void export_records_take(ExportRecords *e, const ExportRow *row)
{
    static const ExportField parts[] = {FIELD_LINE, FIELD_MEMORY, FIELD_INCREMENT, FIELD_OCCURRENCES, FIELD_CONTENTS};
    Span message = trim_line_ends(cut_message(without_none(row->text(row->ctx, FIELD_MESSAGE))));
    Span cells[5];
    if (message.len) {
        take_message(e, row, message);
        return;
    }
    for (size_t i = 0; i < 5; i++)
        cells[i] = without_none(row->text(row->ctx, parts[i]));
    Span success = without_none(row->text(row->ctx, FIELD_SUCCESS));
    Span exception = without_none(row->text(row->ctx, FIELD_ERROR));
    if (!are_empty(cells, 5))
        take_cells(e, row, cells);
    else if (success.len)
        take_request(e, row, success);
    else if (exception.len)
        take_exception(e, row, exception);
}

bool export_records_want(const ExportRecords *e, Span message)
{
    ProfilerText text;
    Record record = {.kind = RECORD_TEXT};
    message = trim_line_ends(without_none(message));
    return !message.len || profiler_parse(message, e->columns, &text) || host_parse(message, &record) ||
           span_starts(message, SPAN("memory_profiler_logs: "));
}

void export_records_free(ExportRecords *e)
{
    details_free(&e->dimensions);
    details_free(&e->context);
    buffer_free(&e->composed);
}
