/* A client's bytes in pieces, as a network may cut them: the input decides where. */
#ifndef PIECES_H
#define PIECES_H
#include <stddef.h>
#include <stdint.h>

struct pieces {
  const uint8_t *next;
  size_t left;
  uint32_t cut; /* 0: all at once */
};

static inline size_t piece_length(struct pieces *pieces) {
  if (!pieces->cut)
    return pieces->left;
  pieces->cut = (uint32_t) (pieces->cut * 1103515245ull + 12345) | 1;
  const size_t some = 1 + (pieces->cut >> 16) % (pieces->cut & 0x40000000 ? 4 : 64);
  return some < pieces->left ? some : pieces->left;
}

static inline const uint8_t *take(struct pieces *pieces, size_t bytes) {
  const uint8_t *const begin = pieces->next;
  pieces->next += bytes;
  pieces->left -= bytes;
  return begin;
}
#endif
