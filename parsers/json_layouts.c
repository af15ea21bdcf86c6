#include "parsers/json_layouts.h"

#include <limits.h>

#include "base/attributes.h"
#include "parsers/json_scan.h"

enum {
    AHEAD = JSON_BLOCK_BYTES, /* so many bytes are looked at behind what matters */
    RECORD_BYTES_MAX = 64 << 10,
    DEBT_MAX = 1024,
    KEEPING_COST = 32, /* a record that is kept costs as much as so many that are not */
    CHANGED_MORE = 3,  /* values: with so many another record would serve better */
};

/* Bytes of numbers and words. */
static const bool scalar_bytes[256] = {
    ['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true, ['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true,
    ['8'] = true, ['9'] = true, ['+'] = true, ['-'] = true, ['.'] = true, ['e'] = true, ['E'] = true, ['n'] = true,
    ['u'] = true, ['l'] = true, ['t'] = true, ['r'] = true, ['f'] = true, ['a'] = true, ['s'] = true,
};

static bool is_scalar_byte(char c)
{
    return scalar_bytes[(unsigned char)c];
}

/* Behind the string that goes on at `p`; NULL where it has a line end, or its end is not to be seen. */
static NEVER_INLINE const char *long_string_end(const char *p, const char *stop)
{
    bool escapes = false;
    for (; stop - p >= AHEAD; p += JSON_BLOCK_BYTES) {
        const JsonBytes b = json_load(p);
        uint64_t quotes = json_where(&b, '"'), slashes = json_where(&b, '\\'), line_ends = json_where(&b, '\n');
        uint64_t escaped = json_escaped(slashes, escapes);
        escapes = json_escapes_next(slashes, escaped, JSON_BLOCK_BYTES);
        quotes &= ~escaped;
        if (line_ends & ((quotes & -quotes) - 1))
            return NULL;
        if (quotes)
            return p + __builtin_ctzll(quotes) + 1;
    }
    return NULL;
}

/* The same of a string whose quote is at `p`. Most are shorter than a block and have no escapes. */
static inline const char *string_end(const char *p, const char *stop)
{
    p++;
    if (stop - p < AHEAD)
        return NULL;
    const JsonBytes b = json_load(p);
    uint64_t ends = json_where_end(&b);
    const char *end = p + __builtin_ctzll(ends | UINT64_C(1) << (JSON_BLOCK_BYTES - 1));
    return ends && *end == '"' ? end + 1 : long_string_end(p, stop);
}

static const char *scalar_end(const char *p, const char *stop)
{
    const char *from = p;
    while (p < stop && is_scalar_byte(*p))
        p++;
    return p > from ? p : NULL;
}

/* Behind the value at `p`, which must be of the same sort as that which begins with `first`. */
static inline const char *value_end(const char *p, char first, const char *stop)
{
    if (first != '"')
        return scalar_end(p, stop);
    return *p == '"' ? string_end(p, stop) : NULL;
}

/* Following. */

/* The value that `at` is in or right behind, `*next` or one behind it; NULL where it is in none: then the layout is another. */
static inline const JsonPlace *value_at(const JsonLayout *k, size_t *next, size_t at)
{
    while (*next < k->values.len && k->values.items[*next].end < at)
        ++*next;
    return *next < k->values.len && k->values.items[*next].begin <= at ? &k->values.items[(*next)++] : NULL;
}

/* Adds those marks from `*next` on that stand before `end`; there is room for them. */
static inline void move_marks(const JsonLayout *k, size_t *next, size_t end, size_t by, JsonMarks *marks)
{
    if (*next == k->marks.len)
        return; /* there may be no list at all */
    const uint32_t *from = k->marks.items + *next, *stop = k->marks.items + k->marks.len;
    uint32_t *to = marks->items + marks->len, before = (uint32_t)end, moved = (uint32_t)by;
    while (from < stop && *from < before)
        *to++ = *from++ + moved;
    *next = (size_t)(from - k->marks.items);
    marks->len = (size_t)(to - marks->items);
}

/* The length of the record at the front of `view` if it is like the one that is kept, and how many values are other ones. */
static size_t follow(const JsonLayout *k, Span view, JsonMarks *marks, unsigned *changed)
{
    const char *p = view.ptr, *stop = p + view.len;
    size_t at = 0, value = 0, mark = 0; /* in what is kept */
    vec_reserve(marks, k->marks.len);
    for (*changed = 0;; ++*changed) {
        size_t left = k->text.len - at, moved = (size_t)(p - view.ptr) - at;
        if ((size_t)(stop - p) < left + AHEAD)
            return 0;
        size_t same = json_common(p, k->text.data + at, left);
        if (same == left) {
            move_marks(k, &mark, k->text.len, moved, marks);
            return moved + k->text.len;
        }
        const JsonPlace *place = value_at(k, &value, at + same);
        if (!place)
            return 0;
        move_marks(k, &mark, place->begin, moved, marks);
        p = value_end(p + (place->begin - at), k->text.data[place->begin], stop);
        if (!p)
            return 0;
        at = place->end;
    }
}

static size_t follow_any(JsonLayouts *l, Span view, JsonMarks *marks)
{
    size_t known = marks->len;
    for (unsigned i = 0; i < JSON_LAYOUTS_KEPT; i++) {
        unsigned index = (l->latest + i) % JSON_LAYOUTS_KEPT, changed;
        JsonLayout *k = &l->kept[index];
        size_t size = k->text.len ? follow(k, view, marks, &changed) : 0;
        if (!size) {
            marks->len = known;
            continue;
        }
        k->changed = changed < k->changed ? changed : k->changed;
        l->latest = index;
        l->wanted = changed >= k->changed + CHANGED_MORE && l->debt < DEBT_MAX / 2;
        return size;
    }
    l->latest = (l->latest + JSON_LAYOUTS_KEPT - 1) % JSON_LAYOUTS_KEPT;
    l->wanted = true;
    return 0;
}

static void forget(JsonLayouts *l)
{
    for (unsigned i = 0; i < JSON_LAYOUTS_KEPT; i++)
        buffer_clear(&l->kept[i].text);
}

size_t json_layouts_follow(JsonLayouts *l, unsigned context, Span view, JsonMarks *marks)
{
    l->wanted = false;
    if (l->context != context)
        forget(l);
    l->context = context;
    l->debt -= l->debt > 0;
    if (l->debt >= DEBT_MAX || view.len < l->kept[l->latest].text.len + 2 * AHEAD)
        return 0;
    return follow_any(l, view, marks);
}

/* Keeping. */

/* Whether the string before `p` is the name of a member. */
static bool is_name(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
        p++;
    return p < end && *p == ':';
}

/* Finds the values and marks of a record. False where it has something unusual. */
static bool take_apart(JsonLayout *k, const char *record, const char *end, const char *stop)
{
    unsigned depth = 0;
    for (const char *p = record, *behind; p < end; p = behind) {
        bool value = *p == '"' || is_scalar_byte(*p);
        behind = value ? value_end(p, *p, stop) : p + 1;
        if (!behind || (!value && !strchr(" \t\r{}[],:", *p)))
            return false;
        if (value && !(*p == '"' && is_name(behind, end)))
            vec_push(&k->values, (JsonPlace){(uint32_t)(p - record), (uint32_t)(behind - record)});
        if ((*p == ',' || *p == ':') && depth == 1)
            vec_push(&k->marks, (uint32_t)(p - record));
        depth += *p == '{' || *p == '[';
        depth -= *p == '}' || *p == ']';
    }
    return true;
}

void json_layouts_keep(JsonLayouts *l, Span view, size_t size)
{
    JsonLayout *k = &l->kept[l->latest];
    l->wanted = false;
    l->debt += KEEPING_COST;
    k->id = ++l->ids;
    k->values.len = k->marks.len = 0;
    k->changed = UINT_MAX - CHANGED_MORE;
    buffer_clear(&k->text);
    if (size > RECORD_BYTES_MAX || !take_apart(k, view.ptr, view.ptr + size, view.ptr + view.len))
        return;
    buffer_reserve(&k->text, size + AHEAD);
    buffer_append(&k->text, view.ptr, size);
}

void json_layouts_free(JsonLayouts *l)
{
    for (unsigned i = 0; i < JSON_LAYOUTS_KEPT; i++) {
        buffer_free(&l->kept[i].text);
        vec_free(&l->kept[i].values);
        vec_free(&l->kept[i].marks);
    }
}
