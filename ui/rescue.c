#include "ui/rescue.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

enum { RESCUE_MAX = 512 };

/* What is to be written is put together in time: making it needs memory, writing it does not. */
static struct Rescue {
    int fd;
    struct termios modes;
    bool have_modes;
    volatile sig_atomic_t active;
    char bytes[RESCUE_MAX];
    size_t len;
} rescue;

static int add_byte(int c)
{
    if (rescue.len < RESCUE_MAX)
        rescue.bytes[rescue.len++] = (char)c;
    return c;
}

static void add_capability(const char *name)
{
    char capability[16];
    snprintf(capability, sizeof capability, "%s", name);
    char *sequence = tigetstr(capability);
    if (sequence && sequence != (char *)-1)
        tputs(sequence, 1, add_byte);
}

void rescue_remember(int fd)
{
    rescue = (struct Rescue){.fd = fd};
    rescue.have_modes = tcgetattr(fd, &rescue.modes) == 0;
}

void rescue_prepare(bool mouse)
{
    static const char *const capabilities[] = {"sgr0", "op", "rmkx", "cnorm", "rmcup"};
    rescue.active = 0;
    rescue.len = 0;
    if (mouse)
        for (const char *p = "\033[?1000l\033[?1002l\033[?1006l"; *p; p++)
            add_byte(*p);
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
        add_capability(capabilities[i]);
    rescue.active = 1;
}

void rescue_set_active(bool active)
{
    rescue.active = active;
}

void rescue_perform(void)
{
    int saved = errno;
    if (!rescue.active)
        return;
    rescue.active = 0;
    for (size_t done = 0; done < rescue.len;) {
        ssize_t n = write(rescue.fd, rescue.bytes + done, rescue.len - done);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    if (rescue.have_modes)
        tcsetattr(rescue.fd, TCSANOW, &rescue.modes);
    errno = saved;
}
