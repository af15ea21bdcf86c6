/* What the parts of unordered.h share. */
#ifndef PARSERS_UNORDERED_PRIVATE_H
#define PARSERS_UNORDERED_PRIVATE_H

#include "parsers/knowledge.h"
#include "parsers/open_report.h"
#include "parsers/spread.h"

#define NO_SHEET UINT32_MAX
#define NO_PIECE UINT32_MAX
#define NO_CALL UINT32_MAX
#define MS INT64_C(1000000) /* nanoseconds */
#define TICK INT64_C(62500) /* the unit of delays: a sixteenth of a millisecond */

/* Where a piece stands in its report: the header, the rule, rows by line, the end. */
enum { ORDER_HEADER, ORDER_RULE, ORDER_ROWS };
#define ORDER_END UINT32_MAX

/* A profiler record: held, or given to a report that is open. */
typedef struct Piece {
    ProfilerRow row; /* its contents are not valid */
    uint64_t number;
    uint64_t ordinal;
    int64_t clock;    /* nanoseconds, later records of a moment a little later; where times are not known, a millisecond a record */
    uint64_t channel; /* hash of logger, invocation and function */
    uint64_t text;    /* hash of a row's contents or of a Filename's path */
    ProfilerPiece kind;
    uint32_t order; /* see ORDER_HEADER */
    uint32_t sheet; /* that it is given to, or NO_SHEET */
    bool entry;     /* it looks like the entry row of its report */
    bool given;     /* for good */
    bool contested; /* another report suits it nearly as well */
} Piece;

typedef VEC(uint32_t) PieceList;

/* A report that pieces may be given to. */
typedef struct Sheet {
    OpenReport *report; /* NULL before its first piece was handed over */
    uint64_t file;      /* hash of its path, 0 without a Filename */
    uint64_t channel;
    int64_t clock;     /* of its Filename, or of its first piece */
    uint32_t filename; /* piece, or NO_PIECE */
    Buffer path;       /* of its file */
    uint32_t place;    /* of its file among those in `Board.files` */
    bool closed;
    bool active;    /* pieces may still be given to it, or taken from it */
    uint32_t owner; /* the call that seems to have printed it, or NO_CALL */
    PieceList rows; /* and all else that it has behind its Filename, by `order` */
} Sheet;

/* An invocation. */
typedef struct Call {
    uint64_t id;           /* hashed */
    uint64_t began, ended; /* numbers of its records; UINT64_MAX while it runs */
    int64_t ended_clock;   /* INT64_MAX while it runs */
    uint32_t function;     /* in Board.functions */
} Call;

/* All that is known at a time. */
typedef struct Board {
    const Knowledge *knowledge;
    VEC(Piece) pieces;     /* in the order of the input */
    VEC(Sheet) sheets;     /* in the order in which they began */
    VEC(Call) calls;       /* that run, or did while records were held, in the order in which they began */
    VEC(Buffer) functions; /* names of Azure functions */
    int64_t clock;         /* of the latest record */
    Spread delays;         /* from a piece of a report to the next, in ticks */
    Spread lags;           /* from a report's last piece to the end of its call, in milliseconds */
    Spread gaps[2][2];     /* see unordered_gap(): [the line ran more than once][it is the next line of a complete report] */
    bool (*prints)(void *ctx, Span function, const ParsedReport *report); /* see ReportSink */
    void *ctx;
    /* While it is searched: */
    int64_t near_ns;     /* rows and reports farther apart have nothing to do with each other */
    VEC(uint64_t) files; /* of sheets */
    VEC(bool) printers;  /* for each file and function whether that prints reports of the file, and whether one does */
    VEC(int8_t) votes; /* for each file and piece: 1 where other reports of the file show the same text there, -1 another, else 0 */
    VEC(const KnownLine *) known; /* for each file what is known of each piece's line there */
} Board;

/* Source files. */

/* Looks up what all judgements of a search need. */
void unordered_prepare(Board *board);

/* Asks all reports, as their rows are placed now, which text stands in which line. */
void unordered_vote(Board *board);

/* Whether the call's function may print the file of the report, as far as that is known. */
bool unordered_may_print(const Board *board, const Sheet *sheet, const Call *call);

/* Judging. */

/*
 * A row's increment is memory now less what the row before had reached: how far the memory before the line is from that, in last
 * digits. `reached` is of the latest measured row. False where it cannot be told.
 */
bool unordered_gap(Mib reached, const ProfilerRow *row, int64_t *gap);

/* How well the pieces make a report together, in points: the higher the better. They are in their order. */
int unordered_judge(const Board *board, const Sheet *sheet, const uint32_t *pieces, size_t count);

/* The line of the report's first row, 0 without one. */
uint32_t unordered_first_line(const Board *board, const Sheet *sheet);

/* Takes in how far apart the pieces of a finished report are. */
void unordered_learn(Board *board, const Sheet *sheet);

/* Owners. */

/* Finds out which call seems to have printed which report. */
void unordered_find_owners(Board *board);

/* Searching. */

/* Gives each row that is not given for good to the report that suits it in the best whole, or to none. */
void unordered_search(Board *board);

#endif
