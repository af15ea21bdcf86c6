/*
 * What reports showed of the source of each profiled function: its lines and their texts. Reports of a function repeat each other,
 * so this is what the next rows will most likely say. Private to parsers/.
 */
#ifndef PARSERS_LISTING_H
#define PARSERS_LISTING_H

#include "base/intern.h"

/* A line with its text; its number, from 1, stands for both and never changes its meaning. */
typedef struct ListedLine {
    Span text;       /* stays where it is */
    uint64_t hash;   /* hash_text() of it */
    uint64_t cells;  /* the line's number as rows have it, see row_cells_of_line() */
    size_t known_at; /* where it probably stands among the known lines: knowledge.c's */
    uint32_t former; /* number of the text that the line had before, or 0 */
    bool plain;      /* no byte of it makes a line that it ends in anything but one row */
} ListedLine;

/* One function. */
typedef struct Listing {
    uint64_t file; /* hash of its path */
    uint32_t first_line;
    VEC(uint32_t) numbers; /* by line, less the first: that of its latest text, or 0 */
} Listing;

/* Zero-initialise; end with listings_free(). */
typedef struct Listings {
    VEC(Listing) items;
    VEC(ListedLine) lines; /* by number, less 1 */
    size_t slots;          /* of the `numbers` of all, in all */
    HashIndex index;
    Intern texts;
} Listings;

/* That of the function which begins there, NULL when none is known; valid until the next line is added. */
const Listing *listings_find(const Listings *listings, uint64_t file, uint32_t first_line);

/* The number of a line of the function that begins at `first_line`; 0 where it is unknown and there is no room. */
uint32_t listings_add(Listings *listings, uint64_t file, uint32_t first_line, uint32_t line, Span text);

/* The number of the text that the line had in the latest report that showed it, 0 when none did. */
static inline uint32_t listing_number(const Listing *listing, uint32_t line)
{
    uint32_t at = line - listing->first_line; /* large where the line stands before the first */
    return at < listing->numbers.len ? listing->numbers.items[at] : 0;
}

static inline const ListedLine *listings_line(const Listings *listings, uint32_t number)
{
    return &listings->lines.items[number - 1];
}

void listings_free(Listings *listings);

#endif
