/* Reading one invocation. */
#ifndef MODEL_INVOCATION_H
#define MODEL_INVOCATION_H

#include "base/guid.h"
#include "model/model.h"

static inline Id invocation_index(const Model *model, const Invocation *call)
{
    return (Id)(call - model->invocations.items);
}

static inline uint64_t invocation_number(const Model *model, const Invocation *call, InvocationNumber column)
{
    return numbers_get(&model->invocation_numbers, invocation_index(model, call), column);
}

static inline Id invocation_process(const Model *model, const Invocation *call)
{
    return (Id)invocation_number(model, call, INVOCATION_PROCESS);
}

/* The number of its first record in the source; 0 when the beginning was not seen. */
static inline uint64_t invocation_first(const Model *model, const Invocation *call)
{
    uint64_t number = invocation_number(model, call, INVOCATION_FIRST);
    return number == NUMBER_NONE ? 0 : number;
}

/* The number of its last record in the source; UINT64_MAX while no end was seen. */
static inline uint64_t invocation_last(const Model *model, const Invocation *call)
{
    return invocation_number(model, call, INVOCATION_LAST);
}

static inline bool invocation_has_ended(const Model *model, const Invocation *call)
{
    return invocation_last(model, call) != UINT64_MAX;
}

/* How many reports it has. */
static inline uint32_t invocation_reports(const Model *model, const Invocation *call)
{
    return (uint32_t)invocation_number(model, call, INVOCATION_REPORTS);
}

/* The last of its reports, or NO_ID. */
static inline Id invocation_last_report(const Model *model, const Invocation *call)
{
    return (Id)invocation_number(model, call, INVOCATION_LAST_REPORT);
}

/* -1 when unknown. */
static inline int64_t invocation_duration_ms(const Model *model, const Invocation *call)
{
    return (int64_t)invocation_number(model, call, INVOCATION_DURATION_MS);
}

/* When it began and ended; MOMENT_NONE when that was not seen. */
Moment invocation_started(const Model *model, const Invocation *call);
Moment invocation_ended(const Model *model, const Invocation *call);

/* Why the host ran it, and why it failed; empty when unknown and when it did not. */
Span invocation_reason(const Model *model, const Invocation *call);
Span invocation_error(const Model *model, const Invocation *call);

/* The id that the host gave it: in `text`, or a text of the model. */
Span invocation_id(const Model *model, const Invocation *call, char text[GUID_TEXT]);

/* The key of an id; a text that is no GUID is added to those of the model. */
CallKey call_key(Model *model, Span id);
bool call_key_equal(const CallKey *a, const CallKey *b);

/* Of an id as one of that source. */
uint64_t call_key_hash(const CallKey *key, Id source);

/* "succeeded", "failed", "running" or "unknown". */
const char *outcome_name(uint8_t outcome);

#endif
