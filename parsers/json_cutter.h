/*
 * Cuts the records out of a JSON document of any size: bytes in, one row or object at a time out, in bounded memory.
 *
 * It knows no more of JSON than where strings begin and end, which brackets are open and which commas and colons stand directly in
 * a record; what is in a record is left to its reader. It knows these containers and finds them at any level where they may stand:
 *
 *     {"tables": [{"columns": [...], "rows": [[...], ...]}, ...]}   answers of Application Insights and Log Analytics
 *     {"records": [{...}, ...]}                                     Event Hubs and old diagnostic settings
 *     [{...}, ...]   [[...], ...]                                   lists of objects, lists of rows
 *     {...} {...}                                                   objects one after another, mostly one per line
 *
 * Text that is no JSON costs the record in which it stands. Behind it the next record is looked for where one can begin: behind a
 * line's end where records are lines, else behind a closing bracket, comma and opening bracket.
 */
#ifndef PARSERS_JSON_CUTTER_H
#define PARSERS_JSON_CUTTER_H

#include "base/buffer.h"
#include "parsers/damage.h"
#include "parsers/json_layouts.h"
#include "parsers/json_scan.h"

enum {
    JSON_RECORD_BYTES_MAX = 16 << 20, /* a longer record is passed over */
    JSON_LEVELS_MAX = 8,
};

typedef enum JsonPart {
    JSON_PART_LIST,    /* a list begins: its rows have no columns yet; `text` is empty */
    JSON_PART_TABLE,   /* a table begins; `text` is empty */
    JSON_PART_COLUMNS, /* the columns of the table: an array */
    JSON_PART_ROW,     /* an array */
    JSON_PART_RECORD,  /* an object */
} JsonPart;

typedef struct JsonCut {
    JsonPart part;
    Span text; /* with its brackets; valid during the call */
    /* Offsets in `text` of the commas, and in an object also the colons, that stand directly in it. */
    const uint32_t *marks;
    size_t mark_count;
    uint64_t offset; /* of its first byte in the document */
    uint64_t line;   /* that it begins on, from 1; 0 where `text` is empty */
    unsigned layout; /* all records with the same one have the same members; 0: it is not known */
} JsonCut;

typedef struct JsonSink {
    void *ctx;
    void (*cut)(void *ctx, const JsonCut *cut);
} JsonSink;

typedef enum JsonRole { JSON_ROOT, JSON_LIST, JSON_TABLES, JSON_ROWS, JSON_OBJECT } JsonRole;

/* Zero-initialise and set `sink`; end with json_cutter_free(). */
typedef struct JsonCutter {
    JsonSink sink;
    Damage damage;
    bool saw_record; /* an object that stands alone, outside of any list */
    Span view;       /* bytes from `base` on that are looked at: in the caller's memory, or in ... */
    Buffer kept;     /* ... a copy of those that are still needed when more come */
    size_t at;       /* in the view: the next byte to look at */
    uint64_t base;
    uint64_t lines; /* line ends before `at` */
    int state;      /* private, as all that follows */
    JsonRole levels[JSON_LEVELS_MAX];
    size_t level;
    bool expects_value; /* in JSON_OBJECT: behind a colon */
    bool lost;          /* nothing was cut since the latest damage */
    bool line_records;  /* a record at the root ended in the line in which it began */
    bool line_begins;   /* the byte before ended a line */
    char resync[2];     /* what was found of the place where a record begins */
    Buffer key;
    size_t begin;    /* of what is being cut, in the view */
    uint64_t offset; /* of it in the document */
    uint64_t line;   /* that it begins on */
    uint64_t size;   /* of it, before `begin`: bytes that are not kept */
    JsonPart part;
    bool wanted;      /* it will be handed over */
    unsigned layout;  /* that it has, if that is known */
    JsonCarry carry;  /* up to `at` in it */
    bool escaped;     /* in a string between records */
    unsigned place;   /* what may stand there */
    uint32_t depth;   /* brackets open in what is being cut */
    uint64_t objects; /* a bit per open bracket: whether it is an object's; the innermost is the lowest */
    JsonMarks marks;
    JsonLayouts layouts; /* of records in lists and at the root */
} JsonCutter;

/* Reads `len` more bytes. */
void json_cutter_feed(JsonCutter *cutter, const char *bytes, size_t len);

/* The document has ended: what is not whole is damage. */
void json_cutter_finish(JsonCutter *cutter);

/* Whether nothing is open: the document may have ended here. */
bool json_cutter_is_complete(const JsonCutter *cutter);

/* Bytes and line ends read so far. */
uint64_t json_cutter_bytes(const JsonCutter *cutter);
uint64_t json_cutter_lines(const JsonCutter *cutter);

void json_cutter_free(JsonCutter *cutter);

#endif
