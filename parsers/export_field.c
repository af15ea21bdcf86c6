#include "parsers/export_field.h"

enum { NAME_MAX_LENGTH = 32 };

/* In lower case. */
static const struct FieldName {
    Span name;
    ExportField field;
    int weight;
} field_names[] = {
#define NAME(text, field, weight)                                                                                                  \
    {                                                                                                                              \
        {text, sizeof text - 1}, field, weight                                                                                     \
    }
    NAME("timestamp", FIELD_TIME, 1),
    NAME("timegenerated", FIELD_TIME, 2),
    NAME("time", FIELD_TIME, 1),
    NAME("eventtime", FIELD_TIME, 1),
    NAME("message", FIELD_MESSAGE, 1),
    NAME("customdimensions", FIELD_DIMENSIONS, 2),
    NAME("properties", FIELD_DIMENSIONS, 1),
    NAME("dimensions", FIELD_DIMENSIONS, 1),
    NAME("context", FIELD_CONTEXT, 1),
    NAME("internal", FIELD_NONE, 1),
    NAME("invocationid", FIELD_INVOCATION, 2),
    NAME("functioninvocationid", FIELD_INVOCATION, 2),
    NAME("functionname", FIELD_FUNCTION, 2),
    NAME("operation_name", FIELD_OPERATION, 2),
    NAME("operationname", FIELD_OPERATION, 2),
    NAME("operation_id", FIELD_NONE, 2),
    NAME("operationid", FIELD_NONE, 2),
    NAME("category", FIELD_CATEGORY, 1),
    NAME("level", FIELD_NONE, 1),
    NAME("severitylevel", FIELD_NONE, 2),
    NAME("hostinstanceid", FIELD_INSTANCE, 2),
    NAME("roleinstance", FIELD_ROLE, 1),
    NAME("approleinstance", FIELD_ROLE, 2),
    NAME("cloud_roleinstance", FIELD_ROLE, 2),
    NAME("cloud_rolename", FIELD_NONE, 2),
    NAME("resourceid", FIELD_NONE, 2),
    NAME("_resourceid", FIELD_NONE, 2),
    NAME("tenantid", FIELD_NONE, 2),
    NAME("itemid", FIELD_ITEM, 2),
    NAME("requestid", FIELD_ITEM, 1),
    NAME("itemtype", FIELD_NONE, 2),
    NAME("itemcount", FIELD_ITEM_COUNT, 2),
    NAME("samplingrate", FIELD_RATE, 1),
    NAME("exceptionmessage", FIELD_ERROR, 1),
    NAME("innermostmessage", FIELD_ERROR, 1),
    NAME("name", FIELD_NAME, 1),
    NAME("success", FIELD_SUCCESS, 1),
    NAME("duration", FIELD_DURATION, 1),
    NAME("durationms", FIELD_DURATION, 1),
    NAME("linenumber", FIELD_LINE, 2),
    NAME("totalmem_mib", FIELD_MEMORY, 2),
    NAME("incremem_mib", FIELD_INCREMENT, 2),
    NAME("occurences", FIELD_OCCURRENCES, 1),
    NAME("occurrences", FIELD_OCCURRENCES, 1),
    NAME("contents", FIELD_CONTENTS, 1),
#undef NAME
};

enum { FIELD_NAMES = sizeof field_names / sizeof *field_names };

static Span without_remark(Span name)
{
    ptrdiff_t at = name.len && name.ptr[name.len - 1] == ']' ? span_find(name, SPAN(" [")) : -1;
    return at > 0 ? span_to(name, (size_t)at) : name;
}

static const struct FieldName *find(Span name)
{
    char lower[NAME_MAX_LENGTH];
    name = span_trim(without_remark(name));
    if (!name.len || name.len > sizeof lower)
        return NULL;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? (char)(name.ptr[i] + ('a' - 'A')) : name.ptr[i];
    for (size_t i = 0; i < FIELD_NAMES; i++)
        if (span_eq(field_names[i].name, (Span){lower, name.len}))
            return &field_names[i];
    return NULL;
}

ExportField export_field_named(Span name)
{
    const struct FieldName *known = find(name);
    return known ? known->field : FIELD_NONE;
}

int export_field_weight(Span name)
{
    const struct FieldName *known = find(name);
    return known ? known->weight : 0;
}
