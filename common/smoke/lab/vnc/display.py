"""An X client's connection to $DISPLAY. Requests are those of the X Window System Protocol, appendix B."""
import os
import socket
import struct
import subprocess
import sys

FOREGROUND = 1 << 2
OVERRIDE_REDIRECT, EVENT_MASK, GRAPHICS_EXPOSURES = 1 << 9, 1 << 11, 1 << 16


class Display:
    def __init__(self):
        name = os.environ["DISPLAY"]
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(f"/tmp/.X11-unix/X{name.lstrip(':').split('.')[0]}")
        self.stream = self.connection.makefile("rb")
        kind, cookie = b"MIT-MAGIC-COOKIE-1", bytes.fromhex(subprocess.check_output(["xauth", "list"], text=True).split()[2])
        self.send(struct.pack("<BxHHHHxx18sxx16s", ord("l"), 11, 0, len(kind), len(cookie), kind, cookie))
        accepted, length = struct.unpack("<BxxxxxH", self.stream.read(8))
        setup = self.stream.read(4 * length)
        if accepted != 1:
            sys.exit(f"{name} refuses: {setup}")
        self.next, vendor, formats = struct.unpack_from("<4xI8xH3xB", setup)
        self.root, self.depth = struct.unpack_from("<I34xB", setup, 32 + (vendor + 3) // 4 * 4 + 8 * formats)

    def send(self, *requests):
        self.connection.sendall(b"".join(requests))

    def request(self, code, detail, layout, *values):
        """A request of the core protocol; what its layout ends with fills a multiple of four bytes."""
        body = struct.pack(f"<{layout}", *values)
        return struct.pack("<BBH", code, detail, 1 + len(body) // 4) + body

    def new(self):
        self.next += 1
        return self.next

    def settle(self):
        """Waits until the server has done all that it was asked."""
        self.send(self.request(43, 0, ""))
        return self.answer()

    def answer(self):
        """What comes next: a reply or, where events were asked for, an event."""
        answer = self.stream.read(32)
        if len(answer) < 32:
            sys.exit("the X server is gone")
        if answer[0] == 0:
            sys.exit(f"error {answer[1]} of request {answer[10]}")
        return answer
