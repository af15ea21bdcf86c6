"""A web page to fetch, served by a process of its own so that its memory is not measured."""
import multiprocessing
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from urllib.parse import parse_qs, urlsplit


class Page(BaseHTTPRequestHandler):
    """/?kib=N answers with N KiB of text."""

    def do_GET(self) -> None:
        kib = int(parse_qs(urlsplit(self.path).query).get("kib", ["64"])[0])
        body = b"<p>A page for the demo of funcmem.</p>\n".ljust(64, b"-") * (16 * kib)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


def serve() -> tuple[str, Connection]:
    """Starts the server on a free port. It ends when the connection is closed
    or this process is gone."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    context.Process(target=_serve, args=(ours, theirs), daemon=True).start()
    theirs.close()
    return f"http://127.0.0.1:{ours.recv()}/", ours


def _serve(parents: Connection, connection: Connection) -> None:
    parents.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connection.send(server.server_port)
    try:
        connection.recv()
    except EOFError:
        pass
