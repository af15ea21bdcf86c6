/* A report as it is being read: the result of one profiled call, put together from its records. */
#ifndef PARSERS_REPORT_H
#define PARSERS_REPORT_H

#include "base/buffer.h"
#include "base/vec.h"
#include "parsers/record.h"

typedef struct ParsedRow {
    ProfilerRow row; /* for `row.contents` see parsed_report_contents() */
    size_t text_at;
    size_t text_len;
    uint32_t listed; /* 0, or a number that means this line of this function with this text, and nothing else in its source */
} ParsedRow;

/* Owned by the assembler; others may look at it until its report_closed() has returned. */
typedef struct ParsedReport {
    uint64_t id;           /* from 1 in each source, in the order of the reports' first records */
    uint64_t first_number; /* number of its first record ... */
    uint64_t last_number;  /* ... and of its latest ... */
    uint64_t previous_number; /* ... and of the one before that */
    uint64_t offset;       /* of its first record, bytes ... */
    uint64_t last_offset;  /* ... and of its latest */
    Moment time;           /* of its first record */
    Buffer file;           /* empty when the report has no Filename record */
    Buffer logger;         /* empty when it was printed to standard output */
    Buffer invocation;     /* id that its records carry, else empty */
    Buffer function;       /* function that its records name, else empty */
    Buffer instance;       /* instance of the host that its records name, else empty */
    ProfilerColumns columns;
    VEC(ParsedRow) rows;
    Buffer text;       /* contents of the rows that have a `text_len` */
    unsigned decimals; /* most digits behind the point of any memory value */
    bool dense;       /* a complete report: the rule of '=' was seen */
    bool ended;       /* its end record was seen */
    bool truncated;   /* closed before it was complete */
    bool interleaved; /* its records were mixed with another report's */
    bool doubtful;    /* a row of it may be another report's */
    bool guessed;     /* a row of it may be one of another function's report */
    bool gap;         /* rows are missing that the profiler's filter does not explain */
} ParsedReport;

/* The source text of row `index`; valid until the next row is added. */
static inline Span parsed_report_contents(const ParsedReport *report, size_t index)
{
    const ParsedRow *row = &report->rows.items[index];
    if (row->row.contents.len) /* a text that stays where it is */
        return row->row.contents;
    return row->text_len ? (Span){report->text.data + row->text_at, row->text_len} : (Span){0};
}

/* Whether more rows of a report are to be expected, for all that is known of its invocation. */
typedef enum ReportProspect {
    REPORT_GOES_ON,
    REPORT_PROBABLY_OVER, /* its invocation has ended, if it is the one that it seems to be */
    REPORT_OVER,          /* its invocation has ended */
} ReportProspect;

/* Takes reports and the records that concern invocations and processes, in the order of the input. */
typedef struct ReportSink {
    void *ctx;
    void (*record)(void *ctx, const Record *record); /* none that concerns reports, and no text */
    void (*report_opened)(void *ctx, const ParsedReport *report); /* may be looked at until report_closed() */
    ReportProspect (*prospect)(void *ctx, const ParsedReport *report);
    /* Whether invocations of the Azure function are known to print reports of that report's file. */
    bool (*prints)(void *ctx, Span function, const ParsedReport *report);
    void (*report_closed)(void *ctx, const ParsedReport *report);
} ReportSink;

#endif
