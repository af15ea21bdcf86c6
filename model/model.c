#include "model/intake.h"

Model *model_new(void)
{
    Model *m = alloc_zeroed(1, sizeof *m);
    m->empty = intern_add(&m->texts, SPAN(""));
    m->report_numbers.columns = REPORT_NUMBERS;
    m->invocation_numbers.columns = INVOCATION_NUMBERS;
    m->newest = MOMENT_NONE;
    return m;
}

void model_free(Model *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->intakes.len; i++)
        intake_free(m->intakes.items[i]);
    vec_free(&m->intakes);
    vec_free(&m->sources);
    vec_free(&m->processes);
    vec_free(&m->functions);
    vec_free(&m->targets);
    vec_free(&m->lines);
    vec_free(&m->invocations);
    numbers_free(&m->invocation_numbers);
    vec_free(&m->reports);
    numbers_free(&m->report_numbers);
    vec_free(&m->closed);
    vec_free(&m->rows);
    vec_free(&m->wide_rows);
    vec_free(&m->summaries);
    for (size_t i = 0; i < m->line_totals.len; i++)
        line_totals_free(&m->line_totals.items[i]);
    vec_free(&m->line_totals);
    vec_free(&m->totals_of_line);
    hash_index_free(&m->function_index);
    hash_index_free(&m->target_index);
    hash_index_free(&m->line_index);
    hash_index_free(&m->invocation_index);
    intern_free(&m->texts);
    free(m);
}

Id model_source_add(Model *m, Span name)
{
    Id source = (Id)m->sources.len;
    vec_push(&m->sources, (LogSource){.name = intern_add(&m->texts, name)});
    vec_push(&m->intakes, intake_new(m, source));
    m->version++;
    return source;
}

ReportSink model_source_sink(Model *m, Id source)
{
    return intake_sink(m->intakes.items[source]);
}

void model_source_progress(Model *m, Id source, const char *format, uint64_t bytes, uint64_t lines, uint64_t damaged)
{
    LogSource *s = &m->sources.items[source];
    s->format = format;
    s->bytes = bytes;
    s->lines = lines;
    s->damaged = damaged;
}

void model_source_end(Model *m, Id source)
{
    m->sources.items[source].ended = true;
    intake_end(m->intakes.items[source]);
}

static bool same_function(const void *ctx, uint32_t item, const void *key)
{
    const Model *m = ctx;
    return m->functions.items[item].name == *(const TextId *)key;
}

Id model_function_add(Model *m, Span name)
{
    TextId text = intern_add(&m->texts, name);
    uint64_t hash = hash_pair(text, 0);
    int64_t known = hash_index_find(&m->function_index, hash, same_function, m, &text);
    if (known >= 0)
        return (Id)known;
    Id id = (Id)m->functions.len;
    vec_push(&m->functions, (Function){text});
    hash_index_add(&m->function_index, hash, id);
    return id;
}

Id model_function_named(const Model *m, Span name)
{
    int64_t text = intern_find(&m->texts, name);
    if (text < 0)
        return NO_ID;
    TextId id = (TextId)text;
    int64_t known = hash_index_find(&m->function_index, hash_pair(id, 0), same_function, m, &id);
    return known < 0 ? NO_ID : (Id)known;
}
