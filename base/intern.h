/* Each text once: equal texts have equal ids, and an id never changes. */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include "base/hash.h"
#include "base/vec.h"

typedef uint32_t TextId;

/* Zero-initialise; end with intern_free(). */
typedef struct Intern {
    VEC(Span) texts; /* by id; each NUL-terminated behind its length */
    HashIndex index;
    VEC(char *) blocks; /* memory of the texts */
    char *room; /* free bytes of the last block */
    size_t room_left;
    size_t bytes; /* of all blocks */
} Intern;

/* The id of `text`, which is copied when it is new. */
TextId intern_add(Intern *intern, Span text);

/* The id of a text that is known, or HASH_NONE. */
int64_t intern_find(const Intern *intern, Span text);

/* The text of an id; valid as long as the intern. */
static inline Span intern_text(const Intern *intern, TextId id)
{
    return intern->texts.items[id];
}

void intern_free(Intern *intern);

#endif
