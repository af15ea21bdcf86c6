#include "parsers/listing.h"

#include "parsers/glue.h"
#include "parsers/row_cells.h"

/* More than any app has: then a log of noise is read, and no more is learnt. */
enum {
    LINES_MAX = 1 << 16,
    FUNCTIONS_MAX = 1 << 14,
    SLOTS_MAX = 1 << 19,
    GAP_MAX = 1 << 12, /* lines between two that are listed */
    TEXT_BYTES_MAX = 4 << 20,
};

enum { FORMER_MAX = 4 }; /* texts of one line that are looked through: of versions of a file that take turns */

typedef struct ListingKey {
    uint64_t file;
    uint32_t first_line;
} ListingKey;

static bool same_function(const void *ctx, uint32_t item, const void *key)
{
    const Listing *listing = &((const Listings *)ctx)->items.items[item];
    const ListingKey *k = key;
    return listing->file == k->file && listing->first_line == k->first_line;
}

static int64_t find(const Listings *l, uint64_t file, uint32_t first_line)
{
    ListingKey key = {file, first_line};
    return hash_index_find(&l->index, hash_pair(file, first_line), same_function, l, &key);
}

const Listing *listings_find(const Listings *l, uint64_t file, uint32_t first_line)
{
    int64_t at = find(l, file, first_line);
    return at < 0 ? NULL : &l->items.items[at];
}

static Listing *listing_of(Listings *l, uint64_t file, uint32_t first_line)
{
    int64_t at = find(l, file, first_line);
    if (at >= 0)
        return &l->items.items[at];
    if (l->items.len == FUNCTIONS_MAX)
        return NULL;
    hash_index_add(&l->index, hash_pair(file, first_line), (uint32_t)l->items.len);
    vec_push(&l->items, (Listing){.file = file, .first_line = first_line});
    return &vec_last(&l->items);
}

/* Control bytes may belong to the end of a line or to an escape sequence, and a bracket may begin the prefix of a second record. */
static bool is_plain(Span text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < ' ' && c != '\t') || (c == '[' && glue_may_begin(span_from(text, i))))
            return false;
    }
    return true;
}

/* The number of a text that the line had before; 0 when it is new. */
static uint32_t find_former(Listings *l, uint32_t latest, Span text)
{
    ListedLine *before = NULL;
    uint32_t number = latest;
    for (unsigned n = 0; number && n < FORMER_MAX; n++) {
        ListedLine *line = &l->lines.items[number - 1];
        if (span_eq(line->text, text)) {
            if (before) { /* it becomes the latest again, and those between stay behind it */
                before->former = line->former;
                line->former = latest;
            }
            return number;
        }
        before = line;
        number = line->former;
    }
    return 0;
}

static uint32_t add_line(Listings *l, uint32_t former, uint32_t line, Span text)
{
    if (l->lines.len == LINES_MAX || l->texts.bytes + text.len > TEXT_BYTES_MAX)
        return 0;
    Span kept = intern_text(&l->texts, intern_add(&l->texts, text));
    vec_push(&l->lines, (ListedLine){
                            .text = kept,
                            .hash = hash_bytes(text.ptr, text.len, 0),
                            .cells = row_cells_of_line(line),
                            .known_at = SIZE_MAX,
                            .former = former,
                            .plain = is_plain(text),
                        });
    return (uint32_t)l->lines.len;
}

/* Room for the line's number, NULL where there is none. */
static uint32_t *slot_of(Listings *l, Listing *listing, uint32_t line)
{
    size_t at = line - listing->first_line, room = SLOTS_MAX - l->slots;
    if (line < listing->first_line || at >= listing->numbers.len + (room < GAP_MAX ? room : GAP_MAX))
        return NULL;
    for (; listing->numbers.len <= at; l->slots++)
        vec_push(&listing->numbers, 0);
    return &listing->numbers.items[at];
}

uint32_t listings_add(Listings *l, uint64_t file, uint32_t first_line, uint32_t line, Span text)
{
    Listing *listing = listing_of(l, file, first_line);
    uint32_t *number = listing ? slot_of(l, listing, line) : NULL;
    if (!number)
        return 0;
    uint32_t found = find_former(l, *number, text);
    if (!found)
        found = add_line(l, *number, line, text);
    if (found)
        *number = found;
    return found;
}

void listings_free(Listings *l)
{
    for (size_t i = 0; i < l->items.len; i++)
        vec_free(&l->items.items[i].numbers);
    vec_free(&l->items);
    vec_free(&l->lines);
    hash_index_free(&l->index);
    intern_free(&l->texts);
}
