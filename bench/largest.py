"""What people write: the largest increment of each file and line, entry rows left out.

usage: largest.py text|json|csv FILE
"""
import csv
import json
import re
import sys

FILENAME = re.compile(r"memory_profiler_logs: Filename: (.*)")
ROW = re.compile(r"memory_profiler_logs: +(\d+) +(-?[\d.]+) MiB +(-?[\d.]+) MiB")


def text_messages(path):
    with open(path, encoding="utf-8", errors="replace") as log:
        yield from log


def json_messages(path):
    with open(path, encoding="utf-8") as log:
        table = json.load(log)["tables"][0]
    message = [column["name"] for column in table["columns"]].index("message")
    for row in table["rows"]:
        yield row[message]


def csv_messages(path):
    with open(path, encoding="utf-8", newline="") as log:
        rows = csv.reader(log)
        message = next(rows).index("message")
        for row in rows:
            yield row[message]


def main():
    messages = {"text": text_messages, "json": json_messages, "csv": csv_messages}[sys.argv[1]](sys.argv[2])
    largest, file, entry = {}, "", False
    for message in messages:
        found = ROW.search(message)
        if found:
            key = file, found[1]
            if not entry and float(found[3]) > largest.get(key, float("-inf")):
                largest[key] = float(found[3])
            entry = False
            continue
        found = FILENAME.search(message)
        if found:
            file, entry = found[1], True
    for (file, line), increment in largest.items():
        print(increment, "%s:%s" % (file, line))


main()
