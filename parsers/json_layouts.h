/*
 * The records of an export are alike: most of their bytes are those of a record before, at the same place or a little further. Some
 * earlier records are kept, each with a layout of its own. A record that differs from one of them in values only is as whole as
 * that was, and its members are where they were there: only the values that differ must be passed over.
 */
#ifndef PARSERS_JSON_LAYOUTS_H
#define PARSERS_JSON_LAYOUTS_H

#include "base/buffer.h"
#include "base/vec.h"

enum { JSON_LAYOUTS_KEPT = 4 };

typedef VEC(uint32_t) JsonMarks;

/* Where a string that is no name, a number or a word stands in a record: from `begin` to before `end`. */
typedef struct JsonPlace {
    uint32_t begin, end;
} JsonPlace;

/* A record that was cut. */
typedef struct JsonLayout {
    Buffer text; /* empty: none is kept here */
    VEC(JsonPlace) values;
    JsonMarks marks;  /* as in JsonCut */
    unsigned id;      /* no other one has or had it; never 0 */
    unsigned changed; /* the fewest values that a record after it had otherwise */
} JsonLayout;

/* Zero-initialise; end with json_layouts_free(). */
typedef struct JsonLayouts {
    JsonLayout kept[JSON_LAYOUTS_KEPT];
    unsigned ids;
    unsigned latest;  /* that a record was like; or where the next one is to be kept */
    unsigned context; /* that they stood in */
    unsigned debt;    /* what keeping records costs, less what was read since: not too much of it is done */
    bool wanted;      /* the record that was compared last is to be kept */
} JsonLayouts;

/*
 * The length of the record at the front of `view`, if it is whole and like one that was kept in the same `context`, else 0. The
 * offsets of the commas and colons that stand directly in it are added to `marks`.
 */
size_t json_layouts_follow(JsonLayouts *layouts, unsigned context, Span view, JsonMarks *marks);

/* Keeps the record of `size` bytes at the front of `view`, which was compared last, is wanted, and is JSON without line ends. */
void json_layouts_keep(JsonLayouts *layouts, Span view, size_t size);

void json_layouts_free(JsonLayouts *layouts);

#endif
