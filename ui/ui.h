/*
 * The interactive screen, for the application. The application owns the loop: it calls ui_input() when ui_fd() is readable,
 * ui_model_changed() when the model took something in, ui_draw() when there is time to paint. Nothing here blocks, and without a
 * call nothing happens.
 *
 * There is one Ui at a time, because there is one terminal.
 */
#ifndef UI_UI_H
#define UI_UI_H

#include "base/portions.h"
#include "model/model.h"
#include "model/selection.h"
#include "model/table.h"
#include "ui/action.h"
#include "ui/setting.h"

typedef struct Ui Ui;

typedef enum UiInputState {
    UI_INPUT_LOADING,   /* it has an end, and that was not reached yet */
    UI_INPUT_FOLLOWING, /* it may go on */
    UI_INPUT_PAUSED,    /* the application stopped reading */
    UI_INPUT_STOPPED,   /* the person stopped reading before the end */
    UI_INPUT_ENDED,
    UI_INPUT_FAILED, /* it cannot be read; `text` says why */
    UI_INPUT_EXITED, /* a child that ended; `exit_code`, or `signal` */
} UiInputState;

/* What the status line says of an input. Texts belong to the application and must stay until the next call of `inputs`. */
typedef struct UiInput {
    const char *name;
    UiInputState state;
    uint64_t position; /* bytes that were read ... */
    uint64_t size;     /* ... of so many; 0 when it is not known how many there are */
    int64_t left_ms;   /* how long the rest will take, or -1 */
    int exit_code;
    int signal;       /* 0: none */
    const char *text; /* more for people, or NULL: "No such file or directory" */
} UiInput;

/* What there is of a raw log, in bytes of it. */
typedef struct UiLogExtent {
    uint64_t first;  /* what stands before is gone */
    uint64_t end;
    const char *why; /* why it is gone, or NULL */
    char rows;       /* the bracket with which rows begin that need not begin a line: '[' or '{'; 0: none do */
} UiLogExtent;

/* What a line of a raw log is. */
typedef enum UiLineKind { UI_LINE_OTHER, UI_LINE_PROFILER, UI_LINE_BEGIN, UI_LINE_END, UI_LINE_KINDS } UiLineKind;

/* What stands before that which a line says: when it was said, and by whom. In bytes of the line's text. */
enum { UI_LOG_CUTS = 4 };
typedef struct UiLogFront {
    uint32_t length;
    struct UiLogCut {
        uint32_t from, to;
    } cuts[UI_LOG_CUTS]; /* what of it a short line leaves out, ascending; those that are not needed are empty */
    uint32_t blank;      /* the byte that is a blank in a short line, 0: none */
} UiLogFront;

/* A line of a raw log: what is asked, and what it is. */
typedef struct UiLogLine {
    uint64_t begin, end;
    Span text;
    UiLineKind kind;
    bool failed; /* it says that an invocation has, or why */
    uint64_t record, record_end; /* the bytes of the record that it is of; where that is not known, its own */
    UiLogFront front;
} UiLogLine;

/* The raw logs, by their sources in the model. */
typedef struct UiLogText {
    void *ctx; /* the first argument of its functions */
    /* False when there is no text of that source. */
    bool (*extent)(void *ctx, Id source, UiLogExtent *extent);
    /* Reads up to `len` bytes at `offset`, fewer where there are no more; returns how many. */
    size_t (*read)(void *ctx, Id source, uint64_t offset, char *bytes, size_t len);
    /* What these lines are, which follow one another. NULL: nothing special. */
    void (*look)(void *ctx, Id source, UiLogLine *lines, size_t count);
    /* When the line was written, as far as its front says it. NULL: nothing does. */
    Moment (*time)(void *ctx, Id source, Span text);
} UiLogText;

typedef enum UiSaved {
    UI_SAVE_BEGUN,  /* what comes of it is told later */
    UI_SAVE_EXISTS, /* nothing was done: the file exists, and the message asks whether to replace it */
    UI_SAVE_FAILED,
} UiSaved;

/* What is being written to a file. */
typedef struct UiSaving {
    const char *name; /* until the next turn of the loop */
    int percent;
} UiSaving;

/* What the screen asks of the application. Any function may be NULL. None of them may call ui_close(). */
typedef struct UiHost {
    void *ctx;
    /* A question to ask before quitting ("func start is still running. Stop it and quit?"), or NULL to quit at once. */
    const char *(*quit_question)(void *ctx);
    /* The person wants to quit, and has answered the question with yes. */
    void (*quit)(void *ctx);
    /* The person wants to suspend the program: ui_suspend(), stop, and when it goes on ui_resume(). */
    void (*suspend)(void *ctx);
    /* Ctrl-C: stop loading, or interrupt the child; a second time quit. May say what it did by ui_message(). */
    void (*interrupt)(void *ctx);
    /* The inputs, `*count` of them. */
    const UiInput *(*inputs)(void *ctx, size_t *count);
    /*
     * Call ui_draw() in so many milliseconds, even if nothing arrives until then; a later request replaces an earlier one. With it
     * tables that take long to sort and filter are not done anew for every bit of data, and sentences go when they have been read;
     * without it tables are, and sentences stay until a key or data comes.
     */
    void (*draw_later)(void *ctx, unsigned ms);
    /*
     * Begins to write rows to the file of that name, whose end says the kind, or lines of a log; what does not begin is told by one
     * sentence for people, and what came of it by ui_news(). `replace`: also if the file exists. Both take over what is to be
     * written.
     */
    UiSaved (*save)(void *ctx, const char *name, bool replace, TableExtract rows, Buffer *message);
    UiSaved (*save_log)(void *ctx, const char *name, bool replace, Portions lines, Buffer *message);
    /* False when nothing is being written. */
    bool (*saving)(void *ctx, UiSaving *saving);
    /* Gives up what is being written. */
    void (*stop_saving)(void *ctx);
    const UiLogText *log;
    /* Appends the text of the source file that a log calls `path`; false when there is no such file to be read here. */
    bool (*code)(void *ctx, Span path, Buffer *text);
    /* Opens that file at line `line` in an editor; says by ui_message() why it cannot. */
    void (*edit)(void *ctx, Span path, uint32_t line);
} UiHost;

typedef struct UiOptions {
    int fd;                    /* the terminal; stays the caller's */
    const char *terminal_type; /* NULL: what TERM says */
    int colours;               /* at most so many: 256, 16, 8, 0; below 0: what the terminal has */
    const Settings *settings;  /* copied; NULL: as settings_init() makes them */
    const char *settings_file; /* where they are kept, for people; NULL: nowhere */
    const char *filter;         /* first filter of the three main views, or NULL */
    const Selection *selection; /* what of the model is shown at all, or NULL; stays the caller's, longer than the Ui */
} UiOptions;

/* Takes the terminal over. NULL with one sentence in `*error`, which the caller frees. `options` and its texts may go afterwards. */
Ui *ui_open(const UiOptions *options, const Model *model, UiHost host, char **error);

/* The setting `map`, as it is now; NULL: none. */
const char *ui_code_map(const Ui *ui);

/* Gives the terminal back and frees all. NULL is allowed. */
void ui_close(Ui *ui);

/* The descriptor to wait on for keys. */
int ui_fd(const Ui *ui);

/* Reads and performs all keys that wait. */
void ui_input(Ui *ui);

/* Performs one key, or one action, as if it came from the keyboard. */
void ui_key(Ui *ui, KeyEvent event);
void ui_perform(Ui *ui, ActionId action);

/* Presses a key by its name, or types what stands between apostrophes ("'text'"), and draws; false when there is no such key. */
bool ui_press(Ui *ui, Span name);

/* The model took something in; the change is shown at the next ui_draw(). */
void ui_model_changed(Ui *ui);

/*
 * Something is over that UiHost.quit_question may speak of. Where that question is open it is asked anew; where there is none any more
 * the program quits, as the person wanted, but not when it ended badly: then it is told by ui_news().
 */
void ui_quit_changed(Ui *ui, bool well);

/* The state of an input changed. */
void ui_inputs_changed(Ui *ui);

/* The terminal has a new size; 0 by 0 asks the terminal for it. */
void ui_resize(Ui *ui, int rows, int columns);

/* Paints if anything may look different than before; returns whether it did. */
bool ui_draw(Ui *ui);

/*
 * The same in two steps. ui_compose() draws and writes nothing; when it says true, ui_flush() writes what was drawn. That may block and
 * may be called in another thread, as long as no other function here that draws, reads keys or changes the size is called meanwhile.
 */
bool ui_compose(Ui *ui);
void ui_flush(void);

/*
 * What was typed into prompts, a line each that begins with the prompt's character: "/text", ":quit". What earlier sessions typed
 * is loaded; what this one did is fresh, and nothing is where the person wants nothing kept.
 */
void ui_history_load(Ui *ui, Span lines);
void ui_history_fresh(const Ui *ui, Buffer *lines);

/* Shows a sentence on the status line until the next key; one that is not bad only as long as reading it takes. */
void ui_message(Ui *ui, bool bad, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same of what no key asks for: who goes on pressing keys sees it for two seconds, or until one of them has an answer. */
void ui_news(Ui *ui, bool bad, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Leaves the terminal to others, and takes it again (also with a new size). */
void ui_suspend(Ui *ui);
void ui_resume(Ui *ui);

/* Gives the terminal back from a signal handler or an allocation failure. May be called at any time, with or without a Ui. */
void ui_rescue(void);

#endif
