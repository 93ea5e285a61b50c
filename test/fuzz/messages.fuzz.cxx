// SMsgReader, as VNCSConnectionST::processMessages() uses it: what it is given in pieces it reads without waiting.
#include "pieces.h"
#include "promises.h"
#include "states.h"
#include <rdr/BufferedInStream.h>
#include <rfb/Exception.h>
#include <rfb/SMsgHandler.h>
#include <rfb/SMsgReader.h>
#include <rfb/ServerCore.h>
#include <stdlib.h>

States states;

// Both are of the tree that the farm builds; one without them is read as it was meant to be
#ifndef WHOLE_MESSAGES
#define override
#endif

struct Stream : rdr::BufferedInStream {
  struct pieces pieces;
  size_t arrived;

  Stream(const struct pieces &all) : pieces(all), arrived(0) {}

  void arrive() { arrived = piece_length(&pieces); }

  bool fillBuffer(size_t maxSize, bool wait) {
    const size_t bytes = arrived < maxSize ? arrived : maxSize;
    if (!bytes && wait)
      the_server_waits_for_its_client();
    memcpy((void *) end, take(&pieces, bytes), bytes);
    end += bytes;
    arrived -= bytes;
    return bytes;
  }
};

struct Handler : rfb::SMsgHandler {
  bool owner;
  size_t clipboard;

  Handler(bool owner) : owner(owner), clipboard(0) {}

  void framebufferUpdateRequest(const rfb::Rect &, bool) {}
  void fence(rdr::U32, unsigned, const char[]) {}
  void enableContinuousUpdates(bool, int, int, int, int) {}
  void sendStats(const bool) {}
  void handleFrameStats(rdr::U32, rdr::U32) {}
  bool canChangeKasmSettings() const { return owner; }
  bool takesClipboard() const override { return owner; }
  bool maySee() const override { return true; }
  void udpUpgrade(const char *) {}
  void udpUpgrade(const char *, unsigned) {}
  void udpDowngrade(const bool) {}
  void subscribeUnixRelay(const char *name) {
    if (strlen(name) > 63)
      a_name_is_too_long();
  }
  void unixRelay(const char *name, const rdr::U8 *, const unsigned) { subscribeUnixRelay(name); }
  void setDesktopSize(int width, int height, const rfb::ScreenSet &layout) { SMsgHandler::setDesktopSize(width, height, layout); }
  void clearBinaryClipboard() { clipboard = 0; }
  void handleClipboardAnnounceBinary(const unsigned, const char[][32]) {}

  void addBinaryClipboard(const char[], const rdr::U8 *, const rdr::U32 len, const rdr::U32) {
    clipboard += len;
    if (!owner)
      what_a_viewer_may_not_send_is_kept();
    if (clipboard > 16 * 1024 * 1024)
      a_client_costs_too_much_memory();
  }
};

// What webudp would answer is another harness' part
extern "C" void wuGotHttp(const char *, const unsigned, char resp[]) { resp[0] = '\0'; }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2)
    return -1;
  Handler handler(data[0] & 1);
  rfb::Server::DLP_ClipAcceptMax.setParam(data[0] & 2 ? 64 : 0);
  const struct pieces pieces = {data + 2, size - 2, data[1]};
  Stream stream(pieces);
  rfb::SMsgReader reader(&handler, &stream);

  try {
    while (stream.pieces.left) {
      stream.arrive();
#ifdef WHOLE_MESSAGES
      while (reader.hasMsg()) {
        if (!reader.bytesToDrop && !reader.clipboardsToDrop)
#else
      while (stream.checkNoWait(1)) {
#endif
        states.reached(handler.owner ? "owner" : "viewer", *stream.getptr());
        reader.readMsg();
      }
    }
  } catch (rdr::Exception &) {
  }
  return 0;
}
