/* What the parts of assembler.h share. */
#ifndef PARSERS_ASSEMBLER_PRIVATE_H
#define PARSERS_ASSEMBLER_PRIVATE_H

#include "parsers/assembler.h"
#include "parsers/backlog.h"
#include "parsers/matcher.h"
#include "parsers/unordered.h"

enum { OPEN_REPORTS_MAX = 256 }; /* beyond it the one that was silent longest is closed */

typedef struct OpenCall {
    char *id;
    uint64_t number; /* of its Executing record */
} OpenCall;

struct Assembler {
    ReportSink sink;
    OpenReports open;    /* in the order in which they began */
    OpenReports spare;   /* memory of closed ones */
    VEC(OpenCall) calls; /* invocations that are open, oldest first */
    uint64_t reports;    /* announced so far */
    uint64_t pieces;     /* profiler records so far */
    uint64_t reporter;   /* hash of the latest logger that wrote a header */
    OpenReport *latest;  /* took the latest profiler record; NULL when it is closed */
    Knowledge knowledge;
    Matcher *matcher;
    Backlog backlog;   /* host records that wait for decisions of the matcher */
    int64_t now_ns;    /* when the latest profiler record was logged, if that is of use, else MOMENT_UNKNOWN */
    bool unordered;    /* the host may print the records of an invocation in any order, and late */
    Unordered *placer; /* gives them to reports then; NULL before there was such a host */
};

/*
 * When a piece was logged, or MOMENT_UNKNOWN: time tells reports apart that are written at once, if its stamps are finer than the
 * time that a report takes.
 */
int64_t assembler_fine_time(const Assembler *assembler, const Record *record);

/* Reports: opening and closing. What closes one whose rows may be undecided settles the matcher first. */

/* A new report, of which nothing but `first` is known. */
OpenReport *assembler_open(Assembler *assembler, const Record *first);

/* Makes the report known to the sink, if it is not yet. */
void assembler_announce(Assembler *assembler, OpenReport *report);

/* Takes in what the report tells about the source, once. */
void assembler_learn(Assembler *assembler, OpenReport *report);

void assembler_close(Assembler *assembler, size_t index);

/* Whether hardly anything more is to come of the report. */
bool assembler_is_stale(const Assembler *assembler, const OpenReport *report);

/* A report whose end record was given to it takes nothing more, whatever is undecided. */
void assembler_close_ended(Assembler *assembler);

/* Closes what cannot go on, so that the number of open reports stays small. */
void assembler_close_crowded(Assembler *assembler);

/* Records that name their invocation come in its order: a new report of it, with that record, ends the one that has rows. */
void assembler_close_previous(Assembler *assembler, const Record *record);

/*
 * The same where no id tells. One invocation writes its reports one after the other, and so does a program of its own. Where only
 * one can be writing, a new report means that all others are complete.
 */
void assembler_close_predecessors(Assembler *assembler, const Record *record);

/* Closes the reports that have rows and could not show their end. */
void assembler_close_silent(Assembler *assembler);

void assembler_close_all(Assembler *assembler);

/* Ends the memory of all reports. */
void assembler_free_reports(Assembler *assembler);

/* Taking records: the automaton of a report. */

/* A Filename, a header or a rule. */
void assembler_take_heading(Assembler *assembler, const Record *record);

/* A row or an end record whose report is decided; see PieceTaker. `ctx` is the assembler. */
void assembler_take_piece(void *ctx, size_t owner, const Record *piece);

/* Bare output has two empty lines behind a report; behind the rows of other writers there may be one each. */
void assembler_take_blank(Assembler *assembler, const Record *record);

/* The report takes that record: notes where, and what that means for it. */
void assembler_touch(Assembler *assembler, OpenReport *report, const Record *record);

/* Adds a row where it stands by its line. */
void assembler_add_row(OpenReport *report, const Record *piece);

/* Invocations. */

void assembler_begin_call(Assembler *assembler, const Record *record);

/* Closes what was its, after the sink was told. */
void assembler_end_call(Assembler *assembler, const Record *record);

/*
 * The report of an invocation that has ended has its rows: that may tell whose the undecided ones are. Returns whether it may be
 * one of those that are open.
 */
bool assembler_weigh_end(Assembler *assembler, const Record *record);

/* All have ended, whether or not it was seen. */
void assembler_forget_calls(Assembler *assembler);

/* Old hosts. */

/* Takes what unordered.h hands over, where that has found out which piece belongs to which report; other records go to `record`. */
UnorderedSink assembler_unordered_sink(Assembler *assembler, void (*record)(void *ctx, const Record *record));

#endif
