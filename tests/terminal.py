#!/usr/bin/env python3
"""The interactive screen in a real terminal: funcmem inside tmux, driven by keys and signals.

usage: terminal.py [FUNCMEM] [unittest's arguments, such as -v or -k NAME]

Without FUNCMEM the program is $FUNCMEM or ./funcmem; $srcdir says where the sources are. Every test has a tmux server and a
folder of its own; in it an interactive sh runs the program, so that jobs, exit codes and the terminal's modes are real ones.
Nothing waits for a time, only for what is to be seen, up to a deadline.
"""
import fcntl
import itertools
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import tty
import unittest
from pathlib import Path

SRCDIR = Path(os.environ.get("srcdir") or Path(__file__).resolve().parent.parent).resolve()
DEMO = SRCDIR / "examples" / "captures" / "demo.log"
FUNCMEM = Path(sys.argv.pop(1) if len(sys.argv) > 1 and os.path.isfile(sys.argv[1])
               else os.environ.get("FUNCMEM", "./funcmem")).resolve()

DEADLINE = 60  # seconds after which something that should have happened never will
LOOK_AGAIN = 0.02  # seconds between two looks
PROMPT = "^ready>"
IN_CI = os.environ.get("CI") == "true"


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], stdout=subprocess.PIPE, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


class Terminal:
    """A window of a tmux server of its own, with a shell in it."""

    numbers = itertools.count()

    def __init__(self, folder: Path, columns=80, rows=24, term="screen-256color", **environment):
        self.folder = folder
        self.socket = folder / f"tmux-{next(self.numbers)}"
        self.clean = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8",
                      "ENV": str(folder / "shrc")}
        self.clean.update((name, value) for name, value in os.environ.items() if name.endswith("SAN_OPTIONS"))
        self.clean.update(environment)
        (folder / "shrc").write_text("PS1='ready> '\n")
        config = folder / "tmux.conf"
        config.write_text(f"set -g default-terminal {term}\nset -g status off\nset -g escape-time 0\n"
                          "set -g history-limit 100\n")
        self.tmux("-f", config, "new-session", "-d", "-x", columns, "-y", rows, "-c", folder, "exec sh -i")

    def tmux(self, *args) -> str:
        result = subprocess.run(["tmux", "-S", self.socket, *map(str, args)], env=self.clean, cwd=self.folder,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=DEADLINE)
        if result.returncode:
            raise AssertionError(f"tmux {args}: {result.stderr}")
        return result.stdout

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], env=self.clean, stderr=subprocess.DEVNULL)

    def screen(self) -> str:
        return self.tmux("capture-pane", "-p")

    def state(self, *names: str) -> list[str]:
        return self.tmux("display-message", "-p", " ".join(f"#{{{name}}}" for name in names)).split()

    def send(self, *keys: str):
        """Keys by tmux's names."""
        self.tmux("send-keys", *keys)

    def type(self, text: str):
        """Characters as they are."""
        self.tmux("send-keys", "-l", "--", text)

    def resize(self, columns: int, rows: int):
        self.tmux("resize-window", "-x", columns, "-y", rows)

    def wait_until(self, condition, what: str):
        end = time.monotonic() + DEADLINE
        while not (result := condition()):
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain: {what}; the screen is\n{self.screen()}")
            time.sleep(LOOK_AGAIN)
        return result

    def wait(self, pattern: str, but_not: str | None = None) -> str:
        """The screen, once the regular expression matches it, and the other one does not. A frame may be seen half painted: so it is
        looked at until it stays as it is, if that is soon."""
        def matches(screen: str) -> bool:
            return bool(re.search(pattern, screen, re.M)) and not (but_not and re.search(but_not, screen, re.M))

        def look():
            screen, later = self.screen(), ""
            if not matches(screen):
                return None
            for _ in range(10):
                later = self.screen()
                if later == screen or not matches(later):
                    break
                screen = later
            return screen

        return self.wait_until(look, f"{pattern!r}" + (f" without {but_not!r}" if but_not else ""))

    def shell(self, command: str):
        """A command line, as it is."""
        self.type(command)
        self.send("Enter")

    def run(self, command: str):
        """A command line between two looks at the terminal's modes; see Case.assert_restored(). That the word at the end is not
        spelt here keeps the echo of the line from being taken for it."""
        self.shell(f"clear; stty -g >before; {command}; echo status=$?; stty -g >after; echo o''ver")

    def file(self, name: str) -> str:
        """What a program wrote, once it is there with its newline."""
        path = self.folder / name
        return self.wait_until(lambda: path.exists() and path.read_text().endswith("\n") and path.read_text(), name).strip()


def arrow(title: str, direction="[▲▼]") -> str:
    """A pattern for the header of the column that is sorted by: the arrow stands before numbers and behind text."""
    return rf"{direction}{re.escape(title)}\b|\b{re.escape(title)}{direction}"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="funcmem-terminal-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "funcmem").symlink_to(FUNCMEM)
        shutil.copyfile(DEMO, self.folder / "demo.log")  # the original may be read-only
        self.log = self.folder / "demo.log"
        self.content = self.log.read_bytes()

    def script(self, name: str, text: str):
        path = self.folder / "bin" / name
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)

    def open(self, **kwargs) -> Terminal:
        terminal = Terminal(self.folder, **kwargs)
        self.addCleanup(terminal.close)
        terminal.wait(PROMPT)
        return terminal

    def opened(self, command="funcmem demo.log", wait="BuildReport", **kwargs) -> Terminal:
        """A terminal in which the program shows its first screen."""
        terminal = self.open(**kwargs)
        terminal.run(command)
        terminal.wait(wait)
        return terminal

    def opened_with_pid(self, arguments="demo.log", **kwargs) -> tuple[Terminal, int]:
        """The same, and the program's process id."""
        self.script("tell-pid", 'echo $$ >pid.new; mv pid.new pid; exec funcmem "$@"\n')
        terminal = self.opened(f"tell-pid {arguments}", **kwargs)
        return terminal, int(terminal.file("pid"))

    def assert_restored(self, terminal: Terminal, status: int = 0):
        """The program has ended with that exit code and left the terminal as it was."""
        screen = terminal.wait(r"^over$")
        self.assertEqual(str(status), re.findall(r"^(?:.*[^=])?status=(\d+)", screen, re.M)[-1], screen)
        self.assertEqual(terminal.file("before"), terminal.file("after"), "the terminal's modes")
        names = ("alternate_on", "cursor_flag", "mouse_any_flag", "keypad_flag", "keypad_cursor_flag", "insert_flag")
        self.assertEqual(dict(zip(names, "010000")), dict(zip(names, terminal.state(*names))))

    def settled(self, terminal: Terminal) -> str:
        """The first screen of all of demo.log, in which nothing will change any more."""
        terminal.wait("ended")
        terminal.send("g")
        return terminal.wait("^ ended.* 1 of 7", but_not=r"\d new")

    def header(self, screen: str) -> str:
        return screen.split("\n")[1]

    def rows(self, screen: str) -> list[str]:
        return [line for line in screen.split("\n")[2:-3] if line.strip()]

    def selected(self, terminal: Terminal) -> str:
        """The row that stands on another background, without its colours."""
        def look():
            rows = self.rows(terminal.tmux("capture-pane", "-p", "-e"))
            marked = [row for row in rows if re.search(r"\x1b\[(7|[0-9;]*48;[0-9;]+)m", row)]
            return marked if len(marked) == 1 else None

        return re.sub(r"\x1b\[[0-9;]*m", "", terminal.wait_until(look, "one selected row")[0])


class Inputs(Case):
    def test_file(self):
        terminal = self.opened()
        screen = terminal.wait(r"demo\.log .*1 Functions")
        self.assertRegex(self.header(screen), arrow("Largest", "▼"))
        self.assertEqual(["1"], terminal.state("alternate_on"))
        self.assertEqual(["0"], terminal.state("cursor_flag"))
        terminal.send("q")
        self.assert_restored(terminal)

    def test_missing_file(self):
        terminal = self.open()
        terminal.run("funcmem none.log")
        terminal.wait("funcmem: .*none.log.*no such file")
        self.assert_restored(terminal, 3)

    def test_no_input(self):
        terminal = self.open()
        terminal.run("funcmem")
        terminal.wait("Usage: funcmem")
        self.assert_restored(terminal, 2)

    def test_pipe_with_keys_from_the_terminal(self):
        terminal = self.opened("cat demo.log | funcmem", "BuildReport")
        terminal.wait(r"standard input.*\n.*Largest")
        terminal.wait("1 of 7")
        terminal.send("j")
        terminal.wait("2 of 7")
        terminal.send("?")
        terminal.wait("Moving")
        terminal.send("q")
        terminal.wait("2 of 7")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_live_pipe(self):
        os.mkfifo(self.folder / "fifo")
        terminal = self.open()
        terminal.run("cat fifo | funcmem")
        with open(self.folder / "fifo", "wb", buffering=0) as fifo:
            terminal.wait("No report yet")
            lines = self.content.splitlines(keepends=True)
            at = next(i for i, line in enumerate(lines) if b"Executed" in line) + 1
            fifo.write(b"".join(lines[:at]))
            terminal.wait("HttpTriggerSync", but_not="BuildReport")
            fifo.write(b"".join(lines[at:]))
            terminal.wait("BuildReport")
        terminal.wait("ended")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_killed_producer(self):
        self.script("produce", "cat demo.log; echo $$ >producer; exec sleep 1000\n")
        terminal = self.opened("produce | funcmem")
        os.kill(int(terminal.file("producer")), signal.SIGKILL)
        terminal.wait("ended")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_interrupted_loading_keeps_what_was_read(self):
        """A file so large that the key comes before its end, whatever the machine: reports, and a hole behind them."""
        with (self.folder / "large.log").open("wb") as file:
            file.write(self.content)
            file.truncate(2 ** 40)
        terminal = self.opened("funcmem large.log")
        terminal.send("C-c")
        terminal.wait(r"stopped reading after \d[\d.]* [KMG]iB of 1\.0 TiB; once more quits")
        terminal.send("j")
        terminal.wait(r"^ stopped at \d+ %  \d[\d.]* [KMG]iB of .* 2 of \d+")
        terminal.send("C-c")
        self.assert_restored(terminal)

    def test_sentences_go_when_they_were_read(self):
        """Without a key, and without data."""
        terminal = self.opened()
        terminal.wait("^ following . 1 of 7")
        terminal.send("4", "F")
        terminal.wait("^ Stays at the end of the log")
        terminal.wait("^ following", but_not="Stays at")
        terminal.send("1", "Z")
        terminal.wait("^ Z does nothing here")
        terminal.wait("^ following . 1 of 7", but_not="does nothing")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_what_is_loaded_is_not_new(self):
        terminal = self.opened()
        terminal.wait("^ following . 1 of 7", but_not="new")
        with self.log.open("ab") as file:
            file.write(self.content)
        terminal.wait("^ following . [0-9]+ new")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_quit_says_whom_the_shell_waits_for(self):
        self.script("produce", "cat demo.log; echo $$ >producer; exec sleep 1000\n")
        terminal = self.opened("produce | funcmem")
        terminal.send("q")
        terminal.wait("may still run; Ctrl-C")
        self.assertEqual(["0"], terminal.state("alternate_on"))
        os.kill(int(terminal.file("producer")), signal.SIGKILL)
        self.assert_restored(terminal)

    def test_tee(self):
        terminal = self.opened("cat demo.log | funcmem --tee=copy.log")
        terminal.wait("ended")
        terminal.send("q")
        self.assert_restored(terminal)
        self.assertEqual(self.content, (self.folder / "copy.log").read_bytes())

    def test_no_terminal_as_output(self):
        terminal = self.open()
        terminal.run("funcmem demo.log >out; cat demo.log | funcmem >out2; funcmem --format=csv demo.log | wc -l")
        self.assert_restored(terminal)
        for name in ("out", "out2"):
            self.assertIn("Largest increments", (self.folder / name).read_text())
            self.assertNotIn("\x1b", (self.folder / name).read_text())

    def test_live_demo(self):
        demo = SRCDIR / "examples" / "run-demo"
        trial = subprocess.run([demo, "--help"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if trial.returncode:
            (self.fail if IN_CI else self.skipTest)(trial.stderr)
        self.script("demo", f"exec {shlex.quote(str(demo))} --delay 0 --calls 20 --seed 1\n")
        terminal = self.opened("demo | funcmem", "LeakyCache")
        terminal.wait("ended")
        terminal.send("2")
        terminal.wait("1 of 20")
        terminal.send("q")
        self.assert_restored(terminal)


class Retention(Case):
    def test_limits_are_said(self):
        terminal = self.opened("funcmem --no-follow --keep=2 demo.log")
        terminal.resize(120, 24)
        terminal.wait(r"rows of [0-9]+ older reports summarised")
        terminal.send("2", "T", "I")
        terminal.wait("Sorted by Started, ascending")
        terminal.send("g", "Enter")
        terminal.wait("Its rows were let go|Rows")
        terminal.send("Enter")
        terminal.wait(r"Its rows were let go \(--keep, --max-memory\); it still counts")
        terminal.send("j")
        terminal.wait("its rows were summarised")
        terminal.send("3", "c")
        terminal.wait("Contended reports are left out")
        terminal.send("j")
        terminal.wait("summarised, not counted here")
        terminal.send("q")
        self.assert_restored(terminal)


class Following(Case):
    def setUp(self):
        super().setUp()
        self.cut = self.content.index(b"\n", self.content.index(b"Executed", len(self.content) // 2)) + 1

    def invocations(self, content: bytes) -> int:
        return content.count(b"Executing ")

    def opened_following(self) -> Terminal:
        self.log.write_bytes(self.content[:self.cut])
        terminal = self.opened()
        terminal.send("2")
        terminal.wait(rf"following.* of {self.invocations(self.content[:self.cut])}\b")
        return terminal

    def test_append(self):
        terminal = self.opened_following()
        with self.log.open("ab") as file:
            file.write(self.content[self.cut:])
        terminal.wait(r" of 50\b")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_append_bytewise(self):
        terminal = self.opened_following()
        end = self.content.index(b"\n", self.content.index(b"Executed", self.cut)) + 1
        with self.log.open("ab", buffering=0) as file:
            for at in range(self.cut, end):
                file.write(self.content[at:at + 1])
        terminal.wait(rf" of {self.invocations(self.content[:end])}\b")

    def test_rotate(self):
        """A new file under the same name: what was read stays, and the new one is read."""
        terminal = self.opened_following()
        self.log.rename(self.folder / "demo.log.1")
        self.log.write_bytes(self.content[self.cut:])
        terminal.wait(r" of 50\b")
        with self.log.open("ab") as file:
            file.write(b"[2026-11-22T19:00:00.000Z] Executing 'Functions.Another' (Reason='', "
                       b"Id=00000000-0000-4000-8000-000000000001)\n")
        terminal.wait(r" of 51\b")

    def test_truncate(self):
        """The same file with less in it: it is read from its beginning."""
        terminal = self.opened_following()
        self.log.write_bytes(b"")
        with self.log.open("ab") as file:
            file.write(self.content[self.cut:])
        terminal.wait(r" of 50\b")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_no_follow(self):
        terminal = self.opened("funcmem --no-follow demo.log")
        terminal.wait("ended")

    def test_selection_stays_with_its_row(self):
        terminal = self.opened_following()
        terminal.send("j")
        terminal.wait(r" 2 of ")
        before = self.selected(terminal)
        with self.log.open("ab") as file:
            file.write(self.content[self.cut:])
        terminal.wait(r" 3 of 50\b")
        self.assertEqual(before.split()[:4], self.selected(terminal).split()[:4])

    def test_pause(self):
        terminal = self.opened_following()
        count = self.invocations(self.content[:self.cut])
        terminal.send("p")
        terminal.wait("(?i)paused")
        with self.log.open("ab") as file:
            file.write(self.content[self.cut:])
        terminal.send("x")
        terminal.wait("What this means")
        terminal.send("q")
        terminal.wait(rf" of {count}\b")
        terminal.send("p")
        terminal.wait("Goes on")
        terminal.send("j")
        terminal.wait(r"2 of 50\b", but_not="paused")


class Commands(Case):
    CHILD = "cat demo.log; sh -c 'echo $$ >inner; exec sleep 1000'; exit 0\n"

    def opened_child(self, text=CHILD) -> tuple[Terminal, int]:
        self.script("host", text)
        terminal = self.opened("funcmem -- host")
        return terminal, int(terminal.file("inner"))

    def test_exit_status_is_shown(self):
        for script, says in (("exit 0", "exited 0|ended"), ("exit 3", "exited 3"), ("kill -TERM $$", "signal|SIGTERM|killed")):
            with self.subTest(script):
                terminal = self.opened(f"funcmem -- sh -c 'cat demo.log; {script}'")
                terminal.wait(f"({says})")
                terminal.send("q")
                self.assert_restored(terminal)
                terminal.close()

    def test_unknown_command(self):
        terminal = self.open()
        terminal.run("funcmem -- no-such-command")
        terminal.wait("funcmem: .*no-such-command.*not found")
        self.assert_restored(terminal, 3)

    def test_quit_asks_and_stops_the_whole_group(self):
        terminal, inner = self.opened_child()
        terminal.send("q")
        terminal.wait("still running.*y/n")
        terminal.send("n")
        terminal.wait("q quit", but_not="still running")
        self.assertTrue(is_running(inner))
        terminal.send("q")
        terminal.wait("still running.*y/n")
        terminal.send("y")
        self.assert_restored(terminal)
        self.assertFalse(is_running(inner))

    def test_child_that_ignores_the_interrupt(self):
        terminal, inner = self.opened_child("trap '' INT; cat demo.log; echo $$ >inner; exec sleep 1000\n")
        terminal.send("Q")
        terminal.wait("still running.*y/n")
        terminal.send("y")
        terminal.wait("waiting for")
        self.assert_restored(terminal)
        self.assertFalse(is_running(inner))

    def test_interrupt_goes_to_the_child_first(self):
        self.script("host", "trap 'echo Stopped >got; exit 7' INT; cat demo.log; echo $$ >inner; while :; do sleep 0.05; done\n")
        terminal = self.opened("funcmem -- host")
        terminal.file("inner")
        terminal.send("C-c")
        self.assertEqual("Stopped", terminal.file("got"))
        terminal.wait("exited 7")
        terminal.send("C-c")
        self.assert_restored(terminal)

    def test_child_that_ignores_all_it_can(self):
        terminal, inner = self.opened_child("trap '' INT TERM HUP; cat demo.log; echo $$ >inner; while :; do sleep 0.05; done\n")
        terminal.send("q")
        terminal.wait("still running.*y/n")
        terminal.send("y")
        terminal.wait("waiting for")
        self.assert_restored(terminal)
        self.assertFalse(is_running(inner))

    def test_child_stops_with_the_program(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number.name):
                self.script("host", self.CHILD)
                (self.folder / "inner").unlink(missing_ok=True)
                terminal, pid = self.opened_with_pid("-- host")
                inner = int(terminal.file("inner"))
                os.kill(pid, number)
                self.assert_restored(terminal, 128 + number)
                self.assertFalse(is_running(inner))
                terminal.close()

    def test_child_cannot_write_to_the_terminal(self):
        """It has no terminal, so what it asks for is seen in its output and nowhere else."""
        terminal = self.opened("funcmem -- sh -c 'cat demo.log; tty; echo garbage >/dev/tty; stty sane; exit 4'")
        terminal.wait("exited 4", but_not="garbage")


class Views(Case):
    def columns(self, view: str) -> list[str]:
        lines = subprocess.run([FUNCMEM, "--list-columns"], stdout=subprocess.PIPE, text=True).stdout.splitlines()
        return [title for name, _, title, *_ in (line.split("\t") for line in lines) if name == view]

    def sort_by_every_column(self, terminal: Terminal, view: str):
        for i, title in enumerate(self.columns(view)):
            terminal.send("s")
            terminal.wait("Sort by")
            terminal.send("g", *["j"] * i, "Enter")
            screen = terminal.wait(rf"Sorted by {re.escape(title)}, (ascending|descending)", but_not="Sort by")
            hidden = not re.search(rf"(^| ){re.escape(title)}( |$)", self.header(screen))
            self.assertTrue(hidden or re.search(arrow(title), self.header(screen)), screen)

    def test_sort_by_every_column(self):
        terminal = self.opened(columns=160)
        self.sort_by_every_column(terminal, "functions")
        for key, view in (("2", "invocations"), ("3", "lines")):
            terminal.send(key)
            terminal.wait(f"{self.columns(view)[1]}")
            self.sort_by_every_column(terminal, view)

    def test_sort_of_reports_and_history(self):
        terminal = self.opened(columns=160)
        terminal.send("2")
        terminal.wait("Started")
        terminal.send("Enter")
        terminal.wait("Profiled.*Rows")
        self.sort_by_every_column(terminal, "reports")
        terminal.send("Enter")
        terminal.wait("Mem MiB")
        self.sort_by_every_column(terminal, "report")
        terminal.send("3")
        terminal.wait("Per run")
        terminal.send("Enter")
        terminal.wait("Incr")
        self.sort_by_every_column(terminal, "history")

    def test_sort_keys(self):
        terminal = self.opened()
        terminal.send("s")
        terminal.wait("Sort by")
        terminal.send("g", "Enter")
        screen = terminal.wait(arrow("Function", "▲"))
        names = [row.split()[0] for row in self.rows(screen)]
        self.assertEqual(sorted(names), names)
        terminal.send("I")
        screen = terminal.wait(arrow("Function", "▼"))
        self.assertEqual(sorted(names, reverse=True), [row.split()[0] for row in self.rows(screen)])
        terminal.send(">")
        terminal.wait(arrow("Profiled"))
        terminal.send("<")
        terminal.wait(arrow("Function"))
        terminal.send("M")
        terminal.wait("Sorted by (Peak|Entry|Largest|Growth|Mem)")
        terminal.send("2")
        terminal.wait("Started")
        terminal.send("T")
        terminal.wait(arrow("Started"))
        terminal.send("F6")
        terminal.wait("Sort by")

    def test_drill_down_and_back(self):
        terminal = self.opened()
        terminal.send("2")
        terminal.wait("1 of 50")
        terminal.send("Enter")
        terminal.wait("Time Profiled")
        terminal.send("Enter")
        terminal.wait("entry")
        terminal.send("Enter")
        terminal.wait(r"[…›] :\d+ .*1 Functions")  # not the report's own name, which ends with a line as well
        for key, back_at in (("Escape", "entry"), ("BSpace", "Time Profiled"), ("q", "1 of 50")):
            terminal.send(key)
            terminal.wait(back_at)
        terminal.send("1")
        terminal.wait("1 of 7")
        terminal.send("Enter")
        terminal.wait(r"BuildReport…:34 .*1 Functions")
        terminal.send("h")
        terminal.wait("1 of 7")
        terminal.send("Escape", "Escape")
        terminal.send("j")
        terminal.wait("2 of 7")
        terminal.send("Tab")
        terminal.wait("of 50")
        terminal.send("BTab")
        terminal.wait("2 of 7")

    def test_search(self):
        terminal = self.opened()
        terminal.send("/")
        terminal.type("leaky")
        terminal.send("Enter")
        terminal.wait("2 of 7")
        terminal.send("/")
        terminal.type("httptrigger")
        terminal.send("Enter")
        terminal.wait("1 of 2")
        terminal.send("n")
        terminal.wait("2 of 2")
        terminal.send("N")
        terminal.wait("1 of 2")
        terminal.send("/")
        terminal.type("(")
        terminal.send("Enter")
        terminal.wait("No regular expression")

    def test_filter(self):
        terminal = self.opened()
        terminal.send("\\")
        terminal.type("trigger")
        terminal.send("Enter")
        terminal.wait("1 of 2", but_not="LeakyCache")
        terminal.send("&", "C-u")
        terminal.type("!trigger")
        terminal.send("Enter")
        terminal.wait("1 of 5", but_not="HttpTrigger")
        terminal.send("C-t")
        terminal.wait("of 7")
        terminal.send("C-t")
        terminal.wait("of 5")
        terminal.send("Escape")
        terminal.wait("of 7")

    def test_compare(self):
        terminal = self.opened(columns=120)
        terminal.send("2")
        terminal.wait("1 of 50")
        terminal.send("d")
        terminal.wait("Nothing is marked")
        terminal.send("m", "k", "F8")
        terminal.wait("Only this row is marked")
        terminal.send("j", "F8")
        screen = terminal.wait(r"^ A  LeakyCache|^ A  BuildReport")
        self.assertRegex(screen, r"(?m)^ B  (LeakyCache|BuildReport) .* entry [\d.]+  peak [\d.]+  growth [\d.]+")
        self.assertRegex(screen, arrow("Diff", "▼"))
        terminal.send("/")
        terminal.type("only")
        terminal.send("Enter")
        terminal.wait(r"/only: 1 of \d+")
        terminal.send("q")
        terminal.wait("2 of 50")

    def test_export(self):
        terminal = self.opened("funcmem --no-follow demo.log")
        self.settled(terminal)
        terminal.send("3", "\\")
        terminal.type("HttpTriggerSync")
        terminal.send("Enter")
        screen = terminal.wait(r"1 of (\d+).*filter HttpTriggerSync")
        rows = int(re.search(r"1 of (\d+)", screen)[1])
        terminal.send("w")
        terminal.wait("^>lines.csv")
        terminal.send("Enter")
        terminal.wait(f"{rows} rows written to lines.csv")
        lines = (self.folder / "lines.csv").read_text().splitlines()
        self.assertEqual(rows + 1, len(lines))
        self.assertTrue(lines[0].startswith("target,line,calls,increment,median,"), lines[0])
        terminal.send("F9", "Enter")
        terminal.wait(r"lines.csv exists. Replace it\?.*y/n")
        terminal.send("n")
        terminal.wait("^ Enter open")
        self.assertEqual(lines, (self.folder / "lines.csv").read_text().splitlines())
        terminal.send("\\", "C-u", "Enter", "w", "Enter", "y")
        terminal.wait("14 rows written to lines.csv")
        self.assertEqual(15, len((self.folder / "lines.csv").read_text().splitlines()))
        for name, says in (("none/x.csv", "cannot write none/x.csv: No such file or directory"), ("x.pdf", "says the kind of file: .txt .csv"),
                           ("/proc/x.json", "cannot write /proc/x.json"), ("x.json", "14 rows written to x.json")):
            with self.subTest(name):
                terminal.send("w", "C-u")
                terminal.type(name)
                terminal.send("Enter")
                terminal.wait(re.escape(says))
        self.assertEqual(14, len(json.loads((self.folder / "x.json").read_text())["rows"]))
        self.assertEqual([], list(self.folder.glob("*.csv.*")))
        terminal.send("q")
        self.assert_restored(terminal)

    def test_help(self):
        terminal = self.opened()
        for key in ("?", "F1"):
            terminal.send(key)
            terminal.wait("Move down one row")
            terminal.send("G")
            terminal.wait("Columns of Compare")
            terminal.send("Escape")
            terminal.wait("1 of 7")

    def test_command_line(self):
        terminal = self.opened()
        terminal.send(":")
        terminal.type("5")
        terminal.send("Enter")
        terminal.wait("5 of 7")
        terminal.send(":")
        terminal.type("sort peak")
        terminal.send("Enter")
        terminal.wait(arrow("Peak"))
        terminal.send(":")
        terminal.type("quit")
        terminal.send("Enter")
        self.assert_restored(terminal)

    def test_options_of_the_command_line(self):
        terminal = self.opened("funcmem --sort=functions.function:desc --filter=Trigger demo.log", "HttpTrigger")
        screen = terminal.wait("1 of 2")
        self.assertRegex(self.header(screen), arrow("Function", "▼"))


class EveryKey(Case):
    """Each key that is promised (tests/keys.txt) does what it is there for."""

    # what is typed before and what is to be seen then, the keys that do the same, what is to be seen after each
    TRIALS = (
        ((), "j Down", "2 of 7"),
        ((("G", "7 of 7"),), "k Up", "6 of 7"),
        ((("2", "1 of 50"),), "Space PgDn C-f", "20 of 50"),
        ((("2", "1 of 50"), ("G", "50 of 50")), "b PgUp C-b", "31 of 50"),
        ((("2", "1 of 50"),), "C-d", "11 of 50"),
        ((("2", "1 of 50"), ("G", "50 of 50")), "C-u", "40 of 50"),
        ((), "G End", "7 of 7"),
        ((("G", "7 of 7"),), "g Home", "1 of 7"),
        ((), "L S-Right", "^‹Function +Profiled +Calls"),
        ((("L", "^‹Function +Profiled +Calls"), ("L", "^‹Function +Profiled +First")), "H S-Left", "^‹Function +Profiled +Calls"),
        ((), "$", r"^‹Function .*File"),
        ((("$", "^‹"),), "0", r"^ Function +Profiled"),
        ((), "Enter l Right", r"BuildR[^\n]*:34 .*1 Functions"),
        ((("Enter", "of 12"),), "h Left Backspace", "1 of 7"),
        ((("Enter", "BuildR.*:34 "),), "]", "LeakyC[^\n]*:19 .*1 Functions"),
        ((("j", "2 of 7"), ("Enter", "LeakyC.*:19 .*1 F")), "[", "BuildR[^\n]*:34 .*1 Functions"),
        ((("4", "Found Python version"),), "}", "This is the last log"),
        ((("4", "Found Python version"),), "{", "This is the first log"),
        ((("4", "Found Python version"),), "D", "Lines are shown as they are"),
        ((("4", "Found Python version"),), "W", "Long lines are wrapped"),
        ((("2", "of 50"),), "1", "1 of 7"),
        ((), "2 Tab", "1 of 50"),
        ((), "3", "1 of 14"),
        ((), "4 S-Tab", "Found Python version"),
        ((), "s F6", "Sort by"),
        ((), "<", "Sorted by Kept"),
        ((), ">", "Sorted by Line,"),
        ((), "I", "Sorted by Largest, ascending"),
        ((("<", "Sorted by Kept"),), "M", "Sorted by Largest, descending"),
        ((("2", "of 50"),), "T", "Sorted by Started"),
        ((), "/ F3", "^/  search"),
        ((("/", "^/"), ("Trigger", "Trigger$"), ("Enter", "/Trigger: 1 of 2")), "n", "/Trigger: 2 of 2"),
        ((("/", "^/"), ("Trigger", "Trigger$"), ("Enter", "/Trigger: 1 of 2")), "N", "Search went on from the bottom"),
        ((), "\\ F4 &", r"^\\  filter"),
        ((("&", r"^\\"), ("Trigger", "of 2 .*filter Trigger"), ("Enter", "^ Enter open")), "C-t", r"of 7 .*filter Trigger \(off\)"),
        ((), "c", "Contended reports are left out"),
        ((("2", "of 50"), ("Enter", "of 6"), ("Enter", "entry")), "z F7", "2 rows without increment hidden|1 of 1"),
        ((), "F F5", "Follows the newest"),
        ((), "p", "Paused"),
        ((), "m", "^●BuildReport"),
        ((("m", "1 marked"), ("G", "7 of 7")), "u", "1 of 7 .*1 marked"),
        ((("m", "1 marked"), ("G", "7 of 7")), "U", "1 of 7 .*1 marked"),
        ((("2", "1 of 50"), ("m", "2 of 50")), "d F8", "^ A +BuildReport"),
        ((), "v", r"line \d+ "),
        ((), "x", "What this means"),
        ((), "e", "/home/dev/demo/.* is not here"),
        ((), "y", "The row was sent to the terminal's clipboard"),
        ((), "Y", "Copy which cell"),
        ((), "w F9", "^>functions.csv"),
        ((), ":", "^:  row number"),
        ((), "o F2", r"^ \[screen\]"),
        ((), "? F1", "Move down one row"),
        ((), "C-c q Q F10", "^over$"),
        ((("?", "Moving"),), "q Esc", "1 of 7"),
    )
    TMUX = {"Backspace": "BSpace", "S-Tab": "BTab", "Esc": "Escape"}

    def promised(self) -> list[str]:
        lines = (SRCDIR / "tests" / "keys.txt").read_text().splitlines()
        return [line.split("\t")[0] for line in lines if not line.startswith("# ")]

    def start(self, terminal: Terminal):
        terminal.run("funcmem --no-config --no-follow demo.log")
        self.settled(terminal)

    def press(self, terminal: Terminal, key: str):
        if len(key) > 1 and (key in self.TMUX or key[1] in "-123456789" or key in ("Space", "PgDn", "PgUp", "Enter") or
                             key in ("Home", "End", "Tab", "Up", "Down", "Left", "Right")):
            terminal.send(self.TMUX.get(key, key))
        else:
            terminal.type(key)

    def leave(self, terminal: Terminal):
        if terminal.state("alternate_on") == ["1"]:
            terminal.send("C-g")  # out of a prompt
            terminal.send("Q")
        self.assert_restored(terminal)
        terminal.shell("clear")
        terminal.wait_until(lambda: not re.search("^over$", terminal.screen(), re.M), "a clean screen")

    def test_every_key(self):
        terminal = self.open()
        tried = {"C-l", "C-z"}  # see test_redraw, and Suspending
        for steps, keys, sees in self.TRIALS:
            for key in keys.split():
                if terminal.state("alternate_on") != ["0"]:  # another trial has failed
                    terminal.close()
                    terminal = self.open()
                with self.subTest(key=key):
                    self.start(terminal)
                    for step, shows in steps:
                        self.press(terminal, step)
                        terminal.wait(shows)
                    self.press(terminal, key)
                    terminal.wait(sees)
                    self.leave(terminal)
                    tried.add(key)
        self.assertEqual(sorted(self.promised()), sorted(tried))

    def test_redraw(self):
        """What another program left on the screen goes."""
        terminal = self.open()
        self.start(terminal)
        tty_name = terminal.tmux("display-message", "-p", "#{pane_tty}").strip()
        with open(tty_name, "w") as screen:
            screen.write("\x1b[5;5Hlitter")
        terminal.wait("litter")
        terminal.send("C-l")
        terminal.wait("1 of 7", but_not="litter")


class Settings(Case):
    """The configuration file, and what can be set while the program runs."""

    def configure(self, text: str, name="funcmem.conf") -> Path:
        path = self.folder / ".config" / "funcmem" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def command(self, terminal: Terminal, text: str):
        terminal.send(":")
        terminal.type(text)
        terminal.send("Enter")

    def wait_for_background(self, terminal: Terminal, colour: str):
        terminal.wait_until(lambda: self.selection_background(terminal) == [colour], f"the selected row on {colour}")

    def selection_background(self, terminal: Terminal) -> list[str]:
        return re.findall(r"\x1b\[(?:[0-9;]*;)?48;5;(\d+)m *BuildReport", terminal.tmux("capture-pane", "-p", "-e"))

    def test_keys(self):
        self.configure("[keys]\nmove-down = e C-n\nquit = X\nhelp = C-y\n")
        terminal = self.opened()
        terminal.wait("C-y help")
        terminal.send("e")
        terminal.wait("2 of 7")
        terminal.send("C-n")
        terminal.wait("3 of 7")
        terminal.send("j")
        terminal.wait("j does nothing here. C-y shows the keys")
        terminal.send("C-y")
        terminal.wait("e C-n +Move down one row")
        terminal.send("X")
        self.assert_restored(terminal)

    def test_mistakes_are_told_and_the_rest_counts(self):
        path = self.configure("[keys]\nfoo = e\nmove-down = e\n[screen]\ntheme = pink\n")
        terminal = self.open()
        terminal.run("funcmem demo.log 2>err")
        terminal.wait(r'^ funcmem\.conf:2: no action "foo" \(and 1 more\)')
        terminal.send("e")
        terminal.wait("2 of 7")
        terminal.send("q")
        self.assert_restored(terminal)
        self.assertEqual([f'funcmem: {path}:2: no action "foo"',
                          f'funcmem: {path}:5: theme: auto, dark, light or mono, not "pink"'],
                         (self.folder / "err").read_text().splitlines())
        self.assertIn("foo", path.read_text())

    def test_what_is_no_file_does_not_hang(self):
        path = self.configure("")
        path.unlink()
        os.mkfifo(path)
        terminal = self.opened()
        terminal.wait(r"^ funcmem\.conf: not a regular file")
        terminal.send("q")
        self.assert_restored(terminal)
        terminal.shell("clear")
        terminal.run("funcmem --no-config demo.log")
        terminal.wait("1 of 7", but_not="regular file")
        terminal.send("q")

    def test_other_file(self):
        other = self.configure("[screen]\nview = lines\n", "other.conf")
        self.configure("[screen]\nview = invocations\n")
        terminal = self.opened("funcmem demo.log", "1 of 50")
        terminal.send("q")
        self.assert_restored(terminal)
        terminal.shell("clear")
        terminal.run(f"funcmem --config={other} demo.log")
        terminal.wait("1 of 14")
        terminal.send("q")
        self.assert_restored(terminal)
        terminal.shell("clear")
        terminal.run(f"funcmem --config={other}.none demo.log")
        terminal.wait(r"funcmem: .*\.none: No")
        self.assert_restored(terminal, 2)

    def test_command_line_goes_first(self):
        self.configure("[screen]\ncolor = never\ntheme = light\n[sort]\nfunctions = peak\nlines = sum\n")
        terminal = self.opened("funcmem --color=always --theme=dark --sort=functions.calls demo.log")
        self.assertRegex(self.header(terminal.wait("1 of 7")), arrow("Calls", "▼"))
        self.assertTrue(self.selection_background(terminal) or re.search(r"48;5;238", terminal.tmux("capture-pane", "-p", "-e")))
        terminal.send("3")
        self.assertRegex(self.header(terminal.wait("1 of 14")), arrow("Sum", "▼"))

    def test_themes(self):
        self.configure("[screen]\ntheme = light\n")
        terminal = self.opened()
        terminal.wait("1 of 7")
        self.wait_for_background(terminal, "252")
        self.command(terminal, "theme dark")
        terminal.wait("theme = dark under")
        self.wait_for_background(terminal, "238")
        self.command(terminal, "set theme=mono")
        terminal.wait("theme = mono under")
        self.assertNotRegex(terminal.tmux("capture-pane", "-p", "-e"), r"\x1b\[([0-9;]*;)?[34]8;5")

    def test_background_of_the_environment(self):
        for hint, background in (("0;15", "252"), ("15;default;0", "238"), ("nonsense", "238")):
            with self.subTest(hint):
                terminal = self.opened(COLORFGBG=hint)
                terminal.wait("1 of 7")
                self.wait_for_background(terminal, background)
                terminal.close()

    def test_set(self):
        terminal = self.opened()
        self.command(terminal, "set ascii=yes")
        screen = terminal.wait(r"ascii = yes under \[screen\] in ~/\.config/funcmem/funcmem\.conf")
        self.assertTrue(screen.isascii(), screen)
        self.command(terminal, "set ascii")
        terminal.wait("^ ascii = yes *$")
        self.command(terminal, "set ascii=perhaps")
        terminal.wait('ascii: yes or no, not "perhaps"')
        self.command(terminal, "set hide.functions=calls")
        terminal.wait("functions = calls under", but_not=r"Profiled +Calls")
        self.command(terminal, "set keys.quit=X")
        terminal.wait("quit = X under")
        terminal.send("X")
        self.assert_restored(terminal)

    def test_completion(self):
        terminal = self.opened()
        terminal.send(":")
        terminal.type("set th")
        terminal.send("Tab")
        terminal.wait("^:set theme=$")
        terminal.send("Tab")
        terminal.wait("^ auto  dark  light  mono")
        terminal.send("Tab", "BTab", "BTab")
        terminal.wait("^:set theme=light$")
        terminal.send("Enter")
        terminal.wait("theme = light under")
        terminal.send(":", "Up")
        terminal.wait("^:set theme=light$")

    def test_options(self):
        terminal = self.open()
        terminal.tmux("set", "-g", "set-clipboard", "on")
        terminal.run("funcmem demo.log")
        terminal.wait("1 of 7")
        for key in ("o", "F2"):
            terminal.send(key)
            terminal.wait(r"^ \[screen\]")
            terminal.send("q")
            terminal.wait("1 of 7")
        terminal.send("o")
        terminal.wait("theme +auto")
        terminal.send("Right", "Right")
        terminal.wait("theme +light")
        terminal.send("Left")
        terminal.wait("theme +dark")
        terminal.send("j", "j", "Space")
        screen = terminal.wait("ascii +yes")
        self.assertTrue(screen.isascii(), screen)
        terminal.send("y")
        terminal.wait("All settings were sent")
        text = terminal.wait_until(lambda: self.clipboard(terminal), "the clipboard")
        self.assertIn("\ntheme = dark\n", text)
        self.assertIn("\n# quiet = no\n", text)
        terminal.send("Q")
        self.assert_restored(terminal)
        self.configure(text)
        terminal.shell("clear")
        terminal.run("funcmem demo.log")
        screen = terminal.wait("1 of 7")
        self.assertTrue(screen.isascii(), screen)

    def test_crash_after_many_changes(self):
        """What gives the terminal back is put together anew at each change."""
        terminal, pid = self.opened_with_pid()
        terminal.send("o", *["Right"] * 21)
        terminal.wait("theme +dark")
        terminal.send("Right")
        terminal.wait("theme +light")
        os.kill(pid, signal.SIGSEGV)
        self.assert_restored(terminal, 128 + signal.SIGSEGV)

    def clipboard(self, terminal: Terminal) -> str:
        try:
            return terminal.tmux("show-buffer")
        except AssertionError:
            return ""

    def test_copying(self):
        """The row and a cell of it reach the terminal's clipboard."""
        terminal = self.open()
        terminal.tmux("set", "-g", "set-clipboard", "on")
        terminal.run("funcmem --no-follow demo.log")
        self.settled(terminal)
        terminal.send("y")
        terminal.wait("The row was sent")
        terminal.wait_until(lambda: self.clipboard(terminal).startswith("BuildReport\tBuildReport/__init__.py:34\t12\t44.5\t"), "the row")
        terminal.send("Y")
        terminal.wait("Copy which cell")
        terminal.send("g", "Enter")
        terminal.wait_until(lambda: self.clipboard(terminal) == "BuildReport", "the cell")
        terminal.send("4", "/")
        terminal.type("tables.append")
        terminal.send("Enter")
        terminal.wait("line 111")
        terminal.send("y")
        terminal.wait_until(lambda: self.clipboard(terminal) == self.content.decode().splitlines()[110], "the line")
        terminal.send("Q")
        self.assert_restored(terminal)

    def test_copying_the_first_steps(self):
        """Where there is no report yet, the code that it takes is copied: Python, line by line."""
        terminal = self.open()
        terminal.tmux("set", "-g", "set-clipboard", "on")
        terminal.run("printf '' > none.log; funcmem --no-follow none.log")
        terminal.wait("No report yet")
        terminal.send("y")
        terminal.wait("The code for both models was sent")
        terminal.wait_until(lambda: "# Programming model v2" in self.clipboard(terminal), "the code")
        compile(self.clipboard(terminal), "pasted", "exec")
        terminal.send("Q")
        self.assert_restored(terminal)

    def test_mouse_of_xterm(self):
        """Clicks and the wheel as newer terminals send them (SGR)."""
        def send(button: int, row: int, column: int):
            for end in "Mm" if button < 64 else "M":
                terminal.tmux("send-keys", "-H", *(f"{byte:x}" for byte in f"\x1b[<{button};{column + 1};{row + 1}{end}".encode()))

        terminal = self.open(term="xterm-256color")
        terminal.run("funcmem --no-follow demo.log")
        screen = self.settled(terminal)
        send(0, 4, 20)
        terminal.wait("3 of 7")
        send(65, 5, 20)
        terminal.wait("6 of 7")
        send(64, 5, 20)
        terminal.wait("3 of 7")
        send(0, 1, screen.split("\n")[1].index("Peak") + 1)
        terminal.wait("Sorted by Peak, descending")
        send(0, 1, screen.split("\n")[1].index("Peak") + 1)
        terminal.wait("Sorted by Peak, ascending")
        send(0, 2, 20)
        terminal.wait("1 of 7")
        send(0, 2, 20)
        terminal.wait("1 of 6 ")
        send(0, 3, 20)
        send(0, 3, 20)
        terminal.wait("Mem MiB|Time Profiled")
        send(0, 0, 2)  # the outermost part of the breadcrumb that is shown
        terminal.wait("1 of 7|of 6 ")
        terminal.send("1", "s")
        terminal.wait("Sort by")
        send(0, 4, 10)
        terminal.wait("Sorted by Function", but_not="Sort by")
        terminal.send("Q")
        self.assert_restored(terminal)

    def test_mouse(self):
        def click(row: int, column: int):
            for button in ("20", "23"):  # pressed, released
                terminal.tmux("send-keys", "-H", "1b", "5b", "4d", button, f"{33 + column:x}", f"{33 + row:x}")

        terminal = self.opened()
        screen = terminal.wait(r"\? help")
        click(23, screen.split("\n")[23].index("help"))
        terminal.wait("Moving")
        click(23, 2)
        screen = terminal.wait("1 of 7")
        click(0, screen.split("\n")[0].index("3 Lines"))
        terminal.wait("1 of 14")
        self.command(terminal, "set mouse=no")
        terminal.wait("mouse = no under")
        self.assertEqual(["0"], terminal.state("mouse_any_flag"))
        self.command(terminal, "set mouse=yes")
        terminal.wait("mouse = yes, as")
        self.assertEqual(["1"], terminal.state("mouse_any_flag"))
        terminal.send("Q")
        self.assert_restored(terminal)


class Histories(Case):
    """What was typed into prompts is there at the next start."""

    def setUp(self):
        super().setUp()
        self.path = self.folder / ".local" / "state" / "funcmem" / "history"

    def session(self, *typed: tuple[str, str, str], **environment) -> Terminal:
        """Types each text behind its key, waits for what is to be seen, and quits."""
        terminal = self.opened("funcmem --no-follow demo.log", **environment)
        terminal.wait("ended")
        for key, text, sees in typed:
            terminal.type(key)
            terminal.send("C-u")
            terminal.type(text)
            terminal.send("Enter")
            terminal.wait(sees)
        terminal.send("Q")
        self.assert_restored(terminal)
        terminal.shell("clear")
        return terminal

    def test_kept(self):
        first = self.session(("/", "leaky", "2 of 7"), ("\\", "Trigger", "of 2 .*filter Trigger"), (":", "sort peak", arrow("Peak")),
                             ("/", "関数", "No row matches"))
        self.assertEqual("/leaky\n/関数\n\\Trigger\n:sort peak\n", self.path.read_text())
        self.assertEqual(0o600, self.path.stat().st_mode & 0o777)
        first.close()
        terminal = self.opened("funcmem --no-follow demo.log")
        for key, shows in (("/", ["関数", "leaky"]), ("\\", ["Trigger"]), (":", ["sort peak"])):
            terminal.type(key)
            for text in shows:
                terminal.send("Up")
                terminal.wait(f"^{re.escape(key)}{text}$")
            terminal.send("C-g")
            terminal.wait("^ Enter open")
        terminal.send("Q")
        self.assert_restored(terminal)
        self.assertEqual(4, len(self.path.read_text().splitlines()))

    def test_two_sessions_at_once(self):
        one, two = self.opened("funcmem --no-follow demo.log"), self.opened("funcmem --no-follow demo.log")
        for terminal, text in ((one, "Leaky"), (two, "Build")):
            terminal.type("/")
            terminal.type(text)
            terminal.send("Enter")
            terminal.wait(f"/{text}: 1 of")
        for terminal in (one, two):
            terminal.send("Q")
            self.assert_restored(terminal)
            (self.folder / "after").unlink()
        self.assertEqual("/Leaky\n/Build\n", self.path.read_text())

    def test_not_wanted(self):
        config = self.folder / ".config" / "funcmem" / "funcmem.conf"
        config.parent.mkdir(parents=True)
        config.write_text("[screen]\nhistory = no\n")
        self.session(("/", "leaky", "2 of 7"))
        self.assertFalse(self.path.exists())

    def test_what_cannot_be_written_or_read_is_no_trouble(self):
        for make in (os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/null", path),
                     lambda path: Path(path).write_bytes(b"/\x1b[2J\n/\xff\xfe\n?x\n/\n" + b"x" * 300000)):
            with self.subTest():
                self.path.parent.mkdir(parents=True, exist_ok=True)
                make(self.path)
                self.session(("/", "leaky", "2 of 7")).close()
                os.rename(self.path, self.path.with_suffix(f".{time.monotonic_ns()}"))
        (self.folder / "file").write_text("")
        self.session(("/", "leaky", "2 of 7"), XDG_STATE_HOME=str(self.folder / "file"))
        self.assertEqual("", (self.folder / "file").read_text())


class Sizes(Case):
    def test_resize(self):
        terminal = self.opened("funcmem --no-follow demo.log")
        first = self.settled(terminal)
        for columns, rows, says in ((120, 40, "BuildReport"), (40, 8, "1 of 7"), (39, 8, "needs 40 x 8"), (40, 7, "needs 40 x 8"),
                                    (12, 3, "funcmem"), (1, 1, ""), (80, 10, "1 of 7"), (200, 50, "load_month")):
            with self.subTest(f"{columns} x {rows}"):
                terminal.resize(columns, rows)
                terminal.wait(says)
        terminal.resize(80, 24)
        terminal.wait_until(lambda: terminal.screen() == first, "the first screen again")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_many_resizes(self):
        terminal = self.opened("funcmem --no-follow demo.log")
        first = self.settled(terminal)
        for columns in range(130, 30, -7):
            terminal.resize(columns, columns // 4)
        terminal.resize(80, 24)
        terminal.wait_until(lambda: terminal.screen() == first, "the first screen again")

    def test_every_view_survives_a_storm_of_sizes(self):
        """Also through a single cell, and with keys in between."""
        for keys, says in ((["o", "G"], "^   hit "), (["?"], "Moving"), (["x"], "What this means"), ([":", "s", "Tab"], "^:s$")):
            with self.subTest(keys=keys):
                terminal = self.opened()
                terminal.send(*keys)
                terminal.wait(says)
                for columns, rows in ((1, 1), (200, 3), (3, 60), (40, 8), (1, 1), (41, 9), (2, 2), (120, 40)) * 3:
                    terminal.resize(columns, rows)
                terminal.resize(80, 24)
                terminal.wait(says)
                terminal.close()

    def test_small_from_the_start(self):
        for columns, rows, says in ((40, 8, "1 of 7"), (30, 5, "needs 40 x 8")):
            with self.subTest(f"{columns} x {rows}"):
                terminal = self.open()
                terminal.shell("clear; stty -g >before; read go; funcmem demo.log; echo status=$?; stty -g >after; echo o''ver")
                terminal.resize(columns, rows)
                terminal.send("Enter")
                terminal.wait(says)
                terminal.send("Q")
                self.assert_restored(terminal)
                terminal.close()

    def test_popups_survive_a_resize(self):
        terminal = self.opened()
        terminal.send("s")
        terminal.wait("Sort by")
        terminal.resize(40, 8)
        terminal.wait("Sort by")
        terminal.resize(20, 4)
        terminal.wait("needs")
        terminal.resize(80, 24)
        terminal.wait("Sort by")
        terminal.send("Escape", "?")
        terminal.wait("Moving")


class Suspending(Case):
    def test_suspend_and_go_on(self):
        terminal = self.open()
        terminal.shell("stty -g >before")
        terminal.shell("clear; funcmem --no-follow demo.log")
        first = self.settled(terminal)
        for columns, rows in ((80, 24), (100, 30), (80, 24)):  # the size at the time of fg
            with self.subTest(f"{columns} x {rows}"):
                terminal.send("C-z")
                terminal.wait(r"(?i)stopped|suspended")
                terminal.wait_until(lambda: terminal.state("alternate_on", "cursor_flag") == ["0", "1"], "the shell's screen")
                terminal.shell("clear; stty -g >stopped")
                self.assertEqual(terminal.file("before"), terminal.file("stopped"))
                terminal.resize(columns, rows)
                terminal.shell("fg")
                screen = terminal.wait("1 of 7")
                self.assertEqual(["1"], terminal.state("alternate_on"))
                self.assertEqual(rows + 1, len(screen.split("\n")))
        terminal.wait_until(lambda: terminal.screen() == first, "the first screen again")
        terminal.send("j")
        terminal.wait("2 of 7")
        terminal.send("q")
        terminal.wait(PROMPT)
        terminal.shell("clear; stty -g >after")
        self.assertEqual(terminal.file("before"), terminal.file("after"))

    def test_while_typing(self):
        terminal = self.open()
        terminal.shell("stty -g >before; clear")
        terminal.shell("funcmem --no-follow demo.log")
        self.settled(terminal)
        terminal.send("/")
        terminal.type("lea")
        terminal.wait("^/lea")
        terminal.send("C-z")
        terminal.wait(r"(?i)stopped|suspended")
        terminal.shell("clear; stty -g >after")
        self.assertEqual(terminal.file("before"), terminal.file("after"))
        terminal.shell("fg")
        terminal.wait("^/lea")
        terminal.type("ky")
        terminal.send("C-l", "Enter")
        terminal.wait("/leaky: 1 of 1")

    def test_pipeline(self):
        """The whole job stops, the producer too."""
        self.script("produce", "cat demo.log; echo $$ >producer; exec sleep 1000\n")
        terminal = self.open()
        terminal.shell("produce | funcmem")
        terminal.wait("1 of 7")
        terminal.file("producer")
        terminal.send("C-z")
        terminal.wait(r"(?i)stopped|suspended")
        terminal.shell("fg")
        terminal.wait("1 of 7")
        terminal.send("j")
        terminal.wait("2 of 7")
        os.kill(int(terminal.file("producer")), signal.SIGKILL)
        terminal.wait("ended")

    def test_signal_from_outside(self):
        self.script("tell-pid", 'echo $$ >pid.new; mv pid.new pid; exec funcmem "$@"\n')
        terminal = self.open()
        terminal.shell("tell-pid demo.log")
        terminal.wait("1 of 7")
        os.kill(int(terminal.file("pid")), signal.SIGTSTP)
        terminal.wait(r"(?i)stopped|suspended")
        self.assertEqual(["0", "1"], terminal.state("alternate_on", "cursor_flag"))
        terminal.shell("fg")
        terminal.wait("1 of 7")
        terminal.send("q")
        terminal.wait_until(lambda: terminal.state("alternate_on") == ["0"], "the shell's screen")

    def test_stopped_hard(self):
        """SIGSTOP leaves no time to tidy up; after SIGCONT the screen is whole again."""
        terminal, pid = self.opened_with_pid("--no-follow demo.log")
        first = self.settled(terminal)
        os.kill(pid, signal.SIGSTOP)
        terminal.wait(r"(?i)stopped|suspended")
        terminal.type("clear; fg; echo status=$?; stty -g >after; echo o''ver")
        terminal.send("C-j")  # Return is no newline in the modes that were left behind
        terminal.wait_until(lambda: terminal.screen() == first, "the first screen again")
        terminal.send("q")
        self.assert_restored(terminal)


class Endings(Case):
    """Whatever ends the program, the terminal is as it was."""

    def test_keys(self):
        for keys in (["q"], ["Q"], ["F10"], ["C-c", "C-c"], ["Enter", "Enter", "Q"], ["s", "Q"], ["?", "q", "q"]):
            with self.subTest(keys=keys):
                terminal = self.opened()
                terminal.send(*keys)
                self.assert_restored(terminal)
                terminal.close()

    def test_signals(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            with self.subTest(number.name):
                terminal, pid = self.opened_with_pid()
                os.kill(pid, number)
                self.assert_restored(terminal, 128 + number)
                terminal.close()

    def test_signal_in_a_prompt(self):
        """The cursor is shown there, and hidden elsewhere: shown it must be in the end."""
        terminal, pid = self.opened_with_pid()
        terminal.send("/")
        terminal.type("some")
        terminal.wait("some$|/.*some")
        os.kill(pid, signal.SIGTERM)
        self.assert_restored(terminal, 128 + signal.SIGTERM)

    def test_crashes(self):
        for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS):
            with self.subTest(number.name):
                terminal, pid = self.opened_with_pid()
                os.kill(pid, number)
                self.assert_restored(terminal, 128 + number)
                terminal.close()

    def test_terminal_goes_away(self):
        terminal, pid = self.opened_with_pid()
        terminal.tmux("kill-server")
        terminal_is_gone(pid)

    def test_terminal_of_a_pipeline_goes_away(self):
        self.script("produce", "cat demo.log; echo $$ >producer; trap '' HUP; exec sleep 1000\n")
        self.script("tell-pid", 'echo $$ >pid.new; mv pid.new pid; exec funcmem "$@"\n')
        terminal = self.opened("produce | tell-pid")
        pid, producer = int(terminal.file("pid")), int(terminal.file("producer"))
        self.addCleanup(kill_if_running, producer)
        terminal.tmux("kill-server")
        terminal_is_gone(pid)

    def test_terminal_of_a_child_goes_away(self):
        self.script("host", Commands.CHILD)
        terminal, pid = self.opened_with_pid("-- host")
        inner = int(terminal.file("inner"))
        terminal.tmux("kill-server")
        terminal_is_gone(pid)
        self.assertFalse(is_running(inner))


def kill_if_running(pid: int):
    if is_running(pid):
        os.kill(pid, signal.SIGKILL)


def terminal_is_gone(pid: int):
    end = time.monotonic() + DEADLINE
    while is_running(pid):
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
            raise AssertionError("the program outlives its terminal")
        time.sleep(LOOK_AGAIN)


class Writing(Case):
    """What w writes takes its time with many rows: what happens meanwhile, and what is left of it. So many that a busy machine
    sees it, too."""

    CALLS = 240000

    @classmethod
    def setUpClass(cls):
        lines = []
        for i in range(cls.CALLS):
            day, clock = f"2026-01-{i // 86400 + 1:02}", f"{i // 3600 % 24:02}:{i // 60 % 60:02}:{i % 60:02}"
            front, call = f"[{day}T{clock}.000Z]", f"{i:08x}-0000-4000-8000-000000000000"
            lines.append(f"{front} Executing 'Functions.F{i % 7}' (Reason='(null)', Id={call})\n"
                         f"{front} Executed 'Functions.F{i % 7}' (Succeeded, Id={call}, Duration={i % 911}ms)\n")
        cls.calls = "".join(lines)

    def setUp(self):
        super().setUp()
        with self.log.open("a") as log:
            log.write(self.calls)

    def opened_calls(self, arguments="--no-follow demo.log", **kwargs) -> tuple[Terminal, int]:
        """The program with all calls, sorted by their id, and its process id."""
        terminal, pid = self.opened_with_pid(f"--sort=invocations.id:asc {arguments}", **kwargs)
        terminal.wait("ended|following", but_not="loading")
        terminal.send("2")
        terminal.wait(rf"1 of {self.CALLS + 50}\b")
        terminal.wait(arrow("Id"))
        return terminal, pid

    def write(self, terminal: Terminal, name: str, *more: str):
        """Begins to write a file, and presses more keys in the same moment."""
        terminal.send("w")
        terminal.wait("^>invocations.csv")
        terminal.send("C-u", *name, "Enter", *more)

    def file_is_begun(self, terminal: Terminal, name: str):
        terminal.wait_until(lambda: list(self.folder.glob(f"{name}*")), f"{name} is begun")

    def assert_not_there(self, name: str):
        self.assertEqual([], list(self.folder.glob(f"{name}*")))

    def assert_written(self, terminal: Terminal, name: str):
        terminal.wait(f"{self.CALLS + 50} rows written to {name}")
        self.assertEqual([name], [path.name for path in self.folder.glob(f"{name}*")])

    def test_shows_one_moment(self):
        """The file has what was shown, whatever is sorted, filtered, left out, closed, or comes in behind it."""
        terminal, _ = self.opened_calls("--follow demo.log")
        self.write(terminal, "still.txt")
        self.assert_written(terminal, "still.txt")
        still = (self.folder / "still.txt").read_bytes()
        self.assertEqual(self.CALLS + 50, still.count(b"\n") - 3)
        self.write(terminal, "other.txt", "I", "c", "\\", "F3", "Enter", "1")
        self.file_is_begun(terminal, "other.txt")
        with self.log.open("a") as log:
            log.write("[2026-02-01T00:00:00.000Z] Executing 'Functions.New' (Reason='(null)', Id=ffffffff-0000-4000-8000-000000000000)\n")
        self.assert_written(terminal, "other.txt")
        self.assertTrue(still == (self.folder / "other.txt").read_bytes(), "another file")
        terminal.send("2", "c", "g")
        terminal.wait(rf"1 of {self.CALLS + 51}\b")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_loses_nothing_that_comes_meanwhile(self):
        """What a command prints waits in its pipe, and its end does."""
        self.script("host", "cat demo.log; while [ ! -e go ]; do sleep 0.02; done; cat more.log; exit 3\n")
        lines = self.log.read_text().splitlines(keepends=True)[-4000:]
        (self.folder / "more.log").write_text("".join(lines).replace("-8000-", "-9000-"))
        terminal, _ = self.opened_calls("-- host")
        self.write(terminal, "calls.txt")
        self.file_is_begun(terminal, "calls.txt")
        (self.folder / "go").touch()
        self.assert_written(terminal, "calls.txt")
        terminal.send("g")
        terminal.wait(rf"1 of {self.CALLS + 50 + 2000}\b")
        terminal.wait("exited 3")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_stops(self):
        for key in ("Escape", "C-c"):
            with self.subTest(key):
                terminal, _ = self.opened_calls()
                self.write(terminal, "calls.txt", key)
                terminal.wait(r"calls\.txt was not written\.")
                self.assert_not_there("calls.txt")
                terminal.send("w")
                terminal.wait("^>invocations.csv")
                terminal.send("Escape", "q")
                self.assert_restored(terminal)
                terminal.close()

    def test_leaves_what_was_there(self):
        (self.folder / "calls.txt").write_text("before\n")
        terminal, _ = self.opened_calls()
        self.write(terminal, "calls.txt")
        terminal.wait("calls.txt exists. Replace it")
        terminal.send("y", "Escape")
        terminal.wait(r"calls\.txt was not written\.")
        self.assertEqual("before\n", (self.folder / "calls.txt").read_text())
        self.write(terminal, "calls.txt")
        terminal.wait("calls.txt exists. Replace it")
        terminal.send("y")
        self.assert_written(terminal, "calls.txt")
        self.assertIn("Invocations", (self.folder / "calls.txt").read_text())

    def test_one_at_a_time(self):
        terminal, _ = self.opened_calls()
        self.write(terminal, "calls.txt", "w")
        terminal.wait(r"calls\.txt is still being written \(\d+ %\): Esc stops that\.")
        self.assert_written(terminal, "calls.txt")

    def test_progress(self):
        terminal, _ = self.opened_calls()
        self.write(terminal, "calls.txt")
        terminal.wait(r"^ writing \d+ % of calls\.txt · ended")
        self.assert_written(terminal, "calls.txt")

    def test_quit_asks(self):
        terminal, _ = self.opened_calls()
        self.write(terminal, "calls.txt", "q", "n")
        self.assert_written(terminal, "calls.txt")
        self.write(terminal, "more.txt", "q")
        terminal.wait(r"more\.txt is still being written\. Stop that and quit\?.*y/n")
        terminal.send("n")
        self.assert_written(terminal, "more.txt")
        self.write(terminal, "last.txt", "q", "y")
        self.assert_restored(terminal)
        self.assert_not_there("last.txt")

    def test_quits_when_it_is_written(self):
        """The question is over when there is nothing to stop any more; and the file is complete."""
        terminal, _ = self.opened_calls()
        self.write(terminal, "calls.txt", "q")
        terminal.wait(r"calls\.txt is still being written\. Stop that and quit\?|^over$")
        self.assert_restored(terminal)
        self.assertEqual(self.CALLS + 50, (self.folder / "calls.txt").read_text().count("\n") - 3)

    def test_asks_anew_when_it_is_written(self):
        self.script("host", "cat demo.log; exec sleep 1000\n")
        terminal, _ = self.opened_calls("-- host")
        self.write(terminal, "calls.txt", "q")
        terminal.wait(r"host is still running\. Stop it and quit\?")
        terminal.send("y")
        self.assert_restored(terminal)
        self.assertEqual(["calls.txt"], [path.name for path in self.folder.glob("calls.txt*")])

    def test_quit_asks_for_both(self):
        self.script("host", "cat demo.log; exec sleep 1000\n")
        terminal, _ = self.opened_calls("-- host")
        self.write(terminal, "calls.txt", "q", "y")
        self.assert_restored(terminal)
        self.assert_not_there("calls.txt")

    def test_signals(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGABRT):
            with self.subTest(number.name):
                terminal, pid = self.opened_calls()
                self.write(terminal, "calls.txt")
                self.file_is_begun(terminal, "calls.txt")
                os.kill(pid, number)
                self.assert_restored(terminal, 128 + number)
                self.assert_not_there("calls.txt")
                if number == signal.SIGTERM:
                    terminal.wait(r"^funcmem: calls\.txt was not written\.")
                terminal.close()

    def test_disk_is_full(self):
        """A limit of the size of files stands for it where no small disk can be had."""
        terminal = self.open()
        mounts = subprocess.run(["unshare", "-rm", "sh", "-c", f"mkdir {self.folder}/disk && mount -t tmpfs -o size=300k disk {self.folder}/disk"],
                                stderr=subprocess.DEVNULL).returncode == 0
        self.script("on-disk", "mount -t tmpfs -o size=300k disk disk && exec funcmem demo.log\n" if mounts
                    else "mkdir disk; trap '' XFSZ; ulimit -f 600; exec funcmem demo.log\n")
        terminal.run("unshare -rm sh bin/on-disk" if mounts else "on-disk")
        terminal.wait("BuildReport")
        terminal.wait("ended|following", but_not="loading")
        terminal.send("2")
        terminal.wait(rf"of {self.CALLS + 50}\b")
        self.write(terminal, "disk/calls.txt")
        terminal.wait("cannot write disk/calls.txt: " + ("No space left on device" if mounts else "File too large"))
        terminal.send("\\")
        terminal.type("BuildReport")
        terminal.send("Enter")
        terminal.wait("filter BuildReport", but_not="Looking")
        self.write(terminal, "disk/few.csv")
        terminal.wait(r"^ \d+ rows? written to disk/few.csv")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_log(self):
        """The log's own bytes: all of them, or the lines that pass the filter."""
        with self.log.open("ab") as log:
            log.write(b"\x1b[31mred\x1b[0m \xff and \r\n\tno end")
        content = self.log.read_bytes()
        terminal = self.opened("funcmem demo.log")
        terminal.wait("ended|following", but_not="loading")
        terminal.send("4", "w")
        terminal.wait("^>log.txt")
        terminal.send("Enter")
        terminal.wait(f"{len(content.splitlines())} lines written to log.txt")
        self.assertTrue(content == (self.folder / "log.txt").read_bytes())
        terminal.send("\\")
        terminal.type("F3|red")
        terminal.send("Enter", "w")
        terminal.wait("^>filtered.txt")
        terminal.send("Enter")
        passing = [line for line in content.splitlines(keepends=True) if b"F3" in line or b"red" in line]
        terminal.wait(f"{len(passing)} lines written to filtered.txt")
        self.assertTrue(b"".join(passing) == (self.folder / "filtered.txt").read_bytes())
        terminal.send("w", "C-u", *"x.json", "Enter")
        terminal.wait("x.json: lines of a log are written as they are")
        self.write_filtered(terminal, "!F3")
        self.assertTrue(b"".join(line for line in content.splitlines(keepends=True) if b"F3" not in line) == (self.folder / "rest").read_bytes())

    def write_filtered(self, terminal: Terminal, text: str):
        terminal.send("\\", "C-u")
        terminal.type(text)
        terminal.send("Enter", "w", "C-u", *"rest", "Enter")
        terminal.wait(r"lines written to rest")


class Logs(Case):
    def test_there_and_back(self):
        """From a row to its line, from the line to the report, and all the way back."""
        terminal = self.opened("funcmem --no-follow demo.log")
        self.settled(terminal)
        terminal.send("4")
        terminal.wait("Found Python version")
        terminal.send("g", "/")
        terminal.type("tables.append")
        terminal.send("Enter")
        terminal.wait("line 111 .*/tables.append")
        terminal.send("Enter")
        self.assertIn("38", terminal.wait("Mem MiB.*Incr"))
        self.assertRegex(self.selected(terminal), r"^ +38 ")
        terminal.send("v")
        terminal.wait("line 111 ")
        self.assertRegex(self.selected(terminal), r"^┃ \[18:47:51\.980\] +38 +54\.4 MiB +9\.9 MiB ")
        terminal.send("D")
        terminal.wait("Lines are shown as they are")
        self.assertRegex(self.selected(terminal), r"^┃ \[2026-11-22T18:47:51\.980Z\] memory_profiler_logs: +38 ")
        terminal.send("h", "h")
        terminal.wait("line 111 .*/tables.append")
        terminal.send("n")
        terminal.wait("line (11[2-9]|1[2-9]\\d|[2-9]\\d\\d) ")
        terminal.send("1")
        terminal.wait("1 of 7")
        terminal.send("v")
        terminal.wait(r"line \d+ ")
        terminal.send("q")
        terminal.wait("1 of 7")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_follow(self):
        terminal = self.opened("funcmem demo.log")
        terminal.send("4")
        terminal.wait("Found Python version")
        terminal.send("F")
        terminal.wait("Stays at the end")
        with self.log.open("a") as log:
            log.write("this is new\n" * 50 + "and this is the last\n")
        terminal.wait("and this is the last")
        terminal.send("g")
        terminal.wait("Found Python version", but_not="stays at the end")

    def test_hits_are_counted_while_the_log_grows(self):
        terminal = self.opened("funcmem demo.log")
        terminal.send("4", "/")
        terminal.type("Executed")
        terminal.send("Enter")
        terminal.wait("/Executed: 1 of 50 ")
        terminal.send("n", "n")
        terminal.wait("/Executed: 3 of 50 ")
        with self.log.open("a") as log:
            log.write("Executed once more\n")
        terminal.wait("/Executed: 3 of 51 ")
        terminal.send("N", "N", "N")
        terminal.wait("Search went on from the bottom")
        terminal.wait("Executed once more")
        terminal.send("W", "k")
        terminal.wait("/Executed: 50 of 51 ")
        terminal.send("Escape")
        terminal.wait("line 912 ", but_not="hits")

    def test_edges_are_said(self):
        terminal = self.opened("funcmem --no-follow demo.log")
        for view in ("1", "2", "3", "4", "?"):
            terminal.send(view, "0")
            terminal.wait("There is nothing more to the left")
            for _ in range(3):
                terminal.send("$")
            terminal.wait("There is nothing more to the right")

    def test_truncated(self):
        terminal = self.opened("funcmem demo.log")
        terminal.send("4", "G")
        terminal.wait("line 912")
        self.log.write_text("it begins anew\n")
        terminal.wait("earlier lines are not kept: their file was written over")
        terminal.send("G")
        terminal.wait("it begins anew")

    def test_rotated(self):
        """What was seen before stays, although its path names another file now."""
        terminal = self.opened("funcmem demo.log")
        terminal.send("4", "G")
        terminal.wait("line 912")
        self.log.rename(self.folder / "demo.log.1")
        self.log.write_text("it goes on here\n")
        terminal.wait("line 912 .*99 %")
        terminal.send("G")
        terminal.wait("line 913 .*100 %")
        terminal.wait("it goes on here")
        terminal.send("g")
        terminal.wait("Found Python version", but_not="not kept")

    def test_pipe_and_tee(self):
        for arguments in ("", "--tee=copy.log"):
            with self.subTest(arguments):
                terminal = self.opened(f"cat demo.log | funcmem {arguments}")
                terminal.send("4", "G")
                terminal.wait("line 912 .*100 %")
                terminal.send("q")
                self.assert_restored(terminal)

    def test_more_than_memory_keeps(self):
        """Of a pipe the beginning is gone; with --tee it is read from the copy."""
        produce = "(cat demo.log; yes 'one of very many lines' | head -n 2000000; echo the last line)"
        for arguments, begins in (("", "MiB of earlier lines are not kept"), ("--tee=copy.log", "Found Python version")):
            with self.subTest(arguments):
                terminal = self.opened(f"{produce} | funcmem {arguments}")
                terminal.wait("ended")
                terminal.send("4", "G")
                terminal.wait("the last line")
                terminal.send("g")
                terminal.wait(begins)
                terminal.send("q")
                self.assert_restored(terminal)

    def test_several(self):
        shutil.copyfile(self.log, self.folder / "other.log")
        (self.folder / "other.log").write_text("nothing but this\n")
        terminal = self.opened("funcmem --no-follow demo.log other.log")
        terminal.send("4")
        terminal.wait("Log demo.log")
        terminal.send("}")
        terminal.wait("nothing but this")
        terminal.wait("Log other.log")
        terminal.wait("log 2 of 2")
        terminal.send("]")
        terminal.wait("There is no report behind this line")
        terminal.send("}")
        terminal.wait("This is the last log")
        terminal.send("{")
        terminal.wait("Found Python version")
        terminal.send("[")
        terminal.wait("There is no report before this line")

    def test_reports(self):
        """From report to report, and to the time that a call took place."""
        terminal = self.opened("funcmem --no-follow demo.log")
        self.settled(terminal)
        terminal.send("4", "]")
        terminal.wait("┃")
        self.assertRegex(self.selected(terminal), r"^┃ .*Filename: ")
        terminal.send("]", "[")
        terminal.wait(r"line 25\b")
        terminal.send(":")
        terminal.type("18:47:51.98")
        terminal.send("Enter")
        terminal.wait(r"line 104\b")
        terminal.send("2", ":")
        terminal.type("goto 2026-11-22T18:47:51.9")
        terminal.send("Enter")
        terminal.wait(r"\d+ of \d+")
        self.assertRegex(self.selected(terminal), r"18:47:51\.924 +BuildReport")

    def test_source(self):
        """Mapped, changed, gone."""
        app = self.folder / "app"
        shutil.copytree(SRCDIR / "examples" / "demo-app-v1", app)
        command = "funcmem --no-follow --map=/home/dev/demo=app demo.log"
        source = app / "BuildReport" / "__init__.py"
        source.chmod(0o644)
        text = source.read_text()
        for changed, sees, sees_not in ((text, "return report", "differs"),
                                        (text.replace("@memory_profiler.profile", "@profile"), r"differs from the log in 1 line\b", None),
                                        ("\n" + text, "differs from the log in 2 lines", "return report"),
                                        (None, "3 lines not shown", "return report")):
            with self.subTest(sees):
                source.unlink()
                if changed:
                    source.write_text(changed)
                else:
                    os.mkfifo(source)  # must not be waited for
                terminal = self.opened(command, columns=120)
                terminal.send("Enter")
                terminal.wait("Started")
                terminal.send("Enter")
                terminal.wait("Mem MiB")
                terminal.wait(sees, but_not=sees_not)
                terminal.send("Q")
                self.assert_restored(terminal)


class Editors(Case):
    def setUp(self):
        super().setUp()
        shutil.copytree(SRCDIR / "examples" / "demo-app-v1", self.folder / "the app; touch injected")
        self.map = "--map='/home/dev/demo=the app; touch injected'"

    def editing(self, editor: str, body: str) -> Terminal:
        """The program, whose editor was asked for."""
        self.script("fake", body)
        terminal = self.opened(f"EDITOR={shlex.quote(editor)} funcmem {self.map} demo.log")
        terminal.send("3")
        terminal.wait("Median")
        terminal.send("e")
        return terminal

    def test_line_and_terminal(self):
        """The editor gets the line, the file and the terminal; input is read meanwhile; then all is as before."""
        terminal = self.editing("fake --wait 'two words'", 'stty -g >during; printf "%s\\n" "$@" >arguments.new\n'
                                                           "mv arguments.new arguments; read -r line; echo $line >typed\n")
        arguments = terminal.file("arguments").split("\n")
        self.assertEqual(["--wait", "two words"], arguments[:2])
        self.assertRegex(arguments[2], r"^\+\d+$")
        self.assertRegex(arguments[3], r"^the app; touch injected/\w+/__init__.py$")
        terminal.wait_until(lambda: terminal.state("alternate_on", "cursor_flag") == ["0", "1"], "the editor's screen")
        self.assertEqual(terminal.file("before"), terminal.file("during"))
        with self.log.open("a") as log:
            log.write(self.content.decode())
        terminal.type("jjjq")
        terminal.wait("jjjq")
        terminal.send("Enter")
        self.assertEqual("jjjq", terminal.file("typed"))
        terminal.wait("Median")
        terminal.wait("^ following.*1 of ")
        terminal.send("q")
        self.assert_restored(terminal)
        self.assertFalse((self.folder / "injected").exists())

    def test_interrupt_is_the_editors(self):
        terminal = self.editing("fake", "trap 'echo caught; exit 3' INT; echo here; while :; do sleep 0.05; done\n")
        terminal.wait("^here")
        terminal.send("C-c")
        terminal.wait("fake ended with status 3")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_no_such_editor(self):
        terminal = self.editing("no-such-editor", "")
        terminal.wait("no-such-editor cannot be started")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_no_such_file(self):
        self.map = ""
        terminal = self.editing("fake", "echo never >started\n")
        terminal.wait("/home/dev/demo/.* is not here: --map")
        terminal.send("q")
        self.assert_restored(terminal)
        self.assertFalse((self.folder / "started").exists())

    def test_stopped_and_continued(self):
        """Ctrl-Z in the editor stops the whole job, fg goes on in the editor."""
        self.script("fake", "echo here; read -r line; echo $line >typed\n")
        terminal = self.open()
        terminal.shell("stty -g >before")
        terminal.shell(f"clear; EDITOR=fake funcmem {self.map} demo.log")
        terminal.wait("BuildReport")
        terminal.send("3")
        terminal.wait("Median")
        terminal.send("e")
        terminal.wait("^here")
        terminal.send("C-z")
        terminal.wait(r"(?i)stopped|suspended")
        terminal.shell("clear; stty -g >stopped")
        self.assertEqual(terminal.file("before"), terminal.file("stopped"))
        terminal.shell("fg")
        terminal.wait("funcmem")
        terminal.type("on")
        terminal.wait("^on")
        terminal.send("Enter")
        terminal.wait("Median")
        terminal.send("q")
        terminal.wait(PROMPT)
        terminal.shell("clear; stty -g >after")
        self.assertEqual(terminal.file("before"), terminal.file("after"))

    def test_stopped_without_a_shell(self):
        """Nobody could let the program go on, so the editor does at once."""
        self.script("fake", "echo here; read -r line; echo $line >typed; stty -g >during\n")
        terminal = self.open()
        terminal.shell(f"clear; EDITOR=fake exec funcmem {self.map} demo.log")
        terminal.wait("BuildReport")
        terminal.send("3")
        terminal.wait("Median")
        terminal.send("e")
        terminal.wait("^here")
        terminal.send("C-z")
        terminal.wait(r"\^Z")
        terminal.type("on")
        terminal.wait("on$")
        terminal.send("Enter")
        self.assertEqual("on", terminal.file("typed"))
        terminal.wait("Median")

    def test_terminated_meanwhile(self):
        self.script("fake", "echo $$ >editor.new; mv editor.new editor; exec sleep 1000\n")
        terminal, pid = self.opened_with_pid(f"{self.map} demo.log", EDITOR="fake")
        terminal.send("3")
        terminal.wait("Median")
        terminal.send("e")
        editor = int(terminal.file("editor"))
        os.kill(pid, signal.SIGTERM)
        self.assert_restored(terminal, 128 + signal.SIGTERM)
        terminal.wait_until(lambda: not is_running(editor), "the end of the editor")


class Kinds(Case):
    """Kinds of terminals."""

    def coloured(self, terminal: Terminal) -> bool:
        return bool(re.search(r"\x1b\[[0-9;]*(3[0-7]|38|9[0-7])m?", terminal.tmux("capture-pane", "-p", "-e")))

    def test_types(self):
        for term, colours in (("vt100", False), ("vt220", False), ("linux", True), ("screen", True), ("screen-256color", True),
                              ("xterm", True), ("xterm-256color", True), ("tmux-256color", True)):
            with self.subTest(term):
                if subprocess.run(["infocmp", term], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
                    continue  # not every system knows every type
                # for the Linux console ncurses loads another library, which keeps some bytes
                environment = {"ASAN_OPTIONS": "detect_leaks=0"} if term == "linux" else {}
                terminal = self.opened(term=term, **environment)
                terminal.wait("1 of 7")
                self.assertEqual(colours, self.coloured(terminal))
                terminal.send("j", "Down")
                terminal.wait("3 of 7")
                terminal.send("q")
                self.assert_restored(terminal)
                terminal.close()

    def test_dumb(self):
        """No cursor can be moved there: a sentence or the text report, and never garbage."""
        for term in ("dumb", "no-such-terminal"):
            with self.subTest(term):
                terminal = self.open()
                terminal.run(f"TERM={term} funcmem demo.log 2>err")
                screen = terminal.wait("^over$")
                err = (self.folder / "err").read_text()
                self.assertTrue(term in err or "How to read this" in screen, screen + err)
                self.assertEqual(terminal.file("before"), terminal.file("after"))
                terminal.close()

    def test_no_color(self):
        terminal = self.opened(NO_COLOR="1")
        terminal.wait("1 of 7")
        self.assertFalse(self.coloured(terminal))
        terminal.send("q")
        self.assert_restored(terminal)
        terminal.shell("clear")
        terminal.run("funcmem --color=always demo.log")
        terminal.wait("1 of 7")
        self.assertTrue(self.coloured(terminal))

    def test_ascii(self):
        terminal = self.opened(LANG="C", LC_ALL="C")
        screen = terminal.wait("1 of 7")
        for key, says in (("s", "Sort by"), ("Escape", "1 of 7"), ("x", "What this means"), ("Escape", "1 of 7"),
                          ("Enter", "Started"), ("Enter", "entry")):
            self.assertTrue(screen.isascii(), screen)
            terminal.send(key)
            screen = terminal.wait(says)
        self.assertTrue(screen.isascii(), screen)
        terminal.send("Q")
        self.assert_restored(terminal)

    def test_long_wide_names(self):
        self.log.write_bytes(self.content.replace(b"BuildReport", "関数".encode() * 150))
        for columns, rows in ((80, 24), (40, 8), (200, 24)):
            terminal = self.opened("funcmem demo.log", "LeakyCache", columns=columns, rows=rows)
            for keys, says in ((["g"], "1 of 7"), (["x"], "lines 1 to"), (["Escape", "Enter"], "1 of"), (["Escape", "$"], "of 7")):
                terminal.send(*keys)
                screen = terminal.wait(says)
                self.assertTrue(all(line.isprintable() for line in screen.splitlines()), screen)
            terminal.send("Q")
            self.assert_restored(terminal)
            terminal.close()

    def test_ten_thousand_functions(self):
        lines = []
        for i in range(10000):
            name, id_ = f"Function{i:05}", f"{i:08x}-0000-4000-8000-000000000000"
            lines += [f"Executing 'Functions.{name}' (Reason='', Id={id_})", f"memory_profiler_logs: Filename: /app/{name}/__init__.py",
                      "memory_profiler_logs: Line #    Mem usage    Increment  Occurrences   Line Contents",
                      "memory_profiler_logs:      1     40.0 MiB     40.0 MiB           1   @profile",
                      f"memory_profiler_logs:      3     41.0 MiB      {i % 97 / 10} MiB           1       x = {i}",
                      "memory_profiler_logs: ", f"Executed 'Functions.{name}' (Succeeded, Id={id_}, Duration=1ms)"]
        self.log.write_text("".join(f"[2026-01-01T00:00:00.000Z] {line}\n" for line in lines))
        terminal = self.opened("funcmem --no-follow demo.log", "ended.* 1 of 10000 ")
        terminal.send("G")
        terminal.wait("10000 of 10000")
        terminal.send("s", "g", "Enter")
        terminal.wait(arrow("Function"))
        terminal.send("g", "/")
        terminal.type("Function07777")
        terminal.send("Enter")
        terminal.wait("/Function07777: 1 of 1")
        self.assertIn("Function07777", self.selected(terminal))
        terminal.send("\\")
        terminal.type("99$|0000")
        terminal.send("Enter")
        terminal.wait(r"of 10 .*filter|/Function07777: 0 hits")
        terminal.send("3", "G")
        terminal.wait("20000 of 20000")
        terminal.send("Q")
        self.assert_restored(terminal)

    def test_pipe_without_a_controlling_terminal(self):
        if not shutil.which("setsid"):
            self.skipTest("setsid is missing")
        terminal = self.open()
        terminal.run("cat demo.log | setsid -w funcmem")
        terminal.wait("1 of 7")
        terminal.send("j")
        terminal.wait("2 of 7")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_without_a_controlling_terminal(self):
        if not shutil.which("setsid"):
            self.skipTest("setsid is missing")
        terminal = self.open()
        terminal.run("setsid -w funcmem demo.log")
        terminal.wait("1 of 7")
        terminal.send("j")
        terminal.wait("2 of 7")
        terminal.send("q")
        self.assert_restored(terminal)

    def test_hostile_text_does_not_reach_the_terminal(self):
        hostile = b"return '\x1b[2J\x1b]0;owned\x07\x9b31m\x00\x08\xe2\x80\xae\xf0\x9f\x98\x80\xe4\xbd\xa0\xcc\x81'"
        self.log.write_bytes(self.content.replace(b"tables.append(load_month(month))", hostile))
        terminal = self.opened(columns=200)
        terminal.wait(r"1 of 7")
        self.assertNotIn("owned", terminal.state("pane_title"))
        screen = terminal.screen()
        self.assertIn("LeakyCache", screen)
        self.assertEqual(1, len(re.findall("1 Functions", screen)))
        terminal.send("q")
        self.assert_restored(terminal)


class Background(unittest.TestCase):
    """What the terminal says about its background, on a pseudo-terminal that answers as the test wants."""

    QUESTION = b"\x1b]11;?\x1b\\\x1b[c"
    END = b"\x1b[?62;22c"  # the answer to the second question
    LIGHT, DARK = b"48;5;252m", b"48;5;238m"  # behind the selected row

    def setUp(self):
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.painted = b""

    def tearDown(self):
        os.close(self.master)
        os.close(self.slave)

    def open(self, **environment):
        self.painted = b""
        clean = {name: value for name, value in os.environ.items() if name not in ("COLORFGBG", "NO_COLOR")}
        self.process = subprocess.Popen([FUNCMEM, "--no-config", "--no-follow", DEMO], stdin=self.slave, stdout=self.slave,
                                        stderr=self.slave, start_new_session=True,
                                        env=clean | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"} | environment)
        self.addCleanup(self.end, self.process)

    def end(self, process):
        if process.poll() is None:
            process.kill()
        process.wait()

    def wait(self, *wanted: bytes):
        """Until one of these was painted."""
        end = time.monotonic() + DEADLINE
        while not any(text in self.painted for text in wanted):
            self.assertLess(time.monotonic(), end, f"waited in vain for {wanted} in {self.painted!r}")
            if select.select([self.master], [], [], 0.1)[0]:
                self.painted += os.read(self.master, 65536)

    def answer(self, *pieces: bytes):
        for piece in pieces:
            os.write(self.master, piece)
            time.sleep(LOOK_AGAIN)

    def quit(self):
        os.write(self.master, b"q")
        self.assert_ends()

    def assert_ends(self):
        end = time.monotonic() + DEADLINE
        while self.process.poll() is None:
            self.assertLess(time.monotonic(), end)
            if select.select([self.master], [], [], 0.01)[0]:
                os.read(self.master, 65536)
        self.assertEqual(0, self.process.returncode)

    def waiting_keys(self) -> int:
        """What the next reader of the terminal would get."""
        tty.setraw(self.slave)
        return struct.unpack("i", fcntl.ioctl(self.slave, termios.FIONREAD, b"\0\0\0\0"))[0]

    def test_answers(self):
        for pieces, looks in (([b"\x1b]11;rgb:ffff/ffff/f0f0\x1b\\", self.END], self.LIGHT),
                              ([b"\x1b]11;rgb:ff/ff/ff\x07" + self.END], self.LIGHT),
                              ([b"\x1b]11;rg", b"ba:ffff/ffff/ff", b"ff/ffff\x1b", b"\\", self.END], self.LIGHT),
                              ([b"\x1b]11;rgb:c0c0/c0c0/c0c0\x1b\\" + self.END], self.LIGHT),
                              ([b"\x1b]11;rgb:0000/2b2b/3636\x1b\\" + self.END], self.DARK),
                              ([b"\x1b]11;rgb:nonsense\x1b\\" + self.END], self.DARK),
                              ([b"\x1b]11;" + b"f" * 200 + b"\x1b\\", self.END], self.DARK),
                              ([b"\x1b]11;rgb:ffff/ffff/ffff", self.END], self.DARK),
                              ([b"\x1b]"], self.DARK),
                              ([self.END], self.DARK)):
            with self.subTest(pieces=pieces):
                self.open()
                self.wait(self.QUESTION)
                self.wait(b"LeakyCache")
                self.painted = b""
                self.answer(*pieces)
                if looks == self.LIGHT:
                    self.wait(looks)
                self.painted = b""
                self.answer(b"\x0c")  # Ctrl-L: all of it once more
                self.wait(self.LIGHT, self.DARK)
                self.assertIn(looks, self.painted)
                self.quit()
                self.assertEqual(0, self.waiting_keys())

    def test_answer_after_the_end(self):
        """Nothing of it is left for the shell, if it is under way: for 0.2 s it is waited for."""
        answered = DEADLINE
        while answered > 0.15:  # this process was not let run in time
            self.open()
            self.wait(self.QUESTION)
            begin = time.monotonic()
            os.write(self.master, b"q")
            time.sleep(5 * LOOK_AGAIN)
            os.write(self.master, b"\x1b]11;rgb:c0c0/c0c0/c0c0\x1b\\" + self.END)
            answered = time.monotonic() - begin
            self.assert_ends()
            left = self.waiting_keys()
        self.assertEqual(0, left)

    def test_no_answer(self):
        self.open()
        self.wait(b"LeakyCache")
        self.quit()

    def test_who_is_not_asked(self):
        kept = {"ASAN_OPTIONS": "detect_leaks=0"}  # see test_types
        for environment in ({"COLORFGBG": "0;15"}, {"NO_COLOR": "1"}, {"TERM": "vt100"}, {"TERM": "linux"} | kept):
            with self.subTest(environment):
                self.open(**environment)
                self.wait(b"LeakyCache")
                self.assertNotIn(b"]11;", self.painted)
                self.quit()


class Unread(unittest.TestCase):
    """A terminal that takes nothing: nobody reads what is painted."""

    PIECES = 200  # after each of them the whole screen is painted: more than any terminal's buffer holds

    def setUp(self):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 200, 0, 0))
        self.process = subprocess.Popen([FUNCMEM], stdin=subprocess.PIPE, stdout=slave, stderr=slave, start_new_session=True,
                                        env=dict(os.environ, TERM="xterm-256color"))
        os.close(slave)
        self.fed = 0

    def tearDown(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        os.close(self.master)

    def feed(self, piece: bytes):
        for _ in range(self.PIECES):
            self.process.stdin.write(piece)
            self.process.stdin.flush()
            self.process.send_signal(signal.SIGWINCH)
            self.fed += 1

    def test_closed_in_the_middle_of_a_frame(self):
        """Whoever showed the terminal is gone while the program paints: it ends, and waits for nobody."""
        content = DEMO.read_bytes()
        os.read(self.master, 1)
        self.process.stdin.write(content)
        self.process.stdin.flush()
        os.read(self.master, 1)
        os.close(self.master)
        self.master = os.open(os.devnull, os.O_RDONLY)
        self.assertEqual(128 + signal.SIGHUP, self.process.wait(60))

    def test_closed_behind_its_hangup(self):
        """A window that closes sends SIGHUP, and SIGCONT when the last descriptor goes: that one finds no screen any more."""
        for turn in range(20):
            self.tearDown()
            self.master, slave = pty.openpty()
            self.process = subprocess.Popen([FUNCMEM, DEMO], stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                            preexec_fn=lambda: fcntl.ioctl(1, termios.TIOCSCTTY, 0),
                                            env=dict(os.environ, TERM="xterm-256color"))
            self.process.stdin = open(os.devnull)
            os.close(slave)
            painted = b""
            while b"LeakyCache" not in painted:
                painted += os.read(self.master, 65536)
            self.process.send_signal(signal.SIGHUP)
            time.sleep(turn / 5000)  # any moment of its end
            os.close(self.master)
            self.master = os.open(os.devnull, os.O_RDONLY)
            self.assertEqual(128 + signal.SIGHUP, self.process.wait(60))

    def test_frames_are_coalesced(self):
        """Data that arrives all the time is painted at most about 30 times a second: most of the time nothing is painted."""
        content = DEMO.read_bytes()
        os.read(self.master, 1)
        begin, painted = time.monotonic(), set()
        while time.monotonic() - begin < 1 or not painted:
            for line in content.splitlines(keepends=True)[:100]:
                self.process.stdin.write(line)
                self.process.stdin.flush()
                while select.select([self.master], [], [], 0)[0]:
                    os.read(self.master, 65536)
                    painted.add(int(time.monotonic() * 200))
        self.assertLess(len(painted), 0.5 * 200 * (time.monotonic() - begin))

    def wakeups(self) -> int:
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/status")
        return sum(int(re.search(r"(?m)^voluntary_ctxt_switches:\s*(\d+)", task.read_text())[1]) for task in tasks)

    def drain(self):
        """Reads until it is quiet."""
        while select.select([self.master], [], [], 1)[0]:
            os.read(self.master, 65536)

    def assert_sleeps(self):
        """There is a second without a wake-up: what its last frame still has to do may take a busy machine some time."""
        end = time.monotonic() + DEADLINE
        before, after = -1, self.wakeups()
        while before != after:
            self.assertLess(time.monotonic(), end, "it wakes up all the time")
            time.sleep(1.5)
            before, after = after, self.wakeups()

    def test_idle_means_no_wakeups(self):
        """Also while a quiet file is followed, and after a sentence has gone. That nothing happens can only be seen over a time."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        os.close(self.master)
        for arguments in (["--follow"], ["--no-follow"]):
            with self.subTest(arguments):
                self.master, slave = pty.openpty()
                self.process = subprocess.Popen([FUNCMEM, "--no-config", *arguments, DEMO], stdin=slave, stdout=slave, stderr=slave,
                                                start_new_session=True, env=dict(os.environ, TERM="xterm-256color"))
                self.process.stdin = open(os.devnull)
                os.close(slave)
                painted = b""
                end = time.monotonic() + DEADLINE
                while b"LeakyCache" not in painted and time.monotonic() < end:
                    painted += os.read(self.master, 65536)
                self.drain()
                os.write(self.master, b"Z")
                self.drain()
                self.assertTrue(select.select([self.master], [], [], DEADLINE)[0], "the sentence about the key stays")
                self.drain()
                self.assert_sleeps()
                if arguments == ["--follow"]:
                    self.process.kill()
                    self.process.wait()
                    self.process.stdin.close()
                    os.close(self.master)

    def test_reading_goes_on_and_the_program_can_be_ended(self):
        content = DEMO.read_bytes()
        os.read(self.master, 1)  # it paints: its signals are set up
        feeder = threading.Thread(target=self.feed, args=(content * 10,), daemon=True)
        feeder.start()
        feeder.join(120)
        self.assertEqual(self.PIECES, self.fed, "the pipe is not read any more")
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(128 + signal.SIGTERM, self.process.wait(60))


def main() -> int:
    missing = [name for name in ("tmux", "stty", "infocmp", "ps") if not shutil.which(name)]
    if not os.access(FUNCMEM, os.X_OK):
        missing.append(str(FUNCMEM))
    if missing:
        print(f"terminal: not run, for this is missing: {', '.join(missing)}", file=sys.stderr)
        return 1 if IN_CI else 77
    result = unittest.main(exit=False).result
    bad = {str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors}
    print(f"terminal: {result.testsRun - len(bad)} passed, {len(bad)} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
