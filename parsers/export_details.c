#include "parsers/export_details.h"

#include <stdlib.h>

#include "parsers/json_value.h"

enum {
    DEPTH_MAX = 16, /* what is nested deeper is nobody's dimensions */
    LEVELS = 4,     /* of objects in objects that are looked into */
    NUMBER_BYTES_MAX = 64,
};

bool details_recall(DetailsMemory *m, Span source)
{
    for (unsigned i = 0; i < DETAILS_KEPT; i++) {
        unsigned at = (m->current + i) % DETAILS_KEPT;
        if (span_eq(source, buffer_span(&m->kept[at].source))) {
            m->current = at;
            return true;
        }
    }
    return false;
}

/* An object or array that is being walked through. */
typedef struct Level {
    Span rest;
    bool inside; /* behind its bracket */
    bool object;
    bool operation; /* it is the value of a member of that name */
} Level;

typedef enum Step { STEP_VALUE, STEP_END, STEP_BROKEN } Step;

static bool is_container(Span value)
{
    return value.len && (value.ptr[0] == '{' || value.ptr[0] == '[');
}

static Level level_of(Span value, Span name)
{
    return (Level){.rest = value, .object = value.ptr[0] == '{', .operation = span_eq(name, SPAN("operation"))};
}

static Step next_value(Level *l, Span *name, Span *value)
{
    Span rest = json_trim(l->inside ? l->rest : span_from(l->rest, 1));
    if (rest.len && rest.ptr[0] == (l->object ? '}' : ']'))
        return STEP_END;
    if (l->inside && (!rest.len || rest.ptr[0] != ','))
        return STEP_BROKEN;
    *name = (Span){0};
    return json_next(&l->rest, &l->inside, l->object ? name : NULL, value) ? STEP_VALUE : STEP_BROKEN;
}

/* As short as it can be written: 100 and not 100.0. */
static bool append_number(Buffer *out, Span value)
{
    char text[NUMBER_BYTES_MAX], *end;
    if (!value.len || value.len >= sizeof text || (value.ptr[0] != '-' && (value.ptr[0] < '0' || value.ptr[0] > '9')))
        return false;
    memcpy(text, value.ptr, value.len);
    text[value.len] = '\0';
    double number = strtod(text, &end);
    buffer_printf(out, "%.15g", number);
    return !*end;
}

static bool is_word(Span value)
{
    return span_eq(value, SPAN("null")) || span_eq(value, SPAN("true")) || span_eq(value, SPAN("false"));
}

/* A scalar to where it is kept, NULL for nowhere; false when it is none. */
static bool take_scalar(Buffer *text, Span value, Buffer *scratch)
{
    Span string;
    if (is_word(value))
        return true;
    if (!value.len || value.ptr[0] != '"') {
        buffer_clear(scratch);
        return append_number(text && !text->len ? text : scratch, value);
    }
    if (!json_scalar(value, scratch, &string))
        return false;
    if (text && !text->len)
        buffer_append_span(text, string);
    return true;
}

static ExportField field_in(const Level *level, Span name)
{
    ExportField field = export_field_named(name);
    return field == FIELD_NAME && level->operation ? FIELD_OPERATION : field;
}

/* Looks into objects and arrays; level by level, so that nothing recurses. False at what is no JSON. */
static bool walk(ExportDetails *d, Span json, uint32_t wanted, Buffer *scratch)
{
    Level levels[LEVELS] = {level_of(json, (Span){0})};
    Span name, value;
    for (size_t depth = 0;;) {
        Level *level = &levels[depth];
        Step step = next_value(level, &name, &value);
        if (step == STEP_BROKEN)
            return false;
        if (step == STEP_END) {
            if (depth-- == 0)
                return true;
        } else if (!is_container(value)) {
            ExportField field = field_in(level, name);
            if (!take_scalar(wanted >> field & 1 ? &d->texts[field] : NULL, value, scratch))
                return false;
        } else if (depth + 1 < LEVELS) {
            levels[++depth] = level_of(value, name);
        }
    }
}

static bool is_single_quoted(Span json)
{
    size_t n = 0;
    while (n < json.len && (json.ptr[n] == '{' || json.ptr[n] == '[' || json.ptr[n] == ' '))
        n++;
    return n && n < json.len && json.ptr[n] == '\'';
}

static bool parse(ExportDetails *d, Span json, uint32_t wanted)
{
    Buffer converted = {0}, scratch = {0};
    if (is_single_quoted(json)) {
        json_from_single_quoted(json, &converted);
        json = buffer_span(&converted);
    }
    bool readable =
        is_container(json) ? json_depth(json) <= DEPTH_MAX && walk(d, json, wanted, &scratch) : take_scalar(NULL, json, &scratch);
    buffer_free(&scratch);
    buffer_free(&converted);
    return readable;
}

static void clear_texts(ExportDetails *d)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        buffer_clear(&d->texts[i]);
}

void details_read(DetailsMemory *m, Span source, Span json, uint32_t wanted)
{
    m->current = m->newest = (m->newest + 1) % DETAILS_KEPT;
    ExportDetails *d = &m->kept[m->current];
    clear_texts(d);
    buffer_clear(&d->source);
    buffer_append_span(&d->source, source);
    d->unreadable = json.len && !parse(d, json, wanted);
    if (d->unreadable)
        clear_texts(d);
}

void details_free(DetailsMemory *m)
{
    for (size_t k = 0; k < DETAILS_KEPT; k++) {
        for (size_t i = 0; i < FIELD_COUNT; i++)
            buffer_free(&m->kept[k].texts[i]);
        buffer_free(&m->kept[k].source);
    }
}
