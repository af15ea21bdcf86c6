"""What a person at a terminal feels, measured through a pseudo-terminal: first frame, time from key to paint, idle wake-ups.

Everything waits for what shall appear on the screen; the program's own output says when it was painted.
"""
import fcntl
import os
import pty
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time

ROWS, COLUMNS = 40, 120
KEYS = 400  # pressed for each percentile
PATIENCE = 60.0
HELP = (b"?", b"Moving")    # a key and what only its screen shows
TABLE = (b"q", b"Profiled")
NAMES = ("first-frame", "keys-idle", "keys-100M", "keys-flat-out", "keys-scale", "keys-writing", "unread-terminal", "idle", "idle-follow")

CONTROLS = {code: "^" + chr(code ^ 64) for code in (*range(32), 127)}

now = time.perf_counter


class Screen:
    """A program in a terminal of its own."""

    def __init__(self, command, stdin=None):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.began = now()
        self.process = subprocess.Popen(command, stdin=slave if stdin is None else stdin, stdout=slave, stderr=slave, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(1, termios.TIOCSCTTY, 0), env=dict(os.environ, TERM="xterm-256color", XDG_STATE_HOME="/dev/null"))
        os.close(slave)

    def wait_for(self, *wanted):
        """Reads until one of the texts has come; returns the time at which it was read."""
        seen, end = b"", now() + PATIENCE
        while now() < end:
            if not select.select([self.master], [], [], 1.0)[0]:
                continue
            seen = seen[-64:] + os.read(self.master, 65536)
            at = now()
            if any(text in seen for text in wanted):
                return at
        sys.exit("bench: the screen never showed %r" % (wanted,))

    def read_for(self, seconds):
        """Takes what is painted meanwhile; returns how many bytes that were."""
        count, end = 0, now() + seconds
        while (left := end - now()) > 0:
            if select.select([self.master], [], [], left)[0]:
                count += len(os.read(self.master, 65536))
        return count

    def quiet(self, seconds=0.3):
        while self.read_for(seconds):
            pass

    def ticks(self):
        """Processor time so far, in ticks of the system's clock."""
        with open("/proc/%d/stat" % self.process.pid, encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def rest(self, seconds=0.3):
        """Waits until nothing is painted and nothing is worked on behind the screen."""
        before = -1
        while self.read_for(seconds) or self.ticks() != before:
            before = self.ticks()

    def press(self, key, shown):
        began = now()
        os.write(self.master, key)
        return self.wait_for(shown) - began

    def key_times(self, count):
        return [self.press(*key) for _ in range(count // 2) for key in (HELP, TABLE)]

    def wakeups(self):
        total = 0
        for task in os.listdir("/proc/%d/task" % self.process.pid):
            with open("/proc/%d/task/%s/status" % (self.process.pid, task), encoding="ascii") as status:
                total += sum(int(line.split()[1]) for line in status if line.startswith("voluntary_ctxt"))
        return total

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.master)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def first_frame(command, shown, rounds):
    times = []
    for _ in range(rounds):
        screen = Screen(command)
        times.append(screen.wait_for(shown) - screen.began)
        screen.close()
    return statistics.median(times) * 1000


FEEDER = """
import os, sys, time
path, rate = sys.argv[1], float(sys.argv[2])
began, sent = time.perf_counter(), 0
while True:
    with open(path, "rb") as log:
        while (piece := log.read(1 << 16)):
            view = memoryview(piece)
            while view:
                view = view[os.write(1, view):]
            sent += len(piece)
            if rate and sent / rate > time.perf_counter() - began:
                time.sleep(sent / rate - (time.perf_counter() - began))
"""


def feed(log, rate):
    return subprocess.Popen([sys.executable, "-c", FEEDER, log, str(rate)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def while_fed(funcmem, log, rate):
    """Key times while the log comes through a pipe, over and over; a rate of 0 is as fast as it goes."""
    feeder = feed(log, rate)
    screen = Screen([funcmem], stdin=feeder.stdout)
    feeder.stdout.close()
    screen.wait_for(TABLE[1])
    times = screen.key_times(KEYS)
    feeder.kill()
    feeder.wait()
    screen.close()
    return times


def idle_keys(funcmem, log):
    screen = Screen([funcmem, log])
    screen.wait_for(TABLE[1])
    screen.quiet()
    times = screen.key_times(KEYS)
    screen.close()
    return times


ENTER, ESC, BACK, TAB, CTRL_D, CTRL_T, CTRL_U = b"\r", b"\x1b", b"\x7f", b"\t", b"\x04", b"\x14", b"\x15"

# What is pressed with a million reports: each key has to show something. A text is typed key by key.
SCALE_KEYS = (
    ("functions", b"j>>>>>>>>>>>>>>I" b"Ggj " + CTRL_D + b":12" + ENTER + b"LH$0MIFj xq b"),
    ("functions: sort menu", b"sjj" + ENTER + b"s" + ENTER),
    ("functions: pause, copy, edit", b"ppyYje" + ESC + b"umu"),
    ("functions: search", b"/_7" + ENTER + b"nN" + ESC),
    ("functions: filter", b"\\1_" + ENTER + CTRL_T + CTRL_T + ESC),
    ("functions: quiet", b"cc"),
    ("a function's calls", b"g" + ENTER + b">>>>>>I][Gg" + BACK),
    ("invocations", b"2j>>>>>>>>>>>>>IGgjTM"),
    ("invocations: search", b"/af1" + ENTER + b"nN" + ESC),
    ("invocations: filter", b"\\!0a" + ENTER + b"IG" + CTRL_T + CTRL_T + ESC),
    ("invocations: quiet", b"ccF"),
    ("invocations: marks", b"gmGmuU"),
    ("compare", b"d>>>IGg" + BACK),
    ("a report", b"k" + ENTER + b"zz>>>I][" + b"x" + ESC),
    ("a line's history", ENTER + b">>>>>IGg" + BACK + BACK),
    ("raw log of a row", b"vgG" + BACK),
    ("lines", b"3j>>>>>>>>>>>IGg"),
    ("lines: search", b"/1" + ENTER + b"nN" + ESC),
    ("lines: filter", b"\\9" + ENTER + CTRL_T + CTRL_T + ESC),
    ("lines: quiet", b"cc"),
    ("log", b"4Gg /MiB" + ENTER + b"nN" + ESC),
    ("commands", b"1:sort calls" + ENTER + b":filter 3" + ENTER + ESC),
    ("options and help", b"ojjjq?Ggq"),
    ("main views", TAB + TAB + TAB + TAB),
)


# What is pressed before files of a million rows are written, and the ends of their names.
SCALE_FILES = ((b"2", b".csv"), (b"", b".txt"), (b"", b".md"), (b"", b".json"), (b"3", b".json"), (b"1", b".txt"), (b"2\\!zz" + ENTER, b".csv"), (b"4", b".txt"))


def writing_keys(folder):
    """What is pressed to write files, as SCALE_KEYS."""
    for number, (keys, end) in enumerate(SCALE_FILES):
        path = os.path.join(folder, "w%d" % number).encode() + end
        if os.path.exists(path):
            os.unlink(path)
        yield "writing a file", keys + b"w" + CTRL_U + path + ENTER


def scale_keys(funcmem, log):
    """The slowest first answer to a key with a million reports, and which it was; what takes longer must go on behind it."""
    screen = Screen([funcmem, log])
    screen.wait_for(TABLE[1])
    screen.rest()
    slowest = (0.0, "")
    for name, keys in (*SCALE_KEYS, *writing_keys(os.path.dirname(log))):
        for i in range(len(keys)):
            key = keys[i:i + 1]
            began = now()
            os.write(screen.master, key)
            if not select.select([screen.master], [], [], PATIENCE)[0]:
                sys.exit("bench: %s: nothing was shown for key %r (%d)" % (name, key, i))
            slowest = max(slowest, (now() - began, "%s, %s" % (name, keys[:i + 1].decode().translate(CONTROLS))))
            screen.rest(0.2)
    screen.close()
    return slowest


def keys_while_writing(funcmem, log):
    """Key times while a million rows are being written to a file."""
    path = os.path.join(os.path.dirname(log), "writing.txt")
    if os.path.exists(path):
        os.unlink(path)
    screen = Screen([funcmem, log])
    screen.wait_for(TABLE[1])
    screen.rest()
    os.write(screen.master, b"2")
    screen.rest()
    os.write(screen.master, b"w" + CTRL_U + path.encode() + ENTER + b"1")
    screen.wait_for(TABLE[1])
    times = []
    while not os.path.exists(path):
        times += screen.key_times(2)
    screen.close()
    os.unlink(path)
    return times


def idle_wakeups(command, seconds=5.0):
    screen = Screen(command)
    screen.wait_for(TABLE[1])
    screen.quiet(1.0)
    before = screen.wakeups()
    screen.read_for(seconds)
    woken = screen.wakeups() - before
    screen.close()
    return woken / seconds


def unread(funcmem, log):
    """Bytes that a feeder gets rid of in two seconds while nobody reads what the terminal shows, beside those when somebody does."""
    taken = []
    for reads in (True, False):
        feeder = feed(log, 0)
        screen = Screen([funcmem], stdin=feeder.stdout)
        feeder.stdout.close()
        screen.wait_for(TABLE[1])
        if reads:
            screen.read_for(1.0)
        else:
            time.sleep(1.0)  # the terminal's buffer fills
        before = bytes_read(feeder.pid)
        if reads:
            screen.read_for(2.0)
        else:
            time.sleep(2.0)
        taken.append(bytes_read(feeder.pid) - before)
        feeder.kill()
        feeder.wait()
        screen.close()
    return taken


def bytes_read(pid):
    with open("/proc/%d/io" % pid, encoding="ascii") as io:
        return int(io.readline().split()[1])


def key_row(name, times, limit):
    p50, p99 = statistics.median(times) * 1000, percentile(times, 0.99) * 1000
    return name, "p50 %.1f ms, p99 %.1f ms, largest %.1f ms" % (p50, p99, max(times) * 1000), "p99 at most %g ms" % limit, p99 <= limit


def measure(funcmem, log, scale_log, rounds):
    """Rows for the table: name, what was measured, target, whether it was reached."""
    small = os.path.join(os.path.dirname(log), "follow.log")
    with open(log, "rb") as source, open(small, "wb") as part:
        part.write(source.read(100000))
    ours = first_frame([funcmem, log], TABLE[1], rounds)
    if shutil.which("htop"):
        theirs = first_frame(["htop"], b"PID", rounds)
        yield "first-frame / htop", "%.2f x  %.1f ms : %.1f ms" % (ours / theirs, ours, theirs), "at most 0.3 x", ours <= theirs * 0.3
    else:
        yield "first-frame", "%.1f ms" % ours, "28 ms", ours <= 28
    yield key_row("keys-idle", idle_keys(funcmem, small), 2)
    yield key_row("keys-100M", while_fed(funcmem, log, 100e6), 16)
    yield key_row("keys-flat-out", while_fed(funcmem, log, 0), 33)
    slowest, key = scale_keys(funcmem, scale_log)
    yield "keys-scale", "slowest key %.1f ms (%s)" % (slowest * 1000, key), "at most 50 ms", slowest <= 0.05
    yield key_row("keys-writing", keys_while_writing(funcmem, scale_log), 33)
    read, stuck = unread(funcmem, log)
    yield ("unread-terminal", "%.2f x  %.0f MB/s of %.0f MB/s" % (stuck / read, stuck / 2e6, read / 2e6), "at least 0.9 x", stuck >= read * 0.9)
    for name, command in (("idle", [funcmem, "--no-follow", small]), ("idle-follow", [funcmem, "--follow", small])):
        woken = idle_wakeups(command)
        yield name, "%.2f wake-ups a second" % woken, "0", woken == 0
