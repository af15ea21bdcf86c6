/* Sizes in bytes, for people. */
#ifndef BASE_SIZE_H
#define BASE_SIZE_H

#include "base/buffer.h"

/* Appends "812 B", "43 KiB", "1.0 GiB": two digits that count at least, in powers of 1024. */
void size_append(Buffer *out, uint64_t bytes);

/* Reads "65536", "64K", "1.5G" (K, M, G, T for powers of 1024, also as "KiB" or "KB"); false when it is none or does not fit. */
bool size_parse(Span text, uint64_t *bytes);

#endif
