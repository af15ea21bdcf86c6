"""Random Python programs whose functions are worth profiling.

A program expects the names stream, precision and log from whoever runs it and
leaves a list CALLS of callables, some of which raise.
"""
import random
import sys
import textwrap
from dataclasses import dataclass
from string import Template
from typing import Callable

KINDS = {"plain": 84, "cut": 6, "nasty": 6, "far": 2, "wide": 2}
"""How often each kind comes, in percent.

cut: sources at which LogFile(name, True) raises; nasty: sources that look like
log text or hold exotic line separators; far: line numbers above 99999; wide:
precisions other than 1 to 3.
"""

NAMES = ["total_size", "größe", "дом", "名前", "naïve", "_x1", "Ω", "läsbar", "データ"]
WORDS = ["plain", "tab\there", "größe", "сумма", "名前", "🙂", "e\u0301te\u0301", "a, b; c", "x = 1", "100%"]
SIZES = [100, 5_000, 30_000, 60_000, 200_000, 900_000, 3_000_000]

SIMPLE = [
    "total += $n",
    "$v = total + $n",
    "data.append('$w' * $n * 10_000)",
    "data.extend([$n] * $n)",
    "text = '$w' * $n",
    "text = f\"{total:>8} {len(data)} $w\"",
    "text = str(total).rjust($n)   ",
    "pass",
    "assert total is not None, '$w'",
    "total = max(total, len(text)); total -= 1",
    "$v = lambda x: x + $n\ntotal = $v(total)",
    "if ($v := len(text)) > $n: total += 1",
    "$v = [i * 2 for i in range($n)]",
    "$v = {i: str(i) for i in range($n) if i % 2}",
    "$v = [[j for j in range(i)]\n      for i in range($n)\n      if i]",
    "total += sum(i for i in range($n))",
    "total = max(\n    total,\n    len(data),\n\n    $n,  # a comment\n)",
    "$v = {\n    'a': total,\n    '$w': [\n        $n,\n    ],\n}",
    "total = total + \\\n    $n + \\\n    len(text)",
    "text = (\n    '$w'\n    '$w'\n)",
    "text = '''\n\0not indented\n\0  $w\n\0'''",
    "# $w",
    "\0# a comment at the margin: $w",
    "",
    "   ",
    "log('$w')",
    "total += sum(map(int, '$n$n'))  # " + "long " * 40,
    "data.clear()",
]

ALLOCATING = [
    "data.append(block($k))",
    "kept.append(block($k))",
    "kept.extend([block($k), bytearray($k)])",
    "for i in range($n):\n    kept.append(block($k))",
    "if kept: kept.pop()",
    "$v = block($k)\ndel $v",
    "for i in range($n):\n    $v = block($k)\n    del $v",
]

MEASURED_WORDS = [
    "text = 'Filename: /tmp/$w.py'",
    "text = '$n MiB'",
    "total += len('1.0 MiB 2.0 MiB')",
    "text = 'Line #    Mem usage    Increment  Occurrences   Line Contents'",
    "text = '    17     38.4 MiB     38.4 MiB           1   @profile'",
    "text = 'MiB' * $n  # Filename: $n MiB",
    "text = '============================================================='",
]

CUT = ["# the size in MiB", "# $n MiB", "'''MiB: $w'''"]

NASTY = [
    "text = 'memory_profiler_logs: Filename: $w'",
    "text = 'memory_profiler_logs:     17     38.4 MiB     38.4 MiB           1   x'",
    "text = '[2021-03-22T19:20:10.123Z] $w'",
    "text = \"Executed 'Functions.X' (Succeeded, Id=94cb6a58-7066-4a7c-ac33-d8d418e896f0, Duration=5ms)\"",
    "# Filename: $w",
    "'''Filename: $w\n\nLine #    Mem usage    Increment  Occurrences   Line Contents\n'''",
    "# 1 MiB 2 MiB",
    "text = 'page\x0cbreak $w'",
    "text = 'line\u2028and paragraph\u2029separator'",
    "text = 'next\x85line \x1b[31mred\x1b[0m'",
    "text = 'zero\u200bwidth \u202eright to left\u202c \ufeff'",
]

DOCSTRINGS = ["'''$w'''", '"""$w\n\nSecond paragraph: $w.\n   Indented.\n"""', "r'''\\d+ $w'''"]


@dataclass
class Function:
    name: str
    lines: str
    calls: list[str]
    raises: bool = False
    cost: int = 1
    """Roughly how many bodies one call runs."""


class Generator:
    def __init__(self, rng: random.Random, kind: str):
        self.rng = rng
        self.kind = kind
        self.functions: list[Function] = []

    def program(self) -> str:
        makers: list[Callable[[str], Function]] = [
            self.plain, self.plain, self.plain, self.recursive, self.method, self.generator,
            self.coroutine, self.coroutine, self.raising, self.one_line, self.wrapped, self.anonymous,
            self.decorated_before, self.overlapping]
        for number in range(self.rng.randint(2, 5)):
            name = f"{self.rng.choice(('work', 'größe', 'load_all', '_f', '処理'))}_{number}"
            self.functions.append(self.rng.choice(makers)(name))
        calls = [self.rng.choice(f.calls) for f in self.functions for _ in range(self.rng.randint(1, 2))]
        self.rng.shuffle(calls)
        start = "\n" * (self.rng.choice((99_990, 999_980)) if self.kind == "far" else self.rng.randint(0, 20))
        gaps = ["\n" * self.rng.randint(1, 3) for _ in self.functions]
        return (start + "import asyncio\nimport contextlib\nimport functools\nimport mmap\n\nimport memory_profiler\n"
                "from memory_profiler import profile\n\n"
                "kept = []\nprofiled = profile(stream=stream, precision=precision)\n\n\n"
                "def block(size):\n    pages = mmap.mmap(-1, size)\n"
                "    pages[::mmap.PAGESIZE] = bytes(len(range(0, size, mmap.PAGESIZE)))\n    return pages\n\n\n"
                "def same(function):\n    return function\n\n\n"
                + "".join(f.lines + gap for f, gap in zip(self.functions, gaps))
                + "CALLS = [\n" + "".join(f"    lambda: {call},\n" for call in calls) + "]\n")

    # Functions

    def plain(self, name: str) -> Function:
        body, cost = self.body(), 1
        cheap = [f for f in self.functions if f.cost <= 4]
        for callee in self.rng.sample(cheap, min(len(cheap), self.rng.randint(0, 2))):
            body += "\n" + self.call(callee)
            cost += callee.cost * 2
        function = self.function(f"def {name}({self.parameters()}):", body + "\n" + self.ending(), name)
        function.cost = cost
        return function

    def recursive(self, name: str) -> Function:
        body = f"{self.body()}\nif n > 0:\n    total += {name}(n - 1) or 0\n{self.ending()}"
        function = self.function(f"def {name}(n=2):", body, name)
        function.cost = 6
        return function

    def method(self, name: str) -> Function:
        function = self.function(f"def {name}(self, n=3):", f"{self.body()}\n{self.ending()}", name)
        text = f"class C_{name}:\n    kept = []\n\n{textwrap.indent(function.lines, '    ')}"
        return Function(name, self.margins(text), [f"C_{name}().{name}()"])

    def generator(self, name: str) -> Function:
        """Prints no report: nothing has run when the generator is returned."""
        return self.function(f"def {name}(n=3):", f"{self.body()}\nfor i in range(n):\n    yield i",
                             name, [f"sum({name}())"])

    def coroutine(self, name: str) -> Function:
        body = self.body() + "\n" + self.rng.choice((
            "await asyncio.sleep(0)",
            "for i in range(3):\n    await asyncio.sleep(0)\n    total += i",
            "await asyncio.gather(asyncio.sleep(0), asyncio.sleep(0))",
            "async with asyncio.Lock():\n    total += 1",
        ))
        return self.function(f"async def {name}(n=3):", f"{body}\n{self.ending()}", name, [f"asyncio.run({name}())"])

    def overlapping(self, name: str) -> Function:
        """Two runs of one coroutine at once mix up their rows."""
        function = self.coroutine(name)
        text = (f"{function.lines}\n\nasync def both_{name}():\n"
                f"    return await asyncio.gather({name}(2), {name}(3))\n")
        return Function(name, text, [f"asyncio.run(both_{name}())"])

    def raising(self, name: str) -> Function:
        body = f"{self.body()}\nif total is not None:\n    raise RuntimeError('{self.word()}')\n{self.ending()}"
        function = self.function(f"def {name}(n=3):", body, name)
        function.raises = True
        return function

    def one_line(self, name: str) -> Function:
        return Function(name, f"{self.decorators()}def {name}(n=1): return [{self.rng.randint(1, 9)}] * n\n",
                        [f"{name}({self.rng.randint(1, 99999)})"])

    def wrapped(self, name: str) -> Function:
        """Profiled without a decorator: the def line is the entry row."""
        body = self.indent(f"{self.body()}\n{self.ending()}")
        return Function(name, self.margins(f"def plain_{name}(n=2):\n{body}\n\n{name} = profiled(plain_{name})\n"),
                        [f"{name}(3)"])

    def anonymous(self, name: str) -> Function:
        text = f"{name} = profiled(\n    lambda n=1: [{self.rng.randint(1, 9)}] * n)\n"
        return Function(name, text, [f"{name}()"])

    def decorated_before(self, name: str) -> Function:
        """profile sees the wrapper of another decorator."""
        body = self.indent(f"{self.body()}\n{self.ending()}")
        return Function(name, self.margins(
            f"def checked_{name}(function):\n    @functools.wraps(function)\n"
            "    def wrapper(*args, **kwargs):\n        result = function(*args, **kwargs)\n"
            f"        return result\n    return wrapper\n\n\n"
            f"@profiled\n@checked_{name}\ndef {name}(n=2):\n{body}\n"), [f"{name}()"])

    def function(self, head: str, body: str, name: str, calls: list[str] | None = None) -> Function:
        return Function(name, self.margins(f"{self.decorators()}{head}\n{self.indent(body)}\n"),
                        calls or [f"{name}()", f"{name}({self.rng.randint(0, 2)})"])

    def decorators(self) -> str:
        profile = self.rng.choice((
            "@profile(stream=stream, precision=precision)",
            "@memory_profiler.profile(stream=stream, precision=precision)",
            "@profiled",
            "@profile(\n    stream=stream,  # def not_this():\n    precision=precision,\n)",
        ))
        above, below = (self.rng.choice(("", "", "@same\n", "@same  # twice\n@same\n")) for _ in "ab")
        comment = self.rng.choice(("", "", "", "# def nor_this():\n"))
        return f"{above}{profile}\n{below}{comment}"

    def parameters(self) -> str:
        return self.rng.choice(("n=3", "n: int = 3", "\n    n=3,\n    *rest,\n    key='def x():',\n", "n=3, **options"))

    # Statements

    def body(self) -> str:
        parts = [self.fill(self.rng.choice(DOCSTRINGS))] if self.rng.random() < 0.4 else []
        parts.append("data, text, total = [], '', 0")
        for _ in range(self.rng.randint(2, 6)):
            parts.append(self.statement(depth=2, reached=True))
        if self.kind == "cut" and self.rng.random() < 0.6:
            parts.insert(self.rng.randrange(1, len(parts)), self.fill(self.rng.choice(CUT)))
        if self.kind == "nasty":
            parts.insert(self.rng.randrange(1, len(parts)), self.fill(self.rng.choice(NASTY)))
        return "\n".join(parts)

    def statement(self, depth: int, reached: bool = False) -> str:
        """reached: it certainly runs, so that the word MiB in it does no harm."""
        if depth and self.rng.random() < 0.4:
            return self.compound(depth - 1)
        words = MEASURED_WORDS if reached else SIMPLE
        return self.fill(self.rng.choice(self.rng.choices((SIMPLE, ALLOCATING, words), (6, 3, 1))[0]))

    def block(self, depth: int) -> str:
        parts = [self.statement(depth) for _ in range(self.rng.randint(1, 2))]
        return self.indent("\n".join([*parts, "total += 1"]))

    def compound(self, depth: int) -> str:
        block = lambda: self.block(depth)
        forms = [
            lambda: f"for i in range($n):\n{block()}",
            lambda: f"for i in range($n):\n{block()}\n    if i > 2:\n        break\nelse:\n{block()}",
            lambda: f"for i in range($n):\n    if i % 2:\n        continue\n{block()}",
            lambda: f"count = $n\nwhile count:\n    count -= 1\n{block()}",
            lambda: f"if total > $n:\n{block()}\nelif len(data) % 2:\n{block()}\nelse:\n{block()}",
            lambda: f"if total is None:\n{block()}",
            lambda: f"try:\n{block()}\nfinally:\n{block()}",
            lambda: f"try:\n{block()}\n    raise ValueError('$w')\nexcept ValueError as error:\n{block()}",
            lambda: f"try:\n{block()}\nexcept (OSError,\n        KeyError):\n{block()}\nelse:\n{block()}",
            lambda: f"with contextlib.suppress(OSError):\n{block()}\n    raise OSError\n{block()}",
            lambda: f"def inner($v=$n):\n    '''$w'''\n    return $v + 1\n\ntotal += inner()",
            lambda: "def numbers():\n    yield $n\n    yield $n\n\ntotal += sum(numbers())",
            lambda: "class Inner:\n    size = $n\n\n    def get(self):\n        return self.size\n\n"
                    "total += Inner().get()",
        ]
        if sys.version_info >= (3, 10):
            forms.append(lambda: f"match total % 3:\n    case 0:\n{self.indent(block())}\n"
                                 f"    case _:\n{self.indent(block())}")
        return self.fill(self.rng.choice(forms)())

    def call(self, callee: Function) -> str:
        call = self.rng.choice(callee.calls)
        if "asyncio.run" in call:
            call = f"functools.partial(lambda: {call})()"
        if callee.raises:
            return f"try:\n    {call}\nexcept (RuntimeError, ValueError):\n    total += 1"
        return self.rng.choice((call, f"for i in range(2):\n    {call}", f"result = {call}"))

    def ending(self) -> str:
        return self.rng.choice(("return total", "data = None\nreturn total", "return len(data)", "del data",
                                "return (\n    total\n)", "return total\n# nothing runs after it"))

    # Text

    def word(self) -> str:
        return self.rng.choice(WORDS)

    def fill(self, text: str) -> str:
        """Every $-name gets one value per statement; $w is different each time."""
        while "$w" in text:
            text = text.replace("$w", self.word(), 1)
        return Template(text).substitute(
            n=self.rng.randint(1, 6), k=self.rng.choice(SIZES), v=self.rng.choice(NAMES))

    def indent(self, text: str) -> str:
        return textwrap.indent(text, "    ")

    def margins(self, text: str) -> str:
        """Moves lines that begin with NUL to the margin; indents some functions by tabs."""
        lines = [line[line.index("\0") + 1:] if "\0" in line else line for line in text.split("\n")]
        if self.rng.random() < 0.15:
            lines = [_tabs(line) for line in lines]
        return "\n".join(lines)


def _tabs(line: str) -> str:
    body = line.lstrip(" ")
    width = len(line) - len(body)
    return "\t" * (width // 4) + " " * (width % 4) + body
