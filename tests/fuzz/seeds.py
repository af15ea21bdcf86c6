#!/usr/bin/env python3
"""Writes seeds for fuzz_text: every text capture, as it is and as other tools would hand it over.

usage: seeds.py FOLDER
"""
import json
import pathlib
import re
import sys

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "corpus"
LINES = 60  # enough for every kind of record, few enough to be fast
DETECT = b"\xf3"  # first byte: no forced format, pieces of three bytes


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


def main(folder: str) -> None:
    target = pathlib.Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for capture in sorted([*CORPUS.glob("*.log"), *CORPUS.glob("*.txt")]):
        text = capture.read_bytes().decode()
        lines = text.split("\n")[:LINES]
        for name, wrap in WRAPPERS.items():
            wrapped = "\n".join(wrap(line) for line in lines) + "\n"
            (target / f"{capture.name}-{name}").write_bytes(DETECT + wrapped.encode())
        (target / f"{capture.name}-utf16").write_bytes(DETECT + b"\xff\xfe" + "\n".join(lines).encode("utf-16-le"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
