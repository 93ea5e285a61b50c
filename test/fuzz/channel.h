// One client of one server, for the harnesses of the data channel: Wu.cpp is included, as most of it is static.
#pragma once
#include "Wu.cpp"

static const char kOffer[] =
    "v=0\r\na=ice-ufrag:wxyz\r\na=ice-pwd:0123456789abcdefghijklmn\r\na=mid:0\r\na=fingerprint:sha-256 "
    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n";

static void expect(bool holds) {
  if (!holds) abort();
}

static void set(StunUserIdentifier* to, const char* value) {
  to->length = strlen(value);
  memcpy(to->identifier, value, to->length);
}

static Wu* server() {
  static Wu* wu = NULL;
  if (!wu) expect(WuCreate("127.0.0.1", 4444, 4, &wu) == WU_OK);
  return wu;
}

/** The server's only client: the same as in the call before, unless that has ended. */
static WuClient* client() {
  static WuClient* client = NULL;
  Wu* wu = server();
  if (!wu->numClients) {
    client = WuExchangeSDP(wu, kOffer, sizeof(kOffer) - 1).client;
    expect(client);
    set(&client->serverUser, "abcdefgh");
    set(&client->serverPassword, "nmlkjihgfedcba9876543210");
    set(&client->remoteUser, "wxyz");
  }
  client->ttl = kMaxClientTtl;
  return client;
}

/** Lets the server work off what has come, reading all that its events point to. */
static void update() {
  Wu* wu = server();
  WuEvent event;
  int events = 0;
  volatile uint8_t sum = 0;
  while (WuUpdate(wu, &event)) {
    expect(++events <= 16);
    if (event.type == WuEvent_TextData || event.type == WuEvent_BinaryData)
      for (int32_t i = 0; i < event.length; i++) sum = sum + event.data[i];
    if (event.type == WuEvent_ClientLeave) WuRemoveClient(wu, event.client);
  }
}
