/* A record that outlives the call which handed it over. */
#ifndef PARSERS_RECORD_COPY_H
#define PARSERS_RECORD_COPY_H

#include "base/buffer.h"
#include "parsers/record.h"

typedef struct RecordCopy {
    Record record; /* its spans point into `text`; `message` is that of a failure, else empty */
    Buffer text;
} RecordCopy;

/* Makes `copy` (zeroed, or used before) a copy of a record of the profiler or of an invocation. End with record_copy_free(). */
void record_copy_set(RecordCopy *copy, const Record *record);

static inline void record_copy_free(RecordCopy *copy)
{
    buffer_free(&copy->text);
}

#endif
