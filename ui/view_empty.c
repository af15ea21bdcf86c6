#include "ui/view_empty.h"

#include <inttypes.h>

/* '#' begins a heading, '>' a line of code, '-' a line of the shell; the rest is prose. */
static const char *const instructions[] = {
    "# No report yet",
    "",
    "@seen",
    "",
    "A report appears when a profiled function of the app returns. Add memory_profiler to requirements.txt, then:",
    "",
    "# Programming model v1: __init__.py of the function",
    "> import logging",
    "> import azure.functions as func",
    "> import memory_profiler",
    "> ",
    "> handler = logging.getLogger().handlers[0]",
    "> handler.setFormatter(logging.Formatter('%(name)s: %(message)s'))",
    "> profiler_logstream = memory_profiler.LogFile('memory_profiler_logs', True)",
    "> ",
    "> def main(req: func.HttpRequest) -> func.HttpResponse:",
    ">     return func.HttpResponse(work())",
    "> ",
    "> @memory_profiler.profile(stream=profiler_logstream)",
    "> def work() -> str:",
    ">     ...",
    "",
    "# Programming model v2: function_app.py",
    "> import logging",
    "> import azure.functions as func",
    "> import memory_profiler",
    "> ",
    "> handler = logging.getLogger().handlers[0]",
    "> handler.setFormatter(logging.Formatter('%(name)s: %(message)s'))",
    "> profiler_logstream = memory_profiler.LogFile('memory_profiler_logs', True)",
    "> app = func.FunctionApp()",
    "> ",
    "> @app.route('work')",
    "> def http_work(req: func.HttpRequest) -> func.HttpResponse:",
    ">     return func.HttpResponse(work())",
    "> ",
    "> @memory_profiler.profile(stream=profiler_logstream)",
    "> def work() -> str:",
    ">     ...",
    "",
    "The formatter writes the logger's name before each record: by it funcmem finds the report.",
    "LogFile's True keeps only the lines that grew; False gives complete reports.",
    "",
    "# Then run",
    "- func start | funcmem",
    "- funcmem -- func start",
    "",
    "and call the function. The second form also shows how the host ended.",
};

void empty_code(Buffer *out)
{
    for (size_t i = 0; i < sizeof instructions / sizeof *instructions; i++) {
        Span line = span_of(instructions[i]);
        bool heading = span_starts(line, SPAN("# Programming"));
        if (!heading && !span_take(&line, SPAN("> ")))
            continue;
        if (heading && out->len)
            buffer_append_byte(out, '\n');
        buffer_append_span(out, span_trim_right(line));
        buffer_append_byte(out, '\n');
    }
}

void empty_seen(const Model *m, Buffer *out)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < m->sources.len; i++)
        lines += m->sources.items[i].lines;
    buffer_printf(out, "%" PRIu64 " line%s, %zu invocation%s, ", lines, lines == 1 ? "" : "s", m->invocations.len,
                  m->invocations.len == 1 ? "" : "s");
    if (m->reports.len)
        buffer_printf(out, "%zu report%s not complete yet", m->reports.len, m->reports.len == 1 ? "" : "s");
    else
        buffer_append_span(out, SPAN("no profiler line"));
}

void empty_write(TextPage *page, const Model *m, int width)
{
    Buffer seen = {0};
    page_clear(page);
    for (size_t i = 0; i < sizeof instructions / sizeof *instructions; i++) {
        Span line = span_of(instructions[i]);
        if (span_take(&line, SPAN("# "))) {
            page_wrap(page, 1, width - 2, ROLE_TITLE, line);
        } else if (span_take(&line, SPAN("> "))) {
            page_write(page, 3, ROLE_CODE, line);
            page_end_line(page);
        } else if (span_take(&line, SPAN("- "))) {
            page_write(page, 3, ROLE_KEY, line);
            page_end_line(page);
        } else if (span_eq(line, SPAN("@seen"))) {
            buffer_append_span(&seen, SPAN("Seen so far: "));
            empty_seen(m, &seen);
            buffer_append_byte(&seen, '.');
            page_wrap(page, 1, width - 2, ROLE_NORMAL, buffer_span(&seen));
        } else {
            page_wrap(page, 1, width - 2, ROLE_NORMAL, line);
        }
    }
    buffer_free(&seen);
}
