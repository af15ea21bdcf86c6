/*
 * The events for Azure Monitor that the host prints on Linux, one record per line:
 *
 *   MS_FUNCTION_AZURE_MONITOR_EVENT 4,<host>,<operation>,FunctionAppLogs,<region>,"{'appName':...}",02/28/2024 14:27:47
 *
 * azure-functions-host: LinuxAppServiceEventGenerator.cs and LinuxContainerEventGenerator.cs (the line), LinuxEventGenerator.cs
 * (NormalizeString), AzureMonitorDiagnosticLogger.cs (the members). Files have the same line without its first word. What stands in
 * the quotes was JSON once: the host removes every apostrophe and then turns every double quote into an apostrophe, so the source
 * text of rows comes without its apostrophes, which nothing can bring back. The time is that of the printing, in UTC and in .NET's
 * invariant culture: month first, whole seconds.
 */
#ifndef PARSERS_MONITOR_H
#define PARSERS_MONITOR_H

#include "base/buffer.h"

/* What an event says. Zero-initialise it; end with monitor_free(). Valid until the next event. */
typedef struct MonitorEvent {
    Buffer message; /* all its lines; behind them those of the exception, if there is one */
    Buffer function;
    Buffer invocation;
    Span stamp; /* points into the line */
} MonitorEvent;

/* Reads a line; false when it is no such event. */
bool monitor_read(MonitorEvent *event, Span line);

void monitor_free(MonitorEvent *event);

#endif
