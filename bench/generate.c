/*
 * Writes a log for the benchmark: seeded, of any size, and fast, so that a gigabyte takes seconds. The numbers are made up so that
 * they behave like one process whose memory all calls share.
 *
 * A workload is a row of data: what is logged, how many calls run at once, and the form that each record gets. How many rows, reports,
 * invocations and profiler records it wrote stands on standard error.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    OUT_BYTES = 1 << 20,
    RECORD_BYTES = 4096, /* no record takes more */
    ROWS_MAX = 1000,
    AT_ONCE_MAX = 64,
    TENTHS_AT_START = 450,
    TENTHS_AT_LEAST = 200,
    TENTHS_AT_MOST = 20000, /* beyond it a call finds all given back */
};

/* Output: text is put into a buffer with room for a record. */

typedef struct Out {
    char *data;
    size_t len, cap;
    uint64_t total; /* bytes that went through it before */
    bool kept;      /* all of it stays here, to be put into another order */
} Out;

static void write_all(const char *data, size_t len)
{
    while (len) {
        ssize_t n = write(STDOUT_FILENO, data, len);
        if (n < 0)
            exit(1);
        data += n;
        len -= (size_t)n;
    }
}

static void out_room(Out *o)
{
    if (o->cap - o->len >= RECORD_BYTES)
        return;
    if (o->kept || !o->cap) {
        o->cap = o->cap ? o->cap * 2 : OUT_BYTES;
        o->data = realloc(o->data, o->cap);
        if (!o->data)
            exit(1);
        return;
    }
    write_all(o->data, o->len);
    o->total += o->len;
    o->len = 0;
}

static uint64_t out_size(const Out *o)
{
    return o->total + o->len;
}

static void put(Out *o, const char *text, size_t len)
{
    memcpy(o->data + o->len, text, len);
    o->len += len;
}

static void put_text(Out *o, const char *text)
{
    put(o, text, strlen(text));
}

/* A number, right-aligned to `width`, with blanks or zeros. */
static void put_number(Out *o, uint64_t value, int width, char fill)
{
    char digits[24];
    int at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while ((value /= 10));
    for (int n = (int)sizeof digits - at; n < width; n++)
        o->data[o->len++] = fill;
    put(o, digits + at, sizeof digits - (size_t)at);
}

/* "   38.4 MiB" from tenths. */
static void put_mib(Out *o, int tenths)
{
    char text[24];
    Out number = {text, 0, sizeof text, 0, false};
    if (tenths < 0)
        text[number.len++] = '-';
    put_number(&number, (uint64_t)abs(tenths) / 10, 1, ' ');
    text[number.len++] = '.';
    text[number.len++] = (char)('0' + abs(tenths) % 10);
    for (size_t n = number.len; n < 8; n++)
        o->data[o->len++] = ' ';
    put(o, text, number.len);
    put_text(o, " MiB");
}

/* The app. */

static uint64_t random_state;

static uint32_t random_below(uint32_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(((random_state >> 32) * n) >> 32);
}

typedef struct Target {
    uint32_t function, first_line, rows, seed;
} Target;

typedef struct Call {
    uint64_t id[2];
    const Target *target;
    uint32_t next; /* record to be written, see step() */
    uint32_t row;
    int memory; /* after its row before, tenths of MiB: a report is of what happened before it is printed */
    bool open;
} Call;

/* What the options say. */
typedef struct App {
    uint64_t calls_begun, reports, rows_written, records; /* said on standard error at the end */
    bool dense;            /* complete reports, else those of the documented setup, with growing rows only */
    uint32_t texts;        /* other lines for each of the profiler's */
    uint32_t at_once;
    uint32_t functions, targets, rows;
    Target *all;
    Call calls[AT_ONCE_MAX];
    int memory;            /* of the process, tenths of MiB */
    uint64_t now;          /* ms */
    uint64_t stamped;      /* time of the record before */
    uint32_t ticks;        /* how many records had that time before */
    uint64_t serial;
} App;

static const char *const sources[] = {
    "rows = load(%u)",   "data.append(item * %u)",         "buffer = bytearray(%u)",  "result = [i for i in range(%u)]",
    "chunk = read(%u)",  "table = dict.fromkeys(range(%u))", "cache[key] = value_%u", "return response.content[:%u]",
};

static void put_source(Out *o, const Target *t, uint32_t row)
{
    uint32_t pick = (t->seed + row) * 2654435761u >> 20;
    if (row == 0) {
        put_text(o, "@memory_profiler.profile(stream=profiler_logstream)");
    } else if (row == 1) {
        o->len += (size_t)sprintf(o->data + o->len, "def work_%u(n: int):", t->seed);
    } else {
        const char *source = sources[pick % 8], *number = strstr(source, "%u");
        put(o, "            ", pick & 8 ? 8 : 4);
        put(o, source, (size_t)(number - source));
        put_number(o, t->first_line + row, 1, ' ');
        put_text(o, number + 2);
    }
}

/* The message of a row. */
static void put_row(Out *o, App *app, Call *call, uint32_t row, int increment)
{
    const Target *t = call->target;
    bool entry = row == 0, measured = row != 1 && (t->seed + row * 7) % 8 != 0;
    put_text(o, "memory_profiler_logs: ");
    put_number(o, t->first_line + row, 6, ' ');
    if (!measured && !entry) {
        put_text(o, "                                         ");
        put_source(o, t, row);
        return;
    }
    if (entry && app->memory > TENTHS_AT_MOST)
        app->memory = TENTHS_AT_START;
    app->memory += entry ? 0 : increment;
    call->memory = entry ? app->memory : call->memory + increment;
    put(o, " ", 1);
    put_mib(o, call->memory);
    put(o, " ", 1);
    put_mib(o, entry ? call->memory : increment);
    put_number(o, entry || row % 3 ? 1 : row * 17, 12, ' ');
    put_text(o, "   ");
    put_source(o, t, row);
}

static int step_of_memory(const App *app)
{
    static const int steps[] = {0, 0, 0, 0, 1, 2, 3, 8, 15, -5, -8, -16};
    int step = app->dense ? steps[random_below(12)] : (int)(1 + random_below(15));
    return app->memory + step < TENTHS_AT_LEAST ? 0 : step;
}

/* Records, in the form of a log. */

typedef enum Kind { KIND_USER, KIND_HOST_BEGIN, KIND_HOST_END, KIND_OTHER } Kind;

typedef struct Form {
    const char *head, *tail; /* of the log */
    const char *between;     /* records */
    void (*begin)(Out *o, App *app, const Call *call, Kind kind);
    void (*end)(Out *o, App *app, const Call *call, Kind kind, unsigned newlines);
} Form;

static void put_time(Out *o, uint64_t ms)
{
    put_text(o, "2026-03-");
    put_number(o, 1 + ms / 86400000 % 28, 2, '0');
    put(o, "T", 1);
    put_number(o, ms / 3600000 % 24, 2, '0');
    put(o, ":", 1);
    put_number(o, ms / 60000 % 60, 2, '0');
    put(o, ":", 1);
    put_number(o, ms / 1000 % 60, 2, '0');
    put(o, ".", 1);
    put_number(o, ms % 1000, 3, '0');
    put(o, "Z", 1);
}

static void put_hex(Out *o, uint64_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--)
        o->data[o->len++] = "0123456789abcdef"[value >> (4 * i) & 15];
}

static void put_id(Out *o, const Call *call)
{
    put_hex(o, call->id[0] >> 32, 8);
    put(o, "-", 1);
    put_hex(o, call->id[0] >> 16, 4);
    put(o, "-4", 2);
    put_hex(o, call->id[0], 3);
    put(o, "-a", 2);
    put_hex(o, call->id[1] >> 48, 3);
    put(o, "-", 1);
    put_hex(o, call->id[1], 12);
}

static void put_function(Out *o, const Call *call)
{
    put_text(o, "Function");
    put_number(o, call->target->function, 1, ' ');
}

static void line_begin(Out *o, App *app, const Call *call, Kind kind)
{
    (void)call;
    (void)kind;
    put(o, "[", 1);
    put_time(o, app->now);
    put(o, "] ", 2);
}

/* Each newline within a record makes a line of its own, without text. */
static void line_end(Out *o, App *app, const Call *call, Kind kind, unsigned newlines)
{
    for (put(o, "\n", 1); newlines; newlines--) {
        line_begin(o, app, call, kind);
        put(o, "\n", 1);
    }
}

/* customDimensions; `q` is what stands for a quote. */
static void put_dimensions(Out *o, const Call *call, Kind kind, const char *q)
{
    const char *const names[] = {"Information", "1", "FunctionStarted", "2", "FunctionCompleted"};
    o->len += (size_t)sprintf(o->data + o->len, "{%sInvocationId%s:%s", q, q, q);
    put_id(o, call);
    o->len += (size_t)sprintf(o->data + o->len, "%s,%sProcessId%s:%s57%s,%sHostInstanceId%s:%s6f1bd2c1-51a9-4f2b-9b43-0f5f3a6de4c7%s,%sCategory%s:%sFunction.", q, q, q, q, q, q, q, q, q, q, q, q);
    put_function(o, call);
    o->len += (size_t)sprintf(o->data + o->len, "%s%s,%sLogLevel%s:%s%s%s", kind == KIND_USER || kind == KIND_OTHER ? ".User" : "", q, q, q, q, names[0], q);
    if (kind == KIND_HOST_BEGIN || kind == KIND_HOST_END) {
        int at = kind == KIND_HOST_BEGIN ? 1 : 3;
        o->len += (size_t)sprintf(o->data + o->len, ",%sEventId%s:%s%s%s,%sEventName%s:%s%s%s", q, q, q, names[at], q, q, q, q, names[at + 1], q);
    }
    put(o, "}", 1);
}

#define ROLE "3f2c9d5f8c8b4d7c9d2a7be0a55f13d5c6f3b8a2e1d09f7766554433221100aa"
#define RESOURCE                                                                                                             \
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/demo/providers/microsoft.insights/components/demoapp"

static const char rest_head[] =
    "{\"tables\":[{\"name\":\"PrimaryResult\",\"columns\":[{\"name\":\"timestamp\",\"type\":\"datetime\"},{\"name\":\"message\",\"type\":\"string\"},"
    "{\"name\":\"severityLevel\",\"type\":\"int\"},{\"name\":\"itemType\",\"type\":\"string\"},{\"name\":\"customDimensions\",\"type\":\"dynamic\"},"
    "{\"name\":\"customMeasurements\",\"type\":\"dynamic\"},{\"name\":\"operation_Name\",\"type\":\"string\"},{\"name\":\"operation_Id\",\"type\":\"string\"},"
    "{\"name\":\"operation_ParentId\",\"type\":\"string\"},{\"name\":\"operation_SyntheticSource\",\"type\":\"string\"},{\"name\":\"session_Id\",\"type\":\"string\"},"
    "{\"name\":\"user_Id\",\"type\":\"string\"},{\"name\":\"user_AuthenticatedId\",\"type\":\"string\"},{\"name\":\"user_AccountId\",\"type\":\"string\"},"
    "{\"name\":\"application_Version\",\"type\":\"string\"},{\"name\":\"client_Type\",\"type\":\"string\"},{\"name\":\"client_Model\",\"type\":\"string\"},"
    "{\"name\":\"client_OS\",\"type\":\"string\"},{\"name\":\"client_IP\",\"type\":\"string\"},{\"name\":\"client_City\",\"type\":\"string\"},"
    "{\"name\":\"client_StateOrProvince\",\"type\":\"string\"},{\"name\":\"client_CountryOrRegion\",\"type\":\"string\"},{\"name\":\"client_Browser\",\"type\":\"string\"},"
    "{\"name\":\"cloud_RoleName\",\"type\":\"string\"},{\"name\":\"cloud_RoleInstance\",\"type\":\"string\"},{\"name\":\"appId\",\"type\":\"string\"},"
    "{\"name\":\"sdkVersion\",\"type\":\"string\"},{\"name\":\"itemId\",\"type\":\"string\"},{\"name\":\"itemCount\",\"type\":\"int\"},"
    "{\"name\":\"_ResourceId\",\"type\":\"string\"}],\"rows\":[";

static void put_stamp(Out *o, App *app)
{
    put_time(o, app->now);
    o->len--;
    app->ticks = app->now == app->stamped ? app->ticks + 1 : 0; /* seven digits tell records of one millisecond apart */
    app->stamped = app->now;
    app->serial++;
    put_number(o, app->ticks, 4, '0');
    put(o, "Z", 1);
}

static void rest_begin(Out *o, App *app, const Call *call, Kind kind)
{
    (void)call;
    (void)kind;
    put(o, "[\"", 2);
    put_stamp(o, app);
    put(o, "\",\"", 3);
}

static void rest_end(Out *o, App *app, const Call *call, Kind kind, unsigned newlines)
{
    for (; newlines; newlines--)
        put(o, "\\n", 2);
    put_text(o, "\",1,\"trace\",\"");
    put_dimensions(o, call, kind, "\\\"");
    put_text(o, "\",null,\"");
    put_function(o, call);
    put_text(o, "\",\"");
    put_hex(o, call->id[1], 16);
    put_hex(o, call->id[0], 16);
    put_text(o, "\",\"");
    put_hex(o, call->id[0], 16);
    put_text(o, "\",\"\",\"\",\"\",\"\",\"\",\"\",\"PC\",\"\",\"\",\"0.0.0.0\",\"\",\"\",\"\",\"\",\"demoapp\",\"" ROLE
                "\",\"0d5c3a0e-9b7b-4c0e-8f26-6a1b2c3d4e5f\",\"azurefunctions: 4.1037.0.23568\",\"");
    put_hex(o, app->serial * UINT64_C(0x9e3779b97f4a7c15), 16);
    put_text(o, "\",1,\"" RESOURCE "\"]");
}

static void ndjson_begin(Out *o, App *app, const Call *call, Kind kind)
{
    (void)call;
    (void)kind;
    put_text(o, "{\"TimeGenerated\":\"");
    put_stamp(o, app);
    put_text(o, "\",\"ItemCount\":1,\"Message\":\"");
}

static void ndjson_end(Out *o, App *app, const Call *call, Kind kind, unsigned newlines)
{
    (void)app;
    for (; newlines; newlines--)
        put(o, "\\n", 2);
    put_text(o, "\",\"SeverityLevel\":1,\"Properties\":");
    put_dimensions(o, call, kind, "\"");
    put_text(o, ",\"OperationName\":\"");
    put_function(o, call);
    put_text(o, "\",\"OperationId\":\"");
    put_hex(o, call->id[1], 16);
    put_hex(o, call->id[0], 16);
    put_text(o, "\",\"ParentId\":\"");
    put_hex(o, call->id[0], 16);
    put_text(o, "\",\"AppRoleName\":\"demoapp\",\"AppRoleInstance\":\"" ROLE
                "\",\"SDKVersion\":\"azurefunctions: 4.1037.0.23568\",\"Type\":\"AppTraces\",\"_ResourceId\":\"" RESOURCE "\"}\n");
}

static void csv_begin(Out *o, App *app, const Call *call, Kind kind)
{
    (void)call;
    (void)kind;
    put_stamp(o, app);
    put(o, ",\"", 2);
}

static void csv_end(Out *o, App *app, const Call *call, Kind kind, unsigned newlines)
{
    for (; newlines; newlines--)
        put(o, "\n", 1);
    put_text(o, "\",1,trace,\"");
    put_dimensions(o, call, kind, "\"\"");
    put_text(o, "\",");
    put_function(o, call);
    put(o, ",", 1);
    put_hex(o, call->id[1], 16);
    put_hex(o, call->id[0], 16);
    put_text(o, ",demoapp," ROLE ",");
    put_hex(o, app->serial * UINT64_C(0x9e3779b97f4a7c15), 16);
    put_text(o, ",1\r\n");
}

static const char text_head[] = "\nAzure Functions Core Tools\nCore Tools Version:       4.0.6594 Commit hash: N/A (64-bit)\n"
                                "Function Runtime Version: 4.1037.0.23568\n\n"
                                "[2026-03-01T00:00:00.000Z] Worker process started and initialized.\n";

static const Form text_form = {text_head, "", "", line_begin, line_end};
static const Form rest_form = {rest_head, "]}]}", ",", rest_begin, rest_end};
static const Form ndjson_form = {"", "", "", ndjson_begin, ndjson_end};
static const Form csv_form = {
    "timestamp,message,severityLevel,itemType,customDimensions,operation_Name,operation_Id,cloud_RoleName,cloud_RoleInstance,itemId,itemCount\r\n",
    "", "", csv_begin, csv_end};

/* What a call logs. */

static void begin_call(App *app, Call *call)
{
    uint64_t n = ++app->serial * UINT64_C(0x9e3779b97f4a7c15);
    call->id[0] = n ^ n >> 29;
    call->id[1] = (call->id[0] ^ random_state) * UINT64_C(0xd6e8feb86659fd93);
    call->target = &app->all[random_below(app->targets)];
    call->next = call->row = 0;
    call->open = true;
    app->calls_begun++;
}

static void put_other_text(Out *o, const Call *call)
{
    static const char *const texts[] = {
        "root: processed item %u of the batch in %u ms, queue length now %u, no retries needed",
        "azure.core.pipeline.policies.http_logging_policy: Response status: 200, request %u took %u ms and sent %u bytes",
        "Host.Function.Console: fetched page %u of %u from the upstream service; %u records were new",
        "Request successfully matched the route with name 'work%u' and template 'api/work/%u' in attempt %u",
        "root: cache hit for key user:%u:%u, age %u seconds, value served from the local store",
    };
    (void)call;
    o->len += (size_t)sprintf(o->data + o->len, texts[random_below(5)], random_below(100000), random_below(500), random_below(9000));
}

static void put_filename(Out *o, App *app, Call *call)
{
    app->reports++;
    put_text(o, "memory_profiler_logs: Filename: /home/dev/app/");
    put_function(o, call);
    put_text(o, "/__init__.py");
}

static void put_header(Out *o, App *app, Call *call)
{
    (void)app;
    (void)call;
    put_text(o, "memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents");
}

static void put_rule(Out *o, App *app, Call *call)
{
    (void)app;
    (void)call;
    put_text(o, "memory_profiler_logs: =============================================================");
}

static void put_next_row(Out *o, App *app, Call *call)
{
    app->rows_written++;
    put_row(o, app, call, call->row++, step_of_memory(app));
    if (!app->dense)
        call->row += call->row == 1 ? 1 + random_below(2) : random_below(3);
}

static void put_end(Out *o, App *app, Call *call)
{
    (void)app;
    (void)call;
    put_text(o, "memory_profiler_logs: ");
}

static void put_executing(Out *o, App *app, Call *call)
{
    (void)app;
    put_text(o, "Executing 'Functions.");
    put_function(o, call);
    put_text(o, "' (Reason='This function was programmatically called via the host APIs.', Id=");
    put_id(o, call);
    put(o, ")", 1);
}

static void put_executed(Out *o, App *app, Call *call)
{
    (void)app;
    put_text(o, "Executed 'Functions.");
    put_function(o, call);
    put_text(o, "' (Succeeded, Id=");
    put_id(o, call);
    put_text(o, ", Duration=");
    put_number(o, 5 + random_below(900), 1, ' ');
    put_text(o, "ms)");
    call->open = false;
}

/* The records of a call in their order; a row is repeated until all rows are written. */
static const struct CallStep {
    void (*put)(Out *o, App *app, Call *call);
    Kind kind;
    unsigned newlines;
    bool dense_only, repeats;
} call_steps[] = {
    {put_executing, KIND_HOST_BEGIN, 0, false, false}, {put_filename, KIND_USER, 2, false, false}, {put_header, KIND_USER, 1, false, false},
    {put_rule, KIND_USER, 1, true, false},             {put_next_row, KIND_USER, 1, false, true},  {put_end, KIND_USER, 2, true, false},
    {put_executed, KIND_HOST_END, 0, false, false},
};

enum { CALL_STEPS = sizeof call_steps / sizeof *call_steps };

/* Where records begin, when all of them are kept. */
typedef struct Marks {
    size_t *items, len, cap;
} Marks;

static void mark(Marks *m, size_t at)
{
    if (m->len == m->cap) {
        m->cap = m->cap ? m->cap * 2 : 1 << 16;
        m->items = realloc(m->items, m->cap * sizeof *m->items);
        if (!m->items)
            exit(1);
    }
    m->items[m->len++] = at;
}

static void put_record(Out *o, App *app, Call *call, const Form *form, const struct CallStep *step, Marks *marks)
{
    out_room(o);
    if (o->kept)
        mark(marks, o->len);
    else if (out_size(o) > strlen(form->head))
        put_text(o, form->between);
    if (step == call_steps)
        begin_call(app, call);
    form->begin(o, app, call, step ? step->kind : KIND_OTHER);
    if (step)
        step->put(o, app, call);
    else
        put_other_text(o, call);
    form->end(o, app, call, step ? step->kind : KIND_OTHER, step ? step->newlines : 0);
    app->now += random_below(3) == 0;
    app->records += step && step->kind == KIND_USER;
}

static void next_step(const App *app, Call *call)
{
    const struct CallStep *step = &call_steps[call->next];
    if (step->repeats && call->row < call->target->rows)
        return;
    call->next++;
    while (call->next < CALL_STEPS && call_steps[call->next].dense_only && !app->dense)
        call->next++;
}

/* Writes until the log has `size` bytes, and then what the calls that are open have still to say. */
static void run(App *app, const Form *form, Out *o, Marks *marks, uint64_t size)
{
    uint32_t open = 0;
    while (out_size(o) < size || open) {
        Call *call = &app->calls[random_below(app->at_once)];
        if (!call->open && out_size(o) >= size)
            continue;
        open += !call->open;
        if (!call->open)
            call->next = 0;
        put_record(o, app, call, form, &call_steps[call->next], marks);
        next_step(app, call);
        open -= !call->open;
        for (uint32_t i = 0; call->open && i < app->texts; i++)
            put_record(o, app, call, form, NULL, marks);
    }
}

static void write_shuffled(const Out *o, const Form *form, Marks *m)
{
    size_t *order = malloc(m->len * sizeof *order + 1);
    if (!order)
        exit(1);
    for (size_t i = 0; i < m->len; i++) {
        size_t j = random_below((uint32_t)i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    mark(m, o->len);
    for (size_t i = 0; i + 1 < m->len; i++) {
        if (i)
            fputs(form->between, stdout);
        fwrite(o->data + m->items[order[i]], 1, m->items[order[i] + 1] - m->items[order[i]], stdout);
    }
    fflush(stdout);
    free(order);
}

static void make_targets(App *app)
{
    app->all = calloc(app->targets, sizeof *app->all);
    if (!app->all)
        exit(1);
    for (uint32_t i = 0; i < app->targets; i++) {
        uint32_t rows = app->rows - app->rows / 2 + random_below(app->rows + 1);
        app->all[i] = (Target){i % app->functions, 10 + i / app->functions * (2 * app->rows + 4), rows < 3 ? 3 : rows, i};
    }
}

static const struct Workload {
    const char *name;
    const Form *form;
    bool dense;
    uint32_t texts, at_once;
    bool shuffled;
} workloads[] = {
    {"sparse", &text_form, false, 99, 1, false},  {"dense", &text_form, true, 0, 1, false},      {"interleaved", &text_form, true, 0, 8, false},
    {"json", &rest_form, true, 1, 4, false},      {"ndjson", &ndjson_form, true, 1, 4, false},   {"csv", &csv_form, true, 1, 4, false},
    {"shuffled", &rest_form, true, 1, 4, true},
};

enum { WORKLOADS = sizeof workloads / sizeof *workloads };

static const struct Workload *workload_named(const char *name)
{
    for (int i = 0; i < WORKLOADS; i++)
        if (strcmp(name, workloads[i].name) == 0)
            return &workloads[i];
    return NULL;
}

/* "100M": a number and K, M or G. */
static uint64_t size_of(const char *text)
{
    static const char units[] = "KMG";
    char *end;
    uint64_t size = strtoull(text, &end, 10);
    const char *unit = *end ? strchr(units, *end) : NULL;
    for (int i = 0; unit && i <= unit - units; i++)
        size *= 1000;
    return size;
}

static int usage(void)
{
    fputs("usage: generate [-n AT_ONCE] [-f FUNCTIONS] [-t TARGETS] [-r ROWS] [-s SEED] WORKLOAD SIZE\nWORKLOAD:", stderr);
    for (int i = 0; i < WORKLOADS; i++)
        fprintf(stderr, " %s", workloads[i].name);
    fputs("; SIZE: bytes, or a number with K, M or G\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    App app = {.functions = 50, .targets = 50, .rows = 36, .memory = TENTHS_AT_START};
    uint32_t at_once = 0;
    uint64_t seed = 1;
    for (int option; (option = getopt(argc, argv, "n:f:t:r:s:")) != -1;) {
        uint32_t value = optarg ? (uint32_t)strtoul(optarg, NULL, 10) : 0;
        uint32_t *const where = option == 'n' ? &at_once : option == 'f' ? &app.functions : option == 't' ? &app.targets : &app.rows;
        if (option == '?' || !value)
            return usage();
        if (option == 's')
            seed = value;
        else
            *where = value;
    }
    const struct Workload *w = argc - optind == 2 ? workload_named(argv[optind]) : NULL;
    if (!w || at_once > AT_ONCE_MAX || app.rows > ROWS_MAX)
        return usage();
    random_state = seed * UINT64_C(0x9e3779b97f4a7c15);
    app.dense = w->dense;
    app.texts = w->texts;
    app.at_once = at_once ? at_once : w->at_once;
    make_targets(&app);
    Out out = {.kept = w->shuffled};
    Marks marks = {0};
    out_room(&out);
    if (w->shuffled)
        fputs(w->form->head, stdout);
    else
        put_text(&out, w->form->head);
    run(&app, w->form, &out, &marks, size_of(argv[optind + 1]));
    if (w->shuffled)
        write_shuffled(&out, w->form, &marks);
    else
        write_all(out.data, out.len);
    write_all(w->form->tail, strlen(w->form->tail));
    fprintf(stderr, "rows=%" PRIu64 " reports=%" PRIu64 " invocations=%" PRIu64 " records=%" PRIu64 "\n", app.rows_written, app.reports,
            app.calls_begun, app.records);
    free(out.data);
    free(marks.items);
    free(app.all);
    return 0;
}
