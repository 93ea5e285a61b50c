// A byte of flags and a UDP packet. With flag 1 MESSAGE-INTEGRITY is made right first, with 2 FINGERPRINT.
#include "channel.h"
#include <arpa/inet.h>
#include "CRC32.h"

static void sign(uint8_t flags, uint8_t* packet, size_t size) {
  for (size_t at = 20; at + 4 <= size;) {
    const size_t type = packet[at] << 8 | packet[at + 1];
    const size_t length = packet[at + 2] << 8 | packet[at + 3];
    if (at + 4 + length > size) return;
    if (type == StunAttrib_MessageIntegrity && length == 20 && flags & 1) {
      uint8_t message[4096];
      memcpy(message, packet, at);
      message[2] = (at + 4) >> 8;
      message[3] = (at + 4) & 255;
      WuSHA1Digest digest = WuSHA1(message, at, "nmlkjihgfedcba9876543210", 24);
      memcpy(packet + at + 4, digest.bytes, 20);
    }
    if (type == StunAttrib_Fingerprint && length == 4 && flags & 2) {
      const uint32_t crc = htonl(StunCRC32(packet, at) ^ 0x5354554e);
      memcpy(packet + at + 4, &crc, 4);
    }
    at += 4 + (length + 3) / 4 * 4;
  }
}

/** What is read of a packet doesn't depend on what was in memory before. */
static void parse(const uint8_t* packet, size_t size) {
  static StunPacket zeros, ones;
  memset(&zeros, 0, sizeof(zeros));
  memset(&ones, 0xff, sizeof(ones));
  if (!ParseStun(packet, size, &zeros)) return;
  expect(ParseStun(packet, size, &ones));
  expect(zeros.serverUser.length == ones.serverUser.length && zeros.remoteUser.length == ones.remoteUser.length);
  expect(zeros.serverUser.length >= 0 && zeros.serverUser.length <= kMaxStunIdentifierLength);
  expect(zeros.remoteUser.length >= 0 && zeros.remoteUser.length <= kMaxStunIdentifierLength);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2 || size > 4096) return 0;
  WuClient* of = client();
  const WuAddress known = {0x7f000001, 1000}, other = {0x7f000002, 2000};
  of->address = known;

  uint8_t* packet = (uint8_t*)malloc(size - 1);
  memcpy(packet, data + 1, size - 1);
  sign(data[0], packet, size - 1);
  parse(packet, size - 1);
  WuHandleUDP(server(), &other, packet, size - 1);

  // Nothing without an integrity that is right has moved the client
  bool authentic = false;
  if (size - 1 >= 44) {
    uint8_t* again = (uint8_t*)malloc(size - 1);
    memcpy(again, packet, size - 1);
    sign(1, again, size - 1);
    authentic = memcmp(again, packet, size - 1) == 0 && memmem(packet + 20, size - 21, "\0\x08\0\x14", 4);
    free(again);
  }
  expect(authentic || of->address.port == known.port);

  of->address = other;
  WuHandleUDP(server(), &other, packet, size - 1);
  free(packet);
  update();
  return 0;
}
