/* do_proxy(): frames of a client, in pieces, become what the server reads, and what the server says becomes frames. */
#include "websockify.c"
#include "promises.h"
#include "wire.h"
#include <sys/resource.h>

unsigned char bl_isBlacklisted(const char *addr) { return 0; }
void bl_addFailure(const char *addr) {}

/* As where a thousand others are open already */
static int beyond(int end) {
  const int high = fcntl(end, F_DUPFD, 1100);
  if (high < 0)
    abort();
  close(end);
  return high;
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){2048, 2048});
  signal(SIGPIPE, SIG_IGN);
  return 0;
}

/* data: text or not, and whether its descriptors are high ones; where they are cut; how much the server says, in 256 bytes; the client's bytes */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 3)
    return -1;
  static const uint8_t said[255 * 256];
  int far, server[2];
  ws_ctx_t *const client = alloc_ws_ctx();
  ws_socket(client, connected((struct pieces){data + 3, size - 3, data[1]}, &far));
  client->hybi = 13;
  client->opcode = data[0] & 1 ? OPCODE_TEXT : OPCODE_BINARY;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, server))
    abort();
  if (data[0] & 2) {
    client->sockfd = beyond(client->sockfd);
    server[0] = beyond(server[0]);
  }
  if (data[2] && send(server[1], said, data[2] * 256, MSG_DONTWAIT) < 0)
    abort();

  do_proxy(client, server[0]);

  char heard[65536];
  size_t all = 0;
  for (ssize_t count; (count = recv(server[1], heard, sizeof(heard), MSG_DONTWAIT)) > 0;)
    all += count;
  if (all > size)
    more_is_handed_on_than_was_sent();
  ws_socket_free(client);
  free_ws_ctx(client);
  close(server[0]);
  close(server[1]);
  close(far);
  return 0;
}
