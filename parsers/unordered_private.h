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

/* What the judgement of a piece depends on besides the piece: what its report has before it, in short. */
typedef struct Standing {
    Mib memory;        /* of the latest measured row, MIB_NONE before one */
    int64_t clock;     /* of the latest piece */
    uint32_t last;     /* line of the latest row, 0 before one */
    uint32_t function; /* line at which the report's function begins, as far as that is known, else 0 */
    bool dense;        /* it has a rule */
} Standing;

typedef struct Judged {
    Standing before;
    int points; /* of all pieces before */
} Judged;

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
    /* While it is searched, for those that are active: */
    VEC(Judged) judged; /* for each of `rows`, and behind the last one; those behind the first that has changed are missing */
    PieceList fixed;    /* of `rows` those that are given for good ... */
    VEC(Judged) alone;  /* ... and for each of them, and behind the last one, as if there were no others */
    PieceList loose;    /* of `rows` the others, before the step of the search */
    uint32_t version;   /* another one whenever its rows, its owner or what is known of them changes */
    int64_t first_clock, last_clock; /* of its Filename and its rows, before the step of the search */
    bool changed;                    /* its rows have, since then */
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
    size_t waiting;        /* the first of them that was not given for good; nor was any behind it */
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

/* Asks all reports, as their rows are placed now, which text stands in which line; returns whether an answer is another. */
bool unordered_vote(Board *board);

/* Whether the call's function may print the file of the report, as far as that is known. */
bool unordered_may_print(const Board *board, const Sheet *sheet, const Call *call);

/* Judging. */

/*
 * A row's increment is memory now less what the row before had reached: how far the memory before the line is from that, in last
 * digits. `reached` is of the latest measured row. False where it cannot be told.
 */
bool unordered_gap(Mib reached, const ProfilerRow *row, int64_t *gap);

/*
 * How well the pieces of a report stand beside each other, in points: the higher the better. What depends on the invocation that
 * seems to have printed it is not in it, see below. Each piece is judged by what stands before it, and a change is hardly felt a
 * few rows behind it: so the judgement of the rows as they are is kept, and gone through anew only where something differs.
 */

/* Rows of a report that another one would have. */
typedef struct Tail {
    const Sheet *sheet; /* NULL: of none */
    size_t begin;       /* of its rows; up to the last one */
} Tail;

/* Judges the rows as they are. Must be called before the next two, for their sheet and the tail's. */
void unordered_judge_rows(const Board *board, Sheet *sheet);

/* The points of the rows as they are. */
int unordered_points(const Sheet *sheet);

/* The points if `pieces` stood where the rows from `begin` to below `end` are. */
int unordered_points_with(const Board *board, const Sheet *sheet, size_t begin, size_t end, const uint32_t *pieces, size_t count);

/*
 * The points if of the rows from `begin` on there were only those that are fixed, which begin with `fixed`, and `pieces`, which are
 * in order. Where `tail` says so, these are the rows of another. False where both have the same line.
 */
bool unordered_points_onto(const Board *board, const Sheet *sheet, size_t begin, size_t fixed, const uint32_t *pieces, size_t count,
                           Tail tail, int *points);

/* Finds the rows of the sheet that are given for good, and judges them. */
void unordered_judge_fixed(const Board *board, Sheet *sheet);

/* The rows from `begin` on have changed, or what is known of them. */
void unordered_forget_points(Sheet *sheet, size_t begin);

/* What speaks against the owner having printed the report, rows aside: at most 0. */
int unordered_judge_owner(const Board *board, const Sheet *sheet, uint32_t owner);

/* What speaks against the owner having printed the pieces: at most 0. */
int unordered_judge_owned(const Board *board, uint32_t owner, const uint32_t *pieces, size_t count);

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
