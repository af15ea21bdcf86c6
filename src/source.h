/*
 * Where bytes come from: a file that may grow, a descriptor such as standard input, a command that is started, or what another
 * source's bytes unpack to.
 *
 * A Source belongs to one uv_loop_t and is used on that loop's thread only. It calls back from within uv_run() and never from
 * within a function of this header, so these may be called from a callback too. Opening always gives a Source: one that could
 * not be opened is in the state SOURCE_FAILED and says why in source_error(). The opener ends it with source_close(), which
 * frees it once libuv has closed its handles; no callback comes after that call. Sizes and positions are in bytes.
 */
#ifndef SRC_SOURCE_H
#define SRC_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

typedef struct Source Source;

typedef enum SourceState {
    SOURCE_OPENING,   /* the loop has not run yet */
    SOURCE_LOADING,   /* reading what is there already */
    SOURCE_FOLLOWING, /* caught up, waiting for more */
    SOURCE_PAUSED,    /* by source_pause() */
    SOURCE_ENDED,     /* nothing more will come; final */
    SOURCE_FAILED,    /* the same, by an error; final */
} SourceState;

/* Why a file begins anew. */
typedef enum SourceRestart {
    SOURCE_TRUNCATED, /* the same file was shortened or written over */
    SOURCE_ROTATED,   /* its path names another file now */
} SourceRestart;

typedef struct SourceEvents {
    void *ctx;

    /* The next `len` bytes (never 0) at `data`, which is valid during the call only. */
    void (*bytes)(void *ctx, Source *source, const char *data, size_t len);

    /* What follows is the beginning of other content. All of the old content that could still be read was handed over. */
    void (*restarted)(void *ctx, Source *source, SourceRestart why);

    /* The state, the note or the exit of the command is another one; at most once per turn of the loop. */
    void (*changed)(void *ctx, Source *source);
} SourceEvents;

typedef struct SourceOptions {
    bool follow;        /* files: wait for more at the end instead of ending */
    unsigned budget_ms; /* hand over bytes for about so long per turn of the loop, all sources together; 0: without limit */
} SourceOptions;

typedef struct SourceExit {
    int status; /* of a command that ended by itself */
    int signal; /* the one that killed it, else 0 */
} SourceExit;

#define SOURCE_SIZE_UNKNOWN UINT64_MAX

/* Opens the file at `path`. FIFOs and devices are read as a stream, which is never followed beyond its end. */
Source *source_open_file(uv_loop_t *loop, const char *path, SourceOptions options, SourceEvents events);

/*
 * Reads `fd`, which may be anything but a directory, and calls it `name`. It is the Source's from here on; 0 to 2 are left open
 * at the end, and set to blocking again where they were. A regular file is read from its present offset, and followed only
 * where the system tells its path.
 */
Source *source_open_fd(uv_loop_t *loop, int fd, const char *name, SourceOptions options, SourceEvents events);

/* source_open_fd() of descriptor 0 as "standard input". That it is no terminal is for the caller to see to. */
Source *source_open_stdin(uv_loop_t *loop, SourceOptions options, SourceEvents events);

/*
 * Starts the command `argv` (NULL-terminated, looked up in PATH) in a session of its own with /dev/null as standard input, and
 * reads its standard output and error as one stream. It ends when the command has ended and its output is closed, or silent
 * for a second.
 */
Source *source_open_command(uv_loop_t *loop, char *const argv[], SourceOptions options, SourceEvents events);

/* What comes of unpacking besides bytes; `ctx` is that of SourceEvents. */
typedef struct SourceArchiveEvents {
    /* The bytes that follow are another log: the member `name`, valid UTF-8; NULL when `packed` is one compressed log. */
    void (*log)(void *ctx, Source *source, const char *name);

    /* Something of it is not read, or not to its end: one sentence that names the source. */
    void (*problem)(void *ctx, Source *source, const char *text);

    /* The next packed bytes behind `head`, in order; NULL: no matter, and a file may be read in any order. */
    void (*packed)(void *ctx, Source *source, const char *data, size_t len);
} SourceArchiveEvents;

/*
 * Unpacks what `packed` gives (see packed.h), and takes it over; `head` are the bytes that it has handed over so far, all of them
 * and at most a few pieces. May be called from its bytes callback. An archive is not followed. Position and size are those of the
 * packed bytes. It has failed only when nothing could be read of it.
 */
Source *source_unpack(Source *packed, const char *head, size_t len, SourceEvents events, SourceArchiveEvents more);

/* Back-pressure: stops reading until source_resume(). Bytes that were read ahead wait. */
void source_pause(Source *source);
void source_resume(Source *source);

/* A command: SIGINT to its process group. Others: stops reading, and they have ended. */
void source_interrupt(Source *source);

/*
 * A command: resumes it, sends SIGINT to its process group, SIGTERM 3 s later and SIGKILL after 3 s more, until nothing of the
 * group is left; only then it has ended. Others: as source_interrupt().
 */
void source_stop(Source *source);

/* Ends `source` (NULL allowed), whatever its state; a command that still runs is killed with its process group. */
void source_close(Source *source);

SourceState source_state(const Source *source);
bool source_is_over(const Source *source); /* ended or failed */

/* For people: the path, "standard input", or the words of the command. */
const char *source_name(const Source *source);

/* Why it failed, one sentence that names the source; NULL in every other state. */
const char *source_error(const Source *source);

/* One sentence on something unusual that is no failure (the file is gone, the output is still held open), or NULL. */
const char *source_note(const Source *source);

uint64_t source_bytes(const Source *source);    /* handed over in all */
uint64_t source_position(const Source *source); /* in the present content */
uint64_t source_size(const Source *source);     /* of the present content, as far as is known */

/* Process and process group of a command; 0 for others and for one that could not be started. */
int source_pid(const Source *source);

/* False while a command runs, and for other sources. */
bool source_exit(const Source *source, SourceExit *end);

#endif
