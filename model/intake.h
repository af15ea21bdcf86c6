/* Fills the model from one source. Private to model/. */
#ifndef MODEL_INTAKE_H
#define MODEL_INTAKE_H

#include "model/model.h"

typedef struct Intake {
    Model *model;
    Id source;
    Id process;          /* the one that runs now */
    bool process_used;   /* something ran in it */
    bool old_host;       /* before 4.36: log records of one invocation may come late */
    Id last_failed;      /* invocation whose failure text may follow, or NO_ID */
    VEC(Id) report_ids;  /* model id by the parser's id, less one */
    size_t reports_done; /* all of `report_ids` before this index are closed */
    VEC(Id) calls;       /* invocations that are open, and ended ones that reports may still turn out to belong to */
    size_t calls_kept;   /* how many were left when `calls` was last tidied */
    VEC(Id) undecided;   /* closed reports that wait for an Executed line, oldest first */
} Intake;

Intake *intake_new(Model *model, Id source);
void intake_free(Intake *intake);
ReportSink intake_sink(Intake *intake);

/* The input has ended. */
void intake_end(Intake *intake);

/* Finds or adds the item; the text is copied. */
Id model_function_add(Model *model, Span name);

#endif
