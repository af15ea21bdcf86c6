/* Some bytes of a file, by whose change it is known to have been written over. */
#ifndef SRC_SOURCE_SIGNATURE_H
#define SRC_SOURCE_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGNATURE_BYTES = 256 };

/* The bytes last seen at `offset`. */
typedef struct Signature {
    uint64_t offset;
    size_t len;
    char bytes[SIGNATURE_BYTES];
} Signature;

/* `len` bytes of the file at `position` were read: adds them to its first bytes, as far as they are. */
void signature_take_head(Signature *head, uint64_t position, const char *data, size_t len);

/* The same for the last bytes before a position; `len` is not 0. */
void signature_take_tail(Signature *tail, uint64_t position, const char *data, size_t len);

/* Whether the file still has these bytes at their place. It may wait for a disk. */
bool signature_is_there(const Signature *signature, int fd);

#endif
