#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "src/about.h"
#include "src/app.h"
#include "src/batch.h"
#include "src/options.h"
#include "src/screenshot.h"

/* A reader that goes away has seen enough. */
static int print_and_free(Buffer *text, int fd)
{
    Writer writer = writer_to_fd(fd);
    writer_span(&writer, buffer_span(text));
    buffer_free(text);
    int error = writer_close(&writer);
    if (!error || error == EPIPE)
        return EXIT_SUCCESS;
    fprintf(stderr, "funcmem: cannot write standard output: %s\n", strerror(error));
    return EXIT_OUTPUT;
}

static int print_about(Command command)
{
    static void (*const texts[])(Buffer *) = {
        [COMMAND_HELP] = about_help,           [COMMAND_VERSION] = about_version,     [COMMAND_LIST_COLUMNS] = about_columns,
        [COMMAND_LIST_KEYS] = about_keys,      [COMMAND_LIST_FORMATS] = about_formats, [COMMAND_LIST_SETTINGS] = about_settings,
    };
    Buffer text = {0};
    texts[command](&text);
    return print_and_free(&text, STDOUT_FILENO);
}

static int usage_error(char *error)
{
    fprintf(stderr, "funcmem: %s\nfuncmem: try 'funcmem --help'\n", error);
    free(error);
    return EXIT_USAGE;
}

static bool has_no_input(const Options *o)
{
    return !o->child && !o->file_count && isatty(STDIN_FILENO);
}

/* A terminal on which a cursor can be moved. */
static bool has_screen(void)
{
    const char *type = getenv("TERM");
    return isatty(STDOUT_FILENO) && type && *type && strcmp(type, "dumb") != 0;
}

/* What is wrong with the configuration file; behind the screen, where it was on the status line before. */
static void print_problems(Options *o)
{
    Span rest = buffer_span(&o->config_problems);
    for (ptrdiff_t end; (end = span_find_byte(rest, '\n')) >= 0; rest = span_from(rest, (size_t)end + 1))
        fprintf(stderr, "funcmem: %.*s\n", (int)end, rest.ptr);
}

static int run(Options *o)
{
    if (o->command != COMMAND_RUN)
        return print_about(o->command);
    if (has_no_input(o)) {
        Buffer text = {0};
        about_usage(&text);
        print_and_free(&text, STDERR_FILENO);
        return EXIT_USAGE;
    }
    bool configured = options_configure(o), in_screen = configured && !o->format && !o->output && has_screen();
    int code = !configured ? EXIT_USAGE : o->screenshot ? screenshot_run(o) : in_screen ? app_run(o) : batch_run(o);
    print_problems(o);
    return code;
}

/*
 * A standard descriptor that is closed would be taken by the next file that is opened. What stands in for it fails at the first use,
 * as the closed one would.
 */
static void guard_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
    Options options;
    char *error;
    guard_standard_descriptors();
    setlocale(LC_ALL, "");
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away and a file size limit are errors of write() */
    signal(SIGXFSZ, SIG_IGN);
    int code = options_parse(&options, argc, argv, &error) ? run(&options) : usage_error(error);
    options_free(&options);
    return code;
}
