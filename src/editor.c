#include "src/editor.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"

enum { SIGNALS = 32 };

const char *editor_command(void)
{
    static const char *const names[] = {"VISUAL", "EDITOR"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return "vi";
}

/* Gives the terminal to a process group; who does not own it may do so only with SIGTTOU blocked. */
static void give_terminal(int terminal, pid_t group)
{
    sigset_t out, before;
    sigemptyset(&out);
    sigaddset(&out, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &out, &before);
    tcsetpgrp(terminal, group);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/*
 * In the child: only what is safe between fork() and exec(). The terminal is opened anew by its name, because libuv has made the
 * descriptor that is polled one that does not block, and that would be the editor's as well.
 */
static void become(int terminal, const char *name, char *const argv[])
{
    sigset_t none;
    int fresh = name ? open(name, O_RDWR | O_NOCTTY) : -1;
    setpgid(0, 0);
    give_terminal(terminal, getpid());
    for (int number = 1; number < SIGNALS; number++)
        signal(number, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (dup2(fresh >= 0 ? fresh : terminal, fd) < 0)
            _exit(126);
    if (fresh > STDERR_FILENO)
        close(fresh);
    execv("/bin/sh", argv);
    _exit(127);
}

/* Whether a shell started this program as a job: without one nobody would ever let it go on. */
static bool is_job(void)
{
    return getsid(getppid()) == getsid(0);
}

/* Both stop, as the shell expects of a job; where it goes on in the background only, it stops again. */
static void stop_together(Editor *e)
{
    give_terminal(e->terminal, getpgrp());
    if (is_job()) {
        do
            kill(0, SIGSTOP);
        while (tcgetpgrp(e->terminal) != getpgrp());
    }
    give_terminal(e->terminal, e->pid);
    kill(-e->pid, SIGCONT);
}

static void on_child(uv_signal_t *handle, int number)
{
    Editor *e = handle->data;
    int status;
    (void)number;
    if (!e->pid || waitpid(e->pid, &status, WNOHANG | WUNTRACED) != e->pid)
        return;
    if (WIFSTOPPED(status)) {
        stop_together(e);
        return;
    }
    e->pid = 0;
    uv_signal_stop(&e->child);
    give_terminal(e->terminal, getpgrp());
    e->ended(e->ctx, status);
}

bool editor_start(Editor *e, uv_loop_t *loop, int terminal, const char *path, uint32_t line)
{
    Buffer script = {0}, place = {0}, file = {0};
    const char *command = editor_command();
    /* A shell that Ctrl-C kills would not wait for the editor, which takes it for a key; a trap of its own is not inherited. */
    buffer_printf(&script, "trap : INT QUIT; %s \"$@\"", command);
    buffer_printf(&place, "+%" PRIu32, line);
    buffer_printf(&file, "%s%s", *path == '-' ? "./" : "", path);
    char shell[] = "sh", option[] = "-c", *argv[7] = {shell, option, (char *)buffer_text(&script), shell};
    size_t count = 4;
    if (line)
        argv[count++] = (char *)buffer_text(&place);
    argv[count] = (char *)buffer_text(&file);
    if (!e->child.data)
        uv_signal_init(loop, &e->child);
    e->child.data = e;
    e->terminal = terminal;
    uv_signal_start(&e->child, on_child, SIGCHLD);
    const char *name = ttyname(terminal);
    e->pid = fork();
    if (e->pid == 0)
        become(terminal, name, argv);
    bool started = e->pid > 0;
    if (started) {
        setpgid(e->pid, e->pid); /* whichever of the two is first */
        give_terminal(terminal, e->pid);
    } else {
        e->pid = 0;
        uv_signal_stop(&e->child);
    }
    buffer_free(&script);
    buffer_free(&place);
    buffer_free(&file);
    return started;
}

void editor_stop(Editor *e)
{
    if (!e->pid)
        return;
    kill(-e->pid, SIGHUP);
    kill(-e->pid, SIGCONT);
    give_terminal(e->terminal, getpgrp());
    uv_signal_stop(&e->child);
    e->pid = 0;
}
