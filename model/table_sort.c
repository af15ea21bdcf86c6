#include "model/table_private.h"

enum {
    PACKED_BYTES = 8,                         /* of a text that fit a number */
    RANK_BYTES = sizeof(uint32_t),
    PASSES = RANK_BYTES + sizeof(uint64_t),
    CHEAP_ROWS = 8, /* so many rows are moved in the time in which one is asked */
};

#define SIGN_BIT (UINT64_C(1) << 63)

void sorter_begin(TableSorter *s)
{
    s->items.len = s->absent.len = 0;
    s->pass = 0;
    s->ranked = false;
    intern_free(&s->texts);
    s->texts = (Intern){0};
}

/* Texts of up to eight bytes in their order as numbers. */
static uint64_t packed_text(Span text)
{
    uint64_t number = 0;
    for (size_t i = 0; i < PACKED_BYTES; i++)
        number = number << 8 | (i < text.len ? (unsigned char)text.ptr[i] : 0);
    return number;
}

static void take_row(TableSorter *s, Table *t, uint32_t row)
{
    Cell cell = table_cell(t, t->pending.items[row], t->sort.column);
    SortItem item = {.number = (uint64_t)cell.number ^ SIGN_BIT, .row = row};
    bool text = cell.type == CELL_TEXT;
    if (cell.type == CELL_NONE) {
        vec_push(&s->absent, row);
        return;
    }
    if (!s->ranked && (!text || cell.number || cell.text.len > PACKED_BYTES)) {
        sorter_begin(s);
        s->ranked = true;
        return;
    }
    if (text && s->ranked)
        item.rank = intern_add(&s->texts, cell.text) + 1;
    else if (text)
        item.number = packed_text(cell.text);
    vec_push(&s->items, item);
}

static size_t taken(const TableSorter *s)
{
    return s->items.len + s->absent.len;
}

static void take_rows(TableSorter *s, Table *t, size_t *allowance)
{
    for (; taken(s) < t->pending.len && *allowance; --*allowance)
        take_row(s, t, (uint32_t)taken(s));
}

/* Merge sort of ids of texts: qsort has no context. */
static void sort_texts(const Intern *texts, uint32_t *ids, uint32_t *spare, size_t count)
{
    if (count < 2)
        return;
    size_t half = count / 2;
    sort_texts(texts, ids, spare, half);
    sort_texts(texts, ids + half, spare, count - half);
    memcpy(spare, ids, half * sizeof *ids);
    for (size_t i = 0, j = half, k = 0; i < half; k++) {
        bool left = j == count || span_compare(intern_text(texts, spare[i]), intern_text(texts, ids[j])) <= 0;
        ids[k] = left ? spare[i++] : ids[j++];
    }
}

/* Puts the rank of each text in the place of its id, and lets the texts go. */
static void rank_texts(TableSorter *s)
{
    size_t count = s->texts.texts.len;
    uint32_t *ids = alloc_zeroed(count + count / 2 + 1, sizeof *ids), *ranks = alloc_zeroed(count + 1, sizeof *ranks);
    for (uint32_t i = 0; i < count; i++)
        ids[i] = i;
    sort_texts(&s->texts, ids, ids + count, count);
    for (uint32_t i = 0; i < count; i++)
        ranks[ids[i] + 1] = i + 1;
    for (size_t i = 0; i < s->items.len; i++)
        s->items.items[i].rank = ranks[s->items.items[i].rank];
    free(ids);
    free(ranks);
    intern_free(&s->texts);
    s->texts = (Intern){0};
}

static unsigned byte_of(const SortItem *item, unsigned pass)
{
    return pass < RANK_BYTES ? item->rank >> 8 * pass & 0xff : (unsigned)(item->number >> 8 * (pass - RANK_BYTES) & 0xff);
}

/* Sorts by one byte and keeps the order of what is equal in it. */
static void sort_by_byte(TableSorter *s, unsigned pass, bool descending)
{
    size_t places[256] = {0}, count = s->items.len, next = 0;
    unsigned flip = descending ? 0xff : 0;
    for (size_t i = 0; i < count; i++)
        places[byte_of(&s->items.items[i], pass) ^ flip]++;
    if (!count || places[byte_of(&s->items.items[0], pass) ^ flip] == count)
        return;
    for (size_t i = 0; i < 256; i++) {
        size_t many = places[i];
        places[i] = next;
        next += many;
    }
    s->spare.len = 0;
    vec_reserve(&s->spare, count);
    for (size_t i = 0; i < count; i++)
        s->spare.items[places[byte_of(&s->items.items[i], pass) ^ flip]++] = s->items.items[i];
    s->spare.len = count;
    SortItems sorted = s->spare;
    s->spare = s->items;
    s->items = sorted;
}

static void lower(size_t *allowance, size_t rows)
{
    size_t cost = rows / CHEAP_ROWS + 1;
    *allowance -= cost < *allowance ? cost : *allowance;
}

/* Puts the rows themselves into the order that was found. */
static void arrange(TableSorter *s, Table *t)
{
    RowKey *rows = alloc_zeroed(t->pending.len + 1, sizeof *rows);
    size_t at = 0;
    for (size_t i = 0; i < s->items.len; i++)
        rows[at++] = t->pending.items[s->items.items[i].row];
    for (size_t i = 0; i < s->absent.len; i++)
        rows[at++] = t->pending.items[s->absent.items[i]];
    free(t->pending.items);
    t->pending.items = rows;
    t->pending.cap = t->pending.len + 1;
}

bool sorter_step(TableSorter *s, Table *t, size_t *allowance)
{
    take_rows(s, t, allowance);
    if (taken(s) < t->pending.len)
        return false;
    if (s->pass == 0 && s->texts.texts.len)
        rank_texts(s);
    for (; s->pass < PASSES && *allowance; s->pass++) {
        sort_by_byte(s, s->pass, t->sort.descending);
        lower(allowance, s->items.len);
    }
    if (s->pass < PASSES)
        return false;
    arrange(s, t);
    sorter_begin(s);
    return true;
}

void sorter_free(TableSorter *s)
{
    vec_free(&s->items);
    vec_free(&s->spare);
    vec_free(&s->absent);
    intern_free(&s->texts);
    *s = (TableSorter){0};
}
