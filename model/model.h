/*
 * What was measured: sources, processes, functions, targets, invocations, reports and rows, as numbered items.
 *
 * An item's id is its index and never changes; items are only added. Texts are interned. All items are for reading: only the
 * model's own modules write them. Pointers to items are valid until the model takes its next record.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "base/guid.h"
#include "base/intern.h"
#include "base/moment.h"
#include "base/numbers.h"
#include "model/totals.h"
#include "parsers/report.h"

typedef uint32_t Id;
#define NO_ID UINT32_MAX

/* Where bytes came from. */
typedef struct LogSource {
    TextId name;
    const char *format; /* NULL while nothing tells it; static text */
    uint64_t bytes;
    uint64_t lines;
    uint64_t damaged;
    bool ended;
} LogSource;

/* One Python worker process. Memory can only be compared within one. */
typedef struct Process {
    Id source;
    uint32_t number;   /* within its source, from 0 */
    Id last_call;      /* the invocation of it that was added last, or NO_ID */
    bool cut_start;    /* an invocation ended whose beginning the capture does not show: others may be hidden as well */
} Process;

/* An Azure function, by the host's name without "Functions.". */
typedef struct Function {
    TextId name;
} Function;

/* A profiled Python function: where it begins. */
typedef struct Target {
    TextId file; /* of the empty text when the reports had no Filename */
    uint32_t first_line;
    TextId name;       /* of the empty text until a report shows the def line */
    Id function;       /* Azure function that was seen to own it first, or NO_ID */
    bool shared;       /* more than one Azure function was seen to own it */
    uint32_t witnessed; /* reports for which it was noted which functions were running */
    Id folder_function;        /* the one that is named like the file's folder, or NO_ID ... */
    uint32_t folder_functions; /* ... as of so many functions */
    Id first_report;   /* closed reports, oldest first, linked by `next_of_target` */
    Id last_report;
    uint32_t reports;
    uint32_t retained;   /* of these, so many were seen by model_retain() ... */
    uint32_t summarised; /* ... and so many of them have no rows any more, the oldest ones */
    Id first_kept;       /* none before this one has; NO_ID while all have */
} Target;

/* A source line of a target, with the text that a report showed for it. */
typedef struct SourceLine {
    Id target;
    uint32_t number;
    TextId contents;
} SourceLine;

typedef enum Outcome { OUTCOME_RUNNING, OUTCOME_SUCCEEDED, OUTCOME_FAILED, OUTCOME_UNKNOWN } Outcome;

/* The id that a host gives an invocation: mostly a GUID, which is kept as its bytes, else a text. */
typedef struct CallKey {
    unsigned char bytes[GUID_BYTES]; /* of the GUID; else the first are those of a TextId, and the others 0 */
    bool is_guid;
} CallKey;

/* One execution of a function; see model/invocation.h. */
typedef struct Invocation {
    CallKey key;
    uint8_t outcome;          /* Outcome */
    bool contended : 1;       /* another invocation was open during this one in the same process */
    bool settled : 1;         /* it has ended, and it is decided which reports are its own */
    bool hidden : 1;          /* another source has it, with all its reports: it does not count */
    bool repeated : 1;        /* its beginning was read again after its end, but not its end */
    bool doubled : 1;         /* its beginning is there twice: merged log streams show each line so */
    bool profiler_failed : 1; /* the profiler's own ValueError ended it, and cut its last report */
    Id function;
    Id first_report; /* its reports in the order of their beginning, linked by `next_of_invocation` */
} Invocation;

/* What is kept of each invocation in columns; NUMBER_NONE where there is none. */
typedef enum InvocationNumber {
    INVOCATION_PROCESS,
    INVOCATION_REASON, /* a text */
    INVOCATION_ERROR,
    INVOCATION_NEXT_OF_PROCESS, /* the invocation of the same process that was added next */
    INVOCATION_STARTED,         /* see number_of_time() */
    INVOCATION_STARTED_DIGITS,
    INVOCATION_ENDED,
    INVOCATION_ENDED_DIGITS,
    INVOCATION_FIRST, /* numbers of its first and last record in the source */
    INVOCATION_LAST,
    INVOCATION_OFFSET, /* of the first record of it in the source, bytes; none where only reports name it */
    INVOCATION_DURATION_MS,
    INVOCATION_REPORTS, /* how many it has */
    INVOCATION_LAST_REPORT,
    INVOCATION_NUMBERS
} InvocationNumber;

/* How it was decided to which invocation a report belongs. */
typedef enum Attribution {
    ATTRIBUTION_NONE,
    ATTRIBUTION_PENDING, /* more than one may own it and they have not all ended; shown as `ambiguous` outside */
    ATTRIBUTION_AMBIGUOUS,
    ATTRIBUTION_INFERRED,
    ATTRIBUTION_EXACT,
} Attribution;

typedef enum ReportFlag {
    FLAG_SPARSE = 1 << 0,
    FLAG_CONTENDED = 1 << 1,
    FLAG_INTERLEAVED = 1 << 2,
    FLAG_TRUNCATED = 1 << 3,
    FLAG_ASYNC_OVERLAP = 1 << 4,
    FLAG_NESTED = 1 << 5,
    FLAG_GAP = 1 << 6,
} ReportFlag;

enum { FLAG_COUNT = 7 };

/* The result of one profiled call; its numbers are read by the functions of model/report.h. */
typedef struct Report {
    Id target;
    Id invocation; /* or NO_ID */
    Id next_of_target;
    Id next_of_invocation;
    uint32_t rows;
    uint8_t decimals;     /* digits behind the point of its memory values */
    uint8_t attribution;  /* Attribution */
    uint8_t stored_flags; /* ReportFlag, those that the report itself tells; see report_flags() */
    bool closed : 1;      /* its rows are here; open reports are not shown */
    bool wide : 1;        /* its numbers do not fit the compact row */
    bool summarised : 1;  /* its rows are gone; see model/retention.h */
    bool on_stdout : 1;   /* printed, not logged */
    bool doubtful : 1;    /* a row of it may be another report's */
    bool duplicate : 1;   /* it is there twice, mostly in another source: it does not count */
    bool twinned : 1;     /* it was compared with that one */
    bool entry_differs : 1;  /* the increment of the entry row is neither its memory nor 0 */
    bool entry_repeated : 1; /* the entry row ran more than once: recursion or overlapping coroutines */
} Report;

/* What is kept of each report in columns; NUMBER_NONE where there is none. */
typedef enum ReportNumber {
    REPORT_TIME, /* of its first record; see number_of_time() */
    REPORT_TIME_DIGITS,
    REPORT_FIRST, /* numbers of its first and last record in the source ... */
    REPORT_LAST,
    REPORT_LAST_GAP,    /* ... and of records between its last one and the one before that, at most UINT32_MAX */
    REPORT_OFFSET,      /* of its first record in the source, bytes ... */
    REPORT_LAST_OFFSET, /* ... and of its last; before that one where the input is not in the order of time */
    REPORT_ROWS_AT,     /* index of its first row in Model.rows or Model.wide_rows, or of its summary in Model.summaries */
    REPORT_ENTRY,       /* index of its entry row */
    REPORT_HOT,         /* index of its row with the largest rankable increment above zero */
    REPORT_PROCESS,
    REPORT_FUNCTION, /* that its records name where no invocation is known */
    REPORT_LIKELY,   /* while none is decided: the invocation that it seems to belong to */
    REPORT_NUMBERS
} ReportNumber;

/* A time as one of Numbers: the order is the same, and none stands for MOMENT_UNKNOWN. */
static inline uint64_t number_of_time(int64_t ns)
{
    return (uint64_t)ns + INT64_MAX;
}

static inline int64_t time_of_number(uint64_t number)
{
    return (int64_t)(number - INT64_MAX);
}

/* An id as one of Numbers. */
static inline uint64_t number_of_id(Id id)
{
    return id == NO_ID ? NUMBER_NONE : id;
}

/* What stays of a report whose rows are gone. */
typedef struct ReportSummary {
    Mib baseline, peak, largest; /* MIB_NONE where there is none */
    Id hot_line;                 /* SourceLine of the largest increment, or NO_ID */
} ReportSummary;

/* A row as it is kept; report_row() reads both forms. */
typedef struct Row {
    uint32_t line;       /* SourceLine; the top bit marks a suspect row */
    int32_t memory;      /* in units of the report's last decimal; INT32_MIN when not measured */
    int32_t increment;   /* INT32_MIN when there is none */
    uint32_t occurrences; /* UINT32_MAX when there is none */
} Row;

typedef struct WideRow {
    uint32_t line;
    Mib memory;
    Mib increment;
    int64_t occurrences;
} WideRow;

/* A row for its reader. */
typedef struct ReportRow {
    Id source_line;
    uint32_t line;
    bool measured;
    bool entry;
    bool suspect;
    Mib memory;          /* MIB_NONE when not measured */
    Mib increment;       /* MIB_NONE when not measured or not printed */
    int64_t occurrences; /* OCCURRENCES_NONE when not printed */
    Span contents;
} ReportRow;

typedef struct Model {
    Intern texts;
    TextId empty; /* the id of the empty text */
    VEC(LogSource) sources;
    VEC(Process) processes;
    VEC(Function) functions;
    VEC(Target) targets;
    VEC(SourceLine) lines;
    VEC(Invocation) invocations;
    Numbers invocation_numbers; /* by invocation: InvocationNumber */
    VEC(Report) reports;
    Numbers report_numbers; /* by report: ReportNumber */
    VEC(Row) rows;
    VEC(WideRow) wide_rows;
    VEC(ReportSummary) summaries;
    VEC(LineTotals) line_totals;  /* of the rows that are gone */
    VEC(uint32_t) totals_of_line; /* by line: index + 1 of its totals, 0 for none; lines at the end may lack */
    uint64_t dead_bytes;          /* of `rows` and `wide_rows` belong to reports that were summarised */
    struct Compaction {
        bool running;
        size_t next;              /* report of `closed` whose rows are to be moved next */
        size_t rows, wide_rows;   /* so many stand together by now */
        uint64_t dead_bytes;      /* of these, belong to reports that were summarised since they were moved */
    } compaction;                 /* rows moving down, a part at a time */
    size_t retained;              /* reports of `closed` that model_retain() has seen */
    size_t oldest_kept;           /* those of `closed` before this one are summarised */
    HashIndex function_index, target_index, line_index;
    HashIndex invocation_index;   /* by source and key, of any process */
    VEC(struct Intake *) intakes; /* by source: what it takes to fill the model */
    VEC(Id) closed;   /* reports in the order in which they were completed */
    Moment newest;    /* the latest time seen in any record */
    uint64_t recounts; /* grows when something that counted does not count any more */
    uint64_t version; /* grows with every change */
} Model;

Model *model_new(void);
void model_free(Model *model);

/* Adds a source; `name` is what people call it. */
Id model_source_add(Model *model, Span name);

/* Where the parser of that source shall send what it finds; valid as long as the model. */
ReportSink model_source_sink(Model *model, Id source);

/* Says what was read of a source so far. `format` is static text or NULL. */
void model_source_progress(Model *model, Id source, const char *format, uint64_t bytes, uint64_t lines, uint64_t damaged);

/* The source has ended: invocations without an end get the outcome unknown, and what is pending is decided. */
void model_source_end(Model *model, Id source);

/* The Azure function of that name, or NO_ID. */
Id model_function_named(const Model *model, Span name);

/* The text of an id. */
static inline Span model_text(const Model *model, TextId id)
{
    return intern_text(&model->texts, id);
}

#endif
