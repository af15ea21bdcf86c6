#include "parsers/record_copy.h"

enum { SPANS_MAX = 8 };

/* The texts of the copy that are kept; returns how many. */
static size_t collect_spans(Record *r, Span **spans)
{
    size_t count = 0;
    spans[count++] = &r->stamp;
    spans[count++] = &r->invocation;
    spans[count++] = &r->function;
    spans[count++] = &r->instance;
    switch (r->kind) {
    case RECORD_PROFILER:
        spans[count++] = &r->profiler.logger;
        if (r->profiler.piece == PROFILER_ROW)
            spans[count++] = &r->profiler.row.contents;
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
    Span *spans[SPANS_MAX];
    size_t bytes = 0;
    copy->record = *record;
    if (record->kind != RECORD_FAILURE)
        copy->record.message = (Span){0};
    size_t count = collect_spans(&copy->record, spans);
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
