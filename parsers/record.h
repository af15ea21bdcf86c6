/*
 * A record: one log entry of the host or of the app, as the readers find it in a line, a JSON object or a CSV row.
 *
 * Every span of a record belongs to the reader and is valid only during the call that hands the record over.
 */
#ifndef PARSERS_RECORD_H
#define PARSERS_RECORD_H

#include "base/mib.h"
#include "base/moment.h"
#include "base/span.h"

typedef enum RecordKind {
    RECORD_TEXT,           /* nothing that funcmem reads; `message` is set */
    RECORD_PROFILER,       /* a piece of a memory_profiler report: `profiler` */
    RECORD_EXECUTING,      /* an invocation begins: `host` */
    RECORD_EXECUTED,       /* an invocation ends: `host` */
    RECORD_FAILURE,        /* why the invocation that failed last did so: `message` is one line of its exception */
    RECORD_WORKER_STARTED, /* a new Python worker process */
    RECORD_WORKER_EXITED,  /* the worker process is gone: `host.code` */
    RECORD_HOST_VERSION,   /* the banner's runtime version: `host.major`, `host.minor` */
    RECORD_LOSS,           /* the host says that it dropped lines */
    RECORD_CUT,            /* the input ended within a profiler record */
    RECORD_BLANK,          /* an empty line */
} RecordKind;

/* Which piece of a report a profiler record is. */
typedef enum ProfilerPiece {
    PROFILER_FILENAME,
    PROFILER_HEADER,
    PROFILER_RULE, /* the line of '=' */
    PROFILER_ROW,
    PROFILER_END, /* the blank record behind a complete report */
} ProfilerPiece;

/* The columns that a report's header announces; they differ by version of memory_profiler. */
typedef struct ProfilerColumns {
    bool known; /* a header was seen */
    bool increment;
    bool occurrences;
    bool narrow; /* the increment's is two cells narrower than in all later versions */
} ProfilerColumns;

#define OCCURRENCES_NONE INT64_C(-1)

/* One source line of a report. */
typedef struct ProfilerRow {
    uint32_t line;
    bool measured;
    Mib memory;          /* MIB_NONE when not measured */
    Mib increment;       /* MIB_NONE when not measured or without such a column */
    int64_t occurrences; /* OCCURRENCES_NONE without such a column */
    unsigned decimals;   /* digits behind the point of both memory values */
    Span contents;       /* the source line with its indentation */
} ProfilerRow;

typedef struct ProfilerText {
    ProfilerPiece piece;
    uint64_t ordinal; /* counts the source's profiler records; the assembler's */
    int64_t time_ns;  /* when it was logged, where that is of use and known finely, else MOMENT_UNKNOWN; the assembler's */
    bool contested;   /* more than one open report could take it; the matcher's */
    bool guessed;     /* a report of another function may have been the one; the matcher's */
    Span logger; /* the logger's name in front of the message; empty for text printed to standard output */
    Span file;   /* PROFILER_FILENAME */
    ProfilerColumns columns;
    ProfilerRow row;
} ProfilerText;

typedef struct HostText {
    Span function; /* without "Functions." */
    Span reason;
    Span id;
    bool failed;
    int64_t duration_ms; /* -1 when the record says none */
    int major, minor;    /* RECORD_HOST_VERSION */
    int code;            /* RECORD_WORKER_EXITED: exit code, -1 when unknown */
} HostText;

enum { ORDERED_HOST_MAJOR = 4, ORDERED_HOST_MINOR = 36 };

/*
 * Whether a host of the version that its banner says keeps the records of one invocation in order. Older ones hand each record to
 * the thread pool by itself: records may come late and in any order, and some not at all. One release has several minor numbers:
 * 35, 635 and 835 for workers in the process, 1035 for others (azure-functions-host#10241).
 */
static inline bool host_keeps_order(const HostText *host)
{
    int release = host->minor >= 1000 ? host->minor - 1000 : host->minor % 100;
    return host->major > ORDERED_HOST_MAJOR || (host->major == ORDERED_HOST_MAJOR && release >= ORDERED_HOST_MINOR);
}

typedef struct Record {
    RecordKind kind;
    uint64_t number; /* position among the records of the source: counts from 1, strictly increasing */
    uint64_t offset; /* bytes from the source's (decoded) beginning to the line or object that held it */
    Span stamp;      /* the time as it was written; empty where the input has none */
    Moment (*time)(Span stamp); /* reads `stamp`: only few records are ever asked, see record_time() */
    Span message;    /* without the prefixes of the console */
    Span invocation; /* id that the record itself carries, else empty */
    Span function;   /* function that the record itself names (category, operation name), else empty */
    Span instance;   /* instance of the host that the record itself names, else empty: each has a worker process of its own */
    bool sampled;    /* the record stands for others that were left out */
    bool prefixed;   /* a console or file prefix stood before the message */
    bool partial;    /* the line had not ended when the input did */
    union {
        ProfilerText profiler;
        HostText host;
    };
} Record;

/* When the record was written, MOMENT_NONE where that is not known. */
static inline Moment record_time(const Record *record)
{
    return record->stamp.len ? record->time(record->stamp) : MOMENT_NONE;
}

/* Takes each record in order. */
typedef struct RecordSink {
    void *ctx;
    void (*record)(void *ctx, Record *record); /* may be written to, as members say */
} RecordSink;

#endif
