// A browser's offer, and what is answered to it.
#include "channel.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Wu* wu = server();
  const SDPResult result = WuExchangeSDP(wu, (const char*)data, size);
  if (result.status != WuSDPStatus_Success) {
    expect(wu->numClients == 0);
    return 0;
  }

  // The answer is one line of JSON with nothing in it but what belongs there
  int quotes = 0;
  for (int32_t i = 0; i < result.sdpLength; i++) {
    const char c = result.sdp[i];
    expect(c >= ' ' && c < 127);
    expect(c != '\\' || (i + 1 < result.sdpLength && strchr("rn", result.sdp[i + 1])));
    quotes += c == '"';
  }
  expect(quotes == 22);

  // And nobody is answered who doesn't say which certificate will come
  static const char named[] = "a=fingerprint:sha-256 ";
  expect(memmem(data, size, named, sizeof(named) - 1));

  WuClient* made = result.client;
  expect(made->serverUser.length >= 8 && made->serverPassword.length >= 22);
  expect(made->remoteUser.length >= 4 && made->remoteUser.length <= kMaxStunIdentifierLength);
  WuRemoveClient(wu, made);
  update();
  return 0;
}
