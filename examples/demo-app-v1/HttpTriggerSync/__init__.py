import logging
import os

import azure.functions as func
import memory_profiler
import requests

from shared_code.profiling import profiler_logstream


def main(req: func.HttpRequest) -> func.HttpResponse:
    logging.info("HttpTriggerSync received a request.")
    url = req.params.get("url") or os.environ.get("PROFILED_URL", "https://example.com/")
    page = fetch_page(url)
    return func.HttpResponse(f"Read {len(page)} characters from {url}")


@memory_profiler.profile(stream=profiler_logstream)
def fetch_page(url: str) -> str:
    response = requests.get(url, timeout=30)
    page = response.text
    return page
