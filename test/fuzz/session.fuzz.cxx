// A client's whole life with VNCServerST, from its version on: what it sends, in pieces, while others draw and time passes.
#include "pieces.h"
#include "server.h"
#include <sanitizer/allocator_interface.h>

static const uint8_t hello[] = "RFB 003.008\n\1\1";

// What one client may cost beside what it left unread and the desktop's pixels; an owner's unfinished clipboard more
static const size_t most = 8 * 1024 * 1024, clipboard = 27 * 1024 * 1024;

extern "C" int LLVMFuzzerInitialize(int *, char ***) {
  prepare();
  return 0;
}

// data: who it is and how large the desktop is; how many steps, and those; what the client sends
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 3 || data[2] + 3u > size)
    return -1;
  const bool owner = data[0] & 1, greets = !(data[0] & 2);
  const uint8_t *step = data + 3, *const last = step + data[2];
  struct pieces pieces = {last, size_t(data + size - last), data[1]};
  const size_t before = __sanitizer_get_current_allocated_bytes();

  Desktop desktop(data[0] & 4 ? 320 : 64, data[0] & 8 ? 200 : 48);
  rfb::VNCServerST server("fuzz", &desktop);
  Client *const client = Client::connected(owner ? "owner@192.0.2.1_1.1::websocket" : "viewer@192.0.2.1_1.1::websocket");
  client->join(server);
  if (greets)
    client->say(server, hello, sizeof(hello) - 1);

  while (!client->isShutdown() && (step < last || pieces.left)) {
    const unsigned what = step < last ? *step++ : 2;
    if (what >= 0xc0 && desktop.server)
      desktop.draw(what);
    if (what & 1)
      client->hear();
    microseconds += (what >> 1 & 0x1f) * 5000;
    server.checkTimeouts();
    if (client->isShutdown())
      break;
    const size_t bytes = piece_length(&pieces);
    const uint8_t *const piece = take(&pieces, bytes);
    // The same again and again, which mustn't add up
    for (unsigned times = what == 0x80 ? 4096 : 1; times; times--)
      client->say(server, piece, bytes);
    if (client->outStream().bufferUsage())
      server.processSocketWriteEvent(client);
  }
  const size_t now = __sanitizer_get_current_allocated_bytes(), unread = client->outStream().bufferUsage();
  if (now > before + most + owner * clipboard + 3 * unread + 16 * desktop.screen->getRect().area())
    a_client_costs_too_much_memory();
  server.removeSocket(client);
  delete client;
  return 0;
}
