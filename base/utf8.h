/* UTF-8 as RFC 3629 defines it. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/span.h"

#define UTF8_REPLACEMENT 0xfffd

/*
 * Bytes of the valid sequence at the front of `s`, 1 to 4, with its code point in `*code`; 0 when what stands there is not valid
 * (overlong, surrogate, cut off or no lead byte). `s` must not be empty.
 */
size_t utf8_next(Span s, uint32_t *code);

/* How many bytes to step over one invalid sequence: it is replaced as a whole by one U+FFFD (Unicode's "maximal subpart"). */
size_t utf8_skip_invalid(Span s);

#endif
