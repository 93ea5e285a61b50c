// An SCTP packet, as it comes out of DTLS.
#include "channel.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  WuClient* to = client();
  to->state = WuClient_SCTPEstablished;
  WuHandleSctp(server(), to, data, size);
  update();
  return 0;
}
