#include "model/align.h"

#include "base/buffer.h"
#include "base/hash.h"

enum { LENGTHS_MAX = 4 * 1024 * 1024 }; /* numbers in the table of the longest common subsequence */

typedef struct Side {
    const AlignLine *lines;
    uint64_t *hashes; /* of the texts without their white space */
    size_t count;
} Side;

typedef struct Aligner {
    Side a, b;
    AlignPairs *pairs;
    size_t a_at, b_at;   /* lines before these are paired */
    bool by_number;
    int64_t shift;       /* how much higher the numbers are in `b`, as of the last pair */
} Aligner;

/* Blanks within a line count as one, those around it not at all. */
static uint64_t hash_text(Span text, Buffer *plain)
{
    buffer_clear(plain);
    text = span_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        bool blank = text.ptr[i] == ' ' || text.ptr[i] == '\t';
        if (!blank || (plain->data[plain->len - 1] != ' '))
            buffer_append_byte(plain, blank ? ' ' : text.ptr[i]);
    }
    return hash_bytes(plain->data, plain->len, 0);
}

static Side side_of(const AlignLine *lines, size_t count, Buffer *plain)
{
    Side side = {lines, alloc_zeroed(count, sizeof *side.hashes), count};
    for (size_t i = 0; i < count; i++)
        side.hashes[i] = hash_text(lines[i].text, plain);
    return side;
}

static bool same(const Aligner *al, size_t a, size_t b)
{
    return al->a.hashes[a] == al->b.hashes[b];
}

static void push(Aligner *al, size_t a, size_t b)
{
    vec_push(al->pairs, (AlignPair){a, b});
    al->a_at = a == ALIGN_NONE ? al->a_at : a + 1;
    al->b_at = b == ALIGN_NONE ? al->b_at : b + 1;
    if (a != ALIGN_NONE && b != ALIGN_NONE)
        al->shift = (int64_t)al->b.lines[b].number - (int64_t)al->a.lines[a].number;
}

/* Lines whose texts differ: by number, as far as the last pair says how much those differ; or each alone. */
static void pair_rest(Aligner *al, size_t a_end, size_t b_end)
{
    while (al->a_at < a_end || al->b_at < b_end) {
        int64_t a = al->a_at < a_end ? (int64_t)al->a.lines[al->a_at].number + al->shift : INT64_MAX;
        int64_t b = al->b_at < b_end ? (int64_t)al->b.lines[al->b_at].number : INT64_MAX;
        bool both = a == b && al->by_number;
        push(al, a <= b ? al->a_at : ALIGN_NONE, a > b || both ? al->b_at : ALIGN_NONE);
    }
}

static void pair_texts(Aligner *al, size_t a, size_t b)
{
    pair_rest(al, a, b);
    push(al, a, b);
}

/* `lengths` of the longest common subsequence of what stands from each pair of lines on, row by row of `a`. */
static uint32_t *common_lengths(const Aligner *al, size_t a_end, size_t b_end)
{
    size_t rows = a_end - al->a_at, columns = b_end - al->b_at, width = columns + 1;
    uint32_t *lengths = alloc_zeroed((rows + 1) * width, sizeof *lengths);
    for (size_t i = rows; i-- > 0;) {
        for (size_t k = columns; k-- > 0;) {
            uint32_t below = lengths[(i + 1) * width + k], right = lengths[i * width + k + 1];
            lengths[i * width + k] = same(al, al->a_at + i, al->b_at + k) ? lengths[(i + 1) * width + k + 1] + 1
                                                                           : below > right ? below : right;
        }
    }
    return lengths;
}

static void pair_by_text(Aligner *al, size_t a_end, size_t b_end)
{
    size_t a = al->a_at, b = al->b_at, a_begin = a, b_begin = b, width = b_end - b + 1;
    if ((a_end - a) > LENGTHS_MAX / width)
        return;
    uint32_t *lengths = common_lengths(al, a_end, b_end);
    while (a < a_end && b < b_end) {
        const uint32_t *here = &lengths[(a - a_begin) * width + (b - b_begin)];
        if (same(al, a, b))
            pair_texts(al, a++, b++);
        else if (here[width] >= here[1])
            a++;
        else
            b++;
    }
    free(lengths);
}

void align_lines(const AlignLine *a, size_t a_count, const AlignLine *b, size_t b_count, bool by_number, AlignPairs *pairs)
{
    Buffer plain = {0};
    Aligner al = {.a = side_of(a, a_count, &plain), .b = side_of(b, b_count, &plain), .pairs = pairs, .by_number = by_number};
    size_t tail = 0;
    while (al.a_at < a_count && al.b_at < b_count && same(&al, al.a_at, al.b_at))
        push(&al, al.a_at, al.b_at);
    while (tail < a_count - al.a_at && tail < b_count - al.b_at && same(&al, a_count - 1 - tail, b_count - 1 - tail))
        tail++;
    pair_by_text(&al, a_count - tail, b_count - tail);
    pair_rest(&al, a_count - tail, b_count - tail);
    for (; tail; tail--)
        push(&al, a_count - tail, b_count - tail);
    free(al.a.hashes);
    free(al.b.hashes);
    buffer_free(&plain);
}
