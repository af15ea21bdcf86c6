#include "parsers/record_copy.h"

enum { SPANS_MAX = 8 };

/* The spans of its kind that are of use; returns how many. */
static size_t own_spans(Record *r, Span *spans[])
{
    size_t count = 0;
    switch (r->kind) {
    case RECORD_PROFILER:
        spans[count++] = &r->profiler.logger;
        if (r->profiler.piece == PROFILER_ROW)
            spans[count++] = &r->profiler.row.contents;
        if (r->profiler.piece == PROFILER_FILENAME)
            spans[count++] = &r->profiler.file;
        break;
    case RECORD_EXECUTING:
    case RECORD_EXECUTED:
        spans[count++] = &r->host.function;
        spans[count++] = &r->host.reason;
        spans[count++] = &r->host.id;
        break;
    case RECORD_FAILURE:
        spans[count++] = &r->message;
        break;
    default:
        break;
    }
    return count;
}

void record_copy_set(RecordCopy *copy, const Record *record)
{
    Record *to = &copy->record;
    *to = *record;
    if (record->kind != RECORD_FAILURE)
        to->message = (Span){0};
    Span *spans[SPANS_MAX] = {&to->stamp, &to->invocation, &to->function, &to->instance};
    size_t count = 4 + own_spans(to, spans + 4), bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += spans[i]->len;
    buffer_clear(&copy->text);
    buffer_reserve(&copy->text, bytes);
    for (size_t i = 0; i < count; i++) {
        size_t at = copy->text.len;
        buffer_append_span(&copy->text, *spans[i]);
        spans[i]->ptr = copy->text.data ? copy->text.data + at : "";
    }
}
