#include "base/hash.h"

#include <stdlib.h>

#include "base/alloc.h"

static uint64_t mix(uint64_t h)
{
    h ^= h >> 32;
    h *= UINT64_C(0xd6e8feb86659fd93);
    h ^= h >> 32;
    h *= UINT64_C(0xd6e8feb86659fd93);
    return h ^ (h >> 32);
}

static uint64_t word_at(const unsigned char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/* What is shorter than a word. */
static uint64_t short_word(const unsigned char *p, size_t len)
{
    uint64_t word = 0;
    for (size_t i = 0; i < len; i++)
        word = word << 8 | p[i];
    return word;
}

uint64_t hash_bytes(const void *bytes, size_t len, uint64_t seed)
{
    const unsigned char *p = bytes;
    uint64_t h = seed ^ (len * UINT64_C(0x9e3779b97f4a7c15));
    if (len < 8)
        return mix(h ^ short_word(p, len));
    const unsigned char *last = p + len - 8;
    for (; p < last; p += 8) {
        h = (h ^ word_at(p)) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 29;
    }
    return mix(h ^ word_at(last)); /* may take in some bytes again */
}

uint64_t hash_pair(uint64_t a, uint64_t b)
{
    return mix(a * UINT64_C(0x9e3779b97f4a7c15) + b);
}

/* Where the search for a hash begins: derived from the half that a slot keeps, so that growing needs no key. */
static size_t home(const HashIndex *index, uint32_t kept)
{
    return mix(kept) & (index->cap - 1);
}

int64_t hash_index_find(const HashIndex *index, uint64_t hash, HashEqual equal, const void *ctx, const void *key)
{
    if (!index->cap)
        return HASH_NONE;
    uint32_t kept = (uint32_t)(hash >> 32);
    for (size_t at = home(index, kept);; at = (at + 1) & (index->cap - 1)) {
        const struct HashSlot *slot = &index->slots[at];
        if (!slot->item)
            return HASH_NONE;
        if (slot->hash == kept && equal(ctx, slot->item - 1, key))
            return slot->item - 1;
    }
}

static void place(HashIndex *index, size_t at, struct HashSlot slot)
{
    while (index->slots[at].item)
        at = (at + 1) & (index->cap - 1);
    index->slots[at] = slot;
}

static void grow(HashIndex *index)
{
    HashIndex old = *index;
    index->cap = old.cap ? old.cap * 2 : 64;
    index->slots = alloc_zeroed(index->cap, sizeof *index->slots);
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i].item)
            place(index, home(index, old.slots[i].hash), old.slots[i]);
    free(old.slots);
}

void hash_index_add(HashIndex *index, uint64_t hash, uint32_t item)
{
    if ((index->len + 1) * 4 > index->cap * 3)
        grow(index);
    struct HashSlot slot = {(uint32_t)(hash >> 32), item + 1};
    place(index, home(index, slot.hash), slot);
    index->len++;
}

void hash_index_free(HashIndex *index)
{
    free(index->slots);
    *index = (HashIndex){0};
}
