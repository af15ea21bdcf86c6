#!/usr/bin/env python3
"""Compares what funcmem reads with what memory_profiler has measured, digit for digit.

Every seed makes a random program, runs it, and has FUNCMEM read the log.
Exit status: 0 all right, 1 something wrong, 77 memory_profiler is missing.
"""
import sys

sys.dont_write_bytecode = True

import argparse
import functools
import json
import multiprocessing
import os
import subprocess
import tempfile
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Iterator, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

from demohost import interpreter

interpreter.require("memory_profiler", status=77)

import oracle
from program import KINDS

MEMBERS = ("file", "first_line", "name", "invocation")
CELLS = ("line", "mem_mib", "increment_mib", "occurrences", "contents")


class Result(NamedTuple):
    seed: int
    log: Path
    reports: int
    rows: int
    wrong: int
    problems: list[str]


def differences(found: dict, true: dict) -> Iterator[str]:
    for member in MEMBERS:
        if found.get(member) != true[member]:
            yield f"{member} is {found.get(member)!r}, should be {true[member]!r}"
    for number, (row, right) in enumerate(zip_longest(found.get("lines", []), true["lines"]), 1):
        if row is None or right is None:
            yield f"row {number} is {'missing' if row is None else 'extra'}: {row or right}"
            return
        for cell in CELLS:
            if row.get(cell) != right[cell]:
                yield f"row {number} (line {right['line']}): {cell} is {row.get(cell)!r}, should be {right[cell]!r}"
    peaks = [Decimal(row["mem_mib"]) for row in true["lines"] if row["mem_mib"] is not None]
    if peaks and "peak_mib" in found and Decimal(found["peak_mib"]) != max(peaks):
        yield f"peak_mib is {found['peak_mib']}, should be {max(peaks)}"


def read(funcmem: str, log: Path) -> tuple[dict, list[str]]:
    """Numbers with a point come as their text."""
    try:
        done = subprocess.run([funcmem, "--format=json", str(log)], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return {}, ["no answer within 60 s"]
    if done.returncode not in (0, 4):
        error = done.stderr.decode(errors="replace").strip()
        return {}, [f"{funcmem} exited with {done.returncode}: {error}"]
    try:
        answer = json.loads(done.stdout or b"{}", parse_float=str)
    except ValueError as error:
        return {}, [f"no valid JSON: {error}"]
    none = not answer.get("reports")
    return answer, [] if none or not done.returncode else ["exit status 4 though there are reports"]


def check(funcmem: str, folder: Path, choices: dict, seed: int) -> Result:
    log = folder / f"{seed}.log"
    oracle.generate(seed, log, **choices)
    true = json.loads(Path(f"{log}.truth.json").read_text(encoding="utf-8"), parse_float=str)["reports"]
    answer, problems = read(funcmem, log)
    wrong = 0
    for number, (found, right) in enumerate(zip_longest(answer.get("reports", []), true), 1):
        if found is None or right is None:
            report = [f"is {'missing' if found is None else 'extra'}"]
        else:
            report = list(differences(found, right))
        problems += (f"report {number}: {text}" for text in report)
        wrong += bool(report)
    if not problems:
        oracle.remove(log)
    return Result(seed, log, len(true), sum(len(r["lines"]) for r in true), wrong or bool(problems), problems)


def seeds(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("funcmem", metavar="FUNCMEM", help="the program to test")
    parser.add_argument("--seeds", type=seeds, default=range(1, 101), metavar="A-B", help="default: 1-100")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="programs at a time (default: 2)")
    parser.add_argument("--kind", choices=KINDS, help="only this kind of program")
    parser.add_argument("--framing", choices=oracle.FRAMINGS, help="only this kind of log")
    parser.add_argument("--mode", choices=oracle.MODES, help="only this kind of output")
    parser.add_argument("--show", type=int, default=5, metavar="N", help="differences to show per log (default: 5)")
    options = parser.parse_args()
    choices = {name: getattr(options, name) for name in ("kind", "framing", "mode")}

    folder = Path(tempfile.mkdtemp(prefix="funcmem-oracle-"))
    task = functools.partial(check, os.path.abspath(options.funcmem), folder, choices)
    totals = [0, 0, 0, 0]
    with multiprocessing.get_context("fork").Pool(options.jobs, maxtasksperchild=1) as pool:
        for result in pool.imap(task, options.seeds):
            totals = [a + b for a, b in zip(totals, (1, *result[2:5]))]
            if result.problems:
                print(f"oracle: seed {result.seed}: {result.log}", file=sys.stderr)
                for problem in result.problems[:options.show]:
                    print(f"  {problem}", file=sys.stderr)
    programs, reports, rows, wrong = totals
    print(f"oracle: {programs} programs, {reports} reports, {rows} rows, {wrong} wrong")
    if not any(folder.iterdir()):
        folder.rmdir()
    return 1 if wrong or not reports else 0


if __name__ == "__main__":
    sys.exit(main())
