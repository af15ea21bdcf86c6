/*
 * Puts the records of an export in order. A query's answer has its rows in any order, and within a millisecond even a sorted one
 * does: so records are held, in a compact form, until it is sure that none before them will come.
 *
 * The order is that of time. Records of one time and one invocation are in the order of the file, or in its reverse, or by what
 * they are (Executing, Filename, header, rows by line number, Executed), whichever has the fewest records that cannot follow each
 * other; of equals, a file that is sorted is believed, one in no order is not. The invocation's Executing comes before all of its
 * records and its Executed behind them, whatever their times.
 *
 * As long as rows come in the order of time, or nearly, records are passed on soon and memory stays bounded. How late a row came at
 * most tells how long to wait: four times as long, and for as many records as are held anyway before any is passed on. Of a file in
 * no order, or in the reverse, all are held until the end that way: 48 bytes a record, and each text once. A file that turns out to
 * be less ordered later costs reports that were cut where it does.
 */
#ifndef PARSERS_EXPORT_ORDER_H
#define PARSERS_EXPORT_ORDER_H

#include "parsers/export_time.h"
#include "parsers/record.h"

enum { ORDERED_RECORDS_MIN = 8192 };

typedef struct ExportOrder ExportOrder;

/* A record on its way into the order. All spans are copied. */
typedef struct ExportEntry {
    RecordKind kind; /* RECORD_PROFILER or one of the host's */
    ExportTime time;
    int64_t end_ns; /* RECORD_EXECUTED of a request: how long behind `time` it ended; else 0 */
    uint64_t offset;
    uint64_t item; /* hash of an id that only this row has, 0 without one */
    Span invocation, function, instance;
    Span message;                 /* of the host: its first line and, behind line ends, the lines of RECORD_FAILURE */
    const ProfilerText *profiler; /* RECORD_PROFILER */
    ProfilerColumns columns;      /* with which `profiler` was read */
    bool sampled;                 /* the row stands for others that were left out */
    bool console;                 /* it was printed to standard output, not logged */
    bool taken_apart;             /* it comes from the columns of a query, which has no headers */
    bool request;                 /* it comes from the table of requests: what traces say goes first */
} ExportEntry;

/* A new order that hands its records to `sink`; end it with export_order_free(). */
ExportOrder *export_order_new(RecordSink sink);

void export_order_add(ExportOrder *order, const ExportEntry *entry);

/*
 * The input is silent: passes on all that is held. When more may come (`more`) it passes on what is ordered so far, or nothing.
 * `dates` tells how to read ambiguous dates.
 */
void export_order_release(ExportOrder *order, const DateEvidence *dates, bool more);

/*
 * The input has ended: passes on all that is held, until about `end_ns` of clock_ns(). False when there is more: then nothing else
 * may be done before it was called again.
 */
bool export_order_finish(ExportOrder *order, const DateEvidence *dates, int64_t end_ns);

/* Number of the latest record that was passed on. */
uint64_t export_order_number(const ExportOrder *order);

void export_order_free(ExportOrder *order);

#endif
