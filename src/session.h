/*
 * The inputs of one run: opens the sources, feeds what they give to a parser each, and with it the model. FILEs are read one after
 * the other in their order, so that the model does not depend on how fast they are.
 */
#ifndef SRC_SESSION_H
#define SRC_SESSION_H

#include "model/model.h"
#include "parsers/format.h"
#include "src/log_text.h"
#include "src/source.h"

typedef struct Session Session;

typedef struct SessionOptions {
    char *const *files; /* `file_count` paths, "-" is standard input */
    size_t file_count;
    char *const *command;      /* NULL-terminated, or NULL */
    const InputFormat *format; /* NULL detects */
    const char *tee;           /* or NULL */
    bool join;                 /* the files are parts of one log */
    LogTexts *texts;           /* takes the raw text of all logs; NULL where nobody wants to see it. Stays the caller's */
    SourceOptions source;
} SessionOptions;

typedef struct SessionEvents {
    void *ctx;
    void (*changed)(void *ctx);                   /* the model or a state is another one */
    void (*problem)(void *ctx, const char *text); /* one sentence for people */
} SessionEvents;

/* Opens the first input; the rest follows from the loop. `options` must outlive the session. End with session_close(). */
Session *session_open(uv_loop_t *loop, Model *model, const SessionOptions *options, SessionEvents events);

/* True when nothing more will come. */
bool session_is_over(const Session *session);

/* True when an input could not be read or opened. */
bool session_failed(const Session *session);

/* Ends the copy that --tee makes; false when bytes of it were lost. Says so once by `problem`. */
bool session_close_tee(Session *session);

/* How COMMAND ended; false when there is none or it runs. */
bool session_exit(const Session *session, SourceExit *end);

/* Stops reading all inputs; interrupts or stops COMMAND (see source.h). */
void session_interrupt(Session *session);
void session_stop(Session *session);

/*
 * Lets nothing more into the model until it is released again; sources wait meanwhile, and so do whatever writes to a pipe.
 * Stopping ends it.
 */
void session_hold(Session *session, bool held);

/* Inputs for the screen. */
size_t session_input_count(const Session *session);
const Source *session_input(const Session *session, size_t index); /* NULL when it has not been opened yet */
const char *session_input_name(const Session *session, size_t index);

/* Ends what runs and frees all; the loop must run once more for the sources to go. */
void session_close(Session *session);

#endif
