/* How fast an input is read, and how long the rest of it will take. */
#ifndef SRC_PROGRESS_H
#define SRC_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Zero-initialise. */
typedef struct Progress {
    bool begun;
    uint64_t at_ms, position; /* of the last measurement */
    double speed;             /* bytes a ms, 0 while it is not known; the latest measurements count most */
} Progress;

/* Takes note of where reading stands at a time that never goes back. A position that went back begins anew. */
void progress_note(Progress *progress, uint64_t now_ms, uint64_t position);

/* Milliseconds until `size` is reached; -1 as long as nobody can know. */
int64_t progress_left_ms(const Progress *progress, uint64_t size);

#endif
