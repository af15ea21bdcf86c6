#include "src/screenshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "src/batch.h"
#include "src/code_file.h"
#include "src/log_host.h"
#include "src/session.h"
#include "ui/picture.h"
#include "ui/ui.h"

enum { COLUMNS = 80, ROWS = 24 }; /* where nobody said how many */

static const struct PictureKind {
    const char *suffix;
    void (*append)(Buffer *out);
} kinds[] = {
    {".svg", picture_svg},
    {".txt", picture_text},
};

typedef struct Shot {
    const Options *options;
    uv_loop_t loop;
    Model *model;
    Selection *selection;
    Session *session;
    LogHost log_host;
    UiLogText log;
    Ui *ui;
    UiInput input;
    bool left; /* a key has quit the screen: the picture is the last one before that */
} Shot;

static const struct PictureKind *kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (span_ends(span_of(name), span_of(kinds[i].suffix)))
            return &kinds[i];
    return NULL;
}

bool screenshot_kind_known(const char *name)
{
    return kind_of(name) != NULL;
}

static void complain(const char *what, const char *why)
{
    fprintf(stderr, "funcmem: %s%s%s\n", what, *why ? ": " : "", why);
}

/* Input. */

static void on_changed(void *ctx)
{
    Shot *shot = ctx;
    model_retain(shot->model, &shot->options->retention, shot->model->closed.len);
    if (shot->session && session_is_over(shot->session))
        uv_stop(&shot->loop);
}

static void on_problem(void *ctx, const char *text)
{
    (void)ctx;
    complain(text, "");
}

static void read_all(Shot *shot, SessionOptions *session)
{
    *session = options_inputs(shot->options);
    session->texts = shot->log_host.texts;
    uv_loop_init(&shot->loop);
    shot->session = session_open(&shot->loop, shot->model, session, (SessionEvents){shot, on_changed, on_problem});
    while (!session_is_over(shot->session))
        uv_run(&shot->loop, UV_RUN_DEFAULT);
}

/* The screen. */

static const UiInput *inputs(void *ctx, size_t *count)
{
    Shot *shot = ctx;
    *count = 1;
    shot->input = (UiInput){.name = session_input_name(shot->session, 0), .state = UI_INPUT_ENDED, .left_ms = -1};
    return &shot->input;
}

static bool code(void *ctx, Span path, Buffer *text)
{
    const Shot *shot = ctx;
    PathMaps maps = options_maps(shot->options, ui_code_map(shot->ui));
    bool done = code_read(maps.items.items, maps.items.len, path, text);
    path_maps_free(&maps);
    return done;
}

static void on_quit(void *ctx)
{
    ((Shot *)ctx)->left = true;
}

static bool open_screen(Shot *shot, int fd)
{
    const Options *o = shot->options;
    UiOptions options = {
        .fd = fd,
        .terminal_type = "xterm-256color",
        .colours = 256,
        .settings = &o->settings,
        .selection = shot->selection,
    };
    shot->log = log_host_text(&shot->log_host);
    UiHost host = {.ctx = shot, .inputs = inputs, .quit = on_quit, .log = &shot->log, .code = code};
    char *error = NULL;
    shot->ui = ui_open(&options, shot->model, host, &error);
    if (!shot->ui)
        complain(error, "");
    free(error);
    return shot->ui != NULL;
}

/* Names of keys, and texts to type between apostrophes, separated by blanks. */
static bool press_keys(Shot *shot)
{
    Span names = span_of(shot->options->keys), name; /* NULL has none */
    ui_draw(shot->ui);
    while (!shot->left && key_presses_take(&names, &name)) {
        if (!ui_press(shot->ui, name)) {
            fprintf(stderr, "funcmem: --keys has no key \"%.*s\"\n", SPAN_ARG(name));
            return false;
        }
    }
    return true;
}

static int write_picture(const Shot *shot)
{
    const char *path = shot->options->screenshot;
    Buffer picture = {0};
    kind_of(path)->append(&picture);
    Writer writer = writer_to_file(path);
    writer_span(&writer, buffer_span(&picture));
    buffer_free(&picture);
    int error = writer_close(&writer);
    if (!error)
        return 0;
    complain(path, strerror(error));
    return EXIT_OUTPUT;
}

static int take_picture(Shot *shot)
{
    int rows = shot->options->rows ? shot->options->rows : ROWS, columns = shot->options->columns ? shot->options->columns : COLUMNS;
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC), code = EXIT_OUTPUT;
    if (fd >= 0 && open_screen(shot, fd)) {
        ui_resize(shot->ui, rows, columns);
        code = press_keys(shot) ? write_picture(shot) : EXIT_USAGE;
        ui_close(shot->ui);
    }
    if (fd >= 0)
        close(fd);
    return code;
}

int screenshot_run(const Options *options)
{
    Shot shot = {.options = options, .model = model_new()};
    shot.log_host = (LogHost){.model = shot.model, .texts = log_texts_new()};
    SessionOptions session;
    char *error = NULL;
    int code = EXIT_USAGE;
    shot.selection = selection_new(&options->rules, &error);
    if (!shot.selection) {
        complain(error, "");
    } else {
        read_all(&shot, &session);
        code = session_failed(shot.session) ? EXIT_INPUT : take_picture(&shot);
        session_close(shot.session);
        do
            uv_run(&shot.loop, UV_RUN_DEFAULT);
        while (uv_loop_close(&shot.loop) == UV_EBUSY);
    }
    free(error);
    model_free(shot.model);
    log_texts_free(shot.log_host.texts);
    log_host_free(&shot.log_host);
    selection_free(shot.selection);
    return code;
}
