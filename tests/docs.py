#!/usr/bin/env python3
"""The manual page, README and CONTRIBUTING against the program.

usage: docs.py [FUNCMEM] [unittest's arguments, such as -v or -k NAME]

Without FUNCMEM the program is $FUNCMEM or ./funcmem; $srcdir says where the sources are. With UPDATE_README=1 the screen in
README.md and its pictures are written anew instead of compared.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

sys.dont_write_bytecode = True  # the sources may be read-only
from terminal import FUNCMEM, IN_CI, SRCDIR, Terminal  # noqa: E402

DEADLINE = 60  # seconds
README = SRCDIR / "README.md"
PAGE = SRCDIR / "man" / "funcmem.1"
CONFIG_PAGE = SRCDIR / "man" / "funcmem.conf.5"
SECTIONS = ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "INPUT FORMATS", "EXPORT FORMATS", "VIEWS AND COLUMNS", "KEYS", "FLAGS",
            "ATTRIBUTION", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "BUGS")
EXIT_CODES = ("0", "1", "2", "3", "4", "5", "6", "64 + c", "128 + n")
FLAGS = ("sparse", "contended", "interleaved", "truncated", "async-overlap", "nested", "gap")
ATTRIBUTIONS = ("exact", "inferred", "ambiguous", "none")
PICTURES = {"history": ("100x20", "3 j Enter"), "compare": ("100x12", "1 j Enter T I g m G d")}  # size and keys
VARIABLES = ("TERM", "NO_COLOR", "CLICOLOR_FORCE")


def ask(*options: str) -> str:
    return subprocess.run([FUNCMEM, *options], stdout=subprocess.PIPE, check=True, text=True, timeout=DEADLINE).stdout


def table(option: str) -> list[list[str]]:
    return [line.split("\t") for line in ask(option).splitlines()[1:]]


def skip_or_fail(case: unittest.TestCase, tool: str):
    (case.fail if IN_CI else case.skipTest)(f"{tool} is missing")


class ManualPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.source = PAGE.read_text()
        cls.sections = {}
        for part in re.split(r"(?m)^\.Sh ", cls.source)[1:]:
            title, _, body = part.partition("\n")
            cls.sections[title] = re.sub(r"\\&", "", body)

    def tags(self, section: str) -> list[str]:
        """What the items of its lists are named."""
        return re.findall(r"(?m)^\.It (.*)$", self.sections[section])

    def test_sections(self):
        for name in SECTIONS:
            self.assertIn(name, self.sections)

    def test_tables_are_current(self):
        command = [sys.executable, SRCDIR / "man" / "generate", "--check", FUNCMEM]
        result = subprocess.run(command, stderr=subprocess.PIPE, text=True)
        self.assertEqual((0, ""), (result.returncode, result.stderr))

    def test_options(self):
        tags = self.tags("OPTIONS")
        found = re.findall(r"(?m)^ +(?:-(\w), )?--([a-z-]+)", ask("--help"))
        self.assertGreater(len(found), 15)
        for letter, name in found:
            (tag,) = (tag for tag in tags if re.search(rf"(^|, )Fl -{name}( |$)", tag))
            self.assertEqual(bool(letter), tag.startswith(f"Fl {letter} ,"), tag)

    def test_keys(self):
        section, tags = self.sections["KEYS"], self.tags("KEYS")
        for action, keys, _, _ in table("--list-keys"):
            self.assertIn(f"\n.Pq Cm {action}\n", section)
            self.assertIn("Ic " + keys.replace("\\", "\\e"), tags)
        commands = re.findall(r'(?m)^    \{"(\w+)", "[^"]*", "', (SRCDIR / "ui" / "command.c").read_text())
        self.assertGreater(len(commands), 5)
        self.assertEqual(commands, [match[1] for match in (re.match(r"Ic (\w+) Ar", tag) for tag in tags) if match])

    def test_columns(self):
        views = {title: body for title, _, body in
                 (part.partition("\n") for part in self.sections["VIEWS AND COLUMNS"].split("\n.Ss Columns of "))}
        for view, column, title, *_ in table("--list-columns"):
            self.assertRegex(views[view], rf"(?m)^\.It Cm {re.escape(column)}( Pq {re.escape(title)})?$")
        for view in {row[0] for row in table("--list-columns")}:
            self.assertRegex(self.sections["VIEWS AND COLUMNS"], rf"(?m)^\.It Sy {view.title()}$")

    def test_formats(self):
        for use, name, _ in table("--list-formats"):
            self.assertIn(f"Cm {name}", self.tags(f"{use.upper()} FORMATS"))

    def test_lists_by_hand(self):
        self.assertEqual(list(EXIT_CODES), self.tags("EXIT STATUS"))
        self.assertEqual([f"Cm {name}" for name in FLAGS], self.tags("FLAGS"))
        self.assertEqual([f"Cm {name}" for name in ATTRIBUTIONS], self.tags("ATTRIBUTION"))
        for name in VARIABLES:
            self.assertIn(f"Ev {name}", self.tags("ENVIRONMENT"))

    def test_options_are_explained_whole(self):
        page = " ".join(PAGE.read_text().replace("\\&", "").split()).lower()
        help = re.sub(r"\n {20,}", "  ", ask("--help"))
        texts = re.findall(r"(?m)^ +(?:-\w, )?--[a-z-]+(?:=\S+)?  +(\S.*)$", help)
        self.assertGreater(len(texts), 25)
        self.assertEqual([], [text for text in texts if " ".join(text.split()).lower() not in page])

    def test_form(self):
        if not shutil.which("mandoc"):
            skip_or_fail(self, "mandoc")
        result = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", PAGE, CONFIG_PAGE], stdout=subprocess.PIPE, text=True)
        self.assertEqual([], [line for line in result.stdout.splitlines() if "referenced manual not found" not in line])
        text = subprocess.run(["mandoc", "-T", "utf8", PAGE], stdout=subprocess.PIPE, check=True, text=True).stdout
        self.assertNotIn("<", re.sub(r".\x08", "", text).split("KEYS")[0], "a macro was taken for text, or the other way round")


class Keys(unittest.TestCase):
    """What is promised (tests/keys.txt), --list-keys and the help, in both directions; the manual page is held against --list-keys."""

    def setUp(self):
        lines = (SRCDIR / "tests" / "keys.txt").read_text().splitlines()
        self.promised = [tuple(line.split("\t")) for line in lines if not line.startswith("# ")]
        self.listed = [(key, action) for action, keys, context, _ in table("--list-keys") if context != "prompt" for key in keys.split()]

    def test_promises_are_kept(self):
        self.assertGreater(len(self.promised), 70)
        self.assertEqual(sorted(self.promised), sorted(self.listed))
        self.assertEqual(len(self.promised), len({key for key, _ in self.promised}), "a key means one thing everywhere")

    def test_help_says_all_of_it(self):
        with tempfile.TemporaryDirectory(prefix="funcmem-docs-") as folder:
            picture = Path(folder) / "help.txt"
            ask("--no-config", "--no-follow", f"--screenshot={picture}", "--size=160x400", "--keys=?",
                str(SRCDIR / "examples" / "captures" / "demo.log"))
            lines = [line.strip() for line in picture.read_text().splitlines()]
        for action, keys, _, sentence in table("--list-keys"):
            with self.subTest(action):
                self.assertTrue([line for line in lines if re.fullmatch(rf"{re.escape(keys)} +{re.escape(sentence)}", line)])


class ConfigPage(unittest.TestCase):
    """funcmem.conf(5) against --list-settings, and its example against the program."""

    def setUp(self):
        self.source = CONFIG_PAGE.read_text()
        self.sections = {}
        for part in self.source.split("\n.Ss ")[1:]:
            title, _, body = part.partition("\n")
            self.sections[title.strip("[]")] = re.sub(r"\\&", "", body)

    def test_sections(self):
        self.assertEqual(list(dict.fromkeys(row[0] for row in table("--list-settings"))), list(self.sections))

    def test_settings(self):
        for section, name, default, values, _ in table("--list-settings"):
            with self.subTest(section=section, name=name):
                if section in ("sort", "hide"):
                    self.assertIn(name, {row[0] for row in table("--list-columns")})
                    continue
                item = self.sections[section].split(f"\n.It Cm {name}\n")[1].split("\n.It ")[0]
                if default != "-":
                    self.assertRegex(item, rf"\b(Cm|Ic) {re.escape(default.replace(chr(92), chr(92) + 'e'))}( \.)?(\n|$)")
                if section in ("screen", "input", "export"):
                    self.assertIn(f"It takes {values}.", item)

    def test_keys_and_colours(self):
        keys = {"Cm " + name for _, names, *_ in table("--list-keys") for name in names.split() if len(name) > 1 and name[1:2] != "-"
                and not re.fullmatch(r"F\d+", name)}
        named = set(re.findall(r"(?m)^\.(Cm \w+)", self.sections["keys"].split(".Pp")[0]))
        self.assertLessEqual(keys, named)

    def check(self, text: str) -> str:
        """What the program says to that file."""
        with tempfile.TemporaryDirectory(prefix="funcmem-docs-") as folder:
            path = Path(folder) / "funcmem.conf"
            path.write_text(text)
            result = subprocess.run([FUNCMEM, f"--config={path}", SRCDIR / "examples" / "captures" / "demo.log"], stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=DEADLINE)
        self.assertEqual(0, result.returncode)
        return result.stderr

    def test_example(self):
        example = re.search(r"(?ms)^\.Bd -literal.*?\n(.*?)^\.Ed", self.source)[1]
        self.assertGreater(example.count("="), 5)
        self.assertEqual("", self.check(example))

    def test_defaults_are_accepted(self):
        text = "".join(f"[{section}]\n{name} = {default}\n" for section, name, default, *_ in table("--list-settings") if default != "-")
        self.assertEqual("", self.check(text))

    def test_colours(self):
        words = re.findall(r"(?m)^\.Cm ([\w-]+)", self.sections["colors"].split(".Pp")[0])
        plain = [word for word in words if not word.endswith("-")]
        self.assertEqual(12, len(plain))
        text = "[colors]\n" + "".join(f"bad = {word}\n" for word in plain + [f"bright-{word}" for word in plain[4:]])
        self.assertEqual([], [line for line in self.check(text).splitlines() if "this one counts" not in line])


class Commands(unittest.TestCase):
    """What the documents tell people to type is typed, where nothing has to be installed for it."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="funcmem-docs-"))
        self.addCleanup(shutil.rmtree, self.folder)
        demo = SRCDIR / "examples" / "captures" / "demo.log"
        content = demo.read_bytes()
        cut = content.index(b"\n", len(content) // 2) + 1
        (self.folder / "host.log.1").write_bytes(content[:cut])
        (self.folder / "host.log").write_bytes(content)
        self.programs = self.folder / "bin"
        self.programs.mkdir()
        (self.programs / "funcmem").symlink_to(FUNCMEM)
        self.script("func", f'[ "$1" = start ] && exec cat "{demo}"')
        if not shutil.which("jq"):
            self.script("jq", "cat >/dev/null")

    def script(self, name: str, text: str):
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def type(self, commands: list[str]):
        """In a shell without a terminal, so that nothing waits for keys."""
        self.assertTrue(commands)
        for command in commands:
            with self.subTest(command):
                result = subprocess.run(["sh", "-c", command], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, timeout=DEADLINE,
                                        env=os.environ | {"PATH": f"{self.programs}:{os.environ['PATH']}"})
                self.assertEqual((0, ""), (result.returncode, result.stderr))

    def test_readme(self):
        blocks = re.findall(r"(?ms)^```sh\n(.*?)^```", README.read_text())
        self.type([line.partition("  #")[0] for block in blocks for line in block.splitlines() if re.search(r"\bfuncmem( |$)", line)
                   and not re.search(r"\btar\b|\./configure", line)])
        self.assertIn("## Memory", (self.folder / "memory.md").read_text())
        self.assertEqual((self.folder / "host.log").read_bytes().count(b"MiB "),
                         2 * len((self.folder / "rows.csv").read_text().splitlines()[1:]))

    def test_manual_page(self):
        self.type([line.replace("\\", "") for line in re.findall(r"(?m)^\.Dl (.*)$", PAGE.read_text())])

    def test_python_is_python(self):
        for code in re.findall(r"(?ms)^```python\n(.*?)^```", README.read_text()):
            compile(code, "README.md", "exec")
            self.assertEqual({"profiler_logstream"}, set(re.findall(r"profile\(stream=(\w+)\)", code)))
            self.assertIn("profiler_logstream = memory_profiler.LogFile(", code)


class Texts(unittest.TestCase):
    DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "ARCHITECTURE.md", "examples/README.md", "tests/oracle/README.md")

    def test_links_lead_somewhere(self):
        for name in self.DOCUMENTS:
            path = SRCDIR / name
            for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
                if "://" not in target:
                    with self.subTest(document=name, target=target):
                        self.assertTrue((path.parent / target).exists())

    def test_named_files_exist(self):
        """Files of the tree that stand between backquotes or begin a command."""
        for name in self.DOCUMENTS:
            text = (SRCDIR / name).read_text()
            for target in re.findall(r"(?:`|^    )((?:tests|script|man|src|ui|model|parsers|examples)/[\w./*-]+)", text, re.M):
                with self.subTest(document=name, target=target):
                    self.assertTrue(list(SRCDIR.glob(target.rstrip("./"))))

    def test_options_of_readme(self):
        known = set(re.findall(r"--([a-z-]+)", ask("--help")))
        for line in re.findall(r"(?m)^.*\bfuncmem .*$", README.read_text()):
            for option in re.findall(r" --([a-z-]+)", line.split("jq")[0]):
                self.assertIn(option, known, line)

    def test_version_of_changelog(self):
        version = ask("--version").split()[1]
        self.assertRegex((SRCDIR / "CHANGELOG.md").read_text(), rf"(?m)^## \[({re.escape(version)}|Unreleased)\]")

    def test_screen_of_readme(self):
        if not shutil.which("tmux"):
            skip_or_fail(self, "tmux")
        with tempfile.TemporaryDirectory(prefix="funcmem-docs-") as folder:
            screen = self.first_screen(Path(folder))
        text = README.read_text()
        found = re.search(r"(?ms)^<!-- screen: .*?-->\n```text\n(.*?)^```", text)
        if os.environ.get("UPDATE_README"):
            README.write_text(text[:found.start(1)] + screen + text[found.end(1):])
        else:
            self.assertEqual(screen, found[1], "UPDATE_README=1 tests/docs.py writes it anew")

    def test_pictures_of_readme(self):
        """The program draws them itself; each is shown in README."""
        text, pictures = README.read_text(), SRCDIR / "examples" / "pictures"
        self.assertEqual({f"{name}.svg" for name in PICTURES}, {path.name for path in pictures.iterdir()})
        for name, (size, keys) in PICTURES.items():
            with self.subTest(name), tempfile.TemporaryDirectory(prefix="funcmem-docs-") as folder:
                self.assertIn(f"(examples/pictures/{name}.svg)", text)
                shutil.copy(SRCDIR / "examples" / "captures" / "demo.log", folder)
                subprocess.run([FUNCMEM, f"--screenshot={folder}/new.svg", f"--size={size}", f"--keys={keys}", "demo.log"], cwd=folder,
                               check=True, timeout=DEADLINE, env=os.environ | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "NO_COLOR": ""})
                drawn = Path(folder, "new.svg").read_text()
            xml.etree.ElementTree.fromstring(drawn)
            if os.environ.get("UPDATE_README"):
                (pictures / f"{name}.svg").write_text(drawn)
            else:
                self.assertEqual(drawn, (pictures / f"{name}.svg").read_text(), "UPDATE_README=1 tests/docs.py writes it anew")

    def first_screen(self, folder: Path) -> str:
        (folder / "bin").mkdir()
        (folder / "bin" / "funcmem").symlink_to(FUNCMEM)
        shutil.copy(SRCDIR / "examples" / "captures" / "demo.log", folder)
        terminal = Terminal(folder, columns=80, rows=14)
        try:
            terminal.wait("^ready>")
            terminal.run("funcmem --no-follow demo.log")
            terminal.wait("ended")
            terminal.send("g")
            screen = terminal.wait("ended.* 1 of 7", but_not=r"\d new")
        finally:
            terminal.close()
        return "\n".join(line.rstrip() for line in screen.rstrip().split("\n")) + "\n"


def main() -> int:
    if not os.access(FUNCMEM, os.X_OK):
        print(f"docs: there is no program {FUNCMEM}; say where in $FUNCMEM", file=sys.stderr)
        return 1 if IN_CI else 77
    result = unittest.main(exit=False).result
    bad = {str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors}
    print(f"docs: {result.testsRun - len(bad)} passed, {len(bad)} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
