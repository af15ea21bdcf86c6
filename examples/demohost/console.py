"""Prints what Azure Functions Core Tools 4 prints on Linux."""
import logging
import sys
import threading
import traceback
from datetime import datetime, timezone
from typing import Callable, TextIO

REASON = "This function was programmatically called via the host APIs."
WORKER = "/usr/lib/azure-functions-core-tools-4/workers/python/{0}.{1}/LINUX/X64/azure_functions_worker/".format(
    *sys.version_info)
SYNC_FRAMES = f'''\
  File "{WORKER}dispatcher.py", line 505, in _handle__invocation_request
    call_result = await self._loop.run_in_executor(
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "{WORKER}dispatcher.py", line 778, in _run_sync_func
    return ExtensionManager.get_sync_invocation_wrapper(context,
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "{WORKER}extension.py", line 215, in _raw_invocation_wrapper
    result = function(**args)
             ^^^^^^^^^^^^^^^^
'''
ASYNC_FRAMES = f'''\
  File "{WORKER}dispatcher.py", line 502, in _handle__invocation_request
    call_result = await self._run_async_func(
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
'''


class Console:
    """Writes to a text stream, one flush per line.

    rename rewrites everything that is printed; the default changes nothing.
    """

    def __init__(self, out: TextIO, rename: Callable[[str], str] = lambda text: text):
        self.lock = threading.RLock()
        self._out = out
        self._rename = rename

    def raw(self, text: str) -> None:
        """Writes one line as it is, as the tools print before the host logs."""
        self._out.write(self._rename(text) + "\n")
        self._out.flush()

    def record(self, text: str) -> None:
        """Writes one log record: every physical line gets its own time."""
        with self.lock:
            for line in text.split("\n"):
                now = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
                self.raw(f"[{now.removesuffix('+00:00')}Z] {line}")

    def banner(self, functions: list[tuple[str, str]], lease: str) -> None:
        """functions: name and what stands after it (methods and address)."""
        for line in ("Found Python version {}.{}.{} (python3).".format(*sys.version_info),
                     "",
                     "Azure Functions Core Tools",
                     "Core Tools Version:       4.0.6821 Commit hash: N/A"
                     " +c09a2033faa7ecf51b3773308283af0ca9a99f83 (64-bit)",
                     "Function Runtime Version: 4.1036.1.23224",
                     ""):
            self.raw(line)
        self.record("Worker process started and initialized.")
        self.raw("\nFunctions:\n")
        for name, trigger in functions:
            self.raw(f"\t{name}: {trigger}\n")
        self.raw("For detailed output, run func with --verbose flag.")
        self.record(f"Host lock lease acquired by instance ID '{lease}'.")

    def executing(self, function: str, invocation: str) -> None:
        self.record(f"Executing 'Functions.{function}' (Reason='{REASON}', Id={invocation})")

    def executed(self, function: str, invocation: str, milliseconds: int,
                 error: str | None = None) -> None:
        """error: what failure_text() made of the exception that ended the call."""
        outcome = "Failed" if error else "Succeeded"
        text = f"Executed 'Functions.{function}' ({outcome}, Id={invocation}, Duration={milliseconds}ms)"
        if error:
            text += (f"\nSystem.Private.CoreLib: Exception while executing function: Functions.{function}."
                     f" System.Private.CoreLib: Result: Failure\n{error}.")
        self.record(text)


def failure_text(error: BaseException, user_code: str, is_async: bool = False) -> str:
    """The text of an exception as worker and host pass it on.

    user_code: folder or file; frames before the first one in it belong to
    the stand-in and are replaced by those of the real worker.
    """
    frames = traceback.extract_tb(error.__traceback__)
    first = next((i for i, frame in enumerate(frames) if frame.filename.startswith(user_code)), 0)
    stack = "".join(traceback.StackSummary.from_list(frames[first:]).format())
    return (f"Exception: {type(error).__name__}: {error}\n"
            f"Stack: {ASYNC_FRAMES if is_async else SYNC_FRAMES}{stack}")


class ConsoleHandler(logging.Handler):
    """Logging handler of a worker whose records go to a Console."""

    def __init__(self, console: Console, before: Callable[[], None] = lambda: None):
        super().__init__()
        self.lock = console.lock
        self._console = console
        self._before = before

    def emit(self, record: logging.LogRecord) -> None:
        self._before()
        self._console.record(self.format(record))
