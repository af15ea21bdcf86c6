"""Sends the reports of memory_profiler to the log of the function that runs.

The formatter puts the logger's name before every record, which is how the
report lines can be told from all others. Pass False instead of True for
complete reports: with True only lines that grew are logged.
"""
import logging

import memory_profiler

root_logger = logging.getLogger()
root_logger.handlers[0].setFormatter(logging.Formatter("%(name)s: %(message)s"))
profiler_logstream = memory_profiler.LogFile("memory_profiler_logs", True)
