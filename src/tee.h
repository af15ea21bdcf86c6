/*
 * A copy of the input: every byte is appended to a file unchanged.
 *
 * A Tee that fails says so once and then takes bytes without writing them, so that the input goes on. Writing is synchronous.
 * To a pipe that nobody reads it is an error only where SIGPIPE is ignored.
 */
#ifndef SRC_TEE_H
#define SRC_TEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Tee {
    int fd; /* -1: not open, or failed */
    char *path;
    char *error;      /* of the latest failure, one sentence that names the file; NULL: none */
    uint64_t written; /* bytes */
} Tee;

/*
 * Opens `path` for appending and creates it (mode 0666 less the umask). `input` is the descriptor that is read, or -1; a file
 * that is read and written at once is refused. False with `tee->error` set on failure; call tee_close() in either case.
 */
bool tee_open(Tee *tee, const char *path, int input);

/* Appends `len` bytes. False exactly once: when writing fails and stops. */
bool tee_write(Tee *tee, const char *bytes, size_t len);

/* Ends the writing; false when the system reports only now that bytes were lost. `tee->error` is valid until tee_free(). */
bool tee_close(Tee *tee);

void tee_free(Tee *tee);

#endif
