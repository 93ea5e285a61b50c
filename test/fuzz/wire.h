/* What the websocket's half of the server stands on, for the harnesses that include websockify.c. */
#ifndef WIRE_H
#define WIRE_H
#include "pieces.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>

ws_ctx_t *alloc_ws_ctx();
ws_ctx_t *do_handshake(int sock, char *ip);
ws_ctx_t *ws_socket(ws_ctx_t *ctx, int socket);
void ws_socket_free(ws_ctx_t *ctx);
void free_ws_ctx(ws_ctx_t *ctx);

char *extra_headers;
unsigned extra_headers_len;
int wakeuppipe[2];

/* Each piece is a packet, so that the server reads as it was cut, and a handshake without what follows it. */
static int connected(struct pieces pieces, int *far) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends))
    abort();
  int in_handshake = 1;
  for (unsigned count = 0; pieces.left; count++) {
    if (count == 64)
      pieces.cut = 0;
    size_t bytes = piece_length(&pieces);
    const uint8_t *const end = in_handshake ? memmem(pieces.next, bytes, "\r\n\r\n", 4) : NULL;
    if (end) {
      bytes = end + 4 - pieces.next;
      in_handshake = 0;
    }
    if (send(ends[1], take(&pieces, bytes), bytes, MSG_DONTWAIT) < 0)
      abort();
  }
  shutdown(ends[1], SHUT_WR);
  *far = ends[1];
  return ends[0];
}
#endif
