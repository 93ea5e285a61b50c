"""A VNC client (RFC 6143) that always wants more and takes pictures from the stream without decoding them."""
import io
import struct
import sys

RAW, COPY, TIGHT, LAST, CURSOR, DESKTOP, FENCE, CONTINUOUS = 0, 1, 7, -224, -239, -308, -312, -313
# Beside encodings of pixels.
ALWAYS = [LAST, CURSOR, DESKTOP, FENCE, CONTINUOUS]


class Session:
    """A connection of which the handshake is done."""

    def __init__(self, wire):
        self.wire = wire
        self.stream = io.BufferedReader(wire, 1 << 20)
        self.shake_hands()

    def take(self, count):
        data = self.stream.read(count)
        if len(data) < count:
            sys.exit("the server hung up")
        return data

    def read(self, layout):
        return struct.unpack(layout, self.take(struct.calcsize(layout)))

    def ask(self, message, flag):
        """For the whole desktop."""
        self.wire.send(struct.pack("!BBHHHH", message, flag, 0, 0, *self.size))

    def shake_hands(self):
        self.take(12)
        self.wire.send(b"RFB 003.008\n")
        self.take(self.read("!B")[0])
        self.wire.send(b"\x01")
        if self.read("!I")[0] != 0:
            sys.exit("the server refuses a client without a password of VNC's own")
        self.wire.send(b"\x01")
        *self.size, bits = self.read("!HHB15x")
        self.take(self.read("!I")[0])
        if bits != 32:
            sys.exit(f"expected 32 bits a pixel, got {bits}")

    def want(self, *encodings):
        self.wire.send(struct.pack(f"!BxH{len(encodings)}i", 2, len(encodings), *encodings))


class Client(Session):
    # Updates in which the watched pixel was, and what it is where the server sends it as it is.
    frames = 0
    colour = b""
    # Whether the server sends updates without being asked for each.
    endless = False

    def __init__(self, wire, encodings, watched):
        self.watched = watched
        super().__init__(wire)
        self.want(*encodings)
        self.ask(3, 0)

    def message(self):
        """Takes one message and answers it where that keeps updates coming."""
        kind = self.read("!B")[0]
        if kind == 0:
            self.frames += self.update()
            if not self.endless:
                self.ask(3, 1)
        elif kind == 1:
            self.take(self.read("!xHH")[1] * 6)
        elif kind == 3:
            self.take(self.read("!3xI")[0])
        elif kind == 150:
            self.endless = True
            self.ask(150, 1)
        elif kind == 180:
            for _ in range(self.read("!B")[0]):
                self.take(self.read("!4xB")[0])
                self.take(self.read("!I")[0])
        elif kind == 248:
            flags, length = self.read("!3xIB")
            payload = self.take(length)
            if flags & 1 << 31:
                self.wire.send(struct.pack("!B3xIB", 248, flags & 3, length) + payload)
        elif kind != 2:
            sys.exit(f"expected a message that was asked for, got {kind}")

    def update(self):
        """Takes a framebuffer update; whether the watched pixel is in it."""
        seen = False
        for _ in range(self.read("!xH")[0]):
            x, y, width, height, encoding = self.read("!HHHHi")
            if encoding == LAST:
                break
            if encoding == CURSOR:
                self.take(width * height * 4 + (width + 7) // 8 * height)
                continue
            if encoding == DESKTOP:
                self.take(16 * self.read("!B3x")[0])
                self.size = [width, height]
                continue
            if encoding == TIGHT:
                self.tight(width, height)
            elif encoding in (RAW, COPY):
                pixels = self.take(4 if encoding == COPY else width * height * 4)
            else:
                sys.exit(f"expected an encoding that was asked for, got {encoding}")
            column, row = self.watched[0] - x, self.watched[1] - y
            if 0 <= column < width and 0 <= row < height:
                seen = True
                if encoding == RAW:
                    self.colour = pixels[4 * (row * width + column) :][:4]
        return seen

    def tight(self, width, height):
        """Takes a rectangle: one colour, an image of some format, or pixels or a palette's indices with or without zlib."""
        control = self.read("!B")[0] >> 4
        if control >= 8:
            self.take(3 if control == 8 else self.length())
            return
        size = width * height * 3
        if control & 4 and self.read("!B")[0] == 1:
            colours = self.read("!B")[0] + 1
            self.take(3 * colours)
            size = (width + 7) // 8 * height if colours == 2 else width * height
        self.take(size if size < 12 else self.length())

    def length(self):
        """One to three bytes: seven bits, seven bits, eight bits, the low ones first."""
        value = 0
        for shift in (0, 7, 14):
            byte = self.read("!B")[0]
            value |= (byte & 0x7F if shift < 14 else byte) << shift
            if byte < 0x80:
                break
        return value
