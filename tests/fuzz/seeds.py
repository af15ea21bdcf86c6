#!/usr/bin/env python3
"""Writes seeds for a fuzz target: text (every text capture, as it is and as other tools would hand it over), model (text captures and
generated runs of several invocations at once), json or csv (the exports).

usage: seeds.py FOLDER TARGET
"""
import json
import pathlib
import re
import subprocess
import sys

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "corpus"
LINES = 60  # enough for every kind of record, few enough to be fast
DETECT = b"\xf3"  # first byte of text: no forced format, pieces of three bytes
FORCED = b"\x01\x07"  # first bytes of the others: the format is forced, pieces of eight bytes
EXPORT_BYTES = 20000  # a few rows are enough


def docker(line: str) -> str:
    return f"2019-03-18T21:27:02.701180167Z {line}"


def kubernetes(line: str) -> str:
    return json.dumps({"log": line + "\n", "stream": "stdout", "time": "2024-01-01T00:00:00.000000001Z"})


def cri(line: str) -> str:
    half = len(line) // 2
    stamp = "2024-01-01T00:00:00.000000001Z stdout"
    return f"{stamp} P {line[:half]}\n{stamp} F {line[half:]}"


def monitor(line: str) -> str:
    message = json.dumps(re.sub(r"^\[?[-0-9T:.Z]+\]? (\[\w+\] )?", "", line) + "\n")
    properties = '{"appName":"a","message":%s,"category":"Function.A.User","functionInvocationId":"x"}' % message
    properties = properties.replace("'", "").replace('"', "'")
    return f'MS_FUNCTION_AZURE_MONITOR_EVENT 4,h,o,FunctionAppLogs,r,"{properties}",02/28/2024 14:27:47'


WRAPPERS = {
    "plain": str,
    "docker": docker,
    "compose": lambda line: f"func-1  | {docker(line)}",
    "kubernetes": kubernetes,
    "cri": cri,
    "journal": lambda line: f"Mar 22 19:20:10 host func[123]: {line}",
    "journal-iso": lambda line: f"2024-03-22T19:20:10+0100 host func[123]: {line}",
    "quote": lambda line: f"> {line}",
    "monitor": monitor,
}


def text_seeds(target: pathlib.Path) -> None:
    for capture in text_captures():
        lines = capture.read_bytes().decode().split("\n")[:LINES]
        for name, wrap in WRAPPERS.items():
            wrapped = "\n".join(wrap(line) for line in lines) + "\n"
            (target / f"{capture.name}-{name}").write_bytes(DETECT + wrapped.encode())
        (target / f"{capture.name}-utf16").write_bytes(DETECT + b"\xff\xfe" + "\n".join(lines).encode("utf-16-le"))


def text_captures() -> list[pathlib.Path]:
    return sorted([*CORPUS.glob("*.log"), *CORPUS.glob("*.txt")])


def model_seeds(target: pathlib.Path) -> None:
    generate = CORPUS.parent / "generate.py"
    for number, options in enumerate(([], ["--nested", "--model", "v2"], ["--dense", "--fail", "0.3"], ["--permute", "1"])):
        log = target / f"generated-{number}"
        subprocess.run([sys.executable, generate, "--calls", "8", *options, log], check=True)
        (target / f"generated-{number}.truth.json").unlink()
        log.write_bytes(FORCED + log.read_bytes())
    for capture in text_captures():
        (target / capture.name).write_bytes(FORCED + b"\n".join(capture.read_bytes().split(b"\n")[:LINES]) + b"\n")


def export_seeds(target: pathlib.Path, *suffixes: str) -> None:
    for capture in sorted(CORPUS.iterdir()):
        if capture.suffix in suffixes and not capture.name.endswith(".truth.json"):
            (target / capture.name).write_bytes(FORCED + capture.read_bytes()[:EXPORT_BYTES])


SEEDS = {
    "text": text_seeds,
    "model": model_seeds,
    "json": lambda target: export_seeds(target, ".json", ".ndjson", ".blob"),
    "csv": lambda target: export_seeds(target, ".csv"),
}


def main(folder: str, kind: str) -> None:
    target = pathlib.Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    SEEDS[kind](target)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[2] not in SEEDS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
