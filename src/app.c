#include "src/app.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/size.h"
#include "src/batch.h"
#include "src/code_file.h"
#include "src/editor.h"
#include "src/history.h"
#include "src/log_host.h"
#include "src/painter.h"
#include "src/progress.h"
#include "src/saver.h"
#include "src/session.h"
#include "src/writer.h"
#include "ui/ui.h"

enum {
    FRAME_MS = 33,            /* data is painted at most so often; keys at once */
    BUDGET_MS = 5,            /* parsing in one turn of the loop, so that keys stay alive */
    SUMMARISED_AT_ONCE = 512, /* reports: some milliseconds, and more than one piece of input brings */
    WATCHED_SIGNALS = 6,
};

static const int watched_signals[WATCHED_SIGNALS] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT};

typedef struct App {
    const Options *options;
    Buffer settings_file; /* as people write it */
    uv_loop_t loop;
    uv_poll_t keys;
    uv_timer_t frame, later;
    uv_signal_t signals[WATCHED_SIGNALS];
    int terminal;
    Model *model;
    Selection *selection;
    Session *session;
    LogTexts *texts;
    LogHost log_host;
    UiLogText log;
    Editor editor;
    Ui *ui;
    Painter painter;
    Saver saver;
    Buffer saving;    /* the name of what it writes */
    bool keys_wait;   /* a frame is being written: keys are read afterwards ... */
    unsigned waiting; /* ... and signals taken: a bit for each in `signals` */
    VEC(UiInput) inputs; /* as the status line was told last */
    VEC(Progress) progress; /* by input */
    Buffer question;
    Buffer problems; /* to be printed when the terminal is given back */
    bool frame_due;
    bool interrupted;
    bool told_exit; /* that COMMAND has ended was said */
    bool leaving;  /* the person wants to quit; COMMAND may still have to end */
    bool closing;  /* the screen is given back: nothing touches it any more, though the loop still runs */
    int signal;    /* that ended the program, or 0 */
} App;

/* Painting. */

static void paint(App *app)
{
    if (app->ui && !app->editor.pid && !app->closing)
        painter_paint(&app->painter);
}

static void on_frame(uv_timer_t *timer)
{
    App *app = timer->data;
    app->frame_due = false;
    paint(app);
}

static void want_frame(App *app)
{
    if (app->frame_due || app->closing)
        return;
    app->frame_due = true;
    uv_timer_start(&app->frame, on_frame, FRAME_MS, 0);
}

static void on_later(uv_timer_t *timer)
{
    paint(timer->data);
}

static void draw_later(void *ctx, unsigned ms)
{
    App *app = ctx;
    uv_timer_start(&app->later, on_later, ms, 0);
}

/* Leaving. */

static bool child_runs(const App *app)
{
    SourceExit end;
    return app->options->child && !session_is_over(app->session) && !session_exit(app->session, &end);
}

/* COMMAND must be gone before the program is: until then the screen stays. */
static void leave(App *app)
{
    app->leaving = true;
    saver_give_up(&app->saver);
    if (!child_runs(app)) {
        uv_stop(&app->loop);
        return;
    }
    session_stop(app->session);
    if (app->ui)
        ui_message(app->ui, true, "waiting for %s to end", app->options->child[0]);
    want_frame(app);
}

static const char *quit_question(void *ctx)
{
    App *app = ctx;
    bool runs = child_runs(app), writes = app->saver.active;
    if ((!runs && !writes) || app->leaving)
        return NULL;
    buffer_clear(&app->question);
    if (runs)
        buffer_printf(&app->question, "%s is still running%s", app->options->child[0], writes ? " and " : "");
    if (writes)
        buffer_printf(&app->question, "%s is still being written", buffer_text(&app->saving));
    buffer_printf(&app->question, ". Stop %s and quit?", runs && writes ? "both" : writes ? "that" : "it");
    return buffer_text(&app->question);
}

static void quit(void *ctx)
{
    leave(ctx);
}

/* What was read stays: so much of it there is. */
static void say_how_much(App *app)
{
    Buffer text = {0};
    uint64_t position = 0, size = 0;
    bool known = true;
    for (size_t i = 0; i < session_input_count(app->session); i++) {
        const Source *source = session_input(app->session, i);
        position += source ? source_position(source) : 0;
        known &= source && source_size(source) != SOURCE_SIZE_UNKNOWN;
        size += known ? source_size(source) : 0;
    }
    buffer_append_span(&text, SPAN("stopped reading after "));
    size_append(&text, position);
    if (known && size > position) {
        buffer_append_span(&text, SPAN(" of "));
        size_append(&text, size);
    }
    ui_message(app->ui, false, "%s; once more quits", buffer_text(&text));
    buffer_free(&text);
}

/* What is being written goes first; then the first time for the input, the second time for the program. */
static void interrupt(void *ctx)
{
    App *app = ctx;
    if (app->saver.active) {
        saver_give_up(&app->saver);
        return;
    }
    if (app->interrupted || session_is_over(app->session)) {
        leave(app);
        return;
    }
    app->interrupted = true;
    session_interrupt(app->session);
    if (app->options->child)
        ui_message(app->ui, false, "sent an interrupt to %s; once more quits", app->options->child[0]);
    else
        say_how_much(app);
}

/* Stops the whole job, as the shell expects of Ctrl-Z; goes on when the shell says so. */
static void suspend(void *ctx)
{
    App *app = ctx;
    ui_suspend(app->ui);
    kill(0, SIGSTOP);
    ui_resume(app->ui);
}

/* Inputs. */

static UiInputState input_state(const Source *source)
{
    switch (source_state(source)) {
    case SOURCE_OPENING:
    case SOURCE_LOADING:
        return UI_INPUT_LOADING;
    case SOURCE_FOLLOWING:
        return UI_INPUT_FOLLOWING;
    case SOURCE_PAUSED:
        return UI_INPUT_PAUSED;
    case SOURCE_FAILED:
        return UI_INPUT_FAILED;
    case SOURCE_ENDED:
        break;
    }
    return UI_INPUT_ENDED;
}

/* Where reading stands; how long the rest takes is known after a while. */
static void describe_progress(App *app, size_t index, const Source *source, UiInput *input)
{
    while (app->progress.len <= index)
        vec_push(&app->progress, (Progress){0});
    Progress *progress = &app->progress.items[index];
    uint64_t size = source_size(source);
    input->position = source_position(source);
    input->size = size == SOURCE_SIZE_UNKNOWN ? 0 : size;
    progress_note(progress, uv_now(&app->loop), input->position);
    input->left_ms = input->size ? progress_left_ms(progress, size) : -1;
}

static UiInput describe_input(App *app, size_t index)
{
    const Source *source = session_input(app->session, index);
    UiInput input = {.name = session_input_name(app->session, index), .state = UI_INPUT_LOADING, .left_ms = -1};
    SourceExit end;
    if (!source)
        return input;
    input.state = input_state(source);
    describe_progress(app, index, source, &input);
    if (app->interrupted && !app->options->child && input.state == UI_INPUT_ENDED && input.position < input.size)
        input.state = UI_INPUT_STOPPED;
    input.text = source_error(source) ? source_error(source) : source_note(source);
    if (app->options->child && source_exit(source, &end)) {
        input.state = UI_INPUT_EXITED;
        input.exit_code = end.status;
        input.signal = end.signal;
    }
    return input;
}

static const UiInput *inputs(void *ctx, size_t *count)
{
    App *app = ctx;
    app->inputs.len = 0;
    for (size_t i = 0; i < session_input_count(app->session); i++)
        vec_push(&app->inputs, describe_input(app, i));
    *count = app->inputs.len;
    return app->inputs.items;
}

/* Source files. */

static bool code(void *ctx, Span path, Buffer *text)
{
    const App *app = ctx;
    PathMaps maps = options_maps(app->options, ui_code_map(app->ui));
    bool done = code_read(maps.items.items, maps.items.len, path, text);
    path_maps_free(&maps);
    return done;
}

static void on_keys(uv_poll_t *poll, int status, int events);

static void on_edited(void *ctx, int status)
{
    App *app = ctx;
    ui_resume(app->ui);
    uv_poll_start(&app->keys, UV_READABLE | UV_DISCONNECT, on_keys);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        ui_message(app->ui, true, "%s cannot be started: $VISUAL or $EDITOR names the editor.", editor_command());
    else if (!WIFEXITED(status) || WEXITSTATUS(status))
        ui_message(app->ui, true, "%s ended with %s %d.", editor_command(), WIFEXITED(status) ? "status" : "signal",
                   WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
    paint(app);
}

static void edit(void *ctx, Span path, uint32_t line)
{
    App *app = ctx;
    PathMaps maps = options_maps(app->options, ui_code_map(app->ui));
    Buffer name = {0};
    bool found = code_find(maps.items.items, maps.items.len, path, &name);
    path_maps_free(&maps);
    if (!found) {
        ui_message(app->ui, true, "%.*s is not here: --map FROM=TO, or :set map=FROM=TO, says where it is.", SPAN_ARG(path));
        buffer_free(&name);
        return;
    }
    ui_suspend(app->ui);
    uv_poll_stop(&app->keys);
    app->editor.ended = on_edited;
    app->editor.ctx = app;
    if (!editor_start(&app->editor, &app->loop, app->terminal, buffer_text(&name), line))
        on_edited(app, 127 << 8);
    buffer_free(&name);
}

/* The end of COMMAND is news, whatever the status line says at the moment. */
static void tell_exit(App *app)
{
    SourceExit end;
    if (app->told_exit || !app->options->child || !session_exit(app->session, &end))
        return;
    app->told_exit = true;
    if (end.signal)
        ui_news(app->ui, true, "%s was killed by signal %d", app->options->child[0], end.signal);
    else
        ui_news(app->ui, end.status != 0, "%s exited %d", app->options->child[0], end.status);
    ui_quit_changed(app->ui, !end.signal && !end.status);
}

static void on_changed(void *ctx)
{
    App *app = ctx;
    Retention limits = app->options->retention;
    limits.at_once = SUMMARISED_AT_ONCE;
    if (!saver_holds(&app->saver))
        model_retain(app->model, &limits, app->model->closed.len);
    if (app->ui) {
        ui_model_changed(app->ui);
        ui_inputs_changed(app->ui);
        tell_exit(app);
        want_frame(app);
    }
    if (app->leaving && !child_runs(app))
        uv_stop(&app->loop);
}

static void on_problem(void *ctx, const char *text)
{
    App *app = ctx;
    buffer_printf(&app->problems, "funcmem: %s\n", text);
    if (app->ui)
        ui_news(app->ui, true, "%s", text);
}

/* Keys and signals. */

static void read_keys(App *app)
{
    ui_input(app->ui);
    if (app->editor.pid)
        app->painter.again = false; /* the terminal is the editor's now */
    else
        painter_answer(&app->painter);
}

static void on_keys(uv_poll_t *poll, int status, int events)
{
    App *app = poll->data;
    if (status < 0 || (events & UV_DISCONNECT)) {
        app->signal = SIGHUP;
        leave(app);
        return;
    }
    if (app->painter.busy) {
        app->keys_wait = true;
        uv_poll_stop(poll);
        return;
    }
    read_keys(app);
}

static bool needs_screen(int number)
{
    return number == SIGWINCH || number == SIGCONT || number == SIGTSTP;
}

static void take_signal(App *app, int number)
{
    if (needs_screen(number) && (app->closing || app->editor.pid))
        return; /* a terminal that goes away sends SIGCONT, too; what an editor made of it is seen when it comes back */
    if (number == SIGINT && app->editor.pid)
        return;
    if (number == SIGWINCH || number == SIGCONT) {
        if (number == SIGCONT)
            ui_resume(app->ui);
        ui_resize(app->ui, 0, 0);
        paint(app);
    } else if (number == SIGTSTP) {
        suspend(app);
        paint(app);
    } else {
        app->signal = number;
        leave(app);
    }
}

static void on_signal(uv_signal_t *handle, int number)
{
    App *app = handle->data;
    if (app->painter.busy && needs_screen(number))
        app->waiting |= 1u << (handle - app->signals);
    else
        take_signal(app, number);
}

static void watch_keys(App *app)
{
    app->keys_wait = false;
    uv_poll_start(&app->keys, UV_READABLE | UV_DISCONNECT, on_keys);
}

/* A frame is written: now comes what had to wait for that. */
static void on_painted(void *ctx)
{
    App *app = ctx;
    unsigned waiting = app->waiting;
    app->waiting = 0;
    for (unsigned i = 0; i < WATCHED_SIGNALS; i++)
        if (waiting >> i & 1)
            on_signal(&app->signals[i], watched_signals[i]);
    if (!app->keys_wait || app->painter.busy || app->closing)
        return;
    watch_keys(app);
    read_keys(app); /* before the next frame, which might follow at once */
}

static void watch_signals(App *app)
{
    for (int i = 0; i < WATCHED_SIGNALS; i++) {
        uv_signal_init(&app->loop, &app->signals[i]);
        app->signals[i].data = app;
        uv_signal_start(&app->signals[i], on_signal, watched_signals[i]);
    }
}

/* The end of everything: give the terminal back first. */

static void on_crash(int number)
{
    ui_rescue();
    writer_rescue();
    signal(number, SIG_DFL);
    raise(number);
}

static void on_no_memory(size_t bytes)
{
    ui_rescue();
    writer_rescue();
    fprintf(stderr, "funcmem: out of memory (%zu bytes wanted)\n", bytes);
    _exit(EXIT_INPUT);
}

static void watch_crashes(void)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
    alloc_on_failure(on_no_memory);
}

/* Beginning and ending. */

/* The terminal to draw on: that of standard output or error, else the controlling one. */
static int open_terminal(void)
{
    const char *name = ttyname(STDOUT_FILENO);
    if (!name)
        name = ttyname(STDERR_FILENO);
    int fd = name ? open(name, O_RDWR | O_CLOEXEC | O_NOCTTY) : -1;
    return fd >= 0 ? fd : open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
}

/* The configuration file, with ~ for the home folder. */
static const char *settings_file(App *app)
{
    const char *home = getenv("HOME");
    Span path = span_of(app->options->config_file);
    if (!path.len)
        return NULL;
    if (home && *home && span_take(&path, span_of(home)))
        buffer_append_byte(&app->settings_file, '~');
    buffer_append_span(&app->settings_file, path);
    return buffer_text(&app->settings_file);
}

/* The first mistake in the configuration file, without its folder; the end of the program says all. */
static void tell_config_problems(App *app)
{
    Span all = buffer_span(&app->options->config_problems), path = span_of(app->options->config_file);
    size_t count = 0;
    for (size_t i = 0; i < all.len; i++)
        count += all.ptr[i] == '\n';
    if (!count)
        return;
    ptrdiff_t end = span_find_byte(all, '\n');
    Span first = span_to(all, (size_t)end);
    for (size_t i = path.len; i-- > 0 && first.len == (size_t)end;)
        if (path.ptr[i] == '/')
            first = span_from(first, i + 1);
    if (count == 1)
        ui_message(app->ui, true, "%.*s", SPAN_ARG(first));
    else
        ui_message(app->ui, true, "%.*s (and %zu more)", SPAN_ARG(first), count - 1);
}

/* Writing files. */

/* While rows are made into text nothing new comes in: the file shows one moment, that of the key. */
static void on_saving(void *ctx)
{
    App *app = ctx;
    session_hold(app->session, saver_holds(&app->saver));
    ui_inputs_changed(app->ui);
    want_frame(app);
}

static void on_saved(void *ctx, bool done, const char *text)
{
    App *app = ctx;
    if (app->signal && !done)
        buffer_printf(&app->problems, "funcmem: %s\n", text);
    session_hold(app->session, false);
    ui_news(app->ui, !done, "%s", text);
    ui_quit_changed(app->ui, done);
    on_changed(app);
}

static UiSaved begin_saving(App *app, const char *name, SaveResult result)
{
    static const UiSaved results[] = {[SAVE_BEGUN] = UI_SAVE_BEGUN, [SAVE_EXISTS] = UI_SAVE_EXISTS, [SAVE_FAILED] = UI_SAVE_FAILED};
    if (result == SAVE_BEGUN) {
        buffer_clear(&app->saving);
        buffer_append_span(&app->saving, span_of(name));
        saver_start(&app->saver);
    }
    return results[result];
}

static UiSaved save(void *ctx, const char *name, bool replace, TableExtract rows, Buffer *message)
{
    App *app = ctx;
    return begin_saving(app, name, save_rows(&app->saver.save, name, replace, rows, message));
}

static UiSaved save_log(void *ctx, const char *name, bool replace, Portions lines, Buffer *message)
{
    App *app = ctx;
    return begin_saving(app, name, save_lines(&app->saver.save, name, replace, lines, message));
}

static bool saving(void *ctx, UiSaving *saving)
{
    App *app = ctx;
    if (app->saver.active)
        *saving = (UiSaving){buffer_text(&app->saving), save_percent(&app->saver.save)};
    return app->saver.active;
}

static void stop_saving(void *ctx)
{
    saver_give_up(&((App *)ctx)->saver);
}

static bool open_screen(App *app, char **error)
{
    UiOptions options = {
        .fd = app->terminal,
        .colours = -1,
        .settings = &app->options->settings,
        .settings_file = settings_file(app),
        .selection = app->selection,
    };
    app->log_host = (LogHost){.model = app->model, .texts = app->texts};
    app->log = log_host_text(&app->log_host);
    UiHost host = {
        .ctx = app,
        .quit_question = quit_question,
        .quit = quit,
        .suspend = suspend,
        .interrupt = interrupt,
        .inputs = inputs,
        .draw_later = draw_later,
        .save = save,
        .save_log = save_log,
        .saving = saving,
        .stop_saving = stop_saving,
        .log = &app->log,
        .code = code,
        .edit = edit,
    };
    app->ui = ui_open(&options, app->model, host, error);
    if (app->ui)
        tell_config_problems(app);
    return app->ui != NULL;
}

static void open_session(App *app, SessionOptions *session)
{
    const Options *o = app->options;
    *session = options_inputs(o);
    session->texts = app->texts;
    session->source = (SourceOptions){.follow = o->follow < 0 ? o->settings.follow : o->follow, .budget_ms = BUDGET_MS};
    app->session = session_open(&app->loop, app->model, session, (SessionEvents){app, on_changed, on_problem});
}

/* What cannot be read at all is said in one line, without a screen that comes and goes. */
static bool has_input(App *app)
{
    for (int i = 0; i < 3 && !session_is_over(app->session); i++)
        uv_run(&app->loop, UV_RUN_NOWAIT);
    return !(session_is_over(app->session) && session_failed(app->session));
}

/* What was typed before, from its file and into it. */
static void load_history(App *app)
{
    Buffer lines = {0};
    char *path = history_path();
    if (path)
        history_read(path, &lines);
    ui_history_load(app->ui, buffer_span(&lines));
    buffer_free(&lines);
    free(path);
}

static void save_history(App *app)
{
    Buffer lines = {0};
    char *path = history_path();
    ui_history_fresh(app->ui, &lines);
    if (path)
        history_add(path, buffer_span(&lines));
    buffer_free(&lines);
    free(path);
}

static bool live_in_screen(App *app, char **error)
{
    if (!open_screen(app, error))
        return false;
    load_history(app);
    watch_crashes();
    watch_signals(app);
    uv_poll_init(&app->loop, &app->keys, ui_fd(app->ui));
    app->keys.data = app;
    app->painter = (Painter){.loop = &app->loop, .ui = app->ui, .fd = app->terminal, .ctx = app, .painted = on_painted};
    app->saver = (Saver){.loop = &app->loop, .ctx = app, .changed = on_saving, .ended = on_saved};
    watch_keys(app);
    paint(app);
    uv_run(&app->loop, UV_RUN_DEFAULT);
    app->closing = true;
    uv_poll_stop(&app->keys);
    editor_stop(&app->editor);
    saver_finish(&app->saver);
    painter_finish(&app->painter);
    save_history(app);
    ui_close(app->ui);
    app->ui = NULL;
    return true;
}

/* A shell waits for all of a pipeline: say for whom. */
static void say_who_is_waited_for(const App *app)
{
    bool reads_stdin = !app->options->child && !app->options->file_count;
    if (reads_stdin && !session_is_over(app->session))
        fputs("funcmem: the command that feeds this pipe may still run; Ctrl-C ends it\n", stderr);
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
    (void)ctx;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void close_all(App *app)
{
    session_close(app->session);
    uv_run(&app->loop, UV_RUN_NOWAIT);
    uv_walk(&app->loop, close_handle, NULL);
    do
        uv_run(&app->loop, UV_RUN_DEFAULT);
    while (uv_loop_close(&app->loop) == UV_EBUSY);
    if (app->terminal >= 0)
        close(app->terminal);
    model_free(app->model);
    log_host_free(&app->log_host);
    log_texts_free(app->texts);
    selection_free(app->selection);
    vec_free(&app->inputs);
    vec_free(&app->progress);
    buffer_free(&app->question);
    buffer_free(&app->saving);
    buffer_free(&app->problems);
    buffer_free(&app->settings_file);
}

static int run_screen(App *app)
{
    SessionOptions session;
    char *error = NULL;
    app->model = model_new();
    app->texts = log_texts_new();
    uv_loop_init(&app->loop);
    uv_timer_init(&app->loop, &app->frame);
    uv_timer_init(&app->loop, &app->later);
    app->frame.data = app->later.data = app;
    app->terminal = open_terminal();
    open_session(app, &session);
    int code = 0;
    if (!has_input(app)) {
        code = EXIT_INPUT;
    } else if (app->terminal < 0) {
        error = alloc_text("no terminal to draw on", 22);
    } else if (live_in_screen(app, &error)) {
        say_who_is_waited_for(app);
        code = app->signal ? EXIT_SIGNAL + app->signal : session_failed(app->session) ? EXIT_INPUT : 0;
    }
    fputs(buffer_text(&app->problems), stderr);
    if (error) {
        fprintf(stderr, "funcmem: %s\n", error);
        code = EXIT_INPUT;
    }
    free(error);
    close_all(app);
    return code;
}

int app_run(const Options *options)
{
    App app = {.options = options, .terminal = -1};
    char *error = NULL;
    SelectionRules rules = options->rules;
    rules.quiet_only = false; /* a setting here, which a key switches */
    app.selection = selection_new(&rules, &error);
    if (!app.selection) {
        fprintf(stderr, "funcmem: %s\n", error);
        free(error);
        return EXIT_USAGE;
    }
    return run_screen(&app);
}
