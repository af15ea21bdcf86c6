#include "src/source_signature.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void signature_take_head(Signature *head, uint64_t position, const char *data, size_t len)
{
    if (position != head->len || head->len == SIGNATURE_BYTES)
        return;
    size_t room = SIGNATURE_BYTES - head->len;
    memcpy(head->bytes + head->len, data, len < room ? len : room);
    head->len += len < room ? len : room;
}

void signature_take_tail(Signature *tail, uint64_t position, const char *data, size_t len)
{
    size_t fresh = len < SIGNATURE_BYTES ? len : SIGNATURE_BYTES;
    size_t kept = tail->len < SIGNATURE_BYTES - fresh ? tail->len : SIGNATURE_BYTES - fresh;
    memmove(tail->bytes, tail->bytes + tail->len - kept, kept);
    memcpy(tail->bytes + kept, data + len - fresh, fresh);
    tail->len = kept + fresh;
    tail->offset = position + len - tail->len;
}

bool signature_is_there(const Signature *g, int fd)
{
    char bytes[SIGNATURE_BYTES];
    size_t got = 0;
    while (got < g->len) {
        ssize_t n = pread(fd, bytes + got, g->len - got, (off_t)(g->offset + got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return memcmp(bytes, g->bytes, g->len) == 0;
}
