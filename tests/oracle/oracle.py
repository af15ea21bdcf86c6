#!/usr/bin/env python3
"""Runs a random Python program under memory_profiler and writes what it logs
(LOG) and what a reader must find there (LOG.truth.json).

The truth is what the profiler has measured, formatted here; it is not read
back from the text. The program stays in LOG.d.
"""
import sys

sys.dont_write_bytecode = True

import argparse
import logging
import random
import re
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

from demohost import interpreter

interpreter.require("memory_profiler", status=77)

import memory_profiler

from demohost.console import Console, ConsoleHandler, failure_text
from demohost.truth import Truth, invocation_id
from program import KINDS, Generator

FRAMINGS = ("coretools", "bare")
MODES = ("sparse", "dense", "stdout")


@dataclass
class Case:
    """Everything that a seed decides."""
    rng: random.Random
    kind: str
    framing: str
    mode: str
    precision: int
    format: str
    logger: str
    folder: str
    newline: str

    @classmethod
    def of(cls, seed: int, kind: str | None = None, framing: str | None = None, mode: str | None = None) -> "Case":
        rng = random.Random(seed)
        kind = kind or rng.choices(list(KINDS), list(KINDS.values()))[0]
        framing = framing or rng.choice(FRAMINGS)
        mode = "sparse" if kind == "cut" else mode or rng.choice(MODES)
        return cls(
            rng, kind, framing, mode,
            precision=rng.choice((0, 4, 5, 6)) if kind == "wide" else rng.choice((1, 1, 2, 3)),
            format="%(message)s" if rng.random() < 0.2 else "%(name)s: %(message)s",
            logger=rng.choices(("memory_profiler_logs", "app.memory"), (9, 1))[0],
            folder=rng.choice(("Oracle", "HttpTriggerSync", "my function", "größe-名前")),
            newline=rng.choices(("\n", "\r\n"), (9, 1))[0])


class ProcessOutput:
    """Standard output of the worker: the host passes it on line by line and
    loses empty lines."""
    def __init__(self, console: Console, truth: Truth):
        self._console = console
        self._truth = truth
        self._line = ""

    def write(self, text: str) -> None:
        self._truth.before_record()
        *lines, self._line = (self._line + text).split("\n")
        for line in filter(None, lines):
            self._console.record(line)


class PlainOutput:
    def __init__(self, out: TextIO, truth: Truth):
        self._out = out
        self._truth = truth

    def write(self, text: str) -> None:
        self._truth.before_record()
        self._out.write(text)


class PlainHandler(logging.StreamHandler):
    def __init__(self, out: TextIO, truth: Truth):
        super().__init__(out)
        self._truth = truth

    def emit(self, record: logging.LogRecord) -> None:
        self._truth.before_record()
        super().emit(record)


def generate(seed: int, log: Path, **choices: str | None) -> None:
    """choices: kind, framing, mode; those left out are the seed's."""
    case = Case.of(seed, **choices)
    file = Path(f"{log}.d", case.folder, "__init__.py").resolve()
    file.parent.mkdir(parents=True, exist_ok=True)
    source = Generator(case.rng, case.kind).program()
    with file.open("w", encoding="utf-8", newline=case.newline) as out:
        out.write(source)
    truth = Truth()
    with log.open("w", encoding="utf-8", newline="\n") as out:
        run(case, source, file, out, truth)
    with open(f"{log}.truth.json", "w", encoding="utf-8") as out:
        truth.write(out)


def run(case: Case, source: str, file: Path, out: TextIO, truth: Truth) -> None:
    console = Console(out)
    if case.framing == "coretools":
        handler = ConsoleHandler(console, truth.before_record)
        output = ProcessOutput(console, truth)
    else:
        handler = PlainHandler(out, truth)
        output = PlainOutput(out, truth)
    handler.setFormatter(logging.Formatter(case.format))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    stream = output if case.mode == "stdout" else memory_profiler.LogFile(case.logger, case.mode == "sparse")
    original = truth.install()
    try:
        namespace = {"stream": stream, "precision": case.precision, "log": logging.info}
        exec(compile(source, str(file), "exec"), namespace)
        if case.framing == "coretools":
            invoke(case, namespace["CALLS"], file, console, truth)
        else:
            for call in namespace["CALLS"]:
                try:
                    call()
                except (RuntimeError, ValueError):
                    pass
    finally:
        sys.settrace(None)
        memory_profiler.show_results = original
        root.handlers = []


def invoke(case: Case, calls: list, file: Path, console: Console, truth: Truth) -> None:
    new_id = lambda: uuid.UUID(int=case.rng.getrandbits(128), version=4)
    function = re.sub("[^A-Za-z0-9]", "_", case.folder)
    console.banner([(function, f"[GET] http://localhost:7071/api/{function}")], new_id().hex.upper())
    for call in calls:
        id = str(new_id())
        token = invocation_id.set(id)
        truth.started(id, function)
        console.executing(function, id)
        error = None
        try:
            call()
        except (RuntimeError, ValueError) as failure:
            error = failure_text(failure, str(file))
        console.executed(function, id, case.rng.randint(1, 900), error)
        truth.ended(id, "failed" if error else "succeeded")
        invocation_id.reset(token)


def remove(log: Path) -> None:
    """Deletes what generate() has written."""
    log.unlink()
    Path(f"{log}.truth.json").unlink()
    shutil.rmtree(f"{log}.d")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path, metavar="LOG")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=KINDS)
    parser.add_argument("--framing", choices=FRAMINGS)
    parser.add_argument("--mode", choices=MODES)
    options = parser.parse_args()
    generate(options.seed, options.log, kind=options.kind, framing=options.framing, mode=options.mode)


if __name__ == "__main__":
    main()
