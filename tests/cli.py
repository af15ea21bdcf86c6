#!/usr/bin/env python3
"""The command line end to end: exports, exit codes, bad input, bad output, and input in pieces.

usage: cli.py [FUNCMEM] [unittest's arguments, such as -v or -k NAME]

Without FUNCMEM the program is $FUNCMEM or ./funcmem; $srcdir says where the sources are. Nothing here waits for a time: where
two processes have to meet, one waits for what the other writes.
"""
import collections
import contextlib
import csv
import fcntl
import functools
import io
import itertools
import json
import os
import pty
import random
import re
import resource
import select
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest
import xml.etree.ElementTree
from pathlib import Path

SRCDIR = Path(os.environ.get("srcdir") or Path(__file__).resolve().parent.parent).resolve()
CORPUS = SRCDIR / "tests" / "corpus"
DEMO = SRCDIR / "examples" / "captures" / "demo.log"
FUNCMEM = Path(sys.argv.pop(1) if len(sys.argv) > 1 and os.path.isfile(sys.argv[1])
               else os.environ.get("FUNCMEM", "./funcmem")).resolve()

DEADLINE = 60  # seconds after which something that should have happened never will
MEMORY_MAX = 64 << 20
EXPORTS = ("text", "json", "ndjson", "csv", "markdown")
CSV_HEADER = ("report,invocation,attribution,function,file,name,first_line,time,"
              "line,mem_mib,increment_mib,occurrences,baseline,contents").split(",")
REPORT_MEMBERS = {"id", "source", "process", "invocation", "attribution", "function", "file", "name", "first_line", "time",
                  "flags", "baseline_mib", "peak_mib", "lines"}
ROW_MEMBERS = {"line", "mem_mib", "increment_mib", "occurrences", "baseline", "contents"}
INVOCATION_MEMBERS = {"id", "source", "process", "function", "reason", "started", "ended", "duration_ms", "outcome", "error",
                      "reports"}
FLAGS = {"sparse", "contended", "interleaved", "truncated", "async-overlap", "nested", "gap"}
ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": "/nonexistent", "TERM": "xterm-256color"}
ENVIRONMENT.update((name, value) for name, value in os.environ.items() if name.endswith("SAN_OPTIONS"))


def captures() -> list[Path]:
    """The corpus, without the truth beside it."""
    return sorted(path for path in CORPUS.iterdir() if not path.name.endswith(".truth.json")) + [DEMO]


@functools.cache
def has_address_sanitizer() -> bool:
    return b"__asan_init" in FUNCMEM.read_bytes()


def start(*args, env=None, **kwargs) -> subprocess.Popen:
    kwargs.setdefault("stdin", subprocess.DEVNULL)
    kwargs.setdefault("stdout", subprocess.PIPE)
    kwargs.setdefault("stderr", subprocess.PIPE)
    return subprocess.Popen([FUNCMEM, *args], env=ENVIRONMENT | (env or {}), **kwargs)


def run(*args, input: bytes | None = None, env=None, **kwargs) -> subprocess.CompletedProcess:
    with start(*args, env=env, **kwargs | ({} if input is None else {"stdin": subprocess.PIPE})) as process:
        try:
            out, err = process.communicate(input, timeout=DEADLINE)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(args, process.returncode, out, err)


def wait_for(condition, what: str):
    """What `condition` returns once it is true."""
    end = time.monotonic() + DEADLINE
    while not (result := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain: {what}")
        select.select([], [], [], 0.005)
    return result


def load(out: bytes):
    return json.loads(out.decode("utf-8"), parse_constant=lambda name: 1 / 0)


def without_sources(data: dict) -> dict:
    return {key: value for key, value in data.items() if key != "sources"}


class Case(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="funcmem-cli-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def names(self) -> list[str]:
        return sorted(os.listdir(self.folder))

    def json(self, *args, code=0, **kwargs) -> dict:
        result = run("--format=json", *args, **kwargs)
        self.assertEqual(code, result.returncode, result.stderr)
        return load(result.stdout)

    def assert_ends(self, code: int, *args, says: str | None = None, **kwargs) -> subprocess.CompletedProcess:
        """The exit code, and one or more lines with the program's name on standard error that match `says`."""
        result = run(*args, **kwargs)
        err = result.stderr.decode()
        self.assertEqual(code, result.returncode, f"{args} said: {err}")
        if says is not None:
            self.assertRegex(err, "(?m)^funcmem: ")
            self.assertRegex(err, says)
        return result

    def killed(self, process: subprocess.Popen):
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()
        if process.poll() is None:
            process.kill()
            process.wait()


class Exports(Case):
    """Every export format, of every capture."""

    def each(self, name: str, check):
        for capture in captures():
            with self.subTest(capture=capture.name):
                result = run(f"--format={name}", capture)
                self.assertEqual((0, b""), (result.returncode, result.stderr))
                check(capture, result.stdout)

    def check_report(self, report: dict):
        self.assertLessEqual(REPORT_MEMBERS, report.keys())
        self.assertLessEqual(set(report["flags"]), FLAGS)
        self.assertIn(report["attribution"], ("exact", "inferred", "ambiguous", "none"))
        self.assertEqual(report["attribution"] == "none", report["invocation"] is None)
        measured = [row for row in report["lines"] if row["mem_mib"] is not None]
        entries = [row for row in report["lines"] if row["baseline"]]
        for row in report["lines"]:
            self.assertLessEqual(ROW_MEMBERS, row.keys())
            self.assertFalse(set(row["contents"]) & set("\r\n\x1b"), row)
        self.assertEqual(report["lines"][0]["line"] if report["lines"] else None, report["first_line"])
        self.assertEqual(max((row["mem_mib"] for row in measured), default=None), report["peak_mib"])
        if entries:
            self.assertEqual([measured[0]], entries)
        self.assertEqual(entries[0]["mem_mib"] if entries else None, report["baseline_mib"])

    def test_json(self):
        def check(capture, out):
            data = load(out)
            self.assertEqual("funcmem/1", data["schema"])
            (source,) = data["sources"]
            self.assertEqual((str(capture), capture.stat().st_size, 0), (source["name"], source["bytes"], source["damaged"]))
            self.assertEqual(len(capture.read_bytes().split(b"\n")) - capture.read_bytes().endswith(b"\n"), source["lines"])
            self.assertEqual(list(range(1, len(data["reports"]) + 1)), [report["id"] for report in data["reports"]])
            ids = {invocation["id"] for invocation in data["invocations"]}
            for report in data["reports"]:
                self.check_report(report)
                self.assertIn(report["invocation"], ids | {None})
            for invocation in data["invocations"]:
                self.assertLessEqual(INVOCATION_MEMBERS, invocation.keys())
                self.assertIn(invocation["outcome"], ("succeeded", "failed", "unknown"))
                own = [report["id"] for report in data["reports"] if report["invocation"] == invocation["id"]]
                self.assertEqual(own, invocation["reports"])

        self.each("json", check)

    def test_json_prints_the_digits_of_the_log(self):
        log = self.file("digits.txt", b"Filename: a.py\n\nLine #    Mem usage    Increment  Occurrences   Line Contents\n"
                        b"=====\n     3     38.0 MiB     38.0 MiB           1   @profile\n     4     38.0 MiB     -0.0 MiB"
                        b"           1   def f():\n     5  323327.125 MiB -0.250 MiB           1       pass\n\n\n")
        out = run("--format=json", log).stdout.decode()
        for text in ('"mem_mib": 38.0', '"increment_mib": 0.0', '"mem_mib": 323327.125', '"increment_mib": -0.250'):
            self.assertIn(text, out)

    def test_ndjson(self):
        def check(capture, out):
            reports = self.json(capture)["reports"]
            lines = out.decode().splitlines()
            self.assertEqual(len(reports), len(lines))
            for line, report in zip(lines, reports):
                found = json.loads(line)
                invocation = found.pop("invocation")
                self.assertEqual("funcmem/1", found.pop("schema"))
                self.assertEqual(report.pop("invocation"), invocation and invocation["id"])
                self.assertEqual(report, found)
                if invocation:
                    self.assertLessEqual({"id", "function", "started", "ended", "duration_ms", "outcome"}, invocation.keys())

        self.each("ndjson", check)

    def test_csv(self):
        def text(value):
            return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

        def check(capture, out):
            header, *rows = csv.reader(io.StringIO(out.decode(), newline=""), strict=True)
            self.assertEqual(CSV_HEADER, header)
            wanted = []
            for report in load(run("--format=json", capture).stdout)["reports"]:
                common = [report[key] for key in ("id", *CSV_HEADER[1:8])]
                wanted += ([text(value) for value in (*common, *(row[key] for key in CSV_HEADER[8:]))] for row in report["lines"])
            for row in wanted:
                if row[-1][:1] in set("=+-@\t\r") - {""}:
                    row[-1] = "'" + row[-1]
            self.assertEqual(wanted, rows)

        self.each("csv", check)

    def test_csv_holds_no_formulas(self):
        rows = b"".join(b"     %d     38.0 MiB      1.0 MiB           1   %s\n" % (3 + i, text)
                        for i, text in enumerate((b"=1+1", b"+x", b"-x", b"@f", b"-5", b'say("a,b")')))
        log = self.file("formulas.txt", b"Filename: =cmd.py\n\nLine #    Mem usage    Increment  Occurrences   Line Contents\n"
                        b"=====\n" + rows + b"\n\n")
        rows = list(csv.DictReader(io.StringIO(run("--format=csv", log).stdout.decode())))
        self.assertEqual({"'=cmd.py"}, {row["file"] for row in rows})
        self.assertEqual(["'=1+1", "'+x", "'-x", "'@f", "-5", 'say("a,b")'], [row["contents"] for row in rows])

    def test_source_files_make_no_difference(self):
        """What an export says does not depend on the machine that it is made on."""
        source = self.file("__init__.py", b"@changed\n" * 60)
        log = self.file("own.log", DEMO.read_bytes().replace(b"/home/dev/demo/BuildReport/__init__.py", bytes(source)))
        with_source = {name: run(f"--format={name}", log).stdout for name in ("text", "json", "ndjson", "csv", "markdown")}
        source.unlink()
        os.mkfifo(source)  # whoever opens it waits for ever
        for name, out in with_source.items():
            self.assertEqual(out, run(f"--format={name}", f"--map={self.folder}={self.folder}", log).stdout, name)

    def test_markdown(self):
        def cells(line: str) -> int:
            return len(re.findall(r"(?<!\\)\|", line)) - 1

        def check(capture, out):
            lines = out.decode().splitlines()
            rules = [i for i, line in enumerate(lines) if re.fullmatch(r"\|( :?-+:? \|)+", line)]
            for i in rules:
                rows = itertools.takewhile(lambda line: line.startswith("|"), lines[i + 1:])
                for line in (lines[i - 1], *rows):
                    self.assertEqual(cells(lines[i]), cells(line), line)
            self.assertTrue(rules)

        self.each("markdown", check)

    def test_text(self):
        def check(capture, out):
            self.assertIn(str(capture).encode(), out)
            self.assertNotIn(b"\x1b", out)
            self.assertEqual(out, run(capture).stdout, "the default without a terminal is text")

        self.each("text", check)

    def test_output_is_the_same_in_a_file(self):
        for name in EXPORTS:
            with self.subTest(name):
                out = self.folder / name
                self.assert_ends(0, f"-F{name}", "-o", out, DEMO)
                self.assertEqual(run(f"-F{name}", DEMO).stdout, out.read_bytes())


class Selecting(Case):
    def test_top(self):
        for name in ("text", "markdown"):
            with self.subTest(name):
                whole, short = (run(f"--format={name}", *args, DEMO).stdout for args in ((), ("--top=1",)))
                self.assertIn(b"cache[key]", whole)
                self.assertNotIn(b"cache[key]", short)
                self.assertIn(b"load_month", short)

    def test_sort(self):
        for argument in ("function", "functions.function", "functions.function:asc", "functions.function:desc"):
            with self.subTest(argument):
                out = run("--format=markdown", f"--sort={argument}", DEMO).stdout.decode()
                table = out.split("### Functions")[1].split("###")[0]
                found = [row.split("|")[1].strip() for row in table.splitlines() if row.startswith("| ")][2:]
                self.assertEqual(sorted(found, reverse=argument.endswith("desc")), found)

    def test_filter_keeps_whole_reports(self):
        whole = self.json(DEMO)["reports"]
        found = self.json("--filter=load_month", DEMO)["reports"]
        wanted = [report["lines"] for report in whole if any(
            re.search("load_month", text or "") for text in [report["function"], report["file"], report["name"],
                                                             *(row["contents"] for row in report["lines"])])]
        self.assertEqual(wanted, [report["lines"] for report in found])
        self.assertLess(0, len(found))
        self.assertLess(len(found), len(whole))

    def test_quiet_only(self):
        mixed = CORPUS / "worker-short.log"
        every, quiet = self.json(mixed)["reports"], self.json("--quiet-only", mixed)["reports"]
        self.assertEqual([row["lines"] for row in every if "contended" not in row["flags"]], [row["lines"] for row in quiet])
        text = " ".join(run("--quiet-only", "--format=text", DEMO).stdout.decode().split())
        self.assertIn(f"{len(self.json(DEMO)['reports'])} reports", text)  # nothing ran at once there
        self.assertIn(f"{len(every) - len(quiet)} more left out by the selection",
                      " ".join(run("--quiet-only", "--format=text", mixed).stdout.decode().split()))

    def test_function_and_time(self):
        whole = self.json(DEMO)["invocations"]
        found = self.json("--function=HttpTrigger*", DEMO)["invocations"]
        self.assertEqual([i["id"] for i in whole if i["function"].startswith("HttpTrigger")], [i["id"] for i in found])
        middle = whole[20]["started"]
        after, before = (self.json(f"--{option}={middle}", DEMO)["invocations"] for option in ("since", "until"))
        self.assertEqual([i["id"] for i in whole[:21]], [i["id"] for i in before])
        self.assertEqual([i["id"] for i in whole[20:]], [i["id"] for i in after])
        newest = self.json("--since=1s", DEMO)["invocations"]
        self.assertEqual([i["id"] for i in whole[-len(newest):]], [i["id"] for i in newest])
        self.assertIn(len(newest), range(1, len(whole)))


class Screenshots(Case):
    def picture(self, name: str, *args, code=0, says=None, **kwargs) -> str:
        self.assert_ends(code, f"--screenshot={self.folder / name}", *args, DEMO, says=says, **kwargs)
        return (self.folder / name).read_text() if code == 0 else ""

    def test_text(self):
        text = self.picture("a.txt", "--size=80x14", "--keys=3 j Enter")
        self.assertEqual(14, text.count("\n"))
        self.assertIn(" Entry MiB ", text)
        self.assertIn("ended · 1 of 12", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)
        self.assertEqual(24, self.picture("b.txt").count("\n"))
        typed = self.picture("c.txt", "--keys=3 / 'page = ' Enter")
        self.assertRegex(typed, r"/page = : \d+ of \d+")
        self.assertIn("needs 40 x 8", self.picture("d.txt", "--size=30x5"))

    def test_svg(self):
        root = xml.etree.ElementTree.fromstring(self.picture("a.svg", "--size=60x10"))
        texts = [e for e in root if e.tag.endswith("text")]
        self.assertTrue(any("LeakyCache" in "".join(e.itertext()) for e in texts))
        colours = {e.get("fill") for e in texts}
        self.assertGreater(len(colours), 4)
        plain = xml.etree.ElementTree.fromstring(self.picture("b.svg", "--size=60x10", env={"NO_COLOR": "1"}))
        self.assertLessEqual(len({e.get("fill") for e in plain if e.tag.endswith("text")}), 2)

    def test_why_left_out(self):
        copy = self.folder / "copy.log"
        copy.write_bytes(DEMO.read_bytes())
        self.assertIn("left out: in two logs", self.picture("a.txt", "--size=120x10", copy))
        self.assertIn("left out by options", self.picture("b.txt", "--size=120x10", "--function=Leaky*", "--keys=2"))

    def test_svg_shapes(self):
        """What a chart, a bar and a box are drawn with are shapes: any other font would move them. The rest that is no ASCII stands alone."""
        root = xml.etree.ElementTree.fromstring(self.picture("a.svg", "--size=120x30", "--keys=3 Enter"))
        texts = ["".join(e.itertext()) for e in root if e.tag.endswith("text")]
        self.assertFalse([t for t in texts if re.search("[\u2500-\u259f\u2800-\u28ff]", t)])
        self.assertTrue(any(len(t) == 1 and ord(t) > 0xff for t in texts))
        self.assertFalse([t for t in texts if len(t) > 1 and not t.replace("\xa0", " ").isascii()])
        right = 2 * 9 + 120 * 9
        paths = [e for e in root if e.tag.endswith("path")]
        self.assertGreater(len(paths), 4)
        for path in paths:
            x, _ = map(int, re.match(r"translate\((\d+) (\d+)\)", path.get("transform")).groups())
            ends = [x + (int(m[1]) + int(m[2])) / 8 for m in re.finditer(r"M(\d+) \d+h(\d+)", path.get("d"))]
            self.assertTrue(ends and max(ends) <= right)

    def test_themes(self):
        papers = {theme: re.search('<rect .*fill="(#[0-9a-f]{6})"', self.picture(f"{theme}.svg", f"--theme={theme}"))[1]
                  for theme in ("dark", "light")}
        self.assertEqual("#ffffff", papers["light"])
        self.assertNotEqual(papers["light"], papers["dark"])

    def test_logs_and_sources(self):
        """What the screen reads besides the model is there, too."""
        log = self.picture("a.txt", "--size=80x10", "--keys=4 / 'Executing' Enter")
        self.assertRegex(log, r"┌ .*Executing")
        source = SRCDIR / "examples" / "demo-app-v1"
        self.assertIn("return report", self.picture("b.txt", f"--map=/home/dev/demo={source}", "--keys=2 Enter Enter"))
        self.assertIn("return report", self.picture("e.txt", f"--keys=2 Enter Enter : 'set map=/home/dev/demo={source}' Enter"))
        kept = self.picture("c.txt", "--keep=1", "--keys=4 / 'Line #' Enter Enter")
        self.assertIn("Its rows were let go", kept)
        self.assertIn("That is for tables (hide-zero)", self.picture("d.txt", "--keys=4 z"))

    def test_mistakes(self):
        for args, code, says in ((("--keys=Nowhere",), 2, 'no key "Nowhere"'), (("--size=80",), 2, "80x24"), (("--size=0x0",), 2, "80x24"),
                                 (("--format=json",), 2, "--screenshot"), (("--filter=(",), 2, r"\(")):
            with self.subTest(args=args):
                self.picture("a.svg", *args, code=code, says=says)
        self.assert_ends(2, "--screenshot=a.pdf", DEMO, says="svg or .txt")
        self.assert_ends(2, "--keys=q", DEMO, says="--keys is for --screenshot")
        self.assert_ends(3, f"--screenshot={self.folder / 'a.svg'}", "none.log", says="none.log")
        self.assert_ends(6, f"--screenshot={DEMO}/a.svg", DEMO, says=f"{DEMO}/a.svg")
        self.assertEqual([], self.names())


class Retention(Case):
    """What is kept row by row has a limit, and nothing stops being counted."""

    def test_keep(self):
        whole = self.json(DEMO)
        result = self.assert_ends(0, "--format=json", "--keep=2", DEMO, says="rows of [0-9]+ older reports were summarised")
        data = load(result.stdout)
        kept = collections.Counter((r["file"], r["first_line"]) for r in data["reports"] if "summarised" not in r)
        self.assertEqual({2}, set(kept.values()))
        self.assertEqual(len(whole["reports"]), len(data["reports"]))
        for before, after in zip(whole["reports"], data["reports"]):
            gone = after.pop("summarised", False)
            self.assertEqual(before | ({"lines": []} if gone else {}), after)
        self.assertEqual(whole["invocations"], data["invocations"])
        tables = [self.assert_ends(0, "--format=markdown", *limit, DEMO).stdout.split(b"### Needs")[0]
                  for limit in ((), ("--keep=1",), ("--max-memory=1K",))]
        self.assertEqual(tables[0], tables[1])
        self.assertEqual(tables[0], tables[2])

    def test_text_says_so(self):
        text = self.assert_ends(0, "--format=text", "--max-memory=1K", DEMO).stdout.decode()
        self.assertRegex(text, r"- [0-9]+ of 90 reports: summarised")

    def test_live_reports_are_printed_before_their_rows_go(self):
        """The limit never cuts what --follow prints."""
        whole = self.assert_ends(0, "--format=ndjson", "--follow", input=DEMO.read_bytes()).stdout
        limited = self.assert_ends(0, "--format=ndjson", "--follow", "--keep=1", input=DEMO.read_bytes()).stdout
        self.assertEqual(whole, limited)

    CALLS, ROWS = 16000, 100
    CALL_BYTES = 600  # that a call may cost for good: its totals, id and times

    def stream(self, calls: int):
        """A run that has no end in sight: reports of so many rows, one call after the other."""
        prefix = "[2026-01-01T%02d:%02d:%02d.000Z] "
        rows = "".join(f"{{p}}{10 + r:6} {50 + r / 10:12.1f} MiB {r / 10:12.1f} MiB           1       step_{r}()\n" for r in range(1, self.ROWS))
        report = ("{t}Executing 'Functions.F' (Reason='', Id={id})\n{p}Filename: /app/F/__init__.py\n"
                  "{p}Line #    Mem usage    Increment  Occurrences   Line Contents\n{p}" + "=" * 61 + "\n"
                  "{p}    10         50.0 MiB         50.0 MiB           1   @profile\n" + rows +
                  "{p}\n{t}Executed 'Functions.F' (Succeeded, Id={id}, Duration=5ms)\n")
        for k in range(calls):
            t = prefix % (k // 3600, k // 60 % 60, k % 60)
            yield report.format(t=t, p=t + "memory_profiler_logs: ", id=f"{k:08x}-0000-4000-8000-000000000000").encode()

    def peak(self, calls: int, *options: str) -> int:
        """Bytes of memory that reading so many calls takes at most. (That of wait4() has the memory of this test in it.)"""
        process = start("--format=markdown", *options, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for piece in self.stream(calls):
            process.stdin.write(piece)
        process.stdin.flush()
        highest = int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())[1]) << 10
        process.stdin.close()
        with process.stdout:
            self.assertIn(b"step_99", process.stdout.read())
        self.assertEqual(0, process.wait(DEADLINE))
        return highest

    def test_memory_has_a_bound(self):
        if has_address_sanitizer():
            self.skipTest("a sanitizer's memory is not ours")
        limit = 2 << 20
        short, long = self.peak(self.CALLS // 16, "--max-memory=2M"), self.peak(self.CALLS, "--max-memory=2M")
        bound = short + limit + self.CALLS * self.CALL_BYTES
        self.assertLess(long, bound)
        self.assertGreater(self.peak(self.CALLS), bound, "without the limit it must be more, else this proves nothing")


class ExitCodes(Case):
    def test_done(self):
        self.assert_ends(0, DEMO)

    def test_usage(self):
        for args, says in (
                (("--no-such-option",), "unknown option.*--no-such-option"),
                (("--no-such-option=1",), "unknown option.*--no-such-option"),
                (("-Z",), "unknown option.*-Z"),
                (("--li",), "--li could be one of several"),
                (("--fo=json",), "--fo=json could be one of several"),
                (("--format",), "--format needs an argument"),
                (("-F",), "--format needs an argument"),
                (("--follow=1",), "--follow takes no argument"),
                (("--format=xml", DEMO), "unknown format.*xml.*--list-formats"),
                (("--input-format=xml", DEMO), "unknown input format.*xml.*--list-formats"),
                (("--sort=bogus", DEMO), "bogus.*--list-columns"),
                (("--sort=functions.bogus", DEMO), "bogus.*--list-columns"),
                (("--top=0", DEMO), "--top"),
                (("--top=-1", DEMO), "--top"),
                (("--top=many", DEMO), "--top.*many"),
                (("--filter=(", DEMO), r"\("),
                (("--since=yesterday", DEMO), "yesterday"),
                (("--until=2026-13-45", DEMO), "2026-13-45"),
                (("--map=nothing", DEMO), "FROM=TO"),
                (("--keep=0", DEMO), "--keep.*0"),
                (("--keep=some", DEMO), "--keep.*some"),
                (("--max-memory=0", DEMO), "--max-memory.*64M"),
                (("--max-memory=1Q", DEMO), "--max-memory.*1Q"),
                (("--color=pink", DEMO), "auto, always or never.*pink"),
                (("--theme=pink", DEMO), "--theme: auto, dark, light or mono, not.*pink"),
                (("--config=", DEMO), "--config"),
                (("--config=/nonexistent/file", DEMO), "/nonexistent/file: No such file"),
                (("--config=/dev/null", DEMO), "/dev/null: not a regular file"),
                (("--output=", DEMO), "--output"),
                (("--",), "COMMAND"),
                ((DEMO, "--", "true"), "COMMAND"),
                (("-", "-"), "standard input.*once"),
                (("--tee=copy", DEMO), "--tee")):
            with self.subTest(args=args):
                result = self.assert_ends(2, *args, says=says, cwd=self.folder)
                self.assertEqual(b"", result.stdout)
                for line in result.stderr.decode().splitlines():
                    self.assertTrue(line.startswith("funcmem: "), line)
        self.assertEqual([], self.names())

    def test_unreadable(self):
        for args, says in (
                (("/nonexistent/file",), "/nonexistent/file"),
                ((self.folder,), f"{self.folder}: .*directory"),
                (("--", "/nonexistent/command"), "/nonexistent/command")):
            for name in EXPORTS:
                with self.subTest(args=args, format=name):
                    result = self.assert_ends(3, f"--format={name}", *args, says=says)
                    self.assertEqual(b"", result.stdout)

    def test_one_of_several_is_missing(self):
        for order in ((DEMO, "/nonexistent/file"), ("/nonexistent/file", DEMO)):
            with self.subTest(order=order):
                result = self.assert_ends(3, "--format=json", *order, says="/nonexistent/file")
                self.assertEqual(self.json(DEMO)["reports"][0]["lines"], load(result.stdout)["reports"][0]["lines"])

    def test_no_report(self):
        log = self.file("empty.log", b"")
        words = self.file("words.log", b"nothing to see\n" * 3)
        for path in (log, words, "/dev/null"):
            for name in EXPORTS:
                with self.subTest(path=path, format=name):
                    self.assert_ends(4, f"--format={name}", path, says="no memory_profiler report")
        self.assert_ends(4, input=b"", says="no memory_profiler report")
        self.assert_ends(4, "--", "true", says="no memory_profiler report")
        self.assertEqual([], self.json(log, code=4)["reports"])

    def test_output(self):
        for args in ((DEMO,), ("--format=json", DEMO), ("--help",), ("--version",), ("--list-columns",)):
            with self.subTest(args=args), open("/dev/full", "wb") as full:
                self.assert_ends(6, *args, stdout=full, says="cannot write standard output")

    def test_command(self):
        for status, code in ((0, 0), (1, 65), (2, 66), (62, 126), (63, 127), (64, 127), (255, 127)):
            with self.subTest(status=status):
                result = self.assert_ends(code, "--format=json", "--", "sh", "-c", 'cat "$0"; exit $1', DEMO, str(status))
                self.assertEqual(self.json(DEMO)["reports"], load(result.stdout)["reports"])
        for name in ("KILL", "TERM", "HUP", "INT", "SEGV"):
            with self.subTest(signal=name):
                number = signal.Signals["SIG" + name]
                result = self.assert_ends(128 + number, "--format=json", "--", "sh", "-c", 'cat "$0"; kill -$1 $$', DEMO, name)
                self.assertEqual(self.json(DEMO)["reports"], load(result.stdout)["reports"])

    def test_command_has_no_input_and_both_outputs(self):
        script = 'cat; echo one >&2; cat "$0"; readlink /proc/self/fd/0 >&2 || echo /dev/null'
        copy = self.folder / "copy"
        self.assert_ends(0, "--tee", copy, "--", "sh", "-c", script, DEMO)
        self.assertEqual(b"one\n" + DEMO.read_bytes() + b"/dev/null\n", copy.read_bytes())

    def test_command_options_are_its_own(self):
        self.assert_ends(0, "--format=json", "--", "sh", "-c", '[ "$1" = --format=csv ] && [ "$2" = -- ] && cat "$0"', DEMO,
                         "--format=csv", "--")


class Signals(Case):
    """A signal ends the input; what was read is printed."""

    def assert_prints_what_was_read(self, process, number: int, reports: int):
        process.send_signal(number)
        out, err = process.communicate(timeout=DEADLINE)
        self.assertEqual(128 + number, process.returncode, err)
        self.assertEqual(reports, len(load(out)["reports"]))

    def test_standard_input(self):
        content = DEMO.read_bytes()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number.name):
                copy = self.folder / number.name
                process = start("--format=json", "--tee", copy, stdin=subprocess.PIPE)
                self.addCleanup(self.killed, process)
                process.stdin.write(content)
                process.stdin.flush()
                wait_for(lambda: copy.exists() and copy.stat().st_size == len(content), "all bytes are read")
                # communicate() would end the input, and the signal must do that
                stdin, process.stdin = process.stdin, None
                self.assert_prints_what_was_read(process, number, 90)
                stdin.close()

    def test_command(self):
        content = DEMO.read_bytes()
        inner = self.folder / "inner"
        copy = self.folder / "copy"
        script = 'cat "$0"; sh -c \'echo $$ >"$0.new"; mv "$0.new" "$0"; exec sleep 1000\' "$1"; :'
        process = start("--format=json", "--tee", copy, "--", "sh", "-c", script, DEMO, inner)
        self.addCleanup(self.killed, process)
        wait_for(lambda: inner.exists() and copy.stat().st_size == len(content), "all is read and the inner command runs")
        self.assert_prints_what_was_read(process, signal.SIGINT, 90)
        self.assertFalse(is_running(int(inner.read_text())), "the whole group is stopped")

    def test_closed_pipe(self):
        log = self.file("many.log", b"".join(path.read_bytes() for path in captures() if path.suffix == ".log") * 3)
        for name in EXPORTS:
            with self.subTest(name):
                process = start(f"--format={name}", log)
                self.addCleanup(self.killed, process)
                process.stdout.readline()
                process.stdout.close()
                self.assertEqual(b"", process.stderr.read())
                self.assertEqual(0, process.wait(timeout=DEADLINE))


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


class Terminal(Case):
    """A terminal on standard input or output of a program that shall not use it."""

    @contextlib.contextmanager
    def terminal(self):
        master, slave = pty.openpty()
        try:
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
            yield master, slave
        finally:
            os.close(master)
            os.close(slave)

    def test_no_file_and_a_terminal_as_input(self):
        with self.terminal() as (_, slave):
            result = self.assert_ends(2, stdin=slave)
            self.assertEqual(b"", result.stdout)
            err = result.stderr.decode()
            self.assertIn("Usage: funcmem", err)
            self.assertGreaterEqual(len(re.findall(r"(?m)^  funcmem .*\S$", err)), 2, "two examples")
            self.assertIn("memory_profiler.LogFile(", err)
            self.assert_ends(2, "--format=json", stdin=slave)

    def on_terminal(self, *args, env=None) -> bytes:
        with self.terminal() as (master, slave):
            process = start(*args, stdout=slave, env=env)
            out = b""
            while process.poll() is None or select.select([master], [], [], 0)[0]:
                if select.select([master], [], [], 0.01)[0]:
                    out += os.read(master, 65536)
            self.assertEqual(b"", process.communicate()[1])
            self.assertEqual(0, process.returncode)
            return out

    def test_color(self):
        text = ("--format=text", DEMO)
        for colored, args, env in (
                (True, (), {}),
                (False, (), {"NO_COLOR": "1"}),
                (True, (), {"NO_COLOR": ""}),
                (False, (), {"TERM": "dumb"}),
                (False, ("--color=never",), {}),
                (True, ("--color=always",), {"NO_COLOR": "1"})):
            with self.subTest(args=args, env=env):
                self.assertEqual(colored, b"\x1b[" in self.on_terminal(*args, *text, env=env))
        for colored, args, env in (
                (False, (), {}),
                (True, (), {"CLICOLOR_FORCE": "1"}),
                (False, (), {"CLICOLOR_FORCE": "0"}),
                (True, ("--color=always",), {}),
                (False, ("--color=never",), {"CLICOLOR_FORCE": "1"})):
            with self.subTest(args=args, env=env, pipe=True):
                self.assertEqual(colored, b"\x1b[" in run(*args, *text, env=env).stdout)

    def test_lines_fit_the_terminal(self):
        out = re.sub(rb"\x1b\[[0-9;]*m", b"", self.on_terminal("--format=text", "--color=never", DEMO)).decode()
        self.assertLessEqual(max(len(line.rstrip("\r")) for line in out.split("\n")), 80)


class Output(Case):
    """-o replaces a file wholly or not at all."""

    def setUp(self):
        super().setUp()
        self.out = self.file("out.json", b"old")

    def assert_kept(self):
        self.assertEqual(b"old", self.out.read_bytes())
        self.assertEqual(["out.json"], self.names())

    def test_replaced(self):
        self.out.chmod(0o640)
        self.assert_ends(0, "--format=json", "-o", self.out, DEMO)
        self.assertEqual(90, len(load(self.out.read_bytes())["reports"]))
        self.assertEqual(0o640, stat.S_IMODE(self.out.stat().st_mode))
        self.assertEqual(["out.json"], self.names())

    def test_new_file_obeys_umask(self):
        out = self.folder / "new.json"
        self.assert_ends(0, "--format=json", "-o", out, DEMO, umask=0o027)
        self.assertEqual(0o640, stat.S_IMODE(out.stat().st_mode))

    def test_nothing_to_write(self):
        self.assert_ends(3, "--format=json", "-o", self.out, "/nonexistent/file", says="/nonexistent/file")
        self.assert_kept()
        self.assert_ends(2, "--format=xml", "-o", self.out, DEMO)
        self.assert_kept()

    def test_no_report_is_written_as_such(self):
        self.assert_ends(4, "--format=json", "-o", self.out, "/dev/null", says="no memory_profiler report")
        self.assertEqual([], load(self.out.read_bytes())["reports"])

    def test_disk_fills(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (10000, 10000))

        for name in ("json", "ndjson", "csv"):
            with self.subTest(name):
                self.assert_ends(6, f"--format={name}", "-o", self.out, DEMO, says=f"cannot write {self.out}", preexec_fn=limit,
                                 restore_signals=False)
                self.assert_kept()

    def test_killed_by_the_file_size_limit(self):
        """The signal of the limit is an error like any other, not an end."""
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (10000, 10000))

        self.assert_ends(6, "--format=json", "-o", self.out, DEMO, says=f"cannot write {self.out}", preexec_fn=limit)
        self.assert_kept()

    def test_device(self):
        self.assert_ends(6, "--format=json", "-o", "/dev/full", DEMO, says="cannot write /dev/full")
        self.assert_ends(0, "--format=json", "-o", "/dev/null", DEMO)
        self.assertTrue(Path("/dev/null").is_char_device())

    def test_no_folder(self):
        self.assert_ends(6, "-o", self.folder / "none" / "out", DEMO, says="cannot write .*none/out")
        self.assert_ends(6, "-o", self.folder, DEMO, says=f"cannot write {self.folder}")
        self.assert_kept()

    def test_unwritable_folder(self):
        program, user = FUNCMEM, None
        if os.geteuid() == 0:  # permissions do not hold root back
            program, user = Path(shutil.copy(FUNCMEM, self.folder)), 65534
        log = shutil.copy(DEMO, self.folder)
        self.folder.chmod(0o555)
        result = subprocess.run([program, "-o", self.out, log], env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True,
                                user=user, timeout=DEADLINE)
        self.folder.chmod(0o755)
        self.assertEqual(6, result.returncode, result.stderr)
        self.assertRegex(result.stderr.decode(), "^funcmem: cannot write .*out.json")
        self.assertEqual(b"old", self.out.read_bytes())

    def test_symbolic_link(self):
        link = self.folder / "link"
        link.symlink_to("out.json")
        self.assert_ends(0, "--format=json", "-o", link, DEMO)
        self.assertTrue(link.is_symlink())
        self.assertEqual(90, len(load(self.out.read_bytes())["reports"]))
        self.assertEqual(["link", "out.json"], self.names())

    def test_link_to_nothing(self):
        link = self.folder / "link"
        link.symlink_to("later.json")
        self.assert_ends(0, "--format=json", "-o", link, DEMO)
        self.assertTrue(link.is_symlink())
        self.assertEqual(90, len(load((self.folder / "later.json").read_bytes())["reports"]))

    def test_onto_the_input(self):
        log = self.file("log", DEMO.read_bytes())
        self.assert_ends(0, "--format=json", "-o", log, log)
        self.assertEqual(90, len(load(log.read_bytes())["reports"]))


class Tee(Case):
    def test_bytes_are_unchanged(self):
        content = random.Random(7).randbytes(300000) + b"\r\n\x00\x1b[0m" + DEMO.read_bytes() + b"no newline at the end"
        copy = self.file("copy", b"before\n")
        self.assertEqual(90, len(self.json("--tee", copy, input=content)["reports"]))
        self.assertEqual(b"before\n" + content, copy.read_bytes())
        self.assertEqual(90, len(self.json("--tee", copy, "-", input=content)["reports"]))
        self.assertEqual(b"before\n" + content + content, copy.read_bytes())

    def test_command(self):
        copy = self.folder / "copy"
        self.assert_ends(0, "--tee", copy, "--", "cat", DEMO)
        self.assertEqual(DEMO.read_bytes(), copy.read_bytes())

    def test_full_disk_is_said_once_and_reading_goes_on(self):
        result = self.assert_ends(6, "--format=json", "--tee=/dev/full", input=DEMO.read_bytes(), says="cannot write to /dev/full")
        self.assertEqual(90, len(load(result.stdout)["reports"]))
        self.assertEqual(1, result.stderr.count(b"\n"))

    def test_no_folder(self):
        result = run("--tee", self.folder / "none" / "copy", input=b"")
        self.assertEqual(6, result.returncode)
        self.assertIn(b"none/copy", result.stderr)


class BadInput(Case):
    CUT = "report-0.61.txt"

    def test_long_line(self):
        """A line of 100 MB takes no more memory than a short one, and what follows is read."""
        process = start("--format=json", stdin=subprocess.PIPE)
        self.addCleanup(self.killed, process)
        piece = b"x" * (1 << 20)
        for _ in range(100):
            process.stdin.write(piece)
        process.stdin.write(b"\n" + DEMO.read_bytes())
        process.stdin.close()
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(0, process.returncode)
        self.assertEqual(90, len(load(out)["reports"]))
        if not has_address_sanitizer():
            self.assertLess(usage.ru_maxrss << 10, MEMORY_MAX)

    def test_long_line_of_a_row(self):
        """A row whose source text has no end stays a row."""
        content = (CORPUS / self.CUT).read_bytes().replace(b"return n", b"return " + b"n" * (10 << 20))
        data = self.json(input=content)
        self.assertEqual(15, len(data["reports"][0]["lines"]))

    def test_garbage(self):
        for seed in range(3):
            garbage = self.file("garbage", random.Random(seed).randbytes(1 << 20))
            for name in EXPORTS:
                with self.subTest(seed=seed, format=name):
                    result = self.assert_ends(4, f"--format={name}", garbage, says="no memory_profiler report")
                    result.stdout.decode("utf-8")

    def test_garbage_between_lines(self):
        whole = self.json(DEMO)
        rng = random.Random(5)
        lines = DEMO.read_bytes().splitlines(keepends=True)
        for i in range(0, len(lines), 7):
            lines[i] = rng.randbytes(200).replace(b"\n", b"?").replace(b"\r", b"?") + b"\n" + lines[i]
        data = self.json(input=b"".join(lines))
        self.assertEqual([i["id"] for i in whole["invocations"]], [i["id"] for i in data["invocations"]])
        self.assertEqual([r["lines"] for r in whole["reports"]], [r["lines"] for r in data["reports"]])

    def test_damaged_bytes_never_crash(self):
        for seed in range(60):
            rng = random.Random(seed)
            content = bytearray(rng.choice([path for path in captures() if path.stat().st_size < 20000]).read_bytes())
            for _ in range(rng.choice((1, 10, 300))):
                at = rng.randrange(len(content))
                content[at:at + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
            with self.subTest(seed=seed):
                result = run("--format=json", input=bytes(content))
                self.assertIn(result.returncode, (0, 4), result.stderr)
                load(result.stdout)

    def test_cut_at_every_byte(self):
        """Rows are a prefix of the whole report's; a dense report without its end is truncated."""
        content = (CORPUS / self.CUT).read_bytes()
        (whole,) = self.json(CORPUS / self.CUT)["reports"]
        header = content.index(b"Line Contents") + len(b"Line Contents")
        last_row = content.index(b"return n") + len(b"return n")
        for cut in range(len(content)):
            result = run("--format=json", input=content[:cut])
            with self.subTest(cut=cut):
                self.assertIn(result.returncode, (0, 4), result.stderr)
                reports = load(result.stdout)["reports"]
                self.assertLessEqual(len(reports), 1)
                rows = reports[0]["lines"] if reports else []
                self.assertEqual(whole["lines"][:len(rows)][:-1], rows[:-1])
                if rows:  # the last one may itself be cut
                    self.assertEqual(whole["lines"][len(rows) - 1]["line"], rows[-1]["line"])
                    self.assertTrue(whole["lines"][len(rows) - 1]["contents"].startswith(rows[-1]["contents"]))
                if header <= cut < last_row:
                    self.assertEqual(1, len(reports))
                    self.assertIn("truncated", reports[0]["flags"])

    def test_cut_sparse_capture(self):
        """The same for what an app logs: a report is whole, or at the end of the input."""
        content = (CORPUS / "sequential-true.log").read_bytes()
        end = content.index(b"\n", content.index(b"HttpTriggerAsync' (Succeeded")) + 1
        content = content[:end]
        whole = self.json(input=content)["reports"]
        self.assertEqual(2, len(whole))
        begin = content.index(b"Executing")
        for cut in range(begin, end, 3):
            result = run("--format=json", input=content[:cut])
            with self.subTest(cut=cut):
                self.assertIn(result.returncode, (0, 4), result.stderr)
                reports = load(result.stdout)["reports"]
                found = [row for report in reports for row in report["lines"]]
                wanted = [row for report in whole for row in report["lines"]]
                self.assertEqual(wanted[:len(found)][:-1], found[:-1])
                for report in reports:
                    if not report["lines"]:
                        self.assertIn("truncated", report["flags"])

    def test_line_ends(self):
        content = (CORPUS / "sequential-true.log").read_bytes()
        wanted = without_sources(self.json(input=content))
        for name, other in (("CRLF", content.replace(b"\n", b"\r\n")), ("CRCRLF", content.replace(b"\n", b"\r\r\n")),
                            ("no newline at the end", content.rstrip(b"\n")),
                            ("BOM", b"\xef\xbb\xbf" + content)):
            with self.subTest(name):
                self.assertEqual(wanted, without_sources(self.json(input=other)))

    def test_progress_before_a_report(self):
        """What shows progress leaves no line end behind, and a report on standard output begins on its line."""
        report = (CORPUS / "report-0.61.txt").read_bytes()
        wanted = without_sources(self.json(input=report * 2))
        self.assertEqual(2, len(wanted["reports"]))
        self.assertEqual(wanted, without_sources(self.json(input=b"10%|#    |\r99%|#####|\r" + report + b"100%\r" + report)))

    def test_times_of_journald(self):
        """Its own time is that of lines that have none."""
        for front in ("Sun 2026-11-22 11:31:00 UTC host func[4711]: ", "2026-11-22T12:31:00+0100 host func[4711]: "):
            lines = (CORPUS / "report-0.61.txt").read_text().splitlines()
            data = self.json(input="".join(f"{front}{line}\n" for line in lines).encode())
            self.assertEqual(["2026-11-22T11:31:00Z"], [report["time"] for report in data["reports"]])
        log = "".join(json.dumps({"__REALTIME_TIMESTAMP": "1795347060000001", "MESSAGE": line}) + "\n" for line in lines)
        self.assertEqual(["2026-11-22T11:31:00.000001Z"], [report["time"] for report in self.json(input=log.encode())["reports"]])

    def test_encodings(self):
        """PowerShell's ">" writes UTF-16: of a log, of an answer of az, of a CSV."""
        for name in ("sequential-true.log", "az-appinsights.json", "dataexport.ndjson", "portal.csv"):
            content = (CORPUS / name).read_bytes().decode("utf-8-sig")
            wanted = self.json(input=content.encode())
            for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"):
                with self.subTest(encoding, name=name):
                    data = self.json(input=content.encode(encoding))
                    self.assertEqual(without_sources(wanted), without_sources(data))
                    (source,), (plain,) = data["sources"], wanted["sources"]
                    mark = 3 if encoding == "utf-8-sig" else 0
                    self.assertEqual((plain["format"], plain["bytes"] + mark, plain["lines"], 0),
                                     (source["format"], source["bytes"], source["lines"], source["damaged"]))

    def test_what_stands_around_lines(self):
        """What containers and services put in front of a line or around it is none of its text."""
        lines = (CORPUS / "sequential-true.log").read_text().splitlines()
        wanted = without_sources(self.json(CORPUS / "sequential-true.log"))
        stamp = "2026-11-22T11:31:00.123456789Z"
        numbers = itertools.count(1)
        around = {
            "docker logs --timestamps": lambda line: f"{stamp} {line}",
            "docker compose": lambda line: f"functions-1  | {line}",
            "docker compose --timestamps": lambda line: f"functions-1  | {stamp} {line}",
            "docker's files": lambda line: json.dumps({"log": line + "\n", "stream": "stdout", "time": stamp}),
            "Kubernetes' files": lambda line: f"{stamp} stdout F {line}",
            "kubectl logs --prefix": lambda line: f"[pod/app-5f7d/functions] {line}",
            "a quotation": lambda line: f"> {line}",
            "a comment": lambda line: f"# {line}",
            "journald": lambda line: f"Nov 22 11:31:00 host func[4711]: {line}",
            "SWA CLI": lambda line: f"[api] {line}",
            "pm2": lambda line: f"0|func  | {line}",
            "grep -n": lambda line: f"{next(numbers)}:{line}",
            "cat -n": lambda line: f"{next(numbers):6}\t{line}",
            "gh run view --log": lambda line: f"build\tRun func\t2026-11-22T11:31:00.1234567Z {line}",
            "GitLab": lambda line: f"2026-11-22T11:31:00.123456Z 01O {line}",
            "syslog": lambda line: f"<14>Nov 22 11:31:00 host func[4711]: {line}",
            "journalctl -o short-full": lambda line: f"Sun 2026-11-22 11:31:00 UTC host func[4711]: {line}",
            "journalctl -o short-monotonic": lambda line: f"[ 1234.567890] host func[4711]: {line}",
            "journalctl -o json": lambda line: json.dumps({"_PID": "4711", "MESSAGE": line, "__REALTIME_TIMESTAMP": "1795347060000001"}),
        }
        for name, wrap in around.items():
            with self.subTest(name):
                found = without_sources(self.json(input="".join(wrap(line) + "\n" for line in lines).encode()))
                self.assertEqual(wanted, found)

    def test_last_row_without_newline(self):
        content = (CORPUS / self.CUT).read_bytes().rstrip(b"\n")
        self.assertEqual(15, len(self.json(input=content)["reports"][0]["lines"]))

    def test_escape_sequences(self):
        plain, colored = (self.json(CORPUS / name) for name in ("sequential-true.log", "sequential-true-ansi.log"))
        self.assertEqual([report["lines"] for report in plain["reports"]], [report["lines"] for report in colored["reports"]])
        self.assertNotIn("\x1b", json.dumps(colored, ensure_ascii=False))

    def test_invalid_utf8(self):
        content = (CORPUS / self.CUT).read_bytes()
        for bad, good in ((b"\xff", "\ufffd"), (b"\xc3(", "\ufffd("), (b"\xed\xa0\x80", "\ufffd"), (b"\xf4\x90\x80\x80", "\ufffd"),
                          (b"\xc0\xaf", "\ufffd"), (b"\xe2\x82", "\ufffd"), ("é€😀".encode(), "é€😀"),
                          (b'"\\\x01', '"\\\x01')):
            for name in EXPORTS:
                with self.subTest(bad=bad, format=name):
                    out = run(f"--format={name}", input=content.replace(b"return n", b"return " + bad)).stdout.decode("utf-8")
                    if name == "json":
                        text = load(out.encode())["reports"][0]["lines"][-1]["contents"]
                        self.assertRegex(text, "^    return " + re.escape(good).replace("\ufffd", "\ufffd+") + "$")

    def test_bytes_that_steer_a_terminal_do_not_reach_it(self):
        content = (CORPUS / self.CUT).read_bytes().replace(b"return n", b"return \x1b]0;title\x07\x9b31m\x00\x08\xe2\x80\xae n")
        for name in ("text", "markdown"):
            with self.subTest(name):
                out = run(f"--format={name}", "--color=never", input=content).stdout.decode("utf-8")
                self.assertFalse(set(out) & set("\x1b\x07\x9b\x00\x08\u202e"), out)


class Pieces(Case):
    """The same bytes in other pieces, parts and files give the same result."""

    def through_pipe(self, content: bytes, sizes) -> dict:
        process = start("--format=json", stdin=subprocess.PIPE)
        self.addCleanup(self.killed, process)
        fd, at = process.stdin.fileno(), 0
        while at < len(content):
            at += os.write(fd, content[at:at + next(sizes)])
        out, err = process.communicate(timeout=DEADLINE)
        self.assertEqual(0, process.returncode, err)
        return load(out)

    def assert_same(self, path: Path, sizes):
        wanted = self.json(path)
        found = self.through_pipe(path.read_bytes(), sizes)
        self.assertEqual("standard input", found["sources"][0].pop("name"))
        wanted["sources"][0].pop("name")
        self.assertEqual(wanted, found)

    def test_single_bytes(self):
        for name in ("sequential-true.log", "nested.log", "report-0.61.txt", "sequential-true-ansi.log"):
            with self.subTest(name):
                self.assert_same(CORPUS / name, iter(lambda: 1, 0))

    def test_random_pieces(self):
        for seed, path in enumerate(captures()):
            rng = random.Random(seed)
            with self.subTest(path.name):
                self.assert_same(path, iter(lambda: int(rng.paretovariate(0.6)) % 5000 + 1, 0))

    def test_regular_file_as_standard_input(self):
        for path in captures():
            with self.subTest(path.name), path.open("rb") as file:
                found = self.json(stdin=file)
                self.assertEqual(without_sources(self.json(path)), without_sources(found))
        with DEMO.open("rb") as file:
            self.assertEqual(90, len(self.json("-", stdin=file)["reports"]))

    def test_fifo(self):
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        process = start("--format=json", fifo)
        self.addCleanup(self.killed, process)
        fifo.write_bytes(DEMO.read_bytes())
        out, _ = process.communicate(timeout=DEADLINE)
        self.assertEqual(90, len(load(out)["reports"]))

    def test_several_files(self):
        names = ("sequential-true.log", "report-0.61.txt", "nested.log")
        single = [self.json(CORPUS / name) for name in names]
        both = self.json(*(CORPUS / name for name in names))
        self.assertEqual([data["sources"][0] for data in single], both["sources"])
        self.assertEqual([row["lines"] for data in single for row in data["reports"]], [row["lines"] for row in both["reports"]])
        self.assertEqual([i for i, data in enumerate(single) for _ in data["reports"]], [row["source"] for row in both["reports"]])
        self.assertEqual([i for i, data in enumerate(single) for _ in data["invocations"]],
                         [row["source"] for row in both["invocations"]])

    def test_same_reports_in_two_inputs(self):
        """What two inputs have of the same invocation counts once, whichever comes first."""
        def content(data: dict) -> tuple:
            calls = sorted((call["id"], call["function"], call["outcome"]) for call in data["invocations"])
            return calls, sorted((report["invocation"], report["attribution"], str(report["lines"])) for report in data["reports"])

        console, shorter, export = CORPUS / "sequential-true.log", CORPUS / "hostfile.log", CORPUS / "rest.json"
        for inputs in ((console, console), (console, shorter), (shorter, console), (console, export), (export, console),
                       (console, shorter, export)):
            with self.subTest(inputs=inputs):
                self.assertEqual(content(self.json(console)), content(self.json(*inputs)))
        self.assertIn("7 more stand there twice and count once", " ".join(run("--format=text", console, export).stdout.decode().split()))

    def test_same_reports_twice_in_one_input(self):
        """Whoever follows several log files at once has each line twice."""
        def shown(data):
            return ([{key: call[key] for key in ("id", "outcome", "reports")} for call in data["invocations"]],
                    [{key: report[key] for key in ("invocation", "file", "time", "lines")} for report in data["reports"]])

        for name in ("hostfile.log", "sequential-true.log", "nested.log"):
            with self.subTest(name):
                lines = (CORPUS / name).read_bytes().splitlines(keepends=True)
                doubled = b"".join(line * 2 for line in lines)
                self.assertEqual(shown(self.json(CORPUS / name)), shown(self.json(input=doubled)))

    def test_what_one_input_lacks_is_taken_from_the_other(self):
        whole = CORPUS / "failing.log"
        lines = whole.read_bytes().splitlines(keepends=True)
        failed = next(i for i, line in enumerate(lines) if b"Executed" in line and b"Failed" in line)
        cut = self.file("cut.log", b"".join(lines[:failed]))
        outcomes = {call["id"]: (call["outcome"], call["error"]) for call in self.json(whole)["invocations"]}
        for inputs in ((cut, whole), (whole, cut)):
            with self.subTest(inputs=inputs):
                self.assertEqual(outcomes, {call["id"]: (call["outcome"], call["error"]) for call in self.json(*inputs)["invocations"]})

    def test_the_better_of_two_reports_counts(self):
        console = CORPUS / "sequential-true.log"
        rows = [line for line in console.read_bytes().splitlines(keepends=True) if b" MiB " in line and b"@" not in line]
        poorer = self.file("poorer.log", console.read_bytes().replace(rows[0], b"", 1))
        for inputs in ((console, poorer), (poorer, console)):
            with self.subTest(inputs=inputs):
                self.assertEqual([row["lines"] for row in self.json(console)["reports"]],
                                 sorted((row["lines"] for row in self.json(*inputs)["reports"]),
                                        key=[row["lines"] for row in self.json(console)["reports"]].index))

    def test_join(self):
        content = DEMO.read_bytes()
        for cut in (content.index(b"memory_profiler_logs:     ", len(content) // 2),  # between the rows of a report
                    content.index(b"Mem usage", len(content) // 3),  # within a line
                    content.index(b"Executed", len(content) // 4)):
            with self.subTest(cut=cut):
                parts = [self.file("1.log", content[:cut]), self.file("2.log", content[cut:])]
                whole, joined = self.json(DEMO), self.json("--join", *parts)
                self.assertEqual(1, len(joined["sources"]))
                self.assertEqual(without_sources(whole), without_sources(joined))

    def test_join_with_a_missing_part(self):
        result = self.assert_ends(3, "--format=json", "--join", DEMO, "/nonexistent/part", says="/nonexistent/part")
        self.assertEqual(90, len(load(result.stdout)["reports"]))


class Following(Case):
    def test_ndjson_prints_reports_as_they_come(self):
        content = DEMO.read_bytes()
        cut = content.index(b"\n", content.index(b"Executed", len(content) // 2)) + 1
        wanted = run("--format=ndjson", DEMO).stdout.splitlines()
        log = self.file("growing.log", content[:cut])
        process = start("--format=ndjson", "--follow", log)
        self.addCleanup(self.killed, process)
        before = len(run("--format=ndjson", log).stdout.splitlines())
        found = [process.stdout.readline() for _ in range(before)]
        with log.open("ab") as file:
            file.write(content[cut:])
        found += [process.stdout.readline() for _ in range(len(wanted) - len(found))]
        process.send_signal(signal.SIGINT)
        self.assertEqual((b"", b""), process.communicate(timeout=DEADLINE))
        self.assertEqual(130, process.returncode)

        def key(line):
            report = json.loads(line)
            return report["id"], report["invocation"]["id"], report["attribution"], report["lines"]

        self.assertEqual(sorted(map(key, wanted)), sorted(map(key, found)))

class Configuration(Case):
    def setUp(self):
        super().setUp()
        self.config = self.folder / "funcmem" / "funcmem.conf"
        self.config.parent.mkdir()
        self.env = {"XDG_CONFIG_HOME": str(self.folder)}

    def text(self, config: str, *args, says: str | None = None) -> str:
        self.config.write_text(config)
        result = self.assert_ends(0, *args, DEMO, says=says, env=self.env)
        return result.stdout.decode()

    def test_it_counts_without_a_screen(self):
        plain = self.text("")
        self.assertEqual(run("--top=2", "--sort=peak:asc", DEMO).stdout.decode(),
                         self.text("[export]\ntop = 2\n[sort]\n" + "".join(
                             f"{view} = peak:asc\n" for view in ("functions", "invocations", "lines", "reports"))))
        self.assertIn("\x1b[", self.text("[screen]\ncolor = always\n"))
        self.assertEqual(plain, self.text("[export]\ntop = 2\n", "--no-config"))
        self.assertEqual(run("--top=3", DEMO).stdout.decode(), self.text("[export]\ntop = 2\n", "--top=3"))

    def test_following_is_for_the_screen(self):
        self.text("[input]\nfollow = yes\n")

    def test_exports_for_programs_stay_as_they_are(self):
        config = "[export]\ntop = 1\n[sort]\nfunctions = peak:asc\nlines = peak:asc\n[screen]\nquiet = yes\nhide-zero = yes\n"
        for name in ("json", "ndjson", "csv"):
            self.assertEqual(run(f"--format={name}", DEMO).stdout.decode(), self.text(config, f"--format={name}"))

    def test_mistakes_are_told_with_their_line(self):
        wrong = self.text("[screen]\n\ntheme = pink\n", says=f'^funcmem: {self.config}:3: theme: auto, .*"pink"$')
        self.assertEqual(self.text(""), wrong)

    def test_unreadable(self):
        self.config.mkdir()
        self.assert_ends(0, DEMO, says=f"funcmem: {self.config}: not a regular file", env=self.env)
        self.config.rmdir()
        os.mkfifo(self.config)
        self.assert_ends(0, DEMO, says=f"funcmem: {self.config}: not a regular file", env=self.env)


class About(Case):
    TABLES = {"--list-columns": "view\tcolumn\ttitle\ttype\torder\thelp", "--list-keys": "action\tkeys\tcontext\thelp",
              "--list-formats": "use\tname\thelp", "--list-settings": "section\tsetting\tdefault\tvalues\thelp"}

    def text(self, *args) -> str:
        result = self.assert_ends(0, *args)
        self.assertEqual(b"", result.stderr)
        return result.stdout.decode()

    def test_lists(self):
        for option, header in self.TABLES.items():
            with self.subTest(option):
                first, *rows = self.text(option).splitlines()
                self.assertEqual(header, first)
                self.assertGreater(len(rows), 5)
                for row in rows:
                    self.assertEqual(header.count("\t"), row.count("\t"), row)
                    self.assertNotIn("", row.split("\t"))
                self.assertEqual(len(rows), len({tuple(row.split("\t")[:2]) for row in rows}), "no row twice")

    def test_every_column_sorts(self):
        for row in self.text("--list-columns").splitlines()[1:]:
            view, column, *_ = row.split("\t")
            for argument in (column, f"{view}.{column}:asc", f"{view}.{column}:desc"):
                self.assert_ends(0, f"--sort={argument}", DEMO)

    def test_every_format_is_taken(self):
        for row in self.text("--list-formats").splitlines()[1:]:
            use, name, _ = row.split("\t")
            self.assertIn(run("--input-format" if use == "input" else "--format", name, DEMO).returncode, (0, 4), row)

    def test_help(self):
        help = self.text("--help")
        self.assertEqual(help, self.text("-h"))
        self.assertIn("Usage: funcmem", help)
        source = (SRCDIR / "src" / "options.c").read_text()
        rows = re.findall(r"""\{'(.|\\0)', "([a-z-]+)", (NULL|"[^"]*"), "((?:[^"\\]|\\.)*)", \w+\}""", source)
        self.assertGreater(len(rows), 15)
        for letter, name, argument, text in rows:
            pattern = f"  (-{letter}, |    )--{name}" if letter == "\\0" else f"  -{letter}, --{name}"
            pattern += "" if argument == "NULL" else "=" + re.escape(argument.strip('"'))
            words = r"\s+".join(map(re.escape, text.split()))
            self.assertRegex(help, rf"(?m)^{pattern}\s+{words}$")

    def test_help_fits_a_terminal(self):
        self.assertEqual([], [line for line in self.text("--help").splitlines() if len(line) > 80])

    def test_version(self):
        version = self.text("--version")
        self.assertEqual(version, self.text("-V"))
        self.assertRegex(version, r"^funcmem \d+\.\d+")
        for library in ("libuv", "ncurses", "utf8proc", "PCRE2"):
            self.assertRegex(version, rf"(?m)^{library} \d")


def main() -> int:
    if not os.access(FUNCMEM, os.X_OK):
        print(f"cli: there is no program {FUNCMEM}; say where in $FUNCMEM", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 77
    result = unittest.main(exit=False).result
    bad = {str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors}
    print(f"cli: {result.testsRun - len(bad)} passed, {len(bad)} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
