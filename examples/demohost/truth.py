"""The truth about a log that is being written: which reports it must show.

Rows come from memory_profiler's own measurements and invocations from the
host that runs them; nothing is read back from the text. The file has the
format of the truth files beside the captures, with numbers digit for digit as
the report prints them (38.40 stays 38.40, -0.0 becomes 0.0).
"""
import ast
import functools
import json
import linecache
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Callable, Iterator, NamedTuple, TextIO

import memory_profiler

invocation_id: ContextVar[str | None] = ContextVar("invocation_id", default=None)


class Row(NamedTuple):
    line: int
    mem_mib: str | None
    increment_mib: str | None
    occurrences: int | None
    contents: str


@dataclass
class Report:
    invocation: str | None
    file: str
    code_line: int
    name: str | None
    rows: list[Row]


@dataclass
class Invocation:
    id: str
    function: str
    outcome: str = "unknown"
    contended: bool = False


def digits(value: float, precision: int) -> str:
    text = "{0:.{1}f}".format(value, precision)
    return text.removeprefix("-") if float(text) == 0 else text


@functools.lru_cache(maxsize=None)
def def_line(file: str, name: str, code_line: int) -> int | None:
    """Line of the def whose decorators and body begin at code_line."""
    tree = ast.parse("".join(linecache.getlines(file)))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
            if min([node.lineno, *(d.lineno for d in node.decorator_list)]) == code_line:
                return node.lineno
    return None


def kept_when_sparse(row: Row) -> bool:
    """The rule of LogFile(name, True). It takes the number between the first
    and the second MiB of the line for the increment: where a line without a
    measurement holds that word, it reads the source, or raises ValueError."""
    if row.increment_mib is not None:
        grew = float(row.increment_mib) > 0
    elif "MiB" in row.contents:
        grew = float(row.contents.split("MiB")[1].strip()) > 0
    else:
        grew = False
    return grew or "Filename:" in row.contents or "Line Contents" in row.contents


def measured_rows(measures: dict, file: str, lines: range, precision: int) -> Iterator[Row]:
    source = linecache.getlines(file)
    for line in lines:
        contents = source[line - 1].removesuffix("\n")
        measure = measures.get(line)
        if measure:
            increment, memory, occurrences = measure
            yield Row(line, digits(memory, precision), digits(increment, precision), occurrences, contents)
        else:
            yield Row(line, None, None, None, contents)


def printed_rows(rows: Iterator[Row], sparse: bool) -> list[Row]:
    """What gets printed before the end of the report or the filter's error."""
    if not sparse:
        return list(rows)
    kept = []
    try:
        for row in rows:
            if kept_when_sparse(row):
                kept.append(row)
    except ValueError:
        pass
    return kept


@dataclass
class Truth:
    rename: Callable[[str], str] = lambda text: text
    invocations: list[Invocation] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    _open: list[Invocation] = field(default_factory=list)
    _printing: ContextVar[Report | None] = ContextVar("printing", default=None)

    def install(self) -> Callable:
        """Watches memory_profiler.show_results, which @profile looks up when it
        decorates: to be called before the profiled code is imported. Returns
        the original."""
        original = memory_profiler.show_results

        def show_results(prof, stream=None, precision=1):
            token = self._printing.set(self._report(prof, stream, precision))
            try:
                original(prof, stream, precision)
            finally:
                self._printing.reset(token)

        memory_profiler.show_results = show_results
        return original

    def before_record(self) -> None:
        """To be called before a record is written: a report takes its place in
        the order with its first one."""
        report = self._printing.get()
        if report:
            self.reports.append(report)
            self._printing.set(None)

    def started(self, id: str, function: str) -> None:
        invocation = Invocation(id, function, contended=bool(self._open))
        for other in self._open:
            other.contended = True
        self._open.append(invocation)
        self.invocations.append(invocation)

    def ended(self, id: str, outcome: str) -> None:
        invocation = next(i for i in self._open if i.id == id)
        invocation.outcome = outcome
        self._open.remove(invocation)

    def write(self, out: TextIO) -> None:
        contended = {i.id for i in self.invocations if i.contended}
        names = {(r.file, r.code_line): r.name for r in self.reports if r.name}
        invocations = [json.dumps({"id": i.id, "function": i.function, "outcome": i.outcome})
                       for i in self.invocations]
        reports = [_report_json(r, names.get((r.file, r.code_line)), r.invocation in contended)
                   for r in self.reports]
        out.write('{"invocations":[%s],\n"reports":[%s]}\n'
                  % (",".join("\n" + i for i in invocations), ",".join("\n" + r for r in reports)))

    def _report(self, prof, stream, precision: int) -> Report | None:
        """@profile has one profiler per call, thus at most one function in it."""
        for file, code, lines in prof.code_map._toplevel:
            measures = prof.code_map[code]
            if measures:
                sparse = getattr(stream, "reportIncrementFlag", False)
                rows = printed_rows(measured_rows(measures, file, lines, precision), sparse)
                shown = {row.line for row in rows}
                name = code.co_name if def_line(file, code.co_name, lines[0]) in shown else None
                return Report(invocation_id.get(), self.rename(file), lines[0], name, rows)
        return None


def _report_json(report: Report, name: str | None, contended: bool) -> str:
    rows = ",".join(
        '{"line":%d,"mem_mib":%s,"increment_mib":%s,"occurrences":%s,"contents":%s}'
        % (row.line, row.mem_mib or "null", row.increment_mib or "null",
           row.occurrences or "null", json.dumps(row.contents))
        for row in report.rows)
    head = json.dumps({"invocation": report.invocation, "file": report.file, "name": name,
                       "first_line": report.rows[0].line if report.rows else None})
    return f'{head[:-1]}, "lines":[{rows}], "contended":{json.dumps(contended)}}}'
