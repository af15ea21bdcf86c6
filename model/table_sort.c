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
    s->items.len = s->absent.len = s->order.len = 0;
    s->pass = 0;
    s->moved = 0;
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

static void lower(size_t *allowance, size_t cost)
{
    *allowance -= cost < *allowance ? cost : *allowance;
}

/* Merge sort of ids of texts, from below: qsort has no context and cannot be stopped. */

static void begin_merging(TableSorter *s)
{
    size_t count = s->texts.texts.len;
    vec_reserve(&s->order, count);
    vec_reserve(&s->merged, count);
    for (size_t i = 0; i < count; i++)
        s->order.items[i] = (uint32_t)i;
    s->order.len = s->merged.len = count;
    s->run = 1;
    s->merge_at = 0;
}

/* One run of two that follow each other from `at` on. */
static void merge_runs(TableSorter *s, size_t at)
{
    size_t count = s->order.len, middle = count - at < s->run ? count : at + s->run;
    size_t end = count - middle < s->run ? count : middle + s->run;
    for (size_t i = at, k = middle, out = at; out < end; out++) {
        bool left = k == end || (i < middle && span_compare(intern_text(&s->texts, s->order.items[i]),
                                                            intern_text(&s->texts, s->order.items[k])) <= 0);
        s->merged.items[out] = s->order.items[left ? i++ : k++];
    }
    s->merge_at = end;
}

static void swap_orders(TableSorter *s)
{
    uint32_t *items = s->order.items;
    size_t cap = s->order.cap;
    s->order.items = s->merged.items;
    s->order.cap = s->merged.cap;
    s->merged.items = items;
    s->merged.cap = cap;
    s->run *= 2;
    s->merge_at = 0;
}

/* Puts the rank of each text in the place of its id, and lets the texts go. */
static void rank_texts(TableSorter *s)
{
    uint32_t *ranks = s->merged.items; /* not needed any more */
    for (uint32_t i = 0; i < s->order.len; i++)
        ranks[s->order.items[i]] = i + 1;
    for (size_t i = 0; i < s->items.len; i++)
        if (s->items.items[i].rank) /* numbers stand before all texts */
            s->items.items[i].rank = ranks[s->items.items[i].rank - 1];
    intern_free(&s->texts);
    s->texts = (Intern){0};
    vec_free(&s->order);
    vec_free(&s->merged);
}

/* True when texts have their ranks. */
static bool sort_texts(TableSorter *s, size_t *allowance)
{
    if (s->order.len != s->texts.texts.len)
        begin_merging(s);
    while (s->run < s->order.len) {
        for (size_t from = s->merge_at; s->merge_at < s->order.len; from = s->merge_at) {
            if (!*allowance)
                return false;
            merge_runs(s, s->merge_at);
            lower(allowance, s->merge_at - from);
        }
        swap_orders(s);
    }
    rank_texts(s);
    return true;
}

static unsigned byte_of(const SortItem *item, unsigned pass)
{
    return pass < RANK_BYTES ? item->rank >> 8 * pass & 0xff : (unsigned)(item->number >> 8 * (pass - RANK_BYTES) & 0xff);
}

/* Where the first item of each value of the byte goes; false when all have the same value, and all can stay. */
static bool begin_pass(TableSorter *s, unsigned flip)
{
    size_t count = s->items.len, next = 0;
    memset(s->places, 0, sizeof s->places);
    for (size_t i = 0; i < count; i++)
        s->places[byte_of(&s->items.items[i], s->pass) ^ flip]++;
    if (!count || s->places[byte_of(&s->items.items[0], s->pass) ^ flip] == count)
        return false;
    for (size_t i = 0; i < BYTE_VALUES; i++) {
        size_t many = s->places[i];
        s->places[i] = next;
        next += many;
    }
    s->spare.len = 0;
    vec_reserve(&s->spare, count);
    s->spare.len = count;
    return true;
}

static void swap_items(TableSorter *s)
{
    SortItems sorted = s->spare;
    s->spare = s->items;
    s->items = sorted;
}

/* Sorts by one byte and keeps the order of what is equal in it; false when that is not done yet. */
static bool sort_by_byte(TableSorter *s, bool descending, size_t *allowance)
{
    unsigned flip = descending ? BYTE_VALUES - 1 : 0;
    size_t count = s->items.len, from = s->moved;
    if (!from && !begin_pass(s, flip)) {
        lower(allowance, count / CHEAP_ROWS + 1);
        return true;
    }
    size_t end = (count - from) / CHEAP_ROWS < *allowance ? count : from + *allowance * CHEAP_ROWS;
    for (size_t i = from; i < end; i++)
        s->spare.items[s->places[byte_of(&s->items.items[i], s->pass) ^ flip]++] = s->items.items[i];
    lower(allowance, (end - from) / CHEAP_ROWS + 1);
    s->moved = end;
    if (end < count)
        return false;
    swap_items(s);
    s->moved = 0;
    return true;
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
    if (s->texts.texts.len && !sort_texts(s, allowance))
        return false;
    while (s->pass < PASSES && *allowance && sort_by_byte(s, t->sort.descending, allowance))
        s->pass++;
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
    vec_free(&s->order);
    vec_free(&s->merged);
    intern_free(&s->texts);
    *s = (TableSorter){0};
}
