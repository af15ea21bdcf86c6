#include "src/log_host.h"

#include "src/log_kinds.h"

static bool extent(void *ctx, Id source, UiLogExtent *out)
{
    const LogHost *host = ctx;
    LogExtent have;
    if (!log_texts_extent(host->texts, source, &have))
        return false;
    *out = (UiLogExtent){have.first, have.end, have.why};
    return true;
}

static size_t read(void *ctx, Id source, uint64_t offset, char *bytes, size_t len)
{
    return log_texts_read(((LogHost *)ctx)->texts, source, offset, bytes, len);
}

static void kinds(void *ctx, Id source, Span text, UiLineKind *out, size_t count)
{
    static const UiLineKind kind_of[] = {
        [LOG_OTHER] = UI_LINE_OTHER, [LOG_PROFILER] = UI_LINE_PROFILER, [LOG_BEGIN] = UI_LINE_BEGIN, [LOG_END] = UI_LINE_END,
    };
    const LogHost *host = ctx;
    LogKind *found = alloc_zeroed(count, sizeof *found);
    log_kinds(host->model->sources.items[source].format, text, found, count);
    for (size_t i = 0; i < count; i++)
        out[i] = kind_of[found[i]];
    free(found);
}

UiLogText log_host_text(LogHost *host)
{
    return (UiLogText){host, extent, read, kinds};
}
