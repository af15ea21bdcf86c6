/*
 * What the columns of an export mean: one table from the names that the services use to the few things that funcmem reads.
 *
 * Sources: learn.microsoft.com, Azure Monitor reference, tables traces, requests, AppTraces, AppRequests and FunctionAppLogs; the
 * export data model of classic continuous export; azure-functions-host, AzureMonitorDiagnosticLogger.cs and
 * ScriptTelemetryInitializer.cs (members of customDimensions); the query that Microsoft's article on profiling Python functions
 * publishes (LineNumber to Contents).
 */
#ifndef PARSERS_EXPORT_FIELD_H
#define PARSERS_EXPORT_FIELD_H

#include "base/span.h"

typedef enum ExportField {
    FIELD_NONE, /* a column that nothing is read from */
    FIELD_TIME,
    FIELD_MESSAGE,
    FIELD_DIMENSIONS, /* an object of more fields: customDimensions, Properties */
    FIELD_CONTEXT,    /* an object of objects of more fields: the continuous export's context */
    FIELD_INVOCATION,
    FIELD_FUNCTION,
    FIELD_OPERATION, /* name of the operation: mostly the function's */
    FIELD_CATEGORY,
    FIELD_INSTANCE,   /* of the Functions host */
    FIELD_ROLE,       /* machine, where the host's instance is not known */
    FIELD_ITEM,       /* unique per row */
    FIELD_ITEM_COUNT, /* how many rows this one stands for after sampling */
    FIELD_RATE,       /* share of the rows that sampling kept, per cent */
    FIELD_ERROR,      /* text of an exception */
    FIELD_NAME,       /* of a request: its function */
    FIELD_SUCCESS,    /* of a request */
    FIELD_DURATION,   /* of a request, ms */
    FIELD_LINE,       /* the published query's columns: line number or path ... */
    FIELD_MEMORY,
    FIELD_INCREMENT,
    FIELD_OCCURRENCES,
    FIELD_CONTENTS,
    FIELD_COUNT
} ExportField;

/*
 * The field of a column or member, in any case; FIELD_NONE when it is not one of those known. The portal's remark behind a time
 * column ("timestamp [UTC]", "TimeGenerated [Local Time]") is passed over.
 */
ExportField export_field_named(Span name);

/*
 * How surely a name shows that a record is one of an export: 2 for a name that only exports use, 1 for one that any program's own
 * JSON may have as well, 0 for an unknown one.
 */
int export_field_weight(Span name);

#endif
