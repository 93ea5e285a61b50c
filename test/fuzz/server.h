// The VNC server as Xvnc has it, with a desktop of a few pixels, one client on a socket, and a clock of its own.
#ifndef SERVER_H
#define SERVER_H
#include "promises.h"
#include <network/Socket.h>
#include <poll.h>
#include <rfb/LogWriter.h>
#include <rfb/Logger_stdio.h>
#include <rfb/PixelBuffer.h>
#include <rfb/SDesktop.h>
#include <rfb/SecurityServer.h>
#include <rfb/ServerCore.h>
#include <rfb/VNCServerST.h>
#include <rfb/unixRelayLimits.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

rfb::BoolParameter disablebasicauth("DisableBasicAuth", "", false);

extern "C" {
int unixrelays[MAX_UNIX_RELAYS] = {-1, -1, -1, -1};
char unixrelaynames[MAX_UNIX_RELAYS][MAX_UNIX_RELAY_NAME_LEN];
char *extra_headers;
unsigned extra_headers_len;
int wakeuppipe[2];

// The X server's one thread serves all: nothing may wait for one client
static int at_once(int ready, bool patient) {
  if (!ready && patient)
    the_server_waits_for_its_client();
  return ready;
}
int __real_poll(struct pollfd *, nfds_t, int);
int __wrap_poll(struct pollfd *ends, nfds_t count, int timeout) { return at_once(__real_poll(ends, count, 0), timeout); }
int __real_select(int, fd_set *, fd_set *, fd_set *, struct timeval *);
int __wrap_select(int most, fd_set *in, fd_set *out, fd_set *, struct timeval *timeout) {
  struct timeval none = {0, 0};
  return at_once(__real_select(most, in, out, NULL, &none), !timeout || timeout->tv_sec || timeout->tv_usec);
}

// Time goes on by what the input says, and by a little when it is looked at
static uint64_t microseconds;
static unsigned look = 100;
int __wrap_gettimeofday(struct timeval *now, void *) {
  microseconds += look;
  now->tv_sec = 1700000000 + microseconds / 1000000;
  now->tv_usec = microseconds % 1000000;
  return 0;
}
int __wrap_inotify_init() { return -1; } // nobody closes it
time_t __wrap_time(time_t *) { return 1700000000 + microseconds / 1000000; }
}

struct Desktop : rfb::SDesktop {
  rfb::VNCServer *server;
  rfb::ManagedPixelBuffer *screen;

  Desktop(int width, int height) : server(NULL), screen(fresh(width, height)) {}
  ~Desktop() { delete screen; }

  static rfb::ManagedPixelBuffer *fresh(int width, int height) {
    const rfb::PixelFormat format(32, 24, false, true, 255, 255, 255, 16, 8, 0);
    rfb::ManagedPixelBuffer *const pixels = new rfb::ManagedPixelBuffer(format, width, height);
    const rdr::U8 blue[4] = {200, 0, 0, 0};
    pixels->fillRect(pixels->getRect(), blue);
    return pixels;
  }

  void start(rfb::VNCServer *vs) {
    server = vs;
    server->setPixelBuffer(screen);
  }
  void stop() { server->setPixelBuffer(NULL); }

  // As RandR has it: from 32 to 16384 pixels, and no more of them than take little memory
  unsigned int setScreenLayout(int width, int height, const rfb::ScreenSet &layout) {
    if (width < 32 || height < 32 || width > 16384 || height > 16384 || width * height > 2048 * 2048)
      return rfb::resultInvalid;
    rfb::ManagedPixelBuffer *const before = screen;
    screen = fresh(width, height);
    server->setPixelBuffer(screen, layout);
    delete before;
    return rfb::resultSuccess;
  }

  // Somebody draws: one colour, or noise
  void draw(uint8_t what) {
    rfb::Rect area;
    area.setXYWH(what % 16 * 4, what / 16 * 4, 64 + what, 48 + what);
    area = area.intersect(screen->getRect());
    if (area.is_empty())
      area = screen->getRect();
    int stride;
    rdr::U8 *row = screen->getBufferRW(area, &stride);
    for (int y = 0; y < area.height(); y++, row += stride * 4)
      for (int x = 0; x < area.width() * 4; x++)
        row[x] = what & 1 ? what : (x * 31 + y * 17) * what >> 4;
    screen->commitBufferRW(area);
    server->add_changed(rfb::Region(area));
  }
};

struct Client : network::Socket {
  int far;

  static Client *connected(const char *name) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends))
      abort();
    return new Client(ends, name);
  }

  Client(const int ends[2], const char *name) : Socket(ends[0]), far(ends[1]), name(name) { outStream().setBlocking(false); }
  ~Client() { close(far); }

  bool cork(bool) { return true; }
  char *getPeerAddress() { return rfb::strDup(name); }
  char *getPeerEndpoint() { return rfb::strDup(name); }

  // Meanwhile the server measures how fast it is, which takes time
  void join(rfb::VNCServerST &server) {
    look = 1000;
    server.addSocket(this);
    look = 100;
  }

  // Sends, and lets the server read until it has all or will have no more
  void say(rfb::VNCServerST &server, const void *bytes, size_t count) {
    const char *next = (const char *) bytes;
    while (count && !isShutdown()) {
      const ssize_t sent = send(far, next, count, MSG_NOSIGNAL);
      if (sent > 0) {
        next += sent;
        count -= sent;
      }
      server.processSocketReadEvent(this);
      server.checkTimeouts();
    }
  }

  // Reads what there is
  size_t hear() {
    char heard[65536];
    size_t all = 0;
    for (ssize_t count; (count = recv(far, heard, sizeof(heard), 0)) > 0;)
      all += count;
    return all;
  }

private:
  const char *name;
};

// Two users, as images have them
static void prepare() {
  static const char users[] = "owner:$5$kasm$x:wo\nviewer:$5$kasm$x:r\n";
  const int file = memfd_create("users", 0);
  if (write(file, users, sizeof(users) - 1) < 0)
    abort();
  char path[32];
  sprintf(path, "/proc/self/fd/%d", file);
  signal(SIGPIPE, SIG_IGN);
  if (getenv("FUZZ_LOG")) {
    rfb::initStdIOLoggers();
    rfb::LogWriter::setLogParams("*:stderr:100");
  }
  rfb::Server::kasmPasswordFile.setParam(path);
  rfb::SecurityServer::secTypes.setParam("None");
  rfb::Server::clientWaitTimeMillis.setParam(20000);
}
#endif
