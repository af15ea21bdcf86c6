#!/usr/bin/env python3
"""Compressed captures and archives, whole and damaged, from files and from pipes.

usage: archives.py [FUNCMEM] [unittest's arguments, such as -v or -k NAME]

Without FUNCMEM the program is $FUNCMEM or ./funcmem; $srcdir says where the sources are. In a build without libarchive only what
that says is tested.
"""
import bz2
import contextlib
import gzip
import io
import json
import lzma
import os
import random
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import unittest
import zipfile
from pathlib import Path

SRCDIR = Path(os.environ.get("srcdir") or Path(__file__).resolve().parent.parent).resolve()
CORPUS = SRCDIR / "tests" / "corpus"
FIXTURES = SRCDIR / "tests" / "archives"
FUNCMEM = Path(sys.argv.pop(1) if len(sys.argv) > 1 and os.path.isfile(sys.argv[1])
               else os.environ.get("FUNCMEM", "./funcmem")).resolve()
DEADLINE = 120  # seconds
MEMORY_MAX = 192 << 20  # of addresses, less than what the bombs make
PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
LOGS = sorted(path for path in CORPUS.iterdir() if path.suffix in (".log", ".txt"))
LEAK = (CORPUS / "leak.log").read_bytes()
HOST_LOGS = "LogFiles/Application/Functions/Host/"


def run(*args, input: bytes | None = None, **kwargs) -> subprocess.CompletedProcess:
    if input is None:
        kwargs.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([FUNCMEM, *args], input=input, capture_output=True, timeout=DEADLINE, **kwargs)


def has_libarchive() -> bool:
    return b"\nlibarchive " in run("--version").stdout


def is_instrumented() -> bool:
    program = FUNCMEM.read_bytes()
    return b"__asan_init" in program or b"__tsan_init" in program


def zipped(members: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def streamed_zip(members: dict[str, bytes]) -> bytes:
    """As a server writes it that cannot go back: sizes and sums stand behind each member."""
    class Sink(io.RawIOBase):
        data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    out = Sink()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.data


def tarred(members: dict[str, bytes], mode="w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def special(archive: tarfile.TarFile, name: str, kind: bytes, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    archive.addfile(info)


MANY = {HOST_LOGS + path.name: path.read_bytes() for path in LOGS}
ARCHIVES = {
    "zip": zipped(MANY),
    "stored zip": zipped(MANY, zipfile.ZIP_STORED),
    "streamed zip": streamed_zip(MANY),
    "tar": tarred(MANY),
    "tar.gz": tarred(MANY, "w:gz"),
    "tar.bz2": tarred(MANY, "w:bz2"),
    "tar.xz": tarred(MANY, "w:xz"),
}


class Case(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="funcmem-archives-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def read(self, *args, code=0, says="", **kwargs) -> dict:
        result = run("--format=json", *args, **kwargs)
        err = result.stderr.decode()
        self.assertEqual(code, result.returncode, err)
        self.assertIn(says, err)
        if not says:
            self.assertEqual("", err)
        for line in err.splitlines():
            self.assertTrue(line.startswith("funcmem: ") and line.isprintable(), line)
        return json.loads(result.stdout) if result.stdout else {}

    def both(self, content: bytes, **kwargs):
        """What comes of it as a file and as a pipe, which may not differ but in the name."""
        file = self.read(self.file("input", content), **kwargs)
        pipe = self.read(input=content, **kwargs)
        rename(file, str(self.folder / "input"), "input")
        rename(pipe, "standard input", "input")
        self.assertEqual(file, pipe)
        return file


def rename(data: dict, old: str, new: str):
    for source in data.get("sources", []):
        source["name"] = source["name"].replace(old, new)


def members(data: dict) -> dict[str, int]:
    return {source["name"]: source["bytes"] for source in data["sources"]}


class WithoutLibarchive(Case):
    def test_says_so(self):
        for name, content in {"gz": gzip.compress(LEAK), "zip": zipped({"a": LEAK}), "tar": tarred({"a": LEAK})}.items():
            with self.subTest(name):
                for args, input in (((self.file("input", content),), None), ((), content)):
                    result = run("--format=json", *args, input=input)
                    self.assertEqual(3, result.returncode)
                    self.assertIn(b"funcmem was built without libarchive; unpack it first", result.stderr)

    def test_plain_logs(self):
        data = self.read(CORPUS / "leak.log")
        self.assertEqual(len(LEAK), data["sources"][0]["bytes"])


class OneLog(Case):
    """A compressed log gives what the plain one gives."""

    def plain(self, content: bytes) -> dict:
        data = self.read(self.file("plain", content))
        rename(data, str(self.folder / "plain"), "input")
        return data

    def test_every_capture(self):
        for log in LOGS:
            plain = self.plain(log.read_bytes())
            for name, pack in PACKERS.items():
                with self.subTest(log=log.name, packer=name):
                    self.assertEqual(plain, self.both(pack(log.read_bytes())))

    def test_zstandard(self):
        packed = (FIXTURES / "report-0.61.txt.zst").read_bytes()
        self.assertEqual(self.plain((CORPUS / "report-0.61.txt").read_bytes()), self.both(packed))
        if zstd := shutil.which("zstd"):
            packed = subprocess.run([zstd, "-q"], input=LEAK, capture_output=True, check=True).stdout
            self.assertEqual(self.plain(LEAK), self.both(packed))
            skippable = b"\x50\x2a\x4d\x18\x04\0\0\0abcd" + packed
            self.assertEqual(self.plain(LEAK), self.both(skippable))

    def test_large(self):
        log = LEAK * 400  # 11 MB: more than any buffer on the way
        plain = self.plain(log)
        for name, pack in PACKERS.items():
            with self.subTest(packer=name):
                self.assertEqual(plain, self.both(pack(log)))

    def test_noise_is_no_smaller_when_packed(self):
        log = LEAK + random.Random(1).randbytes(3 << 20).hex().encode() + b"\n" + LEAK
        data = self.read(self.file("plain", log), says="line longer")
        self.assertEqual(data["reports"], self.both(gzip.compress(log), says="line longer")["reports"])

    def test_several_streams_in_a_row(self):
        cut = len(LEAK) // 3
        for name, pack in PACKERS.items():
            with self.subTest(packer=name):
                packed = pack(LEAK[:cut]) + pack(b"") + pack(LEAK[cut:])
                self.assertEqual(self.plain(LEAK), self.both(packed))

    def test_padding_behind_gzip(self):
        self.assertEqual(self.plain(LEAK), self.both(gzip.compress(LEAK) + b"\0" * 5000))

    def test_empty_logs(self):
        for name, pack in PACKERS.items():
            with self.subTest(packer=name):
                data = self.both(pack(b""), code=4, says="no memory_profiler report")
                self.assertEqual({"input": 0}, members(data))

    def test_one_byte_at_a_time(self):
        log = CORPUS / "report-0.61.txt"
        packed = [pack(log.read_bytes()) for pack in PACKERS.values()]
        for content in (*packed, zipped({"a.txt": log.read_bytes()}), tarred({"a.txt": log.read_bytes()})):
            with self.subTest(content[:4]):
                whole = self.read(input=content)
                self.assertEqual(whole, self.read_slowly(content))

    def read_slowly(self, content: bytes) -> dict:
        process = subprocess.Popen([FUNCMEM, "--format=json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        def write():
            with process.stdin, contextlib.suppress(BrokenPipeError):
                for i in range(len(content)):
                    process.stdin.write(content[i:i + 1])
        writer = threading.Thread(target=write)
        writer.start()
        out = process.stdout.read()
        writer.join()
        self.assertEqual(0, process.wait(DEADLINE))
        process.stdout.close()
        return json.loads(out)

    def test_name_tells_nothing(self):
        data = self.read(self.file("plain.zip", LEAK))
        self.assertEqual([len(LEAK)], list(members(data).values()))
        self.assertEqual(self.plain(LEAK)["reports"], data["reports"])

    def test_redirected_file_from_its_offset(self):
        path = self.file("input", b"junk before it" + gzip.compress(LEAK))
        with open(path, "rb") as file:
            os.lseek(file.fileno(), 14, os.SEEK_SET)
            data = self.read(stdin=file)
        self.assertEqual(self.plain(LEAK)["reports"], data["reports"])

    def test_join_of_packed_and_plain_parts(self):
        cut = LEAK.index(b"\n", len(LEAK) // 2) + 1
        first, second = self.file("host.1.gz", gzip.compress(LEAK[:cut])), self.file("host.log", LEAK[cut:])
        data = self.read("--join", first, second)
        self.assertEqual([len(LEAK)], list(members(data).values()))
        self.assertEqual(self.plain(LEAK)["reports"], data["reports"])

    def test_follow_ends_at_the_end(self):
        path = self.file("input.gz", gzip.compress(LEAK))
        result = run("--follow", "--format=ndjson", path)
        self.assertEqual((0, b""), (result.returncode, result.stderr))
        self.assertEqual(len(self.plain(LEAK)["reports"]), len(result.stdout.splitlines()))

    def test_tee_has_the_packed_bytes(self):
        packed = {"gz": gzip.compress(LEAK * 50), "gz, behind it more": gzip.compress(LEAK) + bytes(1 << 20)}
        for name, content in {**packed, **ARCHIVES}.items():
            with self.subTest(name):
                copy = self.folder / f"copy of {name}"
                self.read("--tee", copy, input=content)
                self.assertEqual(content, copy.read_bytes())
                copy.unlink()
                with open(self.file("input", content), "rb") as file:
                    self.read("--tee", copy, stdin=file)
                self.assertEqual(content, copy.read_bytes())


class Members(Case):
    def test_every_kind_of_archive(self):
        plain = self.read(*LOGS)["reports"]  # several logs show the same calls, which count once
        self.assertGreater(len({report["source"] for report in plain}), len(LOGS) // 2)
        for name, content in ARCHIVES.items():
            with self.subTest(name):
                data = self.both(content)
                self.assertEqual({f"input:{member}": len(log) for member, log in MANY.items()}, members(data))
                for key in ("source", "lines", "attribution"):
                    self.assertEqual([report[key] for report in plain], [report[key] for report in data["reports"]])

    def test_order_is_that_of_the_archive(self):
        data = self.both(zipped({"b.log": LEAK, "a.log": (CORPUS / "nested.log").read_bytes()}))
        self.assertEqual(["input:b.log", "input:a.log"], list(members(data)))
        self.assertEqual({0, 1}, {invocation["source"] for invocation in data["invocations"]})

    def test_between_other_files(self):
        first, last = self.file("first.log", LEAK), self.file("last.log", LEAK)
        data = self.read(first, self.file("a.zip", zipped({"x": LEAK, "y": LEAK})), last)
        names = [name.removeprefix(f"{self.folder}/") for name in members(data)]
        self.assertEqual(["first.log", "a.zip:x", "a.zip:y", "last.log"], names)

    def test_join(self):
        cut = LEAK.index(b"\n", len(LEAK) // 2) + 1
        data = self.read("--join", self.file("a.zip", zipped({"1.log": LEAK[:cut], "2.log": LEAK[cut:]})))
        self.assertEqual([len(LEAK)], list(members(data).values()))
        self.assertEqual(self.read(CORPUS / "leak.log")["reports"], data["reports"])

    def test_what_is_skipped_is_said_once(self):
        content = zipped({"a.log": LEAK, "d/": b"", "empty.log": b"", "1.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
                          "2.bin": b"ab\0\0c", "3.bin": bytes(100), "4.bin": bytes(9), "in.zip": zipped({"x": LEAK}),
                          "in.gz": gzip.compress(LEAK)})
        path = self.file("input", content)
        result = run("--format=json", path)
        self.assertEqual(0, result.returncode)
        self.assertEqual(f"funcmem: {path}: skipped 2 members that are packed themselves (in.zip, in.gz), "
                         "4 members that are no text (1.png, 2.bin, 3.bin, …)\n", result.stderr.decode())
        self.assertEqual({f"{path}:a.log": len(LEAK)}, members(json.loads(result.stdout)))

    def test_utf16_is_text(self):
        text = LEAK.decode()
        data = self.read(self.file("a.zip", zipped({"bom.log": text.encode("utf-16"), "le.log": text.encode("utf-16-le"), "a.log": LEAK})))
        self.assertEqual(3, len(data["sources"]))

    def test_links_and_devices(self):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            special(archive, "d", tarfile.DIRTYPE)
            special(archive, "link", tarfile.SYMTYPE, "/etc/passwd")
            special(archive, "hard", tarfile.LNKTYPE, "link")
            special(archive, "fifo", tarfile.FIFOTYPE)
            info = tarfile.TarInfo("a.log")
            info.size = len(LEAK)
            archive.addfile(info, io.BytesIO(LEAK))
        data = self.both(out.getvalue(), says="3 links or devices (link, hard, fifo)")
        self.assertEqual({"input:a.log": len(LEAK)}, members(data))

    def test_only_encrypted(self):
        data = self.both((FIXTURES / "encrypted.zip").read_bytes(), code=3, says="1 encrypted member (report-0.61.txt)")
        self.assertEqual({}, data)

    def test_nothing_to_read_is_no_failure(self):
        for content in (zipped({}), tarred({"a": b""}), zipped({"a": b"\0\1\2\3"})):
            with self.subTest(content):
                self.both(content, code=4, says="no memory_profiler report")

    def test_names_are_made_safe(self):
        names = {"esc\x1b[31m\n.log": "esc\ufffd[31m\ufffd.log", "grün.log": "grün.log", "../../up.log": "../../up.log",
                 "rtl\u202egol.log": "rtl\ufffdgol.log"}
        data = self.both(zipped(dict.fromkeys(names, LEAK)))
        self.assertEqual([f"input:{name}" for name in names.values()], list(members(data)))
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
            info = tarfile.TarInfo(b"bad\xff\xfe.log".decode(errors="surrogateescape"))
            info.size = len(LEAK)
            archive.addfile(info, io.BytesIO(LEAK))
            info.name = "long/" * 200 + "a.log"
            archive.addfile(info, io.BytesIO(LEAK))
        for locale in ("C", "C.UTF-8"):
            data = self.read(self.file("a.tar", out.getvalue()), env=os.environ | {"LC_ALL": locale})
            first, second = (name.removeprefix(f"{self.folder}/a.tar:") for name in members(data))
            self.assertEqual("bad\ufffd\ufffd.log", first)
            self.assertTrue(second.startswith("…") and second.endswith("long/a.log") and len(second.encode()) < 500, second)

    def test_many_members(self):
        data = self.both(zipped({f"{i}.log": b"one line\n" for i in range(500)} | {"a.log": LEAK}))
        self.assertEqual(501, len(data["sources"]))


class Plain(Case):
    """What only looks packed is read as it is."""

    def test_logs_that_begin_like_archives(self):
        for head in (b"P", b"PK", b"PK\n", b"PK\3\4", b"PK\3\4 is how a zip begins\n", b"B", b"BZ", b"BZh9", b"BZh9 text\n",
                     b"\x1f\x8b\n", b"\x1f\x8b\x08\xff\n", b"(\xb5/\n", b"\xfd7zXZ\n", b"ustar\n", b"x" * 257 + b"ustar\n",
                     b"a" * 600 + b"\n", b"\n", b"\0"):
            with self.subTest(head):
                data = self.both(head + LEAK)
                self.assertEqual({"input": len(head) + len(LEAK)}, members(data))
                self.assertGreater(len(data["reports"]), 0)

    def test_what_libarchive_does_not_recognise(self):
        for head in (b"\x50\x2a\x4d\x18 text\n", b"PK\7\x08PK\3\4", b"BZh91AY&SY is text, too\n", b"\x1f\x8b\x08 text text text\n"):
            with self.subTest(head):
                data = self.both(head + LEAK)
                self.assertGreater(len(data["reports"]), 0)

    def test_short_inputs(self):
        for content in (b"P", b"B", b"\x1f", b"\x1f\x8b", b"x" * 99, b"x" * 100, b"PK\3\4"):
            with self.subTest(content):
                data = self.both(content, code=4, says="no memory_profiler report")
                self.assertEqual({"input": len(content)}, members(data))


class Damaged(Case):
    def test_wrong_sums(self):
        packed = bytearray(gzip.compress(LEAK))
        packed[-6] ^= 1
        data = self.both(bytes(packed), says="damaged (incorrect data check); what could be read of it is kept")
        self.assertEqual({"input": len(LEAK)}, members(data))
        content = bytearray(tarred(MANY, "w:gz"))
        content[-6] ^= 1
        self.assertEqual(len(MANY), len(self.both(bytes(content), says="damaged: incorrect data check")["sources"]))
        content = zipped({"a.log": LEAK, "b.log": LEAK}, zipfile.ZIP_STORED)
        content = content.replace(b"MiB", b"MIB", 1)
        data = self.both(content, says="a.log: damaged (ZIP bad CRC")
        self.assertEqual({"input:a.log": len(LEAK), "input:b.log": len(LEAK)}, members(data))

    def cut(self, content: bytes, count: int):
        """Cut anywhere it ends well, with a prefix of the log and a word about it."""
        rng = random.Random(7)
        for at in sorted({*rng.sample(range(600, len(content) - 1), count), 600, len(content) - 1, len(content) - 9}):
            for args, input in (((self.file("input", content[:at]),), None), ((), content[:at])):
                with self.subTest(at=at, pipe=input is not None):
                    result = run("--format=json", *args, input=input)
                    yield at, result
                    self.assertIn(result.returncode, (0, 3, 4), result.stderr)

    def test_cut_gzip_keeps_what_it_has(self):
        log = LEAK * 3
        content = gzip.compress(log)
        kept = []
        for at, result in self.cut(content, 40):
            self.assertIn(b"its end is missing", result.stderr)
            kept.append(json.loads(result.stdout)["sources"][0]["bytes"] if result.stdout else 0)
        self.assertEqual(sorted(kept), kept)
        self.assertEqual(len(log), kept[-1])

    def test_cut_streams(self):
        log = LEAK + random.Random(3).randbytes(300000).hex().encode() + b"\n" + LEAK
        for name in ("bz2", "xz"):
            for at, result in self.cut(PACKERS[name](log), 15):
                self.assertIn(b"its end is missing", result.stderr)
                if at > 200000 and name == "xz":  # a decompressor's block may be lost
                    self.assertGreater(json.loads(result.stdout)["sources"][0]["bytes"], len(LEAK))

    def test_cut_archives(self):
        for name in ("zip", "streamed zip", "tar", "tar.gz"):
            content = ARCHIVES[name]
            for at, result in self.cut(content, 15):
                if not result.stdout:
                    self.assertEqual(3, result.returncode)
                    continue
                found = [source["bytes"] for source in json.loads(result.stdout)["sources"]]
                self.assertEqual([len(log) for log in MANY.values()][:len(found) - 1], found[:-1])

    def test_every_cut_of_a_small_one(self):
        small = {"a.txt": (CORPUS / "report-0.61.txt").read_bytes()[:400]}
        for content in (zipped(small), gzip.compress(small["a.txt"]), tarred(small, "w:gz"), lzma.compress(small["a.txt"])):
            for at in range(0, len(content), 3):
                with self.subTest(at=at):
                    self.assertIn(run("--format=json", input=content[:at]).returncode, (0, 3, 4))

    def test_flipped_bits(self):
        rng = random.Random(11)
        small = {name: content for name, content in MANY.items() if len(content) < 8000}
        for content in (zipped(small), streamed_zip(small), tarred(small), tarred(small, "w:gz"), tarred(small, "w:xz"),
                        gzip.compress(LEAK), bz2.compress(LEAK), lzma.compress(LEAK)):
            for _ in range(12):
                bad = bytearray(content)
                for _ in range(rng.randint(1, 3)):
                    bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
                result = run("--format=json", self.file("input", bytes(bad)))
                self.assertIn(result.returncode, (0, 3, 4), result.stderr)
                self.assertLess(len(result.stderr.splitlines()), 60)

    def test_list_at_the_end_is_damaged(self):
        content = bytearray(ARCHIVES["zip"])
        at = content.index(b"PK\1\2")
        content[at:at + 4] = b"????"
        self.assertEqual(len(MANY), len(self.read(self.file("a.zip", bytes(content)), says="")["sources"]))

    def test_damage_of_one_member_is_its_own(self):
        infos = zipfile.ZipFile(io.BytesIO(ARCHIVES["zip"])).infolist()
        for i in range(len(infos) - 1):
            content = bytearray(ARCHIVES["zip"])
            at = infos[i].header_offset + 30 + len(infos[i].filename) + infos[i].compress_size // 2
            content[at:at + 20] = b"\xff" * 20
            with self.subTest(member=infos[i].filename):
                data = self.read(self.file("input", bytes(content)), says=f"{infos[i].filename}: damaged")
                found = {name.removeprefix(f"{self.folder}/input:"): size for name, size in members(data).items()}
                self.assertEqual({**found, **{name: len(log) for name, log in MANY.items() if name != infos[i].filename}}, found)

    def test_exit_code_counts_other_inputs(self):
        bad = self.file("bad.gz", gzip.compress(LEAK)[:12])
        self.assertEqual(len(LEAK), max(members(self.read(bad, CORPUS / "leak.log", code=3, says="cannot read")).values()))


class Bombs(Case):
    def within_memory(self, content: bytes, says: str) -> dict:
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
        kwargs = {} if is_instrumented() else {"preexec_fn": limit, "env": os.environ | {"MALLOC_ARENA_MAX": "1"}}
        return self.both(content, says=says, **kwargs)

    def zeros(self, megabytes: int) -> bytes:
        out = io.BytesIO()
        with gzip.open(out, "wb", 9) as bomb:
            bomb.write(LEAK)
            for _ in range(megabytes):
                bomb.write((b"x" * 1023 + b"\n") * 1024)
        return out.getvalue()

    @unittest.skipIf(is_instrumented(), "slow")
    def test_gzip(self):
        packed = lzma.compress(self.zeros(330))
        data = self.within_memory(packed, "not read to its end: it unpacks to far more than any log would")
        self.assertLess(data["sources"][0]["bytes"], 300 << 20)

    def test_member_that_is_zeros(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("zeros", "w") as member:
                for _ in range(300):
                    member.write(bytes(1 << 20))
            archive.writestr("a.log", LEAK)
        data = self.within_memory(out.getvalue(), "1 member that is no text (zeros)")
        self.assertEqual({"input:a.log": len(LEAK)}, members(data))


class Interactive(Case):
    def test_version_names_the_library(self):
        self.assertRegex(run("--version").stdout.decode(), r"(?m)^libarchive \d+\.\d+")

    def test_interrupted(self):
        """A pipe that holds an archive and stays open does not hold the program."""
        process = subprocess.Popen([FUNCMEM, "--format=json", "--tee", self.folder / "copy"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        content = gzip.compress(LEAK * 100)
        process.stdin.write(content[:len(content) // 2])
        process.stdin.flush()
        while not (self.folder / "copy").exists() or (self.folder / "copy").stat().st_size < len(content) // 2:
            self.assertIsNone(process.poll())
        process.terminate()
        out, _ = process.communicate(timeout=DEADLINE)
        self.assertEqual(128 + 15, process.returncode)
        json.loads(out)


def main() -> int:
    if not os.access(FUNCMEM, os.X_OK):
        print(f"archives: there is no program {FUNCMEM}; say where in $FUNCMEM", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 77
    loader = unittest.TestLoader()
    cases = [OneLog, Members, Plain, Damaged, Bombs, Interactive] if has_libarchive() else [WithoutLibarchive]
    loader.loadTestsFromModule = lambda module, *args, **kwargs: loader.suiteClass(map(loader.loadTestsFromTestCase, cases))
    result = unittest.main(exit=False, testLoader=loader).result
    bad = {str(getattr(test, "test_case", test)) for test, _ in result.failures + result.errors}
    print(f"archives: {result.testsRun - len(bad)} passed, {len(bad)} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
