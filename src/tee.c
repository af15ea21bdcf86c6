#include "src/tee.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uv.h>

#include "base/alloc.h"
#include "base/buffer.h"

enum { WRITE_BYTES_MAX = 1 << 30 }; /* some systems refuse more at once */

static bool fail(Tee *tee, const char *what, const char *reason)
{
    Buffer text = {0};
    buffer_printf(&text, "cannot %s %s: %s", what, tee->path, reason);
    free(tee->error);
    tee->error = alloc_text(buffer_text(&text), text.len);
    buffer_free(&text);
    if (tee->fd >= 0)
        close(tee->fd);
    tee->fd = -1;
    return false;
}

/* Reading what one writes has no end. A device such as /dev/null may well be both. */
static bool is_same_file(int fd, int input)
{
    struct stat a, b;
    if (input < 0 || fstat(fd, &a) != 0 || fstat(input, &b) != 0)
        return false;
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && (S_ISREG(a.st_mode) || S_ISFIFO(a.st_mode));
}

bool tee_open(Tee *tee, const char *path, int input)
{
    *tee = (Tee){.fd = -1, .path = alloc_text(path, strlen(path))};
    /* O_NONBLOCK: a FIFO without a reader is an error, not a reason to hang. */
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
    if (fd < 0)
        return fail(tee, "write to", uv_strerror(uv_translate_sys_error(errno)));
    tee->fd = fd;
    if (is_same_file(fd, input))
        return fail(tee, "write to", "it is the input");
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0)
        return fail(tee, "write to", uv_strerror(uv_translate_sys_error(errno)));
    return true;
}

bool tee_write(Tee *tee, const char *bytes, size_t len)
{
    if (tee->fd < 0)
        return true;
    while (len) {
        ssize_t n = write(tee->fd, bytes, len < WRITE_BYTES_MAX ? len : WRITE_BYTES_MAX);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(tee, "write to", n < 0 ? uv_strerror(uv_translate_sys_error(errno)) : "nothing was taken");
        bytes += n;
        len -= (size_t)n;
        tee->written += (uint64_t)n;
    }
    return true;
}

bool tee_close(Tee *tee)
{
    int fd = tee->fd;
    tee->fd = -1;
    if (fd < 0 || close(fd) == 0)
        return true;
    return fail(tee, "write to", uv_strerror(uv_translate_sys_error(errno)));
}

void tee_free(Tee *tee)
{
    tee_close(tee);
    free(tee->path);
    free(tee->error);
    *tee = (Tee){.fd = -1};
}
