"""How a client's bytes come from a VNC server: over a unix socket, or in a websocket's messages (RFC 6455)."""
import base64
import io
import os
import socket
import struct
from urllib.parse import urlsplit


def wire_to(server, user):
    """SERVER is a socket's path or ws://HOST:PORT/PATH, where USER is NAME:PASSWORD or a header."""
    return Websocket(server, user) if server.startswith("ws:") else Wire(server)


class Wire(io.RawIOBase):
    """A unix socket's bytes, counted."""

    count = 0

    def __init__(self, path):
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(path)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self.counted(self.connection.recv_into(buffer))

    def counted(self, read):
        self.count += read
        return read

    def send(self, message):
        self.connection.sendall(message)


class Refused(SystemExit):
    """No websocket is given; unless somebody expects that, it is the program's last word."""

    def __init__(self, url, status):
        super().__init__(f"{url}: expected a websocket, got {status}")
        self.status = status


class Websocket(Wire):
    """The bytes within a websocket's messages, counted. Whose it is a name and a password say, or a header."""

    # Bytes of the message that have not been read yet.
    left = 0

    def __init__(self, url, user):
        place = urlsplit(url)
        self.connection = socket.create_connection((place.hostname, place.port))
        self.messages = self.connection.makefile("rb", 1 << 20)
        lines = [
            f"GET {place.path} HTTP/1.1",
            f"Host: {place.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Protocol: binary",
            user if ": " in user else f"Authorization: Basic {base64.b64encode(user.encode()).decode()}",
        ]
        self.connection.sendall("\r\n".join([*lines, "", ""]).encode())
        status = self.messages.readline().decode().strip()
        if " 101 " not in status:
            self.connection.close()
            raise Refused(url, status)
        while self.messages.readline() != b"\r\n":
            pass

    def readinto(self, buffer):
        while not self.left:
            kind, length = self.messages.read(2) or (8, 0)
            if length >= 126:
                length = int.from_bytes(self.messages.read(2 if length == 126 else 8), "big")
            if kind & 15 == 8:
                return 0
            if kind & 15 < 8:
                self.left = length
            else:
                self.messages.read(length)
        read = self.messages.readinto1(memoryview(buffer)[: self.left])
        self.left -= read
        return self.counted(read)

    def send(self, message):
        """In frames of at most 65535 bytes, masked with zeros."""
        for start in range(0, len(message), 0xFFFF):
            part = message[start : start + 0xFFFF]
            length = struct.pack("!B", 0x80 | len(part)) if len(part) < 126 else struct.pack("!BH", 0xFE, len(part))
            super().send(b"\x82" + length + bytes(4) + part)
