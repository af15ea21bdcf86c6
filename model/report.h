/* Reading one report. Closed reports only. */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "model/model.h"

/* Row `index` of `report`. */
ReportRow report_row(const Model *model, const Report *report, uint32_t index);

/* Memory of the process before the first line ran, MIB_NONE when the report does not show it. */
Mib report_baseline(const Model *model, const Report *report);

/* Highest Mem usage, MIB_NONE when no row was measured. */
Mib report_peak(const Model *model, const Report *report);

/* Peak less baseline, MIB_NONE without a baseline. */
Mib report_growth(const Model *model, const Report *report);

/* The largest rankable increment, MIB_NONE when none is above zero. Its row is `report->hot`. */
Mib report_largest(const Model *model, const Report *report);

/* All flags of a report as ReportFlag bits, those included that depend on its invocation. */
unsigned report_flags(const Model *model, const Report *report);

/* The Azure function of a report: its invocation's, else what its records named; NO_ID when unknown. */
Id report_function(const Model *model, const Report *report);

Moment report_time(const Report *report);

/* Name of a flag as exports write it; `bit` counts from 0 to FLAG_COUNT - 1. */
const char *report_flag_name(unsigned bit);

/* What it means, half a sentence. */
const char *report_flag_help(unsigned bit);

/* One letter for a flag in a table. */
char report_flag_letter(unsigned bit);

/* "exact", "inferred", "ambiguous" or "none". */
const char *attribution_name(uint8_t attribution);

/* "succeeded", "failed", "running" or "unknown". */
const char *outcome_name(uint8_t outcome);

Moment invocation_started(const Invocation *invocation);
Moment invocation_ended(const Invocation *invocation);

#endif
