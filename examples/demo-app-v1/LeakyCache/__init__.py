import logging
import os
from datetime import datetime

import azure.functions as func
import memory_profiler

from shared_code.profiling import profiler_logstream

cache: dict[str, str] = {}


def main(req: func.HttpRequest) -> func.HttpResponse:
    page = user_page(req.params.get("user", "nobody"))
    logging.info("LeakyCache holds %d pages.", len(cache))
    return func.HttpResponse(page[:80])


@memory_profiler.profile(stream=profiler_logstream)
def user_page(user: str) -> str:
    # The leak: the time makes every key a new one, so nothing is ever found
    # again and nothing is ever removed.
    key = f"{user}@{datetime.now().isoformat()}"
    if key not in cache:
        cache[key] = os.urandom(2 * 1024 * 1024).hex()
    return cache[key]
