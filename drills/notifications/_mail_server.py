"""A mail server that notes each mail it accepts, and refuses or keeps silent as a drill asks."""

import socketserver
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from typing import Final

from maretech.processes import LOOPBACK

# How long it takes to accept a mail: the moment for kills.
_ACCEPTING_SECONDS: Final = 0.05


class Reply(Enum):
    """Silent: the mail is accepted, and the connection ends without an answer. Later: it is refused for now."""

    ACCEPT = auto()
    SILENT = auto()
    LATER = auto()


class CountingMailServer(socketserver.ThreadingTCPServer):
    """`reply` gets the number of each mail, which `count` counts. `arrived` holds the ids of the accepted ones."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, reply: Callable[[int], Reply] = lambda _: Reply.ACCEPT) -> None:
        super().__init__((LOOPBACK, 0), _Conversation)
        self.url = f"smtp://{LOOPBACK}:{self.server_address[1]}"
        self.arrived: list[str] = []
        self.reply = reply
        self.count = 0
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def has_counted(self, count: int) -> bool:
        return self.count >= count

    def take(self, mail_id: str) -> Reply:
        with self._lock:
            self.count += 1
            reply = self.reply(self.count)
            if reply is not Reply.LATER:
                self.arrived.append(mail_id)
        return reply


class _Conversation(socketserver.StreamRequestHandler):
    server: CountingMailServer

    def handle(self) -> None:
        with suppress(ConnectionError):  # the worker was killed
            self._talk()

    def _talk(self) -> None:
        self._say("220 drill")
        while word := self.rfile.readline()[:4].strip().upper():
            if word == b"DATA":
                self._say("354 go on")
                if not self._answer_mail():
                    return
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _answer_mail(self) -> bool:
        """Read the mail. Returns whether it is answered; a worker that died before its end sent none."""
        mail_id, is_whole = "", False
        for line in iter(self.rfile.readline, b""):
            if line.lower().startswith(b"message-id:"):
                mail_id = line.split(b"<")[1].split(b"@")[0].decode()
            if is_whole := line == b".\r\n":
                break
        if not is_whole:
            return False
        reply = self.server.take(mail_id)
        if reply is Reply.SILENT:
            return False
        time.sleep(_ACCEPTING_SECONDS)
        self._say("451 try later" if reply is Reply.LATER else "250 accepted")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
