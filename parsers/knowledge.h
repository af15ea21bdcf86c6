/*
 * What finished reports told about the source files: which text a line has and in which function it stands. It helps to tell whose
 * row it is when the rows of several reports are mixed.
 */
#ifndef PARSERS_KNOWLEDGE_H
#define PARSERS_KNOWLEDGE_H

#include "base/hash.h"
#include "base/vec.h"
#include "parsers/listing.h"
#include "parsers/report.h"

typedef struct KnownLine {
    uint64_t file; /* hash of its path */
    uint32_t line;
    uint32_t first_line; /* of the function that it was measured in */
    uint64_t text;       /* hash of its source text */
    int32_t trust;       /* grows with each report that says the same */
} KnownLine;

enum {
    TRUST_CLEAN = 4, /* of a report whose rows stood together in the log */
    TRUST_MIXED = 1, /* of one whose rows had to be told from another's */
    TRUST_MOST = 64,
};

/* A profiled function, as complete reports show it. */
typedef struct KnownFunction {
    uint64_t file;
    uint32_t first_line;
    uint32_t last_line;
    int32_t trust; /* grows with each report that says the same */
} KnownFunction;

/* A file and the lines at which profiled functions begin in it. */
typedef struct KnownFile {
    uint64_t file;
    VEC(uint32_t) beginnings; /* ascending */
} KnownFile;

/* Zero-initialise; end with knowledge_free(). */
typedef struct Knowledge {
    VEC(KnownLine) lines;
    VEC(KnownFunction) functions;
    VEC(KnownFile) files;
    HashIndex line_index, function_index, file_index;
    uint64_t learnt;   /* grows whenever anything is learnt of where functions begin and end */
    Listings listings; /* source texts, of which `lines` has hashes only */
} Knowledge;

/* Takes in the rows of a finished report, and says in them as what they are listed. */
void knowledge_learn(Knowledge *knowledge, ParsedReport *report);

/* A profiled function begins on that line of the file. */
void knowledge_learn_beginning(Knowledge *knowledge, uint64_t file, uint32_t line);

/* Whether another profiled function begins behind `first_line` and not behind `line`. */
bool knowledge_begins_between(const Knowledge *knowledge, uint64_t file, uint32_t first_line, uint32_t line);

/* The line at which the next profiled function begins behind `first_line`; UINT32_MAX where none is known. */
uint32_t knowledge_next_beginning(const Knowledge *knowledge, uint64_t file, uint32_t first_line);

/* What is known of a line, NULL when nothing is. `file` is hash_text() of its path. */
const KnownLine *knowledge_find(const Knowledge *knowledge, uint64_t file, uint32_t line);

/* The last line of a function whose complete report was seen, else 0. */
uint32_t knowledge_last_line(const Knowledge *knowledge, uint64_t file, uint32_t first_line);

uint64_t hash_text(Span text);

void knowledge_free(Knowledge *knowledge);

#endif
