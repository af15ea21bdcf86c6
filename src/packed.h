/* Is it compressed, or an archive? Told by the first bytes, never by a name. */
#ifndef SRC_PACKED_H
#define SRC_PACKED_H

#include "base/span.h"

typedef enum Packed {
    PACKED_NO,
    PACKED_YES,
    PACKED_OPEN, /* more bytes are needed to tell; where none come, it is not */
} Packed;

/*
 * What the first bytes of a content say: gzip, xz, Zstandard, bzip2, zip, tar. Text is told from all of them within its first line,
 * so that nothing of a live log is held back for longer than that.
 */
Packed packed_sniff(Span head);

#endif
