#include "parsers/json_cutter.h"

#include "parsers/scan.h"

enum {
    WINDOW_BYTES = 1 << 20,
    KEY_BYTES_MAX = 64,
    CHECKED_DEPTH = 64, /* deeper brackets are only counted */
};

typedef enum State {
    STATE_BETWEEN, /* between records */
    STATE_STRING,  /* in a string there */
    STATE_CUTTING, /* in a record */
    STATE_LINE,    /* looking for the next line */
    STATE_RESYNC,  /* looking for a place where a record begins */
} State;

typedef enum Class {
    CLASS_SCALAR, /* of numbers and words, and bytes that have no business outside of strings */
    CLASS_SPACE,
    CLASS_NEWLINE,
    CLASS_QUOTE,
    CLASS_OPEN,
    CLASS_CLOSE,
    CLASS_COMMA,
    CLASS_COLON,
} Class;

static const uint8_t classes[256] = {
    [' '] = CLASS_SPACE, ['\t'] = CLASS_SPACE, ['\r'] = CLASS_SPACE, ['\n'] = CLASS_NEWLINE,
    ['"'] = CLASS_QUOTE, ['{'] = CLASS_OPEN,   ['['] = CLASS_OPEN,   ['}'] = CLASS_CLOSE,
    [']'] = CLASS_CLOSE, [','] = CLASS_COMMA,  [':'] = CLASS_COLON,
};

static Class class_of(char c)
{
    return (Class)classes[(unsigned char)c];
}

typedef enum Before { BEFORE_OPEN, BEFORE_COMMA, BEFORE_KEY, BEFORE_COLON, BEFORE_VALUE } Before;

enum {
    VALUE_CLASSES = 1 << CLASS_SCALAR | 1 << CLASS_QUOTE | 1 << CLASS_OPEN,
    BEHIND_CLASSES = 1 << CLASS_COMMA | 1 << CLASS_CLOSE,
};

/* Which classes may follow, in an array and in an object. A comma before a closing bracket is no JSON, and does no harm. */
static const uint8_t legal[2][5] = {
    {
        [BEFORE_OPEN] = VALUE_CLASSES | 1 << CLASS_CLOSE,
        [BEFORE_COMMA] = VALUE_CLASSES | 1 << CLASS_CLOSE,
        [BEFORE_VALUE] = BEHIND_CLASSES,
    },
    {
        [BEFORE_OPEN] = 1 << CLASS_QUOTE | 1 << CLASS_CLOSE,
        [BEFORE_COMMA] = 1 << CLASS_QUOTE | 1 << CLASS_CLOSE,
        [BEFORE_KEY] = 1 << CLASS_COLON,
        [BEFORE_COLON] = VALUE_CLASSES,
        [BEFORE_VALUE] = BEHIND_CLASSES,
    },
};

/* Members of objects that hold records, and how what they hold is to be read. */
static const struct Container {
    Span name;
    JsonRole role; /* JSON_OBJECT: it is cut as a whole, as JSON_PART_COLUMNS */
} containers[] = {
    {{"tables", 6}, JSON_TABLES},
    {{"records", 7}, JSON_LIST},
    {{"rows", 4}, JSON_ROWS},
    {{"columns", 7}, JSON_OBJECT},
};

static bool same_name(Span a, Span lower)
{
    if (a.len != lower.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if ((a.ptr[i] >= 'A' && a.ptr[i] <= 'Z' ? a.ptr[i] + ('a' - 'A') : a.ptr[i]) != lower.ptr[i])
            return false;
    return true;
}

static const struct Container *container_named(Span name)
{
    for (size_t i = 0; i < sizeof containers / sizeof *containers; i++)
        if (same_name(name, containers[i].name))
            return &containers[i];
    return NULL;
}

/* Where things stand. */

static const char *byte_at(const JsonCutter *c, size_t at)
{
    return c->window.data + at;
}

/* The line of a place that is not before the last one asked for. */
static uint64_t line_at(JsonCutter *c, size_t at)
{
    if (at > c->counted_to) {
        c->counted += scan_count(byte_at(c, c->counted_to), byte_at(c, at), '\n');
        c->counted_to = at;
    }
    return c->base_lines + c->counted + 1;
}

/* Of what is being cut, up to `at`. */
static uint64_t size_so_far(const JsonCutter *c, size_t at)
{
    return c->size + (at - c->begin);
}

/* Forgets the bytes that are not needed any more: those of a record that is too long, or not wanted, as well. */
static void discard(JsonCutter *c)
{
    size_t keep = c->at;
    if (c->state == STATE_CUTTING && c->wanted && size_so_far(c, c->at) <= JSON_RECORD_BYTES_MAX)
        keep = c->begin;
    if (!keep)
        return;
    if (c->state == STATE_CUTTING) {
        c->size += keep - c->begin;
        c->begin = 0;
    }
    line_at(c, keep);
    c->base_lines += c->counted;
    c->counted = c->counted_to = 0;
    c->base += keep;
    c->at -= keep;
    c->window.len -= keep;
    memmove(c->window.data, c->window.data + keep, c->window.len);
}

/* Handing over, and what is wrong. */

static JsonRole role(const JsonCutter *c)
{
    return c->level ? c->levels[c->level - 1] : JSON_ROOT;
}

static void announce(JsonCutter *c, JsonPart part)
{
    c->sink.cut(c->sink.ctx, &(JsonCut){.part = part});
}

static void push_level(JsonCutter *c, JsonRole new_role)
{
    c->levels[c->level++] = new_role;
    c->expects_value = false;
}

static void lose(JsonCutter *c, uint64_t line, const char *what)
{
    if (!c->lost)
        damage_note(&c->damage, line, what);
    c->lost = true;
}

static void recover(JsonCutter *c)
{
    c->in_string = c->escaped = false;
    c->resync[0] = c->resync[1] = '\0';
    c->state = role(c) == JSON_ROOT ? STATE_LINE : STATE_RESYNC;
}

/* What is being cut is no JSON at `at`. */
static void break_cut(JsonCutter *c, size_t at, const char *what)
{
    c->lost = false;
    lose(c, c->line, what);
    c->at = at;
    recover(c);
}

static void begin_cut(JsonCutter *c, JsonPart part, bool wanted)
{
    c->state = STATE_CUTTING;
    c->begin = c->at;
    c->offset = c->base + c->at;
    c->line = line_at(c, c->at);
    c->size = 0;
    c->part = part;
    c->wanted = wanted;
    c->in_string = c->escaped = c->in_scalar = false;
    c->before = BEFORE_OPEN;
    c->depth = 1;
    c->objects = *byte_at(c, c->at) == '{';
    c->marks.len = 0;
    c->at++;
}

static void end_cut(JsonCutter *c)
{
    uint64_t size = size_so_far(c, c->at);
    c->state = STATE_BETWEEN;
    if (!c->wanted)
        return;
    c->lost = false;
    if (size > JSON_RECORD_BYTES_MAX) {
        lose(c, c->line, "record longer than 16 MiB");
        return;
    }
    JsonCut cut = {.part = c->part,
                   .text = {byte_at(c, c->begin), (size_t)size},
                   .marks = c->marks.items,
                   .mark_count = c->marks.len,
                   .offset = c->offset,
                   .line = c->line};
    if (role(c) == JSON_ROOT) {
        c->saw_record = true;
        c->line_records |= !memchr(cut.text.ptr, '\n', cut.text.len);
    }
    c->sink.cut(c->sink.ctx, &cut);
}

/* In a record. */

/* Goes on in a string; NULL when it broke off, `end` when it has not ended. */
static const char *skip_string(JsonCutter *c, const char *p, const char *end)
{
    if (c->escaped && p < end) {
        p += *p != '\n';
        c->escaped = false;
    }
    for (;;) {
        p = scan_json_string(p, end);
        if (p == end)
            return end;
        if (*p == '"') {
            c->in_string = false;
            return p + 1;
        }
        if (*p == '\n') {
            break_cut(c, (size_t)(p - c->window.data), "a string that does not end in its line");
            return NULL;
        }
        if (end - p < 2) {
            c->escaped = true;
            return end;
        }
        p += p[1] == '\n' ? 1 : 2;
    }
}

static bool in_object(const JsonCutter *c)
{
    return c->objects & 1;
}

static bool is_checked(const JsonCutter *c)
{
    return c->depth <= CHECKED_DEPTH;
}

/* The name of the member whose colon is the mark `index`. */
static Span member_name(const JsonCutter *c, size_t index)
{
    const char *record = byte_at(c, c->begin);
    size_t from = index ? c->marks.items[index - 1] + 1 : 1, to = c->marks.items[index];
    Span name = {record + from, to - from};
    while (name.len && name.ptr[0] != '"')
        name = span_from(name, 1);
    while (name.len && name.ptr[name.len - 1] != '"')
        name.len--;
    return name.len >= 2 ? (Span){name.ptr + 1, name.len - 2} : (Span){0};
}

/* An error may stand in front of what holds the records. */
static void look_for_error(JsonCutter *c)
{
    for (size_t i = 0; i + 1 < c->marks.len; i += 2) {
        const char *value = byte_at(c, c->begin + c->marks.items[i] + 1);
        while (class_of(*value) == CLASS_SPACE || class_of(*value) == CLASS_NEWLINE)
            value++;
        if (same_name(member_name(c, i), SPAN("error")) && *value != 'n')
            damage_note(&c->damage, c->line, "the query reported an error");
    }
}

/* Whether the array at `at` is one that holds records; then the object that was being cut is no record but holds them. */
static bool turn_into_container(JsonCutter *c, size_t at)
{
    if (c->depth != 1 || c->part != JSON_PART_RECORD || !c->wanted || !(c->marks.len & 1) || role(c) == JSON_ROWS ||
        c->level + 2 > JSON_LEVELS_MAX || size_so_far(c, at) > JSON_RECORD_BYTES_MAX)
        return false;
    Span name = member_name(c, c->marks.len - 1);
    if (!container_named(name))
        return false;
    look_for_error(c);
    buffer_clear(&c->key);
    buffer_append_span(&c->key, name);
    push_level(c, JSON_OBJECT);
    announce(c, JSON_PART_TABLE);
    c->expects_value = true;
    c->state = STATE_BETWEEN;
    c->at = at;
    return true;
}

static void push_bracket(JsonCutter *c, char bracket)
{
    if (++c->depth <= CHECKED_DEPTH)
        c->objects = c->objects << 1 | (bracket == '{');
}

static bool pop_bracket(JsonCutter *c, char bracket)
{
    bool fits = !is_checked(c) || in_object(c) == (bracket == '}');
    if (c->depth-- <= CHECKED_DEPTH)
        c->objects >>= 1;
    return fits;
}

static void mark(JsonCutter *c, size_t at)
{
    if (c->depth == 1 && c->wanted && size_so_far(c, at) <= JSON_RECORD_BYTES_MAX)
        vec_push(&c->marks, (uint32_t)(at - c->begin));
}

static bool ends_line_record(const JsonCutter *c)
{
    return c->line_records && role(c) == JSON_ROOT;
}

static const char *skip_scalar(JsonCutter *c, const char *p, const char *end)
{
    while (p < end && class_of(*p) == CLASS_SCALAR)
        p++;
    c->in_scalar = p == end;
    return p;
}

/* Takes a token of class `class` at `p`. Returns what is behind it; NULL when the record ended or broke off there. */
static const char *take_token(JsonCutter *c, Class class, const char *p, const char *end)
{
    size_t at = (size_t)(p - c->window.data);
    switch (class) {
    case CLASS_QUOTE:
        c->before = is_checked(c) && in_object(c) && c->before != BEFORE_COLON ? BEFORE_KEY : BEFORE_VALUE;
        c->in_string = true;
        return skip_string(c, p + 1, end);
    case CLASS_OPEN:
        if (*p == '[' && turn_into_container(c, at))
            return NULL;
        push_bracket(c, *p);
        c->before = BEFORE_OPEN;
        break;
    case CLASS_CLOSE:
        if (!pop_bracket(c, *p)) {
            break_cut(c, at, "brackets that do not match");
            return NULL;
        }
        c->before = BEFORE_VALUE;
        if (!c->depth) {
            c->at = at + 1;
            return NULL;
        }
        break;
    case CLASS_COMMA:
    case CLASS_COLON:
        mark(c, at);
        c->before = class == CLASS_COMMA ? BEFORE_COMMA : BEFORE_COLON;
        break;
    default:
        c->before = BEFORE_VALUE;
        return skip_scalar(c, p, end);
    }
    return p + 1;
}

static void step_cutting(JsonCutter *c)
{
    const char *p = byte_at(c, c->at), *end = c->window.data + c->window.len;
    if (c->in_string && !(p = skip_string(c, p, end)))
        return;
    if (c->in_scalar)
        p = skip_scalar(c, p, end);
    while (p < end) {
        Class class = class_of(*p);
        if (class == CLASS_SPACE || (class == CLASS_NEWLINE && !ends_line_record(c))) {
            p++;
            continue;
        }
        if (is_checked(c) && !(legal[in_object(c)][c->before] >> class & 1)) {
            break_cut(c, (size_t)(p - c->window.data),
                      class == CLASS_NEWLINE ? "a record that does not end" : "text that is no JSON");
            return;
        }
        p = take_token(c, class, p, end);
        if (!p)
            break;
    }
    if (p)
        c->at = (size_t)(p - c->window.data);
    else if (c->state == STATE_CUTTING && !c->depth)
        end_cut(c);
}

/* Between records. */

static void complain_between(JsonCutter *c)
{
    lose(c, line_at(c, c->at), "text between records");
    if (role(c) == JSON_ROOT)
        c->state = STATE_LINE;
    else
        c->at++;
}

/* A value of the member `key` begins: of an error, too, only the first byte counts. */
static void note_error(JsonCutter *c)
{
    if (same_name(buffer_span(&c->key), SPAN("error")) && *byte_at(c, c->at) != 'n')
        damage_note(&c->damage, line_at(c, c->at), "the query reported an error");
}

static void open_member(JsonCutter *c)
{
    const struct Container *container = container_named(buffer_span(&c->key));
    bool list = *byte_at(c, c->at) == '[';
    note_error(c);
    if (!container || !list) {
        begin_cut(c, JSON_PART_RECORD, false);
    } else if (container->role == JSON_OBJECT) {
        begin_cut(c, JSON_PART_COLUMNS, true);
    } else {
        push_level(c, container->role);
        c->at++;
    }
}

static void open_value(JsonCutter *c)
{
    bool object = *byte_at(c, c->at) == '{';
    switch (role(c)) {
    case JSON_ROOT:
        if (object) {
            begin_cut(c, JSON_PART_RECORD, true);
        } else {
            push_level(c, JSON_LIST);
            announce(c, JSON_PART_LIST);
            c->at++;
        }
        break;
    case JSON_TABLES:
        if (!object)
            lose(c, line_at(c, c->at), "a table that is no object");
        begin_cut(c, JSON_PART_RECORD, object);
        break;
    case JSON_LIST:
    case JSON_ROWS:
        begin_cut(c, object ? JSON_PART_RECORD : JSON_PART_ROW, true);
        break;
    case JSON_OBJECT:
        if (c->expects_value)
            open_member(c);
        else
            complain_between(c);
        break;
    }
}

static void close_level(JsonCutter *c)
{
    bool object = *byte_at(c, c->at) == '}';
    if (!c->level || object != (role(c) == JSON_OBJECT)) {
        complain_between(c);
        return;
    }
    c->level--;
    c->at++;
}

static void take_scalar(JsonCutter *c)
{
    static const char bom[] = "\xef\xbb\xbf";
    uint64_t offset = c->base + c->at;
    char byte = *byte_at(c, c->at);
    if (offset < 3 && byte == bom[offset]) {
        c->at++;
    } else if (role(c) == JSON_OBJECT && c->expects_value) {
        note_error(c);
        buffer_clear(&c->key);
        c->at++;
    } else {
        complain_between(c);
    }
}

static void begin_string(JsonCutter *c)
{
    if (role(c) != JSON_OBJECT) {
        lose(c, line_at(c, c->at), "text between records");
        if (role(c) == JSON_ROOT) {
            c->state = STATE_LINE;
            return;
        }
    }
    if (c->expects_value)
        note_error(c);
    else
        buffer_clear(&c->key);
    c->state = STATE_STRING;
    c->escaped = false;
    c->at++;
}

static void step_between(JsonCutter *c)
{
    /* behind something broken a record begins a line, so that a part of the broken one is not taken for one */
    bool inside_line = c->lost && !c->level && c->base + c->at > 0 && !c->line_begins;
    Class class = class_of(*byte_at(c, c->at));
    c->line_begins = class == CLASS_NEWLINE;
    switch (class) {
    case CLASS_QUOTE:
        begin_string(c);
        break;
    case CLASS_OPEN:
        if (inside_line)
            complain_between(c);
        else
            open_value(c);
        break;
    case CLASS_CLOSE:
        close_level(c);
        break;
    case CLASS_SCALAR:
        take_scalar(c);
        break;
    case CLASS_COMMA:
    case CLASS_COLON:
        c->expects_value = class == CLASS_COLON;
        c->at++;
        break;
    default:
        c->at++;
        break;
    }
}

static void step_string(JsonCutter *c)
{
    char byte = *byte_at(c, c->at++);
    if (!c->escaped && byte == '"') {
        c->state = STATE_BETWEEN;
        return;
    }
    if (!c->expects_value && c->key.len < KEY_BYTES_MAX)
        buffer_append_byte(&c->key, byte);
    c->escaped = !c->escaped && byte == '\\';
}

static void step_line(JsonCutter *c)
{
    const char *p = byte_at(c, c->at), *newline = memchr(p, '\n', c->window.len - c->at);
    c->at = newline ? (size_t)(newline - c->window.data) : c->window.len;
    if (newline)
        c->state = STATE_BETWEEN; /* which sees the line end */
}

/* Looks for a closing bracket, a comma and an opening bracket of the same sort. */
static void step_resync(JsonCutter *c)
{
    char byte = *byte_at(c, c->at);
    Class class = class_of(byte);
    if (class == CLASS_CLOSE) {
        c->resync[0] = byte;
        c->resync[1] = '\0';
    } else if (class == CLASS_COMMA && c->resync[0] && !c->resync[1]) {
        c->resync[1] = byte;
    } else if (class == CLASS_OPEN && c->resync[1] && c->resync[0] == (byte == '{' ? '}' : ']')) {
        c->state = STATE_BETWEEN;
        return;
    } else if (class != CLASS_SPACE && class != CLASS_NEWLINE) {
        c->resync[0] = c->resync[1] = '\0';
    }
    c->at++;
}

/* The door. */

void json_cutter_feed(JsonCutter *c, const char *bytes, size_t len)
{
    static void (*const steps[])(JsonCutter *) = {
        [STATE_BETWEEN] = step_between, [STATE_STRING] = step_string, [STATE_CUTTING] = step_cutting,
        [STATE_LINE] = step_line,       [STATE_RESYNC] = step_resync,
    };
    while (len) {
        size_t n = len < WINDOW_BYTES ? len : WINDOW_BYTES;
        buffer_append(&c->window, bytes, n);
        while (c->at < c->window.len)
            steps[c->state](c);
        discard(c);
        bytes += n;
        len -= n;
    }
}

bool json_cutter_is_complete(const JsonCutter *c)
{
    return !c->level && (c->state == STATE_BETWEEN || c->state == STATE_LINE);
}

void json_cutter_finish(JsonCutter *c)
{
    if (!json_cutter_is_complete(c) && c->state != STATE_RESYNC) {
        c->lost = false;
        lose(c, c->state == STATE_CUTTING ? c->line : line_at(c, c->at), "the document ends before it is complete");
    }
    c->at = c->window.len;
    c->state = STATE_BETWEEN;
    c->level = 0;
    c->expects_value = c->lost = c->line_records = false;
    discard(c);
}

uint64_t json_cutter_bytes(const JsonCutter *c)
{
    return c->base + c->window.len;
}

uint64_t json_cutter_lines(const JsonCutter *c)
{
    uint64_t lines = c->base_lines + c->counted;
    return c->window.len ? lines + scan_count(byte_at(c, c->counted_to), byte_at(c, c->window.len), '\n') : lines;
}

void json_cutter_free(JsonCutter *c)
{
    buffer_free(&c->window);
    buffer_free(&c->key);
    vec_free(&c->marks);
}
