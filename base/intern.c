#include "base/intern.h"

enum { BLOCK_BYTES = 64 * 1024 };

static bool same_text(const void *ctx, uint32_t item, const void *key)
{
    const Intern *intern = ctx;
    return span_eq(intern->texts.items[item], *(const Span *)key);
}

static Span copy_text(Intern *intern, Span text)
{
    size_t size = text.len + 1;
    if (size > intern->room_left) {
        intern->room_left = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        intern->room = alloc_bytes(intern->room_left);
        intern->bytes += intern->room_left;
        vec_push(&intern->blocks, intern->room);
    }
    char *copy = intern->room;
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    intern->room += size;
    intern->room_left -= size;
    return (Span){copy, text.len};
}

int64_t intern_find(const Intern *intern, Span text)
{
    return hash_index_find(&intern->index, hash_bytes(text.ptr, text.len, 0), same_text, intern, &text);
}

TextId intern_add(Intern *intern, Span text)
{
    uint64_t hash = hash_bytes(text.ptr, text.len, 0);
    int64_t known = hash_index_find(&intern->index, hash, same_text, intern, &text);
    if (known >= 0)
        return (TextId)known;
    TextId id = (TextId)intern->texts.len;
    vec_push(&intern->texts, copy_text(intern, text));
    hash_index_add(&intern->index, hash, id);
    return id;
}

void intern_free(Intern *intern)
{
    for (size_t i = 0; i < intern->blocks.len; i++)
        free(intern->blocks.items[i]);
    vec_free(&intern->blocks);
    vec_free(&intern->texts);
    hash_index_free(&intern->index);
}
