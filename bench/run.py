#!/usr/bin/env python3
"""Compares funcmem with public tools, side by side, and prints each target as a ratio.

usage: run.py FUNCMEM TOOLS          (make bench calls it; TOOLS is the folder of generate, measure and whole)

BENCH_SIZE=1G     size of the logs (slow tools get a tenth); 100M is a quick run
BENCH_ONLY=dense  only rows whose name contains one of these words, separated by commas
BENCH_ROUNDS=5    how often each command is run; funcmem and its yardstick take turns
BENCH_DIR=...     where the generated logs are kept, default bench.tmp

Absolute times drift from machine to machine and from minute to minute: only the ratios of one run count. Tools that are not
installed are left out; script/setup.sh names the packages.
"""
import collections
import os
import shutil
import statistics
import subprocess
import sys

import terminal

HERE = os.path.dirname(os.path.abspath(__file__))
MIB = 1 << 20

Sample = collections.namedtuple("Sample", "seconds cpu rss")


def times(name, command, at_least):
    """A yardstick that funcmem shall be faster than, by a factor."""
    return name, command, at_least, True


def share(name, command, at_most):
    """A yardstick of whose time funcmem may take so much."""
    return name, command, at_most, False


Case = collections.namedtuple("Case", "name workload scale command yardsticks")

GREP = "LC_ALL=C grep -c -F memory_profiler_logs: {log}"
LOAD = "{funcmem} -F text {log}"

CASES = [
    Case("sparse", "sparse", 1, LOAD, [share("grep", GREP, 1.0)]),
    Case("dense", "dense", 1, LOAD, [share("grep", GREP, 1.3)]),
    Case("pipe", "dense", 1, "cat {log} | {funcmem} -F text", [share("grep", "cat {log} | LC_ALL=C grep -c -F memory_profiler_logs:", 1.25)]),
    Case("dense-scripts", "dense", 0.1, LOAD, [
        times("mawk", "mawk -f {here}/largest.awk {log}", 6),
        times("perl", "perl {here}/largest.pl {log}", 10),
        times("python3", "python3 {here}/largest.py text {log}", 12),
        times("gawk", "LC_ALL=C gawk -f {here}/largest.awk {log}", 18),
    ]),
    Case("dense-lnav", "dense", 0.1, LOAD, [
        times("lnav", "lnav -n -c ':filter-in memory_profiler_logs' {log}", 40),
        times("lnav", "lnav -n -c \";SELECT count(*) FROM all_logs WHERE log_text LIKE '%MiB%'\" {log}", 20),
    ]),
    Case("interleaved", "interleaved", 0.1, LOAD, [share("grep", GREP, 1.3)]),
    Case("json", "json", 0.5, LOAD, [
        times("python3", "python3 {here}/largest.py json {log}", 6),
        times("cjson", "{whole} {log}", 5),
    ]),
    Case("json-jq", "json", 0.1, LOAD, [times("jq", "jq -r '.tables[0].rows[][1] | select(contains(\"MiB\"))' {log}", 12)]),
    Case("ndjson", "ndjson", 0.1, LOAD, [times("jq", "jq -r '.Message | select(contains(\"MiB\"))' {log}", 12)]),
    Case("csv", "csv", 0.5, LOAD, [times("python3", "python3 {here}/largest.py csv {log}", 3)]),
]


def size_of(text):
    return int(float(text[:-1]) * 1000 ** ("KMG".index(text[-1]) + 1)) if text[-1] in "KMG" else int(text)


def kept_bytes(counts):
    """What the things that are kept may take."""
    return 20 * counts["rows"] + 48 * counts["reports"] + 64 * counts["invocations"]


def median(samples, field):
    return statistics.median(getattr(sample, field) for sample in samples)


class Bench:
    def __init__(self, funcmem, tools):
        env = os.environ
        self.dir = env.get("BENCH_DIR", "bench.tmp")
        self.size = size_of(env.get("BENCH_SIZE", "1G"))
        self.rounds = int(env.get("BENCH_ROUNDS", "5"))
        self.only = [word for word in env.get("BENCH_ONLY", "").split(",") if word]
        self.tools = os.path.abspath(tools)
        self.names = {"funcmem": os.path.abspath(funcmem), "whole": os.path.join(self.tools, "whole"), "here": HERE}
        self.missed = []
        os.makedirs(self.dir, exist_ok=True)

    def wanted(self, name):
        return not self.only or any(word in name for word in self.only)

    def log(self, workload, size, *options):
        """The path of a generated log, and the number of things in it."""
        path = os.path.join(self.dir, "-".join([workload, str(size)] + list(options)))
        if not os.path.exists(path):
            with open(path + ".part", "wb") as log, open(path + ".counts", "wb") as counts:
                subprocess.run([os.path.join(self.tools, "generate"), *options, workload, str(size)], stdout=log, stderr=counts, check=True)
            os.rename(path + ".part", path)
        with open(path, "rb") as log:
            while log.read(MIB):
                pass  # into the page cache
        with open(path + ".counts", encoding="ascii") as counts:
            return path, {key: int(value) for key, value in (word.split("=") for word in counts.read().split())}

    def run_once(self, command):
        """Runs a shell command with its output in a file: GNU grep ends at its first match when that is /dev/null."""
        numbers = os.path.join(self.dir, "numbers")
        with open(os.path.join(self.dir, "out"), "wb") as sink:
            done = subprocess.run([os.path.join(self.tools, "measure"), numbers, "sh", "-c", command], stdout=sink, stderr=subprocess.DEVNULL)
        if done.returncode:
            sys.exit("bench: failed: %s" % command)
        with open(numbers, encoding="ascii") as measured:
            seconds, cpu, peak = measured.read().split()
        return Sample(float(seconds), float(cpu), int(peak) * 1024)

    def command(self, text, log):
        return text.format(log=log, **self.names)

    def show(self, name, measured, target, reached):
        if not reached:
            self.missed.append(name)
        self.tell(name, measured, target, "reached" if reached else "missed")

    @staticmethod
    def tell(name, measured, target="", verdict=""):
        print(("%-32s %-58s %-16s %s" % (name, measured, target, verdict)).rstrip(), flush=True)

    def take_turns(self, commands):
        samples = [[] for _ in commands]
        for _ in range(self.rounds):
            for i, command in enumerate(commands):
                samples[i].append(self.run_once(command))
        return samples

    def compare(self, case):
        log, _ = self.log(case.workload, int(self.size * case.scale))
        present = [y for y in case.yardsticks if shutil.which(y[0]) or y[0] == "cjson"]
        commands = [case.command] + [y[1] for y in present]
        ours, *theirs = self.take_turns([self.command(c, log) for c in commands])
        mine = median(ours, "seconds")
        for (name, _, target, faster), samples in zip(present, theirs):
            other = median(samples, "seconds")
            ratio = other / mine if faster else mine / other
            seconds = sorted(sample.seconds for sample in ours)
            measured = "%6.2f x  %.3f s (%.3f-%.3f, cpu %.2f) : %.3f s, %.0f MiB" % (
                ratio, mine, seconds[0], seconds[-1], median(ours, "cpu"), other, max(s.rss for s in ours) / MIB)
            self.show("%s / %s" % (case.name, name), measured, ("at least %g x" if faster else "at most %g x") % target,
                      ratio >= target if faster else ratio <= target)

    def linear(self):
        """The cost of a byte must not grow with the log."""
        for workload in ("sparse", "dense"):
            costs = []
            for size in (self.size // 100, self.size // 10, self.size):
                log, _ = self.log(workload, size)
                samples = self.take_turns([self.command(LOAD, log)])[0]
                costs.append(median(samples, "seconds") / size * 1e9)
            self.show("linear / " + workload, "  ".join("%.3f" % cost for cost in costs) + " ns a byte at 1/100, 1/10, 1/1",
                      "the same", costs[2] <= costs[1] * 1.25)

    def exports(self):
        """What printing all rows takes beside reading them; there is no target for it."""
        log, _ = self.log("dense", self.size)
        formats = ("text", "json", "ndjson", "csv")
        samples = self.take_turns([self.command("{funcmem} -F %s {log} >/dev/null" % f, log) for f in formats])
        text, *others = [median(s, "seconds") for s in samples]
        for name, seconds in zip(formats[1:], others):
            self.tell("exports / " + name, "%6.2f x  %.3f s : %.3f s of -F text" % (seconds / text, seconds, text))

    def peak(self, log, output="text"):
        return self.run_once(self.command("{funcmem} -F %s {log}" % output, log)).rss

    def many_reports(self):
        """A log of short reports, a hundred of each profiled function: a million of them where logs have a gigabyte."""
        return self.log("dense", int(self.size * 2.4), "-f500", "-t%d" % max(self.size // 100000, 1), "-r10")

    def memory(self):
        for workload in ("sparse", "dense"):
            log, counts = self.log(workload, self.size)
            self.show_memory("memory / " + workload, self.peak(log), 16 * MIB + kept_bytes(counts))
        log, counts = self.many_reports()
        for output in ("text", "json"):
            self.show_memory("memory / reports, -F %s" % output, self.peak(log, output), 16 * MIB + kept_bytes(counts))
        log, counts = self.log("shuffled", self.size // 5)
        self.show_memory("memory / shuffled", self.peak(log), 16 * MIB + 64 * counts["records"])
        for workload in ("json", "ndjson", "csv"):
            self.flat(workload)

    def flat(self, workload):
        """What an export in order takes must not grow with it."""
        flat = []
        for size in (self.size // 20, self.size // 2):
            log, counts = self.log(workload, size)
            flat.append(self.peak(log) - kept_bytes(counts))
        self.show("memory / " + workload, "%.1f MiB, then %.1f MiB of ten times as much, less what is kept" % (flat[0] / MIB, flat[1] / MIB),
                  "the same", flat[1] <= flat[0] + 2 * MIB)

    def show_memory(self, name, peak, limit):
        self.show(name, "%.1f MiB" % (peak / MIB), "at most %.1f MiB" % (limit / MIB), peak <= limit)

    def screen(self):
        log, _ = self.log("dense", self.size)
        scale, _ = self.many_reports()
        for row in terminal.measure(self.names["funcmem"], log, scale, self.rounds):
            if self.wanted(row[0]):
                self.show(*row)

    def run(self):
        for case in CASES:
            if self.wanted(case.name):
                self.compare(case)
        for name, part in (("linear", self.linear), ("exports", self.exports), ("memory", self.memory)):
            if self.wanted(name):
                part()
        if not self.only or any(word in name for word in self.only for name in terminal.NAMES):
            self.screen()
        print("%d missed%s" % (len(self.missed), ": " + ", ".join(self.missed) if self.missed else ""))


Bench(*sys.argv[1:]).run()
