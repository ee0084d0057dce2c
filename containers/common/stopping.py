"""Being told to stop: signals, the parent's pipe, and a parent that is gone."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

# CONTRACT.md says 10 s after the parent's death "whatever happens"; one second is left for the kernel.
LEAVE_AFTER_S = 9.0


class StopWatch:
    """Sets `stop` on SIGTERM, SIGINT, a line `stop` on stdin or the end of stdin.

    The signals arrive through a wake-up socket, so they are heard while the main thread sits in a long native call.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._ended = threading.Event()
        self._old: dict[int, object] = {}
        self._wake_read, self._wake_write = socket.socketpair()

    def start(self) -> None:
        """Begins to listen. Only a main thread can hear signals; elsewhere the pipe alone is heard."""
        if threading.current_thread() is threading.main_thread():
            self._wake_write.setblocking(False)
            signal.set_wakeup_fd(self._wake_write.fileno(), warn_on_full_buffer=False)
            for number in (signal.SIGTERM, signal.SIGINT):
                self._old[number] = signal.signal(number, lambda *_: self.stop.set())
            threading.Thread(target=self._hear_signals, daemon=True).start()
        if os.environ.get("SPACEPORT_PARENT_PIPE") == "1":
            threading.Thread(target=self._hear_parent, daemon=True).start()

    def leave_at_once(self, after_s: float, leave: Callable[[], None]) -> None:
        """For stages whose files are valid at any moment: calls `leave` when a stop was not obeyed within `after_s`."""

        def wait() -> None:
            self.stop.wait()
            if not self._ended.wait(after_s):
                leave()

        threading.Thread(target=wait, daemon=True).start()

    def end(self) -> None:
        """Stops listening and gives the signals back."""
        self._ended.set()
        if self._old:
            signal.set_wakeup_fd(-1)
            for number, handler in self._old.items():
                signal.signal(number, handler)  # type: ignore[arg-type]
        with suppress(OSError):
            self._wake_write.close()

    def _hear_signals(self) -> None:
        with suppress(OSError):
            while data := self._wake_read.recv(16):
                if signal.SIGTERM in data or signal.SIGINT in data:
                    self.stop.set()

    def _hear_parent(self) -> None:
        heard = b""
        while data := _read_stdin():
            heard = (heard + data)[-1024:]
            if b"stop" in heard.split():
                self.stop.set()
        self.stop.set()
        _leave_whatever_happens()


def _read_stdin() -> bytes:
    try:
        return os.read(0, 1024)
    except OSError:
        return b""


def _leave_whatever_happens() -> None:
    """The kernel ends the process even if a native call never returns; elsewhere a timer does."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, LEAVE_AFTER_S)
        return
    timer = threading.Timer(LEAVE_AFTER_S, lambda: os._exit(75))
    timer.daemon = True
    timer.start()
