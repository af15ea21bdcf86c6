#include "src/log_host.h"

#include "src/log_kinds.h"

static LogForm *form_of(LogHost *host, Id source)
{
    while (host->forms.len <= source)
        vec_push(&host->forms, (LogForm){.known = false});
    return &host->forms.items[source];
}

static InputKind kind_of(const LogHost *host, Id source)
{
    const char *format = host->model->sources.items[source].format;
    const InputFormat *input = format ? input_format_named(span_of(format)) : NULL;
    return input ? input->kind : INPUT_TEXT;
}

/* Where records are lines, a bracket within one begins none. */
static char rows_of(LogHost *host, Id source)
{
    const char *format = host->model->sources.items[source].format;
    LogForm *form = form_of(host, source);
    if (!format || strcmp(format, "json") != 0)
        return '\0';
    log_form_learn(form, host->texts, source, INPUT_JSON);
    return form->known && !form->own_line ? form->opener : '\0';
}

static bool extent(void *ctx, Id source, UiLogExtent *out)
{
    LogHost *host = ctx;
    LogExtent have;
    if (!log_texts_extent(host->texts, source, &have))
        return false;
    *out = (UiLogExtent){have.first, have.end, have.why, rows_of(host, source)};
    return true;
}

static size_t read(void *ctx, Id source, uint64_t offset, char *bytes, size_t len)
{
    return log_texts_read(((LogHost *)ctx)->texts, source, offset, bytes, len);
}

static void look(void *ctx, Id source, UiLogLine *lines, size_t count)
{
    LogHost *host = ctx;
    InputKind kind = kind_of(host, source);
    if (kind == INPUT_TEXT)
        log_kinds(lines, count);
    else
        log_rows(form_of(host, source), host->texts, source, kind, lines, count);
}

static Moment time_of(void *ctx, Id source, Span text)
{
    LogHost *host = ctx;
    return log_front_time(text, kind_of(host, source) != INPUT_TEXT, &form_of(host, source)->clock);
}

UiLogText log_host_text(LogHost *host)
{
    return (UiLogText){host, extent, read, look, time_of};
}

void log_host_free(LogHost *host)
{
    for (size_t i = 0; i < host->forms.len; i++)
        log_form_free(&host->forms.items[i]);
    vec_free(&host->forms);
}
