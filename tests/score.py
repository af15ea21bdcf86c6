#!/usr/bin/env python3
"""Scores what funcmem reads (FUNCMEM_JSON, from --format=json) against the known truth of a capture.

A row is right when its line and all its numbers are right and it stands in
the report that is matched to its own; reports are matched one to one, those
with the most rows in common first. "-" is standard input. Exit status: 0 all
thresholds met, 1 not, 2 usage, 3 a file cannot be read.
"""
import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

LABELS = ("exact", "inferred", "ambiguous", "none")


@dataclass(eq=False)
class Report:
    data: dict
    rows: Counter
    invocation: str | None

    @classmethod
    def of(cls, data: dict, measured_only: bool) -> "Report":
        rows = Counter((row["line"], row["mem_mib"], row["increment_mib"], row["occurrences"])
                       for row in data["lines"] if row["mem_mib"] is not None or not measured_only)
        return cls(data, rows, data.get("invocation"))

    @property
    def place(self) -> tuple:
        return self.data.get("file"), self.data.get("first_line")

    @property
    def label(self) -> str:
        return self.data.get("attribution") or "none"

    @property
    def contended(self) -> bool:
        return "contended" in self.data.get("flags", ())

    def __str__(self) -> str:
        return "{}:{}".format(*self.place)


def common(found: Report, true: Report) -> int:
    return (found.rows & true.rows).total()


def match(found: list[Report], true: list[Report]) -> list[tuple[Report, Report]]:
    """Pairs of found and true. Several calls can print equal reports: among
    equals the place in the source decides, then the invocation, then the order."""
    by_row: dict[tuple, set[int]] = {}
    for j, report in enumerate(true):
        for key in (*report.rows, report.place):
            by_row.setdefault(key, set()).add(j)
    candidates = []
    for i, report in enumerate(found):
        for j in set().union(*(by_row.get(key, ()) for key in (*report.rows, report.place))):
            other = true[j]
            shared = common(report, other)
            if not shared and (report.rows or other.rows):
                continue
            strangers = report.rows.total() + other.rows.total() - 2 * shared
            candidates.append((-shared, strangers, report.place != other.place,
                               report.invocation != other.invocation, abs(i - j), i, j))
    pairs, used_found, used_true = [], set(), set()
    for *_, i, j in sorted(candidates):
        if i not in used_found and j not in used_true:
            used_found.add(i)
            used_true.add(j)
            pairs.append((j, found[i], true[j]))
    return [(f, t) for _, f, t in sorted(pairs, key=lambda pair: pair[0])]


@dataclass
class Score:
    true_reports: int = 0
    found_reports: int = 0
    matched: int = 0
    extra_reports: int = 0
    true_rows: int = 0
    right_rows: int = 0
    extra_rows: int = 0
    wrong_files: int = 0
    wrong_first_lines: int = 0
    wrong_baselines: int = 0
    wrong_contended: int = 0
    true_invocations: int = 0
    right_invocations: int = 0
    extra_invocations: int = 0
    lost_text: int = 0
    right: Counter = field(default_factory=Counter)
    wrong: Counter = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def attributed(self) -> int:
        return self.right.total()


def score(found: dict, true: dict, measured_only: bool = False, capture: str | None = None) -> Score:
    ours = [Report.of(data, measured_only) for data in found.get("reports", ())]
    theirs = [Report.of(data, measured_only) for data in true["reports"]]
    pairs = match(ours, theirs)
    result = Score(true_reports=len(theirs), matched=len(pairs), extra_reports=len(ours) - len(pairs),
                   true_rows=sum(t.rows.total() for t in theirs))
    matched = {id(t) for _, t in pairs}
    result.problems += (f"not found: {t} of {t.invocation}" for t in theirs if id(t) not in matched)
    for f, t in pairs:
        compare_reports(f, t, result, capture)
    result.extra_rows = sum(f.rows.total() for f in ours) - result.right_rows
    compare_invocations(found.get("invocations", []), true["invocations"], result)
    return result


def compare_reports(found: Report, true: Report, result: Score, capture: str | None) -> None:
    shared = common(found, true)
    result.right_rows += shared
    result.wrong_files += found.data.get("file") != true.data.get("file")
    result.wrong_first_lines += found.data.get("first_line") != true.data.get("first_line")
    (result.right if found.invocation == true.invocation else result.wrong)[found.label] += 1
    if found.rows != true.rows:
        result.problems.append(f"{true}: {shared} of {true.rows.total()} rows right,"
                               f" {found.rows.total() - shared} that are not its own")
    if found.place != true.place:
        result.problems.append(f"{true}: is said to be {found}")
    if found.invocation != true.invocation:
        result.problems.append(f"{true}: {found.label} in {found.invocation}, belongs to {true.invocation}")
    if "contended" in true.data and found.contended != true.data["contended"]:
        result.wrong_contended += 1
        result.problems.append(f"{true}: contended should be {true.data['contended']}")
    entry = next((row for row in found.data["lines"] if row["mem_mib"] is not None), None)
    result.wrong_baselines += any(row.get("baseline") and row is not entry for row in found.data["lines"])
    if capture is not None:
        lost = [row["contents"] for row in found.data["lines"] if row["contents"].strip() not in capture]
        result.lost_text += len(lost)
        result.problems += (f"{true}: not in the capture: {text}" for text in lost)


def compare_invocations(found: list[dict], true: list[dict], result: Score) -> None:
    def key(invocation: dict) -> tuple:
        outcome = invocation["outcome"].replace("running", "unknown")
        return invocation["id"], (invocation["function"] or "").removeprefix("Functions."), outcome

    ours, theirs = Counter(map(key, found)), Counter(map(key, true))
    result.true_invocations = theirs.total()
    result.right_invocations = (ours & theirs).total()
    known = Counter(invocation["id"] for invocation in true)
    result.extra_invocations = (Counter(invocation["id"] for invocation in found) - known).total()
    result.problems += ("invocation {}: should be {}, {}".format(*missing) for missing in theirs - ours)


def share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def failures(result: Score, options: argparse.Namespace) -> list[str]:
    """What falls short of a threshold, in words."""
    at_least = [
        ("rows", result.right_rows, result.true_rows, options.min_rows),
        ("reports", result.matched, result.true_reports, options.min_reports),
        ("first lines", result.matched - result.wrong_first_lines, result.matched, options.min_rows),
    ]
    max_extra_rows = options.max_extra_rows
    if max_extra_rows is None:
        max_extra_rows = int(result.true_rows * (1 - options.min_rows) + 1e-9)
    at_most = [
        ("extra reports", result.extra_reports, options.max_extra),
        ("extra rows", result.extra_rows, max_extra_rows),
        ("wrong files", 0 if options.no_file else result.wrong_files, 0),
        ("reports with a baseline mark that is not on their first measured row", result.wrong_baselines, 0),
        ("rows whose text is not in the capture", result.lost_text, 0),
    ]
    if not options.no_attr:
        right, wrong = result.right, result.wrong
        at_least += [
            ("attributed", result.attributed, result.true_reports, options.min_attr),
            ("inferred that are right", right["inferred"], right["inferred"] + wrong["inferred"], options.min_inferred),
            ("labelled exact or inferred", sum(c[k] for c in (right, wrong) for k in LABELS[:2]),
             result.true_reports, options.min_labelled),
            ("contended flags", result.matched - result.wrong_contended, result.matched, options.min_contended),
            ("invocations", result.right_invocations, result.true_invocations, options.min_invocations),
        ]
        at_most += [
            ("exact but wrong", wrong["exact"], options.max_exact_wrong),
            ("unknown invocations", result.extra_invocations if options.min_invocations else 0, 0),
        ]
    return ([f"{name}: {part} of {whole}, less than {limit:.1%}"
             for name, part, whole, limit in at_least if share(part, whole) < limit - 1e-9]
            + [f"{name}: {count}, more than {limit}" for name, count, limit in at_most if count > limit])


def show(result: Score, options: argparse.Namespace) -> None:
    if not options.q:
        if not options.no_attr:
            print(f"invocations  {result.right_invocations} of {result.true_invocations} right,"
                  f" {result.extra_invocations} extra")
        print(f"reports      {result.matched} of {result.true_reports} found, {result.extra_reports} extra,"
              f" {result.wrong_files} with a wrong file, {result.wrong_first_lines} with a wrong first line")
        print(f"rows         {result.right_rows} of {result.true_rows} right, {result.extra_rows} extra")
        if not options.no_attr:
            print(f"contended    {result.matched - result.wrong_contended} of {result.matched} right")
            print("attribution    right   wrong")
            for label in LABELS:
                print(f"  {label:<10} {result.right[label]:>7} {result.wrong[label]:>7}")
    if options.v:
        for problem in result.problems:
            print(f"  ! {problem}")
    print(f"rows {result.right_rows}/{result.true_rows} {share(result.right_rows, result.true_rows):.1%}"
          f" reports {result.matched}/{result.true_reports}"
          f" attributed {result.attributed}/{result.true_reports} exact-wrong {result.wrong['exact']}")


def read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        print(f"score.py: {error}", file=sys.stderr)
        sys.exit(3)


def load(name: str) -> dict:
    try:
        return json.loads(read(name), parse_float=Decimal)
    except ValueError as error:
        print(f"score.py: {name}: {error}", file=sys.stderr)
        sys.exit(3)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("found", metavar="FUNCMEM_JSON")
    parser.add_argument("true", metavar="TRUTH_JSON")
    for option, default, text in (
            ("--min-rows", 0.99, "true rows that are right"),
            ("--min-reports", 1.0, "true reports that are found"),
            ("--min-attr", 0.95, "true reports in the right invocation"),
            ("--min-inferred", 0.0, "reports called inferred that are right"),
            ("--min-labelled", 0.0, "reports called exact or inferred"),
            ("--min-contended", 0.0, "contended flags that are right"),
            ("--min-invocations", 1.0, "invocations with the right function and outcome")):
        parser.add_argument(option, type=float, default=default, metavar="SHARE",
                            help=f"{text} (default: {default})")
    for option, default, text in (
            ("--max-exact-wrong", 0, "reports called exact in the wrong invocation"),
            ("--max-extra", 0, "reports that the truth does not have"),
            ("--max-extra-rows", None, "rows that the truth does not have (default: by --min-rows)")):
        parser.add_argument(option, type=int, default=default, metavar="N",
                            help=text if default is None else f"{text} (default: {default})")
    parser.add_argument("--capture", metavar="FILE", help="the text of every row must stand in FILE")
    parser.add_argument("--measured-only", action="store_true", help="leave out rows without a measurement")
    parser.add_argument("--no-attr", action="store_true", help="the input knows no invocations")
    parser.add_argument("--no-file", action="store_true", help="do not compare file names")
    parser.add_argument("-q", action="store_true", help="only the summary line")
    parser.add_argument("-v", action="store_true", help="every difference")
    return parser.parse_args()


def main() -> int:
    options = parse_arguments()
    found, true = load(options.found), load(options.true)
    if found.get("schema") != "funcmem/1":
        print(f"score.py: {options.found}: the schema is {found.get('schema')!r}, not 'funcmem/1'", file=sys.stderr)
        return 1
    capture = read(options.capture) if options.capture else None
    result = score(found, true, options.measured_only, capture)
    show(result, options)
    short = failures(result, options)
    for line in short:
        print(f"score.py: {line}", file=sys.stderr)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
