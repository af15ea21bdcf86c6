#include "parsers/json_cutter.h"

#include "parsers/pieces.h"
#include "parsers/scan.h"

enum {
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

/* A place in a record, from which follows what may stand there. */
typedef enum Place {
    PLACE_BEHIND = 1, /* behind a value or a name: what separates has its turn */
    PLACE_COLON = 2,  /* the latest mark was a colon */
    PLACE_OBJECT = 4,
    PLACE_DEEP = 8, /* so deep that nothing is checked but quotes and brackets */
    BEFORE_ITEM = 0,
    BEHIND_ITEM = PLACE_BEHIND,
    BEFORE_NAME = PLACE_OBJECT,
    BEFORE_VALUE = PLACE_OBJECT | PLACE_COLON,
    BEHIND_VALUE = PLACE_OBJECT | PLACE_COLON | PLACE_BEHIND,
} Place;

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
    return c->view.ptr + at;
}

/* Of what is being cut, up to `at`. */
static uint64_t size_so_far(const JsonCutter *c, size_t at)
{
    return c->size + (at - c->begin);
}

/*
 * Moves the view behind the bytes that are not needed any more, among them those of a record that is too long or not wanted.
 * Returns how many bytes are left.
 */
static size_t discard(JsonCutter *c)
{
    size_t keep = c->at;
    if (c->state == STATE_CUTTING) {
        if (c->wanted && size_so_far(c, c->at) <= JSON_RECORD_BYTES_MAX)
            keep = c->begin;
        c->size += keep - c->begin;
        c->begin = 0;
    }
    c->base += keep;
    c->at -= keep;
    c->view = span_from(c->view, keep);
    return c->view.len;
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
    c->escaped = false;
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
    c->line = c->lines + 1;
    c->size = 0;
    c->part = part;
    c->wanted = wanted;
    c->carry = (JsonCarry){0};
    c->depth = 1;
    c->objects = *byte_at(c, c->at) == '{';
    c->place = c->objects ? BEFORE_NAME : BEFORE_ITEM;
    c->marks.len = 0;
    c->layouts.wanted = false;
    c->layout = 0;
    c->at++;
}

static void end_cut(JsonCutter *c)
{
    uint64_t size = size_so_far(c, c->at);
    c->state = STATE_BETWEEN;
    if (!c->wanted)
        return;
    c->lost = false;
    if (c->layouts.wanted && c->lines + 1 == c->line)
        json_layouts_keep(&c->layouts, span_from(c->view, c->begin), (size_t)size);
    if (size > JSON_RECORD_BYTES_MAX) {
        lose(c, c->line, "record longer than 16 MiB");
        return;
    }
    JsonCut cut = {.part = c->part,
                   .text = {byte_at(c, c->begin), (size_t)size},
                   .marks = c->marks.items,
                   .mark_count = c->marks.len,
                   .offset = c->offset,
                   .line = c->line,
                   .layout = c->layout};
    if (role(c) == JSON_ROOT) {
        c->saw_record = true;
        c->line_records |= c->lines + 1 == c->line;
    }
    c->sink.cut(c->sink.ctx, &cut);
}

/* Begins a record of a list, or one that stands alone. Where it is like an earlier one it is cut in one go. */
static void begin_record(JsonCutter *c, JsonPart part)
{
    begin_cut(c, part, true);
    unsigned context = (unsigned)(c->level * (JSON_OBJECT + 1)) + role(c);
    size_t size = json_layouts_follow(&c->layouts, context, span_from(c->view, c->begin), &c->marks);
    if (!size)
        return;
    c->layout = c->layouts.kept[c->layouts.latest].id;
    c->at = c->begin + size;
    end_cut(c);
}

/* In a record. */

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

static void push_bracket(JsonCutter *c, bool object)
{
    c->place = object ? BEFORE_NAME : BEFORE_ITEM;
    if (++c->depth <= CHECKED_DEPTH)
        c->objects = c->objects << 1 | object;
    else
        c->place = PLACE_DEEP;
}

/* False when it was opened by the other sort. */
static bool pop_bracket(JsonCutter *c, bool object)
{
    bool fits = !is_checked(c) || in_object(c) == object;
    if (c->depth-- <= CHECKED_DEPTH)
        c->objects >>= 1;
    if (is_checked(c))
        c->place = in_object(c) ? BEHIND_VALUE : BEHIND_ITEM;
    return fits;
}

/* Whether a value may begin, or what is open may end. A comma before a closing bracket is no JSON, and does no harm. */
static bool allows_bracket(const JsonCutter *c, bool open)
{
    bool object = c->place & PLACE_OBJECT, colon = c->place & PLACE_COLON, later = c->place & PLACE_BEHIND;
    if (c->place == PLACE_DEEP)
        return true;
    return open ? !later && (colon || !object) : !object || colon == later;
}

/* Takes a bracket at `at`; false when the record ended or broke off there. */
static bool take_bracket(JsonCutter *c, size_t at)
{
    char byte = *byte_at(c, at);
    bool open = class_of(byte) == CLASS_OPEN;
    if (!allows_bracket(c, open)) {
        break_cut(c, at, "text that is no JSON");
        return false;
    }
    if (open) {
        if (byte == '[' && turn_into_container(c, at))
            return false;
        push_bracket(c, byte == '{');
        return true;
    }
    if (!pop_bracket(c, byte == '}')) {
        break_cut(c, at, "brackets that do not match");
        return false;
    }
    if (!c->depth)
        c->at = at + 1;
    return c->depth > 0;
}

/* Line ends are white space, but for those in strings and in records that are lines. */
static bool take_line_end(JsonCutter *c, size_t at, bool in_string)
{
    if (!in_string && !(c->line_records && role(c) == JSON_ROOT)) {
        c->lines++;
        return true;
    }
    break_cut(c, at, in_string ? "a string that does not end in its line" : "a record that does not end");
    return false;
}

static void add_marks(JsonCutter *c, uint64_t marks, size_t at)
{
    if (c->depth != 1 || !c->wanted || size_so_far(c, at) > JSON_RECORD_BYTES_MAX)
        return;
    uint32_t offset = (uint32_t)(at - c->begin);
    vec_reserve(&c->marks, JSON_BLOCK_BYTES);
    for (; marks; marks &= marks - 1)
        c->marks.items[c->marks.len++] = offset + (uint32_t)__builtin_ctzll(marks);
}

/*
 * Takes what stands between two brackets or line ends: the bits `run` of a block at `at`. All of it is checked at once: values and
 * what separates them take turns, and so do colons and commas in an object, where names are strings. False when it broke off.
 */
static bool take_run(JsonCutter *c, const JsonBlock *b, uint64_t run, size_t at)
{
    uint64_t commas = b->commas & run, colons = b->colons & run, scalars = b->scalars & run, values = (b->strings & run) | scalars;
    uint64_t marks = commas | colons;
    if (!(marks | values) || c->place == PLACE_DEEP)
        return true;
    uint64_t turn = json_parity(marks | values) ^ json_spread(c->place & PLACE_BEHIND); /* where it is set, a value has its turn */
    uint64_t colon = json_parity(marks) ^ json_spread(c->place & PLACE_COLON); /* ... a colon has, or was the latest mark */
    uint64_t wrong = (values & ~turn) | (marks & turn);
    if (c->place & PLACE_OBJECT)
        wrong |= (commas & colon) | ((colons | scalars) & ~colon);
    else
        wrong |= colons;
    if (wrong) {
        break_cut(c, at + (size_t)__builtin_ctzll(wrong), "text that is no JSON");
        return false;
    }
    add_marks(c, marks, at);
    c->place = (c->place & PLACE_OBJECT) | (turn >> 63 ? PLACE_BEHIND : 0);
    if (c->place & PLACE_OBJECT && colon >> 63)
        c->place |= PLACE_COLON;
    return true;
}

/* Takes a bracket, a line end, or a byte that has no business there; false when the record ended or broke off. */
static bool take_stop(JsonCutter *c, bool bad, size_t at)
{
    switch (class_of(*byte_at(c, at))) {
    case CLASS_OPEN:
    case CLASS_CLOSE:
        return take_bracket(c, at);
    case CLASS_NEWLINE:
        return take_line_end(c, at, bad);
    default:
        break_cut(c, at, "text that is no JSON");
        return false;
    }
}

/* Takes the tokens of a block at `at`; false when the record ended or broke off there. */
static bool take_block(JsonCutter *c, const JsonBlock *b, size_t at)
{
    uint64_t left = UINT64_MAX;
    for (uint64_t stops = b->brackets | b->line_ends | b->bad; stops; stops &= stops - 1) {
        uint64_t before = (stops & -stops) - 1;
        size_t bit = (size_t)__builtin_ctzll(stops);
        if (!take_run(c, b, left & before, at) || !take_stop(c, b->bad >> bit & 1, at + bit))
            return false;
        left = ~before;
    }
    return take_run(c, b, left, at);
}

static void step_cutting(JsonCutter *c)
{
    while (c->at < c->view.len) {
        size_t left = c->view.len - c->at, len = left < JSON_BLOCK_BYTES ? left : JSON_BLOCK_BYTES;
        JsonBlock block;
        if (json_scan(&c->carry, byte_at(c, c->at), len, &block) && !take_block(c, &block, c->at))
            break;
        c->at += len;
    }
    if (c->state == STATE_CUTTING && !c->depth)
        end_cut(c);
}

/* Between records. */

static void complain_between(JsonCutter *c)
{
    lose(c, c->lines + 1, "text between records");
    if (role(c) == JSON_ROOT)
        c->state = STATE_LINE;
    else
        c->at++;
}

/* A value of the member `key` begins: of an error, too, only the first byte counts. */
static void note_error(JsonCutter *c)
{
    if (same_name(buffer_span(&c->key), SPAN("error")) && *byte_at(c, c->at) != 'n')
        damage_note(&c->damage, c->lines + 1, "the query reported an error");
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
            begin_record(c, JSON_PART_RECORD);
        } else {
            push_level(c, JSON_LIST);
            announce(c, JSON_PART_LIST);
            c->at++;
        }
        break;
    case JSON_TABLES:
        if (!object)
            lose(c, c->lines + 1, "a table that is no object");
        begin_cut(c, JSON_PART_RECORD, object);
        break;
    case JSON_LIST:
    case JSON_ROWS:
        begin_record(c, object ? JSON_PART_RECORD : JSON_PART_ROW);
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
        lose(c, c->lines + 1, "text between records");
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
    c->lines += c->line_begins;
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
    c->lines += byte == '\n';
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
    const char *p = byte_at(c, c->at), *newline = memchr(p, '\n', c->view.len - c->at);
    c->at = newline ? (size_t)(newline - c->view.ptr) : c->view.len;
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
    c->lines += class == CLASS_NEWLINE;
    c->at++;
}

/* The door. */

/* Looks at all that is in view; returns how many of its last bytes are still needed. */
static size_t look_through(void *ctx, Span view)
{
    static void (*const steps[])(JsonCutter *) = {
        [STATE_BETWEEN] = step_between, [STATE_STRING] = step_string, [STATE_CUTTING] = step_cutting,
        [STATE_LINE] = step_line,       [STATE_RESYNC] = step_resync,
    };
    JsonCutter *c = ctx;
    c->view = view;
    while (c->at < c->view.len)
        steps[c->state](c);
    return discard(c);
}

void json_cutter_feed(JsonCutter *c, const char *bytes, size_t len)
{
    pieces_feed(&c->kept, (Span){bytes, len}, look_through, c);
}

bool json_cutter_is_complete(const JsonCutter *c)
{
    return !c->level && (c->state == STATE_BETWEEN || c->state == STATE_LINE);
}

void json_cutter_finish(JsonCutter *c)
{
    c->view = buffer_span(&c->kept);
    if (!json_cutter_is_complete(c) && c->state != STATE_RESYNC) {
        c->lost = false;
        lose(c, c->state == STATE_CUTTING ? c->line : c->lines + 1, "the document ends before it is complete");
    }
    c->at = c->view.len;
    c->state = STATE_BETWEEN;
    c->level = 0;
    c->expects_value = c->lost = c->line_records = false;
    discard(c);
    buffer_clear(&c->kept);
}

uint64_t json_cutter_bytes(const JsonCutter *c)
{
    return c->base + c->kept.len;
}

uint64_t json_cutter_lines(const JsonCutter *c)
{
    return c->lines;
}

void json_cutter_free(JsonCutter *c)
{
    buffer_free(&c->kept);
    buffer_free(&c->key);
    vec_free(&c->marks);
    json_layouts_free(&c->layouts);
}
