#!/usr/bin/env python3
"""A second, deliberately simple reader: reference.py --format=json LOG

It stands in for funcmem in `check.py reference.py` and so tests the oracle
itself. It reads what the oracle writes (one call after the other, current
memory_profiler), prints the members that check.py looks at, and nothing else.
"""
import json
import re
import sys

PREFIX = re.compile(r"(?:\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] )?(?:(?:memory_profiler_logs|app\.memory): )?")
EVENT = re.compile(r"(Executing|Executed) '.*Id=([-0-9a-f]{36})")
HEADER = "Line #    Mem usage    Increment  Occurrences   Line Contents"
NUMBER = r" *(-?\d+(?:\.\d+)?) MiB"
ROW = re.compile(rf"(?: *(\d+))(?:{NUMBER}{NUMBER} +(\d+)| {{38}})   (.*)", re.DOTALL)
DEF = re.compile(r"\s*(?:async\s+)?def\s+(\w+)")


def read(text: str) -> list[dict]:
    reports: list[dict] = []
    invocation, header_due = None, False
    for line in text.split("\n"):
        line = line[PREFIX.match(line).end():]
        event, row = EVENT.match(line), ROW.fullmatch(line)
        if event:
            invocation = event[2] if event[1] == "Executing" else None
        elif line.startswith("Filename: "):
            reports.append({"file": line[10:], "invocation": invocation, "lines": []})
            header_due = True
        elif line == HEADER and header_due:
            header_due = False
        elif row and reports and not header_due:
            reports[-1]["lines"].append(row.groups())
    return reports


def number(text: str) -> str:
    return text.removeprefix("-") if float(text) == 0 else text


def as_json(report: dict, names: dict) -> str:
    rows = []
    for line, memory, increment, occurrences, contents in report["lines"]:
        values = (number(memory), number(increment), occurrences) if memory else ("null",) * 3
        rows.append('{"line":%s,"mem_mib":%s,"increment_mib":%s,"occurrences":%s,"contents":%s}'
                    % (line, *values, json.dumps(contents)))
    head = json.dumps({"file": report["file"], "invocation": report["invocation"],
                       "first_line": first_line(report), "name": names.get((report["file"], first_line(report)))})
    return f'{head[:-1]}, "lines":[{",".join(rows)}]}}'


def first_line(report: dict) -> int | None:
    return int(report["lines"][0][0]) if report["lines"] else None


def main() -> int:
    with open(sys.argv[-1], encoding="utf-8", newline="\n") as log:
        reports = read(log.read())
    names = {}
    for report in reversed(reports):
        found = next(filter(None, (DEF.match(row[4]) for row in report["lines"])), None)
        if found:
            names[report["file"], first_line(report)] = found[1]
    print('{"schema":"funcmem/1","reports":[%s]}' % ",".join(as_json(r, names) for r in reports))
    return 0


if __name__ == "__main__":
    sys.exit(main())
