/* Fills the model from one source. Private to model/. */
#ifndef MODEL_INTAKE_H
#define MODEL_INTAKE_H

#include "model/model.h"

/* A report whose rows are still coming. */
typedef struct OpenReport {
    Id report;
    const ParsedReport *parsed; /* the assembler's */
} OpenReport;

/* Reports that came one after the other, with no other source's between them. */
typedef struct ReportRun {
    uint32_t first; /* the parser's id of the first one, less one */
    Id report;      /* the model's */
} ReportRun;

/* How an Azure function and a target go together, for all that was seen. */
typedef struct Habit {
    Id function;
    Id target;
    uint32_t reports;   /* of the target that surely belong to invocations of the function */
    uint32_t witnessed; /* reports of the target that were printed while an invocation of the function was open ... */
    double presence;    /* ... and the logarithms of how many were, added up */
    uint32_t printing;  /* invocations that seem to have printed such reports, and did not fail ... */
    uint32_t printed;   /* ... and how many */
    uint64_t lag;       /* records between the ends of such reports and what followed in their invocations, in all ... */
    uint64_t followers; /* reports that came later in their invocations, in all ... */
    uint32_t lags;      /* ... so many times */
} Habit;

/* How an old host's invocations end: before their last report was printed, or behind it. */
typedef struct EndHabit {
    uint32_t early, late; /* reports whose invocation ended before their last record, and behind it */
    uint64_t records;     /* from the end to the last record of the former, in all */
} EndHabit;

/* Whether some function was open at every report of a target, as of so many reports. */
typedef struct Constant {
    uint32_t witnessed;
    bool found;
} Constant;

/* The worker process of an instance of the host; inputs that name instances may show several at once. */
typedef struct Instance {
    TextId name;
    Id process;
    bool used; /* something ran in it */
} Instance;

/* An invocation, and from which record to which it ran; kept together, because it is asked for at each report. */
typedef struct CallSpan {
    Id call;
    Id process;
    uint64_t first; /* 0 when its beginning was not seen */
    uint64_t last;  /* UINT64_MAX while no end was seen */
} CallSpan;

/* What a line that the parser has listed is in the model; both NO_ID before that was asked. */
typedef struct ListedAs {
    Id target;
    Id line;
} ListedAs;

typedef VEC(Id) IdList;

typedef struct Intake {
    Model *model;
    Id source;
    Id process;          /* the one that runs now */
    Id previous_process; /* the one before it, or NO_ID */
    bool process_used;   /* something ran in it */
    size_t lingering;    /* invocations that may run beside those of `calls`: of earlier workers, and ones that the log repeats */
    uint64_t lingered_until; /* the record that ended the last one of those that there were */
    bool host_restarted; /* the host was started again, and nothing ran since */
    bool named;          /* records name their invocations: an export */
    VEC(Instance) instances;
    bool old_host;       /* before 4.36: log records of one invocation may come late */
    Id overlapped;       /* invocations before this one are known to have run beside an unseen one */
    Id last_failed;      /* invocation whose failure text may follow, or NO_ID */
    VEC(ReportRun) report_runs; /* model ids of the parser's reports ... */
    uint32_t report_count;      /* ... of which there were so many */
    VEC(ListedAs) listed;       /* by the parser's number of a listed line */
    VEC(OpenReport) open;
    VEC(CallSpan) calls; /* invocations that are open, and ended ones that reports may still turn out to belong to */
    size_t calls_kept;   /* how many were left when `calls` was last tidied */
    VEC(Id) unsettled;   /* invocations that have ended and may yet get reports, the earliest end first */
    IdList undecided;   /* closed reports without an owner, oldest first ... */
    IdList stranded;    /* ... but those that only an invocation can own whose beginning was not seen */
    VEC(uint64_t) present; /* by function: its invocations that were open at a report, in all ... */
    uint64_t presences;    /* ... so many */
    VEC(uint32_t) settled_calls; /* by function: those that did not fail */
    VEC(Habit) habits;
    HashIndex habit_index; /* by function and target */
    HashIndex print_index; /* by function and file: one of those with reports */
    uint32_t habit_latest; /* the one that was found last */
    EndHabit ends;
    VEC(Constant) constants; /* by target */
} Intake;

Intake *intake_new(Model *model, Id source);
void intake_free(Intake *intake);
ReportSink intake_sink(Intake *intake);

/* The input has ended. */
void intake_end(Intake *intake);

CallSpan intake_call_span(const Intake *intake, Id call);

/* The report that the source's parser numbers `index`, from 0. */
Id intake_report(const Intake *intake, uint32_t index);

/* The target of a report that has rows. */
Id intake_target(Intake *intake, const ParsedReport *parsed);

/* Finds or adds the item; the text is copied. */
Id model_function_add(Model *model, Span name);

#endif
