#include "parsers/format.h"

const InputFormat input_formats[] = {
    {"coretools", "console of Azure Functions Core Tools (func start)", INPUT_TEXT},
    {"console", "console logger of .NET (functions image, docker logs)", INPUT_TEXT},
    {"hostfile", "log files and log streams of the Functions host", INPUT_TEXT},
    {"profiler", "bare output of memory_profiler", INPUT_TEXT},
    {"json", "answer of a query to Application Insights or Log Analytics, or a list of its rows", INPUT_JSON},
    {"ndjson", "one JSON object per record: data export, diagnostic settings, continuous export", INPUT_JSON},
    {"csv", "export of the portal, or other CSV with its columns", INPUT_CSV},
    {0},
};

const InputFormat *input_format_named(Span name)
{
    for (const InputFormat *f = input_formats; f->name; f++)
        if (span_eq(name, span_of(f->name)))
            return f;
    return NULL;
}
