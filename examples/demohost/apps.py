"""Loads a function app of either programming model as the Python worker does."""
import importlib
import inspect
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Callable


@dataclass
class HostedFunction:
    name: str
    handler: Callable
    methods: tuple[str, ...]
    route: str

    @property
    def is_async(self) -> bool:
        return inspect.iscoroutinefunction(self.handler)

    @property
    def trigger(self) -> str:
        return f"[{','.join(self.methods).upper()}] http://localhost:7071/api/{self.route}"


def load(app: Path) -> list[HostedFunction]:
    sys.path.insert(0, str(app))
    functions = _load_v2() if (app / "function_app.py").exists() else _load_v1(app)
    return sorted(functions, key=lambda function: function.name)


def _load_v1(app: Path) -> list[HostedFunction]:
    package = ModuleType("__app__")
    package.__path__ = [str(app)]
    sys.modules["__app__"] = package
    functions = []
    for settings in app.glob("*/function.json"):
        name = settings.parent.name
        trigger = json.loads(settings.read_text())["bindings"][0]
        module = importlib.import_module(f"__app__.{name}")
        functions.append(HostedFunction(name, module.main, tuple(trigger["methods"]),
                                        trigger.get("route", name)))
    return functions


def _load_v2() -> list[HostedFunction]:
    app = importlib.import_module("function_app").app
    return [HostedFunction(f.name, f.handler, f.methods, f.route) for f in app.get_functions()]
