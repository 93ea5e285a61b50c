/* What a server promises; where it doesn't keep that, the stack that the fuzzer prints says what. */
#ifndef PROMISES_H
#define PROMISES_H
#include <stdlib.h>

#define PROMISE(name) \
  __attribute__((noinline, noreturn, unused)) static void name(void) { abort(); }

PROMISE(the_server_waits_for_its_client)
PROMISE(a_client_costs_too_much_memory)
PROMISE(more_is_handed_on_than_was_sent)
PROMISE(what_a_viewer_may_not_send_is_kept)
PROMISE(a_name_is_too_long)
#endif
