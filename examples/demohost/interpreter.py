"""Finds a Python that has the modules a script needs."""
import importlib.util
import os
import shutil
import subprocess
import sys

PACKAGES = {
    "memory_profiler": "python3-memory-profiler",
    "aiohttp": "python3-aiohttp",
    "requests": "python3-requests",
}


def require(*modules: str, status: int = 1) -> None:
    """Returns if this interpreter has the modules, else restarts the script
    under one that has, else says what to install and exits with status."""
    missing = [m for m in modules if importlib.util.find_spec(m) is None]
    if not missing:
        return
    test = "import " + ", ".join(modules)
    for candidate in (os.environ.get("PYTHON"), "python3", "/usr/bin/python3"):
        path = candidate and shutil.which(candidate)
        if path and not subprocess.run([path, "-c", test], stderr=subprocess.DEVNULL).returncode:
            os.execv(path, [path, *sys.argv])
    script = os.path.basename(sys.argv[0])
    print(f"{script}: {sys.executable} has no {', '.join(missing)}, and neither $PYTHON nor"
          f" /usr/bin/python3 has all of it.\n{script}: install it (Debian, Ubuntu: apt install"
          f" {' '.join(PACKAGES[m] for m in modules)}) or set PYTHON.", file=sys.stderr)
    sys.exit(status)
