/* Hashing, and an index from hashes to numbered items that somebody else stores. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/span.h"

/* A hash of `len` bytes, mixed with `seed`. Not for use against an adversary who chooses keys to collide. */
uint64_t hash_bytes(const void *bytes, size_t len, uint64_t seed);

/* A hash of two numbers. */
uint64_t hash_pair(uint64_t a, uint64_t b);

enum { HASH_NONE = -1 };

/*
 * Maps keys to item numbers (below 2^32 - 1) without holding the keys: eight bytes an entry where uthash takes more than fifty,
 * which is what millions of invocations and source texts need. Zero-initialise; end with hash_index_free().
 */
typedef struct HashIndex {
    struct HashSlot {
        uint32_t hash;
        uint32_t item; /* item + 1; 0 is an empty slot */
    } *slots;
    size_t cap; /* a power of two, or 0 */
    size_t len;
} HashIndex;

/* Whether stored item `item` has the key `key`; `ctx` is the caller's. */
typedef bool (*HashEqual)(const void *ctx, uint32_t item, const void *key);

/* The item with that key, or HASH_NONE. */
int64_t hash_index_find(const HashIndex *index, uint64_t hash, HashEqual equal, const void *ctx, const void *key);

/* Adds an item whose key is not in the index. */
void hash_index_add(HashIndex *index, uint64_t hash, uint32_t item);

void hash_index_free(HashIndex *index);

#endif
