/* do_handshake() and, where it succeeds, do_proxy(), as each connection's thread calls them: HTTP, who it is, the owner's API, frames. */
#include "websockify.c"
#include "wire.h"
#include <crypt.h>

/* Two users, whose passwords are "pw" by a hash that costs nothing */
static const char users[] = "owner:hash:wo\nviewer:hash:r\n";

char *__wrap_crypt_r(const char *phrase, const char *salt, struct crypt_data *data) {
  return strcpy(data->output, strcmp(phrase, "pw") ? "*" : "hash");
}

int __wrap_usleep(useconds_t time) { return 0; }

unsigned char bl_isBlacklisted(const char *addr) { return addr[0] == '6' && addr[1] == '6'; }
void bl_addFailure(const char *addr) {}

static uint8_t yes() { return 1; }
static uint8_t *screenshot(void *messager, uint16_t w, uint16_t h, const uint8_t q, const uint8_t dedup, uint32_t *len, uint8_t *staging) {
  *len = dedup ? 16 : h % 64;
  return NULL;
}
static void stats(void *messager, char *buf, uint32_t len) { strcpy(buf, "{}"); }
static void list(void *messager, const char **buf) { *buf = strdup("[]"); }
static void nothing(void *messager) {}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  const int file = memfd_create("users", 0);
  static char path[32];
  if (write(file, users, sizeof(users) - 1) < 0 || (wakeuppipe[1] = open("/dev/null", O_WRONLY)) < 0)
    abort();
  sprintf(path, "/proc/self/fd/%d", file);
  signal(SIGPIPE, SIG_IGN);
  settings = (settings_t){
      .passwdfile = path,
      .screenshotCb = screenshot,
      .adduserCb = (void *) yes,
      .removeCb = (void *) yes,
      .updateUserCb = (void *) yes,
      .addOrUpdateUserCb = (void *) yes,
      .bottleneckStatsCb = stats,
      .frameStatsCb = stats,
      .resetFrameStatsCb = nothing,
      .requestFrameStatsNoneCb = (void *) yes,
      .requestFrameStatsOwnerCb = (void *) yes,
      .requestFrameStatsAllCb = (void *) yes,
      .requestFrameStatsOneCb = (void *) yes,
      .ownerConnectedCb = (void *) yes,
      .numActiveUsersCb = (void *) yes,
      .getUsersCb = list,
      .getClientFrameStatsNumCb = (void *) yes,
      .serverFrameStatsReadyCb = (void *) yes,
      .clearClipboardCb = nothing,
  };
  return 0;
}

/* data: what is set; where it is cut; the bytes */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 3)
    return -1;
  settings.disablebasicauth = data[0] & 1;
  settings.verbose = data[0] >> 1 & 1;
  int far;
  const int near = connected((struct pieces){data + 2, size - 2, data[1]}, &far);
  char ip[64] = "192.0.2.1";
  ws_ctx_t *const client = do_handshake(near, ip);
  if (client) {
    int server[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, server))
      abort();
    do_proxy(client, server[0]);
    close(server[0]);
    close(server[1]);
    ws_socket_free(client);
    free_ws_ctx(client);
  } else
    close(near);
  close(far);
  return 0;
}
