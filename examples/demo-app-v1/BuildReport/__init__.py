import csv
import io
import logging

import azure.functions as func
import memory_profiler

from shared_code.profiling import profiler_logstream


def main(req: func.HttpRequest) -> func.HttpResponse:
    months = int(req.params.get("months", "3"))
    logging.info("BuildReport sums up %d months.", months)
    return func.HttpResponse(build_report(months))


@memory_profiler.profile(stream=profiler_logstream)
def load_month(month: int) -> list[list[str]]:
    text = f"2024-{month:02},widget,{month * 3},9.99\n" * (4000 + 1500 * month)
    rows = list(csv.reader(io.StringIO(text)))
    return rows


@memory_profiler.profile(stream=profiler_logstream)
def render(tables: list[list[list[str]]]) -> str:
    lines = []
    for rows in tables:
        units = sum(map(int, (row[2] for row in rows[::500])))
        lines.append(f"{rows[0][0]}: {len(rows)} orders, about {units * 500} units")
    return "\n".join(lines)


# Every month is in memory before the first one is summed up.
@memory_profiler.profile(stream=profiler_logstream)
def build_report(months: int) -> str:
    tables = []
    for month in range(1, months + 1):
        tables.append(load_month(month))
    report = render(tables)
    del tables
    return report
