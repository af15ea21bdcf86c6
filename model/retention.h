/*
 * How much is kept row by row. Beyond that the oldest reports are summarised: their rows go, and what they add up to stays, in the report
 * (entry, peak, growth, largest increment and its line, flags) and in the totals of their lines. Nothing stops being counted.
 */
#ifndef MODEL_RETENTION_H
#define MODEL_RETENTION_H

#include "model/model.h"

typedef struct Retention {
    uint64_t reports_per_target; /* 0: no limit */
    uint64_t bytes;              /* of rows in all; 0: no limit */
    size_t at_once;              /* reports that one call summarises for the sake of `bytes`, moving the rows of a multiple of
                                    these; 0: as many as it takes */
} Retention;

/*
 * Summarises the oldest reports, of the first `closed_count` of `model->closed`, until the limits hold. Reports that are still to
 * be attributed wait. Cheap when there is nothing to do; to be called after each piece of input. With `at_once` the limit of bytes
 * holds only some calls later: more than a piece of input brings, so that it is never left far behind.
 */
void model_retain(Model *model, const Retention *limits, size_t closed_count);

#endif
