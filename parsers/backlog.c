#include "parsers/backlog.h"

void backlog_add(Backlog *b, const Record *record, uint64_t due)
{
    if (!b->records.len || due < b->due)
        b->due = due;
    b->ends += record->kind == RECORD_EXECUTED;
    b->begins += record->kind == RECORD_EXECUTING;
    vec_push(&b->records, (RecordCopy){0});
    record_copy_set(&vec_last(&b->records), record);
}

void backlog_release(Backlog *b, void (*take)(void *ctx, const Record *record), void *ctx)
{
    for (size_t i = 0; i < b->records.len; i++) {
        take(ctx, &b->records.items[i].record);
        record_copy_free(&b->records.items[i]);
    }
    b->records.len = b->ends = b->begins = 0;
}

void backlog_free(Backlog *b)
{
    for (size_t i = 0; i < b->records.len; i++)
        record_copy_free(&b->records.items[i]);
    vec_free(&b->records);
}
