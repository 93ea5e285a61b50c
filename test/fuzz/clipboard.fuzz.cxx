// The clipboard between the owner's client and programs of the desktop: SMsgReader, VNCServerST and vncSelection.c as they are.
#include "pieces.h"
#include "server.h"
extern "C" {
#include "stubs/dix.h"
#include "vncExtInit.h"
#include "vncSelection.h"
}

static const char *const mimes[] = {"text/html", "image/png"};
static const char *const targets[] = {"STRING", "TEXT", "UTF8_STRING", "TARGETS", "TIMESTAMP", "text/html", "image/png", "INCR"};
static rfb::VNCServerST *server;
static _Client program;

extern "C" {
unsigned dlp_num_mimetypes() { return 2; }
const char *dlp_get_mimetype(const unsigned i) { return mimes[i]; }
int vncGetSetPrimary() { return 1; }
int vncGetSendPrimary() { return 0; }
void vncAnnounceClipboard(int available) { server->announceClipboard(available); }
void vncClearBinaryClipboardData() { server->clearBinaryClipboardData(); }
void vncSendBinaryClipboardData(const char *mime, const unsigned char *data, const unsigned len) {
  server->sendBinaryClipboardData(mime, data, len);
}
void vncGetBinaryClipboardData(const char *mime, const unsigned char **data, unsigned *len) { server->getBinaryClipboardData(mime, data, len); }
static int handled(ClientPtr) { return Success; }

int LLVMFuzzerInitialize(int *, char ***) {
  prepare();
  ProcVector[X_ConvertSelection] = ProcVector[X_SendEvent] = handled;
  vncSelectionInit();
  return 0;
}
}

static Atom atom(const char *name) { return MakeAtom(name, strlen(name), TRUE); }

struct Shared : Desktop {
  Shared() : Desktop(64, 48) {}
  void handleClipboardAnnounceBinary(const unsigned num, const char types[][32]) { vncHandleClipboardAnnounceBinary(num, types); }
  void clearLocalClipboards() { vncClearLocalClipboards(); }
};

// A program pastes
static void paste(const char *target) {
  xConvertSelectionReq request = {X_ConvertSelection};
  request.requestor = 7;
  request.selection = atom("CLIPBOARD");
  request.target = atom(target);
  request.property = request.target;
  program.requestBuffer = &request;
  ProcVector[X_ConvertSelection](&program);
}

// A program copies, and gives what the server then asks for
static void copy(const char *target, const uint8_t *data, size_t size) {
  WindowPtr window;
  Selection *selection;
  const Atom what = atom(target), types[] = {atom("UTF8_STRING"), atom("STRING"), atom("text/html"), atom("image/png")};
  if (dixLookupSelection(&selection, atom("CLIPBOARD"), NULL, 0) || dixLookupWindow(&window, FakeClientID(0), NULL, 0))
    return;
  SelectionInfoRec info = {selection, &program, SelectionSetOwner};
  selection->client = &program;
  CallCallbacks(&SelectionCallback, &info);
  if (!strcmp(target, "TARGETS"))
    dixChangeWindowProperty(&program, window, what, XA_ATOM, 32, PropModeReplace, size % 5, types, TRUE);
  else
    dixChangeWindowProperty(&program, window, what, what, 8, PropModeReplace, size, data, TRUE);
  xSendEventReq request = {X_SendEvent};
  request.event.u.u.type = SelectionNotify;
  request.event.u.selectionNotify.requestor = window->drawable.id;
  request.event.u.selectionNotify.selection = selection->selection;
  request.event.u.selectionNotify.target = request.event.u.selectionNotify.property = what;
  program.requestBuffer = &request;
  ProcVector[X_SendEvent](&program);
}

// data: where it is cut; how many steps of programs, and those; what the client sends, or a program copies
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2 || data[1] + 2u > size)
    return -1;
  static const uint8_t hello[] = "RFB 003.008\n\1\1\2\0\0\2\xff\xff\xfe\xc8\xc0\xa1\xe5\xce";
  const uint8_t *step = data + 2, *const last = step + data[1];
  struct pieces pieces = {last, size_t(data + size - last), data[0]};
  Shared desktop;
  rfb::VNCServerST all("fuzz", &desktop);
  server = &all;
  Client *const client = Client::connected("owner@192.0.2.1_1.1::websocket");
  client->join(all);
  client->say(all, hello, sizeof(hello) - 1);

  while (!client->isShutdown() && (step < last || pieces.left)) {
    const unsigned what = step < last ? *step++ : 0;
    const char *const target = targets[what & 7];
    const size_t bytes = piece_length(&pieces);
    const uint8_t *const piece = take(&pieces, bytes);
    if (what & 8) {
      copy(target, piece, bytes);
    } else {
      client->say(all, piece, bytes);
      paste(target);
    }
    client->hear();
    microseconds += 200000;
    all.checkTimeouts();
  }
  vncClearLocalClipboards();
  vncHandleClipboardAnnounceBinary(0, NULL);
  all.removeSocket(client);
  delete client;
  return 0;
}
