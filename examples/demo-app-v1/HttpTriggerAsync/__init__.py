import logging
import os

import aiohttp
import azure.functions as func
import memory_profiler

from shared_code.profiling import profiler_logstream


async def main(req: func.HttpRequest) -> func.HttpResponse:
    logging.info("HttpTriggerAsync received a request.")
    url = req.params.get("url") or os.environ.get("PROFILED_URL", "https://example.com/")
    page = await fetch_page_async(url)
    return func.HttpResponse(f"Read {len(page)} characters from {url}")


# memory_profiler 0.59 or later: older ones return None from a profiled coroutine.
@memory_profiler.profile(stream=profiler_logstream)
async def fetch_page_async(url: str) -> str:
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as response:
            page = await response.text()
    return page
