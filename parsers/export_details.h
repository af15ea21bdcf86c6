/*
 * What customDimensions and the like tell: a JSON object, or an array of objects, in a field of a row. All rows of an invocation
 * have the same, so they are known again by their bytes.
 */
#ifndef PARSERS_EXPORT_DETAILS_H
#define PARSERS_EXPORT_DETAILS_H

#include "base/buffer.h"
#include "parsers/export_field.h"

/* The texts of the fields that were found. */
typedef struct ExportDetails {
    Buffer texts[FIELD_COUNT];
    Buffer source; /* the field that they were read from, as it stood in the file */
    bool unreadable;
} ExportDetails;

enum { DETAILS_KEPT = 8 }; /* as many invocations as mostly run at once */

/* The latest details: those of other invocations stand in between. Zero-initialise; end with details_free(). */
typedef struct DetailsMemory {
    ExportDetails kept[DETAILS_KEPT];
    unsigned current; /* those of the row */
    unsigned newest;
} DetailsMemory;

/* Makes the details of that source the current ones, if they are kept. */
bool details_recall(DetailsMemory *memory, Span source);

/*
 * Reads new details from `json`, the text of `source`, and makes them the current ones: of fields whose bit is in `wanted` the
 * first value that is not empty, from up to four levels of objects and arrays. Nothing of what is no JSON; that is `unreadable`.
 */
void details_read(DetailsMemory *memory, Span source, Span json, uint32_t wanted);

static inline const ExportDetails *details_current(const DetailsMemory *memory)
{
    return &memory->kept[memory->current];
}

void details_free(DetailsMemory *memory);

#endif
