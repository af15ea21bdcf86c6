#include "parsers/record_copy.h"

void record_copy_set(RecordCopy *copy, const Record *record)
{
    Record *to = &copy->record;
    *to = *record;
    to->message = (Span){0};
    Span *spans[] = {&to->stamp, &to->invocation, &to->function, &to->instance, &to->profiler.logger, &to->profiler.row.contents};
    size_t count = sizeof spans / sizeof *spans - (record->profiler.piece != PROFILER_ROW), bytes = 0;
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
