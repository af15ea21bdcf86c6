/*
 * The grammar of what the Functions host itself logs: invocations, worker processes, versions.
 *
 * Sources: azure-webjobs-sdk, FunctionInstanceLogger.cs (Executing, Executed and their fields); azure-functions-core-tools (banner);
 * azure-functions-host (worker start and exit, file log limits).
 */
#ifndef PARSERS_HOST_H
#define PARSERS_HOST_H

#include "parsers/record.h"

/* What the line of the banner begins with that says the host's version. */
#define HOST_VERSION "Function Runtime Version:"

/*
 * Reads `message` (without console prefix) as one of the host's records and fills `record->kind` and `record->host`. False, with
 * the record untouched, when it is none of them.
 */
bool host_parse(Span message, Record *record);

/* The `i`th way in which messages begin that host_parse() reads, four bytes or more; empty where there are no more. */
Span host_head(size_t i);

/*
 * The function that a log category names: "Function.Name" for the host's own records of it, "Function.Name.User" for what it logs
 * (azure-webjobs-sdk, LogCategories.cs). Empty for any other category.
 */
Span host_function_of_category(Span category);

/* Whether a line that follows a failed invocation's Executed says why it failed. */
bool host_is_failure_text(Span message);

#endif
