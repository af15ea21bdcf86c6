#include "parsers/format.h"

const InputFormat input_formats[] = {
    {"coretools", "console of Azure Functions Core Tools (func start)"},
    {"console", "console logger of .NET (functions image, docker logs)"},
    {"hostfile", "log files and log streams of the Functions host"},
    {"profiler", "bare output of memory_profiler"},
    {0},
};

const InputFormat *input_format_named(Span name)
{
    for (const InputFormat *f = input_formats; f->name; f++)
        if (span_eq(name, span_of(f->name)))
            return f;
    return NULL;
}
