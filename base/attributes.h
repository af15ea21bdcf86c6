/* What compilers cannot guess about functions. */
#ifndef BASE_ATTRIBUTES_H
#define BASE_ATTRIBUTES_H

/* Keeps the rare part of a hot function out of it, so that the usual part saves no registers for it. */
#define NEVER_INLINE __attribute__((noinline))

#endif
