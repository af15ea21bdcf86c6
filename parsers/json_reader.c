#include "parsers/json_reader.h"

#include <cjson/cJSON.h>

#include "parsers/json_value.h"

enum {
    COLUMNS_BYTES_MAX = 1 << 20,
    COLUMNS_DEPTH_MAX = 16,
    MEMBERS_MAX = 256, /* of an object that are known by their places */
};

/* Columns. */

static void forget_columns(JsonReader *r, bool has_header)
{
    r->columns.len = 0;
    r->has_columns = false;
    r->has_header = has_header;
}

/* The name of a column: of a string, or of an object's member "name" ("ColumnName" in the answers of older services). */
static const char *column_name(const cJSON *column)
{
    const cJSON *name = cJSON_GetObjectItem(column, "name");
    if (!name)
        name = cJSON_GetObjectItem(column, "columnname");
    return cJSON_GetStringValue(cJSON_IsObject(column) ? name : column);
}

static void read_columns(JsonReader *r, const JsonCut *cut)
{
    bool small = cut->text.len <= COLUMNS_BYTES_MAX && json_depth(cut->text) <= COLUMNS_DEPTH_MAX;
    cJSON *columns = small ? cJSON_ParseWithLength(cut->text.ptr, cut->text.len) : NULL;
    const cJSON *column;
    r->columns.len = 0;
    if (!columns)
        damage_note(&r->damage, cut->line, "columns that cannot be read");
    cJSON_ArrayForEach(column, columns)
    {
        const char *name = column_name(column);
        vec_push(&r->columns, (uint8_t)(name ? export_field_named(span_of(name)) : FIELD_NONE));
    }
    r->has_columns = columns != NULL;
    cJSON_Delete(columns);
}

/* Fields. */

/* The text between two marks of a record. */
static Span raw_between(const JsonCut *cut, size_t from, size_t to)
{
    size_t begin = from ? cut->marks[from - 1] + 1 : 1, end = to < cut->mark_count ? cut->marks[to] : cut->text.len - 1;
    return (Span){cut->text.ptr + begin, end - begin};
}

static Span between(const JsonCut *cut, size_t from, size_t to)
{
    return json_trim(raw_between(cut, from, to));
}

static void set_raw(JsonReader *r, ExportField field, Span raw)
{
    bool empty = !raw.len || (raw.ptr[0] == 'n' && span_eq(raw, SPAN("null"))) || (raw.ptr[0] == '"' && raw.len == 2);
    if (!empty && !r->raw[field].len)
        r->raw[field] = raw;
}

static uint64_t word_at(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/* Names are short: calling memcmp() for each of them takes longer. */
static bool same_bytes(const char *a, const char *b, size_t len)
{
    if (len < sizeof(uint64_t))
        return memcmp(a, b, len) == 0;
    for (size_t at = 0; at + sizeof(uint64_t) < len; at += sizeof(uint64_t))
        if (word_at(a + at) != word_at(b + at))
            return false;
    return word_at(a + len - sizeof(uint64_t)) == word_at(b + len - sizeof(uint64_t));
}

static JsonMember member_named(Span text)
{
    JsonMember member = {.len = 0};
    Span name = json_trim(text);
    name = name.len >= 2 ? (Span){name.ptr + 1, name.len - 2} : name;
    member.field = (uint8_t)export_field_named(name);
    member.error = span_eq(name, SPAN("error")) || span_eq(name, SPAN("Error"));
    if (text.len <= sizeof member.text) {
        memcpy(member.text, text.ptr, text.len);
        member.len = (uint8_t)text.len;
    }
    return member;
}

/* What the member at a place is; where the object before had the same name there, it is known. */
static const JsonMember *member_at(JsonReader *r, size_t index, Span text)
{
    if (index >= MEMBERS_MAX)
        index = MEMBERS_MAX - 1;
    if (index == r->members.len)
        vec_push(&r->members, member_named(text));
    JsonMember *member = &r->members.items[index];
    if (member->len != text.len || !text.len || !same_bytes(member->text, text.ptr, text.len))
        *member = member_named(text);
    return member;
}

static void see_cell(JsonReader *r, size_t index)
{
    ExportField field = (ExportField)r->columns.items[index];
    if (field != FIELD_NONE)
        set_raw(r, field, between(r->cut, index, index));
}

static void see_member(JsonReader *r, size_t index)
{
    const JsonMember *member =
        index < r->sure ? &r->members.items[index] : member_at(r, index, raw_between(r->cut, 2 * index, 2 * index));
    r->sure += index == r->sure && index < MEMBERS_MAX - 1;
    r->error |= member->error;
    if (member->field == FIELD_NONE)
        return;
    r->any = true;
    set_raw(r, (ExportField)member->field, between(r->cut, 2 * index + 1, 2 * index + 1));
}

/* The JSON text of a field. Cells are looked at in their order and no further than needed: of most rows only the message is. */
static Span raw_of(JsonReader *r, ExportField field)
{
    for (; !r->raw[field].len && r->seen < r->cells; r->seen++) {
        if (r->cut->part == JSON_PART_ROW)
            see_cell(r, r->seen);
        else
            see_member(r, r->seen);
    }
    return r->raw[field];
}

static Span decode(JsonReader *r, Span raw, Buffer *scratch)
{
    Span text = raw;
    if (raw.len && (raw.ptr[0] == '{' || raw.ptr[0] == '['))
        return text;
    if (raw.len && !json_scalar(raw, scratch, &text)) {
        damage_note(&r->damage, r->cut->line, "a string that is no JSON");
        return (Span){0};
    }
    return text;
}

/* The member of an object, or of the first object of an array, that is the message. */
static Span message_in(Span json)
{
    Span name, value, first;
    bool inside = false;
    if (json.len && json.ptr[0] == '[')
        json = json_next(&json, &inside, NULL, &first) ? first : (Span){0};
    for (inside = false; json_next(&json, &inside, &name, &value);)
        if (export_field_named(name) == FIELD_MESSAGE || span_eq(name, SPAN("raw")))
            return value;
    return (Span){0};
}

static Span field_text(void *ctx, ExportField field);

/*
 * The message may stand deeper: in the properties of a diagnostic record, which can be text that is JSON in its turn, and in the
 * continuous export as [{"raw": ...}].
 */
static Span message_of(JsonReader *r)
{
    Span raw = raw_of(r, FIELD_MESSAGE), within = raw;
    if (raw.len && raw.ptr[0] != '[' && raw.ptr[0] != '{')
        return decode(r, raw, &r->text[FIELD_MESSAGE]);
    if (!raw.len)
        within = json_trim(field_text(r, FIELD_DIMENSIONS));
    if (span_starts(within, SPAN("{'"))) {
        json_from_single_quoted(within, &r->nested);
        within = buffer_span(&r->nested);
    }
    return decode(r, message_in(within), &r->text[FIELD_MESSAGE]);
}

/* Decodes each field at most once: a message may be a part of the text that others are in. */
static Span field_text(void *ctx, ExportField field)
{
    JsonReader *r = ctx;
    if (field != FIELD_MESSAGE && !raw_of(r, field).len)
        return (Span){0};
    if (!(r->decoded >> field & 1)) {
        r->decoded |= UINT32_C(1) << field;
        r->value[field] = field == FIELD_MESSAGE ? message_of(r) : decode(r, raw_of(r, field), &r->text[field]);
    }
    return r->value[field];
}

static Span field_source(void *ctx, ExportField field)
{
    return raw_of(ctx, field);
}

/* Rows. */

static void take_fields(JsonReader *r, const JsonCut *cut, size_t cells)
{
    if (cut->layout != r->layout || !cut->layout)
        r->sure = 0;
    r->layout = cut->layout;
    r->cut = cut;
    r->cells = cells;
    r->seen = 0;
    r->error = r->any = false;
    r->decoded = 0;
    memset(r->raw, 0, sizeof r->raw);
    export_records_take(r->records, &(ExportRow){r, field_text, field_source, cut->offset, cut->line});
}

static void read_header(JsonReader *r, const JsonCut *cut)
{
    Buffer scratch = {0};
    Span name;
    for (size_t i = 0; i <= cut->mark_count; i++)
        vec_push(&r->columns, (uint8_t)(json_scalar(between(cut, i, i), &scratch, &name) ? export_field_named(name) : FIELD_NONE));
    r->has_columns = true;
    buffer_free(&scratch);
}

static void read_row(JsonReader *r, const JsonCut *cut)
{
    if (!r->has_columns && r->has_header) {
        read_header(r, cut);
        return;
    }
    size_t cells = between(cut, 0, 0).len || cut->mark_count ? cut->mark_count + 1 : 0;
    if (!r->has_columns || cells != r->columns.len) {
        damage_note(&r->damage, cut->line, r->has_columns ? "a row that does not fit its columns" : "a row without columns");
        return;
    }
    take_fields(r, cut, cells);
}

static void read_record(JsonReader *r, const JsonCut *cut)
{
    take_fields(r, cut, (cut->mark_count + 1) / 2);
    if (r->error && !r->any) /* then there was no message, and all members were looked at */
        damage_note(&r->damage, cut->line, "the query reported an error");
}

static void take_cut(void *ctx, const JsonCut *cut)
{
    JsonReader *r = ctx;
    switch (cut->part) {
    case JSON_PART_LIST:
    case JSON_PART_TABLE:
        forget_columns(r, cut->part == JSON_PART_LIST);
        break;
    case JSON_PART_COLUMNS:
        read_columns(r, cut);
        break;
    case JSON_PART_ROW:
        read_row(r, cut);
        break;
    case JSON_PART_RECORD:
        read_record(r, cut);
        break;
    }
}

void json_reader_init(JsonReader *r, ExportRecords *records)
{
    *r = (JsonReader){.records = records, .cutter = {.sink = {r, take_cut}}};
}

void json_reader_free(JsonReader *r)
{
    json_cutter_free(&r->cutter);
    vec_free(&r->columns);
    vec_free(&r->members);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        buffer_free(&r->text[i]);
    buffer_free(&r->nested);
}
