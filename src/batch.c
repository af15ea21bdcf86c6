#include "src/batch.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "src/session.h"

enum { CHILD_CODE_MAX = 63 };

typedef struct Batch {
    const Options *options;
    uv_loop_t loop;
    uv_signal_t interrupt, terminate, hangup;
    Model *model;
    Session *session;
    Selection *selection;
    Writer writer;
    size_t printed; /* live NDJSON: how many of model->closed were printed */
    uint64_t numbers;
    bool live;
    int signal; /* that ended the run, or 0 */
} Batch;

static void complain(const char *text)
{
    fprintf(stderr, "funcmem: %s\n", text);
}

static void on_problem(void *ctx, const char *text)
{
    (void)ctx;
    complain(text);
}

/* Live NDJSON: a report is printed once it is complete and it is known whose it is. */
static void print_new_reports(Batch *b)
{
    const Model *m = b->model;
    for (; b->printed < m->closed.len; b->printed++) {
        Id report = m->closed.items[b->printed];
        if (m->reports.items[report].attribution == ATTRIBUTION_PENDING && !session_is_over(b->session))
            break;
        if (selection_has_report(b->selection, m, report))
            export_ndjson_report(&b->writer, m, report, ++b->numbers);
    }
    writer_flush(&b->writer);
}

static void close_signals(Batch *b)
{
    uv_close((uv_handle_t *)&b->interrupt, NULL);
    uv_close((uv_handle_t *)&b->terminate, NULL);
    uv_close((uv_handle_t *)&b->hangup, NULL);
}

static void on_changed(void *ctx)
{
    Batch *b = ctx;
    if (!b->session)
        return;
    if (b->live)
        print_new_reports(b);
    model_retain(b->model, &b->options->retention, b->live ? b->printed : b->model->closed.len);
    if (b->writer.error)
        session_stop(b->session);
    if (session_is_over(b->session))
        uv_stop(&b->loop);
}

/* The first signal ends the input, and what was read is printed; a second one is final. */
static void on_signal(uv_signal_t *handle, int number)
{
    Batch *b = handle->data;
    if (b->signal)
        _exit(EXIT_SIGNAL + number);
    b->signal = number;
    session_stop(b->session);
    if (session_is_over(b->session))
        uv_stop(&b->loop);
}

static void watch_signal(Batch *b, uv_signal_t *handle, int number)
{
    uv_signal_init(&b->loop, handle);
    handle->data = b;
    uv_signal_start(handle, on_signal, number);
    uv_unref((uv_handle_t *)handle);
}

static bool wants_color(const Options *o)
{
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE");
    if (o->settings.color != COLOR_AUTO)
        return o->settings.color == COLOR_ALWAYS;
    if (no_color && *no_color)
        return false;
    if (force && *force && strcmp(force, "0") != 0)
        return true;
    return !o->output && isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

/* Cells of a line of the terminal, 0 where there is none. */
static unsigned output_width(const Options *o)
{
    struct winsize size;
    if (o->output || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

static void print_all(Batch *b)
{
    const ExportFormat *format = b->options->format ? b->options->format : &export_formats[0];
    ExportOptions options = {
        .selection = b->selection,
        .sorts = b->options->settings.sorts,
        .top = b->options->settings.top,
        .width = output_width(b->options),
        .color = wants_color(b->options),
    };
    if (b->live)
        print_new_reports(b);
    else
        format->print(&b->writer, b->model, &options);
}

static int child_code(const Batch *b)
{
    SourceExit end;
    if (!session_exit(b->session, &end))
        return 0;
    if (end.signal)
        return EXIT_SIGNAL + end.signal;
    return end.status ? EXIT_CHILD + (end.status < CHILD_CODE_MAX ? end.status : CHILD_CODE_MAX) : 0;
}

/* The gravest of what went wrong. */
static int exit_code(Batch *b, int write_error)
{
    if (write_error == EPIPE)
        return 0;
    if (write_error) {
        fprintf(stderr, "funcmem: cannot write %s: %s\n", b->options->output ? b->options->output : "standard output",
                strerror(write_error));
        return EXIT_OUTPUT;
    }
    if (!session_close_tee(b->session))
        return EXIT_OUTPUT;
    if (b->signal)
        return EXIT_SIGNAL + b->signal;
    if (session_failed(b->session))
        return EXIT_INPUT;
    int code = child_code(b);
    if (code)
        return code;
    return b->model->closed.len ? 0 : EXIT_EMPTY;
}

/* The report of nothing helps nobody: say so instead, except where a program reads it. */
static void say_if_empty(const Batch *b)
{
    if (!b->model->closed.len && !session_failed(b->session))
        complain("no memory_profiler report in the input");
}

/* A format without a place for it must not be silent about it. */
static void say_if_summarised(const Batch *b)
{
    size_t count = b->model->summaries.len;
    if (count && !b->live)
        fprintf(stderr, "funcmem: rows of %zu older report%s summarised to stay within --keep and --max-memory\n", count,
                count == 1 ? " were" : "s were");
}

/* Nothing was read. When that is an error there is nothing to print, and a file that is there already stays. */
static bool has_nothing(const Batch *b)
{
    for (size_t i = 0; i < b->model->sources.len; i++)
        if (b->model->sources.items[i].bytes)
            return false;
    return true;
}

static int read_and_print(Batch *b)
{
    b->writer = b->options->output ? writer_to_file(b->options->output) : writer_to_fd(STDOUT_FILENO);
    if (!b->writer.error) {
        on_changed(b);
        while (!session_is_over(b->session))
            uv_run(&b->loop, UV_RUN_DEFAULT);
        bool copied = session_close_tee(b->session);
        if (has_nothing(b) && (session_failed(b->session) || !copied)) {
            writer_abandon(&b->writer);
            return copied ? EXIT_INPUT : EXIT_OUTPUT;
        }
        print_all(b);
        say_if_empty(b);
        say_if_summarised(b);
    }
    return exit_code(b, writer_close(&b->writer));
}

int batch_run(const Options *options)
{
    Batch b = {.options = options};
    char *error = NULL;
    SessionOptions session = options_inputs(options);
    session.source.follow = options->follow == 1;
    b.selection = selection_new(&options->rules, &error);
    if (!b.selection) {
        complain(error);
        free(error);
        return EXIT_USAGE;
    }
    b.live = options->follow == 1 && options->format == export_format_named("ndjson");
    b.model = model_new();
    uv_loop_init(&b.loop);
    watch_signal(&b, &b.interrupt, SIGINT);
    watch_signal(&b, &b.terminate, SIGTERM);
    watch_signal(&b, &b.hangup, SIGHUP);
    b.session = session_open(&b.loop, b.model, &session, (SessionEvents){&b, on_changed, on_problem});
    int code = read_and_print(&b);
    session_close(b.session);
    close_signals(&b);
    do
        uv_run(&b.loop, UV_RUN_DEFAULT); /* a uv_stop() from before may end the first one early */
    while (uv_loop_close(&b.loop) == UV_EBUSY);
    model_free(b.model);
    selection_free(b.selection);
    return code;
}
