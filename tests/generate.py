#!/usr/bin/env python3
"""Generates a seeded console log of invocations that run at once, with its truth.

usage: generate.py [OPTION]... LOG            writes LOG and LOG.truth.json

The worker is modelled as threads that write one log record at a time; the host prints the records of one invocation in order (or,
like hosts before 4.36, not), each a little later than it was written. Nothing here is measured: the numbers are made so that they
behave like one process whose memory all invocations share.
"""
import argparse
import dataclasses
import datetime
import heapq
import json
import random
import uuid

START = datetime.datetime(2026, 3, 1, 9, 0, 0)
HEADER = "Line #    Mem usage    Increment  Occurrences   Line Contents"
RULE = "=" * 61


@dataclasses.dataclass
class Target:
    """A profiled function: its source lines, the first of them its decorator."""

    file: str
    first_line: int
    lines: list  # (line, text, may be measured)
    name: str
    calling_line: int = 0  # where it calls the profiled functions that are measured within it


@dataclasses.dataclass
class Function:
    name: str
    targets: list  # in the order in which their reports are printed: inner ones first
    repeats: list  # how often each is called


@dataclasses.dataclass
class Call:
    id: str
    function: Function
    records: list = dataclasses.field(default_factory=list)  # (time, text lines)
    reports: list = dataclasses.field(default_factory=list)
    dropped: set = dataclasses.field(default_factory=set)  # indexes of records that the host loses
    begin: float = 0.0
    end: float = 0.0
    failed: bool = False


def source_line(rng, indent, k):
    body = rng.choice(["rows = load(%d)", "data.append(x * %d)", "buffer = bytearray(%d)", "result = [i for i in range(%d)]",
                       "cache[key] = value_%d", "chunk = read(%d)", "table = dict.fromkeys(range(%d))", "del part_%d"])
    return " " * indent + body % k


def make_target(rng, file, first, length, name):
    lines = [(first, "@memory_profiler.profile(stream=profiler_logstream)", True), (first + 1, "def %s(n):" % name, False)]
    for k in range(length):
        blank = rng.random() < 0.12
        lines.append((first + 2 + k, "" if blank else source_line(rng, 4 + 4 * (rng.random() < 0.3), first + 2 + k), not blank))
    return Target(file, first, lines, name)


def add_calling_line(rng, target, name):
    place = rng.randrange(2, len(target.lines))
    target.calling_line = target.lines[place][0]
    target.lines[place] = (target.calling_line, "    part = %s(n)" % name, True)


def make_app(rng, o):
    functions = []
    line = 12
    helpers = [make_target(rng, "/home/dev/app/shared/helpers.py", 10 + 60 * k, rng.randint(*o.rows), "helper_%d" % k) for k in range(2)]
    for k in range(o.functions):
        name = "Function%s" % chr(ord("A") + k)
        file = "/home/dev/app/function_app.py" if o.model == "v2" else "/home/dev/app/%s/__init__.py" % name
        if o.model == "v1":
            line = 9
        targets, repeats = [], []
        if o.nested and rng.random() < 0.6:
            inner = rng.choice(helpers) if rng.random() < 0.5 else make_target(rng, file, line, rng.randint(*o.rows), "inner_%d" % k)
            line += 50
            targets.append(inner)
            repeats.append(rng.choice([1, 1, 2]))
        targets.append(make_target(rng, file, line, rng.randint(*o.rows), "work_%d" % k))
        if len(targets) > 1:
            add_calling_line(rng, targets[-1], targets[0].name)
        repeats.append(1)
        line += 50
        functions.append(Function(name, targets, repeats))
    return functions


def span_of(rng, o, mean):
    """How long something takes that takes `mean` on average, in ms."""
    if o.spread == "even":
        return mean * rng.uniform(0.7, 1.3)
    if o.spread == "wide":
        return mean * rng.lognormvariate(-0.98, 1.4)
    return rng.expovariate(1 / mean)


def measure(rng, target, base, dense, inner=None):
    """
    Rows of one report, as numbers in tenths of MiB, and the memory afterwards. At the calling line `inner` measures what is called
    there, from the memory that there was: it returns that before and after each call.
    """
    rows, memory, entry = [], base, True
    for line, text, measured in target.lines:
        if not measured:
            if dense:
                rows.append((line, None, None, None, text))
            continue
        if entry:
            rows.append((line, memory, memory, 1, text))
            entry = False
            continue
        step, runs = rng.choice([0, 0, 1, 2, 3, 8, 15, 40, -5, -20]) if rng.random() < 0.7 else 0, rng.choice([1, 1, 1, 10, 5003])
        after = max(200, memory + step)
        if inner and line == target.calling_line:
            calls = inner(memory)
            step, runs, after = sum(end - begin for begin, end in calls), len(calls), calls[-1][1]
        memory = after
        if dense or step > 0:
            rows.append((line, memory, step, runs, text))
    return rows, memory


def row_text(row):
    line, memory, step, runs, text = row
    if memory is None:
        return "%6d %12s %12s  %10s   %s" % (line, "", "", "", text)
    return "%6d %8.1f MiB %8.1f MiB  %10d   %s" % (line, memory / 10, step / 10, runs, text)


def report_records(target, rows, dense):
    records = [["Filename: " + target.file, "", ""], [HEADER, ""]]
    if dense:
        records.append([RULE, ""])
    records += [[row_text(row), ""] for row in rows]
    if dense:
        records.append(["", "", ""])
    return records


class Worker:
    """One Python process: what all calls share."""

    def __init__(self, rng, o):
        self.rng, self.o = rng, o
        self.memory = 450

    def measure_call(self, function):
        """(target, rows) of all its reports in the order of printing: the last one called the others, as often as it says."""
        outer, reports = function.targets[-1], []

        def inner(memory):
            calls = []
            for target, times in zip(function.targets[:-1], function.repeats):
                for _ in range(times):
                    rows, after = measure(self.rng, target, memory, self.o.dense)
                    reports.append((target, rows))
                    calls.append((memory, after))
                    memory = after + self.rng.choice([0, 0, 0, 1, 12])  # what others do meanwhile
            return calls

        rows, memory = measure(self.rng, outer, self.memory + self.rng.randint(0, 30), self.o.dense,
                               inner if len(function.targets) > 1 else None)
        self.memory = max(400, (self.memory * 9 + memory) // 10)
        return reports + [(outer, rows)]

    def run(self, call, begin, gate=0.0):
        """All that the call does; it does not print its last report before `gate`."""
        rng, o = self.rng, self.o
        now = begin + span_of(rng, o, o.latency)
        call.begin = begin
        reports = self.measure_call(call.function)
        if o.fail and rng.random() < o.fail:
            call.failed = True
            reports = reports[:-1]
        for index, (target, rows) in enumerate(reports):
            now += span_of(rng, o, o.work)
            if gate and index == len(reports) - 1:
                now = max(now, gate + span_of(rng, o, o.gap))
            records = report_records(target, rows, o.dense)
            at = len(call.records)
            for record in records:
                call.records.append((now, ["memory_profiler_logs: " + record[0]] + record[1:]))
                now += span_of(rng, o, o.gap)
            call.reports.append((at, target, rows, at + len(records) - len(rows) - o.dense))
            call.dropped |= {k for k in range(at + 1, len(call.records)) if o.drop and rng.random() < o.drop}
            if rng.random() < 0.3:
                call.records.append((now, ["root: part of %s done" % call.function.name]))
        now += span_of(rng, o, o.tail)
        call.end = now


def host_prints(rng, o, calls):
    """(time, order, call, what, lines) of everything that reaches the console."""
    events = []
    for call in calls:
        events.append((call.begin, call, "begin", None))
        printed = call.begin
        last = call.begin
        for index, (when, lines) in enumerate(call.records):
            if index in call.dropped:
                continue
            printed = max(printed, when + span_of(rng, o, o.host_delay)) if o.host_delay else when
            at = when + rng.expovariate(1 / o.permute) if o.permute else printed
            last = max(last, at)
            events.append((at, call, index, lines))
        delay = span_of(rng, o, o.host_delay) if o.host_delay else 0.0
        events.append(((call.end if o.race else max(call.end, last)) + delay + 1e-6, call, "end", None))
    events.sort(key=lambda e: e[0])
    return events


def prefix_of(o, t):
    """What Core Tools prints before a line: of today, of version 2, and of a while in version 3."""
    when = START + datetime.timedelta(milliseconds=t)
    if o.stamps == "none":
        return ""
    if o.stamps == "seconds":
        return when.strftime("[%-m/%-d/%Y %-I:%M:%S %p] ")
    return when.strftime("[%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z] "


def write_log(o, events, out):
    minor = 35 if o.permute else 1037
    out.write("\nAzure Functions Core Tools\nCore Tools Version:       4.0.6594 Commit hash: N/A (64-bit)\n"
              "Function Runtime Version: 4.%d.0.23568\n\n%sWorker process started and initialized.\n" % (minor, prefix_of(o, 0)))
    order, opened = [], []
    for at, call, what, lines in events:
        prefix = prefix_of(o, at)
        if what == "begin":
            opened.append(call)
            out.write("%sExecuting 'Functions.%s' (Reason='This function was programmatically called via the host APIs.', Id=%s)\n"
                      % (prefix, call.function.name, call.id))
        elif what == "end":
            out.write("%sExecuted 'Functions.%s' (%s, Id=%s, Duration=%dms)\n"
                      % (prefix, call.function.name, "Failed" if call.failed else "Succeeded", call.id, at - call.begin))
            if call.failed:
                out.write("%sSystem.Private.CoreLib: Exception while executing function: Functions.%s. System.Private.CoreLib: "
                          "Result: Failure\n%sException: TypeError: unsupported operand\n" % (prefix, call.function.name, prefix))
        else:
            order.append((call, what))
            for text in lines:
                out.write(prefix + text + "\n")
    return order


def truth_of(calls, order):
    first_of = {}
    for place, (call, index) in enumerate(order):
        first_of.setdefault((call.id, index), place)
    reports = []
    for call in calls:
        contended = any(c is not call and c.begin < call.end and call.begin < c.end for c in calls)
        for at, target, all_rows, first in call.reports:
            rows = [row for k, row in enumerate(all_rows, first) if k not in call.dropped]
            lines = [dict(line=r[0], mem_mib=None if r[1] is None else r[1] / 10, increment_mib=None if r[2] is None else r[2] / 10,
                          occurrences=r[3]) for r in rows]
            reports.append((first_of[(call.id, at)], dict(invocation=call.id, file=target.file, first_line=rows[0][0] if rows else None, lines=lines,
                                                          contended=contended)))
    reports.sort(key=lambda r: r[0])
    return dict(invocations=[dict(id=c.id, function=c.function.name, outcome="failed" if c.failed else "succeeded") for c in calls],
                reports=[r for _, r in reports])


def arguments():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("log")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--calls", type=int, default=200)
    p.add_argument("--at-once", type=int, default=4, help="invocations that run at the same time")
    p.add_argument("--functions", type=int, default=3)
    p.add_argument("--rows", type=int, nargs=2, default=[3, 10], help="source lines of a profiled function")
    p.add_argument("--dense", action="store_true", help="as LogFile(..., False)")
    p.add_argument("--model", choices=["v1", "v2"], default="v1")
    p.add_argument("--nested", action="store_true")
    p.add_argument("--fail", type=float, default=0.0, help="share of calls that fail")
    p.add_argument("--work", type=float, default=120.0, help="ms of work before a report")
    p.add_argument("--gap", type=float, default=0.3, help="ms between the records of a report")
    p.add_argument("--tail", type=float, default=0.5, help="ms from the last record to the end of the call")
    p.add_argument("--latency", type=float, default=1.0, help="ms from Executing to the start in the worker")
    p.add_argument("--host-delay", type=float, default=0.2, help="ms until the host prints a record")
    p.add_argument("--permute", type=float, default=0.0, help="ms by which a host before 4.36 may swap records")
    p.add_argument("--race", action="store_true", help="with --permute: the end of a call does not wait for its records")
    p.add_argument("--drop", type=float, default=0.0, help="share of records that it loses, Filename lines aside")
    p.add_argument("--spread", choices=["random", "even", "wide"], default="random", help="how much these times differ")
    p.add_argument("--waves", action="store_true", help="calls begin together, when all before them have ended")
    p.add_argument("--gate", action="store_true", help="with --waves: their last reports are printed together, too")
    p.add_argument("--stamps", choices=["fine", "seconds", "none"], default="fine")
    return p.parse_args()


def one_after_the_other(rng, o, app, worker):
    """As many at once as may be: each begins soon after another one has ended."""
    free = [(0.0, k) for k in range(o.at_once)]
    heapq.heapify(free)
    calls = []
    for _ in range(o.calls):
        begin, slot = heapq.heappop(free)
        call = Call(str(uuid.UUID(int=rng.getrandbits(128), version=4)), rng.choice(app))
        worker.run(call, begin + rng.expovariate(1 / 5.0))
        calls.append(call)
        heapq.heappush(free, (call.end + rng.expovariate(1 / 10.0), slot))
    return calls


def in_waves(rng, o, app, worker):
    calls, begin = [], 0.0
    while len(calls) < o.calls:
        gate = begin + o.latency + 2 * o.work if o.gate else 0.0
        wave = [Call(str(uuid.UUID(int=rng.getrandbits(128), version=4)), rng.choice(app)) for _ in range(o.at_once)]
        for call in wave:
            worker.run(call, begin + rng.expovariate(1 / 0.5), gate)
        calls += wave
        begin = max(call.end for call in wave) + 10 + rng.expovariate(1 / 10.0)
    return calls


def main():
    o = arguments()
    rng = random.Random(o.seed)
    app = make_app(rng, o)
    worker = Worker(rng, o)
    calls = (in_waves if o.waves else one_after_the_other)(rng, o, app, worker)
    calls.sort(key=lambda c: c.begin)
    with open(o.log, "w", encoding="utf-8") as out:
        order = write_log(o, host_prints(rng, o, calls), out)
    with open(o.log + ".truth.json", "w", encoding="utf-8") as out:
        json.dump(truth_of(calls, order), out)


if __name__ == "__main__":
    main()
