"""As much of the azure-functions package as the demo apps need to run without it."""
import enum
import json
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping


class AuthLevel(enum.Enum):
    ANONYMOUS = "anonymous"
    FUNCTION = "function"
    ADMIN = "admin"


@dataclass
class HttpRequest:
    method: str = "GET"
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    route_params: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def get_body(self) -> bytes:
        return self.body

    def get_json(self) -> Any:
        return json.loads(self.body)


class HttpResponse:
    def __init__(self, body: str | bytes = b"", *, status_code: int = 200,
                 headers: Mapping[str, str] | None = None, mimetype: str = "text/plain"):
        self._body = body.encode() if isinstance(body, str) else body
        self.status_code = status_code
        self.headers = dict(headers or {})
        self.mimetype = mimetype

    def get_body(self) -> bytes:
        return self._body


@dataclass
class Function:
    """What the decorators of the v2 model gather for one function."""
    handler: Callable
    name: str
    route: str = ""
    methods: tuple[str, ...] = ("GET", "POST")


class FunctionApp:
    def __init__(self, http_auth_level: AuthLevel = AuthLevel.FUNCTION):
        self.http_auth_level = http_auth_level
        self._functions: list[Function] = []

    def get_functions(self) -> list[Function]:
        return self._functions

    def route(self, route: str | None = None, methods=("GET", "POST"), **_):
        def decorate(target) -> Function:
            function = self._function(target)
            function.route = route or function.name
            function.methods = tuple(methods)
            return function
        return decorate

    def function_name(self, name: str):
        def decorate(target) -> Function:
            function = self._function(target)
            function.name = name
            return function
        return decorate

    def _function(self, target) -> Function:
        if isinstance(target, Function):
            return target
        function = Function(target, target.__name__)
        self._functions.append(function)
        return function
