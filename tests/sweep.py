#!/usr/bin/env python3
"""Scores generated runs of many invocations at once, beside what a simple rule reaches, and prints a table.

usage: sweep.py FUNCMEM [KIND]...

Environment: SEEDS="1 2", AT_ONCE="2 4 8 16". KIND is one of those below; without any, all of them.
"""
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

sys.dont_write_bytecode = True
import score  # noqa: E402
import simple_rule  # noqa: E402

HERE = Path(__file__).resolve().parent
KINDS = {
    "short": [],
    "short v2": ["--model", "v2"],
    "long": ["--rows", "10", "40"],
    "dense": ["--dense"],
    "dense v2": ["--dense", "--model", "v2"],
    "nested": ["--nested"],
    "nested v2": ["--nested", "--model", "v2"],
    "nested dense v2": ["--nested", "--dense", "--model", "v2"],
    "some fail": ["--fail", "0.2"],
    "slow host": ["--gap", "1", "--host-delay", "1"],
    "all of that": ["--model", "v2", "--nested", "--fail", "0.1", "--gap", "1", "--host-delay", "1"],
    "one function": ["--functions", "1"],
    "one busy function": ["--functions", "1", "--work", "20"],
    "permuted": ["--permute", "0.2"],
    "permuted dense": ["--permute", "0.2", "--dense"],
    "permuted much": ["--permute", "1"],
    "permuted much dense": ["--permute", "1", "--dense"],
    "permuted v2": ["--permute", "0.2", "--model", "v2"],
    "permuted much v2": ["--permute", "1", "--model", "v2"],
    "permuted nested": ["--permute", "0.5", "--nested"],
    "permuted nested v2": ["--permute", "0.5", "--nested", "--model", "v2"],
    "permuted dropping": ["--permute", "0.5", "--drop", "0.02"],
    "permuted dropping dense": ["--permute", "0.5", "--drop", "0.02", "--dense"],
    "permuted one function": ["--permute", "0.5", "--functions", "1"],
    "permuted long": ["--permute", "0.5", "--rows", "10", "40"],
    "permuted racing": ["--permute", "1", "--race"],
    "permuted racing dense": ["--permute", "1", "--race", "--dense"],
    "permuted all of that": ["--permute", "1", "--model", "v2", "--nested", "--fail", "0.1", "--gap", "1", "--drop", "0.01"],
}


def run(funcmem: str, folder: Path, kind: str, at_once: int, seed: int) -> dict:
    log = folder / f"{kind.replace(' ', '-')}-{at_once}-{seed}.log"
    truth = log.with_name(log.name + ".truth.json")
    subprocess.run([sys.executable, HERE / "generate.py", "--seed", str(seed), "--at-once", str(at_once), *KINDS[kind], log], check=True)
    out = subprocess.run([funcmem, "--format=json", log], stdout=subprocess.PIPE, check=True).stdout
    result = score.score(json.loads(out, parse_float=Decimal), json.loads(truth.read_text(), parse_float=Decimal))
    cell = {"rows": result.right_rows, "true rows": result.true_rows, "reports": result.true_reports,
            "attributed": result.attributed, "rule": simple_rule.attributed(log, truth)}
    for label in score.LABELS:
        cell[label], cell[label + " wrong"] = result.right[label], result.wrong[label]
    return cell


def main() -> int:
    funcmem, kinds = os.path.abspath(sys.argv[1]), sys.argv[2:] or list(KINDS)
    seeds = [int(seed) for seed in os.environ.get("SEEDS", "1 2").split()]
    cells = [(kind, int(n)) for kind in kinds for n in os.environ.get("AT_ONCE", "2 4 8 16").split()]
    print(f"{'kind':20} {'n':>2} {'rows %':>7} {'attributed %':>12} {'rule %':>7} {'exact':>8} {'inferred':>9} {'ambiguous':>9} {'none':>5}")
    with tempfile.TemporaryDirectory(prefix="funcmem-sweep-") as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [[pool.submit(run, funcmem, Path(folder), *cell, seed) for seed in seeds] for cell in cells]
        for (kind, at_once), results in zip(cells, runs):
            parts = [result.result() for result in results]
            sums = {key: sum(part[key] for part in parts) for key in parts[0]}
            labels = [f"{sums[label]}/{sums[label + ' wrong']}" for label in score.LABELS]
            print(f"{kind:20} {at_once:2} {100 * sums['rows'] / sums['true rows']:7.2f}"
                  f" {100 * sums['attributed'] / sums['reports']:12.1f} {100 * sums['rule'] / sums['reports']:7.1f}"
                  f" {labels[0]:>8} {labels[1]:>9} {labels[2]:>9} {labels[3]:>5}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
