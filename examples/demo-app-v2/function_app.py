"""The functions of the demo in the v2 programming model: one file, decorators."""
import csv
import io
import json
import logging
import os
from datetime import datetime

import aiohttp
import azure.functions as func
import memory_profiler
import requests

# The formatter puts the logger's name before every record, which is how the
# report lines can be told from all others. Pass False instead of True for
# complete reports: with True only lines that grew are logged.
root_logger = logging.getLogger()
root_logger.handlers[0].setFormatter(logging.Formatter("%(name)s: %(message)s"))
profiler_logstream = memory_profiler.LogFile("memory_profiler_logs", True)

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)
cache: dict[str, str] = {}


@app.function_name("HttpTriggerAsync")
@app.route("HttpTriggerAsync", methods=["GET", "POST"])
async def http_trigger_async(req: func.HttpRequest) -> func.HttpResponse:
    logging.info("HttpTriggerAsync received a request.")
    url = url_of(req)
    page = await fetch_page_async(url)
    return func.HttpResponse(f"Read {len(page)} characters from {url}")


@app.function_name("HttpTriggerSync")
@app.route("HttpTriggerSync", methods=["GET", "POST"])
def http_trigger_sync(req: func.HttpRequest) -> func.HttpResponse:
    logging.info("HttpTriggerSync received a request.")
    url = url_of(req)
    page = fetch_page(url)
    return func.HttpResponse(f"Read {len(page)} characters from {url}")


@app.function_name("LeakyCache")
@app.route("LeakyCache", methods=["GET", "POST"])
def leaky_cache(req: func.HttpRequest) -> func.HttpResponse:
    page = user_page(req.params.get("user", "nobody"))
    logging.info("LeakyCache holds %d pages.", len(cache))
    return func.HttpResponse(page[:80])


@app.function_name("BuildReport")
@app.route("BuildReport", methods=["GET", "POST"])
def build_report_http(req: func.HttpRequest) -> func.HttpResponse:
    months = int(req.params.get("months", "3"))
    logging.info("BuildReport sums up %d months.", months)
    return func.HttpResponse(build_report(months))


@app.function_name("ImportOrders")
@app.route("ImportOrders", methods=["POST"])
def import_orders_http(req: func.HttpRequest) -> func.HttpResponse:
    orders = req.get_json()
    logging.info("ImportOrders received %d orders.", len(orders))
    return func.HttpResponse(f"Imported orders worth {import_orders(orders):.2f}")


def url_of(req: func.HttpRequest) -> str:
    return req.params.get("url") or os.environ.get("PROFILED_URL", "https://example.com/")


# memory_profiler 0.59 or later: older ones return None from a profiled coroutine.
@memory_profiler.profile(stream=profiler_logstream)
async def fetch_page_async(url: str) -> str:
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as response:
            page = await response.text()
    return page


@memory_profiler.profile(stream=profiler_logstream)
def fetch_page(url: str) -> str:
    response = requests.get(url, timeout=30)
    page = response.text
    return page


@memory_profiler.profile(stream=profiler_logstream)
def user_page(user: str) -> str:
    # The leak: the time makes every key a new one, so nothing is ever found
    # again and nothing is ever removed.
    key = f"{user}@{datetime.now().isoformat()}"
    if key not in cache:
        cache[key] = os.urandom(2 * 1024 * 1024).hex()
    return cache[key]


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


# An order without a price ends the call with a KeyError, and then
# memory_profiler writes no report.
@memory_profiler.profile(stream=profiler_logstream)
def import_orders(orders: list[dict]) -> float:
    backup = json.dumps(orders).encode() * 400
    total = 0.0
    for order in orders:
        total += order["quantity"] * order["price"]
    del backup
    return total
