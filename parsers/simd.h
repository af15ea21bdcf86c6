/*
 * Whether one instruction may look at several bytes: SIMD_SSE2. Where the processor has none such, and with SIMD_NONE (for tests: a
 * build with CPPFLAGS=-DSIMD_NONE), the same is done a byte at a time.
 */
#ifndef PARSERS_SIMD_H
#define PARSERS_SIMD_H

#if defined __SSE2__ && !defined SIMD_NONE
#define SIMD_SSE2
#include <immintrin.h>
#endif

#endif
