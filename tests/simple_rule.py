"""The yardstick for attribution under load: what a simple rule with perfect knowledge reaches.

The rule knows from the truth which function prints reports of which (file, first line), how many, and where each report begins. It
gives a report to the call whose Executed line comes first, among those that are open at its Filename line and still miss one.
"""
import collections
import json
import re
from pathlib import Path

EXECUTING = re.compile(r"Executing 'Functions\.[^']*' \(.*Id=([^,)]+)")
EXECUTED = re.compile(r"Executed 'Functions\.[^']*' \(.*Id=([^,)]+)")


def events(log: Path) -> tuple[dict, dict, list[int]]:
    """Line numbers of beginnings and ends of calls, by id, and of all Filename lines."""
    begun, ended, filenames = {}, {}, []
    with log.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines):
            if match := EXECUTING.search(line):
                begun[match[1]] = number
            elif match := EXECUTED.search(line):
                ended[match[1]] = number
            elif "Filename: " in line:
                filenames.append(number)
    return begun, ended, filenames


def attributed(log: Path, truth: Path) -> int:
    """How many reports the rule gives to the right call."""
    true = json.loads(truth.read_text(encoding="utf-8"))
    begun, ended, filenames = events(log)
    function = {call["id"]: call["function"] for call in true["invocations"]}
    printed = collections.Counter((r["invocation"], r["file"], r["first_line"]) for r in true["reports"])
    usual = collections.Counter()
    for (call, *target), count in printed.items():
        usual[function[call], *target] = max(usual[function[call], *target], count)
    given, right = collections.Counter(), 0
    for number, report in zip(filenames, true["reports"], strict=True):
        target = report["file"], report["first_line"]
        open_calls = [call for call, begin in begun.items()
                      if begin < number < ended.get(call, float("inf")) and given[call, *target] < usual[function[call], *target]]
        if not open_calls:
            continue
        first = min(open_calls, key=lambda call: ended.get(call, float("inf")))
        given[first, *target] += 1
        right += first == report["invocation"]
    return right
