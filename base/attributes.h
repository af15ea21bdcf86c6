/* What compilers cannot guess about functions. */
#ifndef BASE_ATTRIBUTES_H
#define BASE_ATTRIBUTES_H

/* Keeps the rare part of a hot function out of it, so that the usual part saves no registers for it. */
#define NEVER_INLINE __attribute__((noinline))

/* Makes a function that is given functions a pattern, of which each caller has a copy with these in it. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

#endif
