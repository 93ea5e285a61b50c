// A client that has finished its DTLS handshake sends: each step is a byte that says what and how often, and a length.
#include "channel.h"
#include <openssl/x509.h>
#include <string>

static SSL* peer;
static WuClient* served;

static EVP_PKEY* newKey() {
  EVP_PKEY* key = NULL;
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
  EVP_PKEY_keygen_init(context);
  EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1);
  EVP_PKEY_keygen(context, &key);
  EVP_PKEY_CTX_free(context);
  return key;
}

/** A self-signed certificate in context; returns the offer that names it. */
static std::string offer(SSL_CTX* context) {
  EVP_PKEY* key = newKey();
  X509* certificate = X509_new();
  X509_set_pubkey(certificate, key);
  X509_gmtime_adj(X509_get_notBefore(certificate), 0);
  X509_gmtime_adj(X509_get_notAfter(certificate), 3600);
  X509_sign(certificate, key, EVP_sha256());
  expect(SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1);
  unsigned char digest[32];
  X509_digest(certificate, EVP_sha256(), digest, NULL);
  std::string text = "v=0\r\na=ice-ufrag:wxyz\r\na=ice-pwd:0123456789abcdefghijklmn\r\na=mid:0\r\na=fingerprint:sha-256 ";
  char pair[4];
  for (int i = 0; i < 32; i++) {
    snprintf(pair, sizeof(pair), i < 31 ? "%02X:" : "%02X", digest[i]);
    text += pair;
  }
  X509_free(certificate);
  EVP_PKEY_free(key);
  return text + "\r\n";
}

static void arrive(const uint8_t* data, size_t length, const WuClient*, void*) {
  if (peer) BIO_write(SSL_get_rbio(peer), data, length);
}

static const WuAddress address = {0x7f000001, 1000};

static void deliver() {
  uint8_t datagram[4096];
  int length;
  while ((length = BIO_read(SSL_get_wbio(peer), datagram, sizeof(datagram))) > 0)
    WuHandleUDP(server(), &address, datagram, length);
}

static void connect() {
  static SSL_CTX* context = SSL_CTX_new(DTLS_client_method());
  static const std::string text = offer(context);
  Wu* wu = server();
  WuSetUDPWriteFunction(wu, arrive);
  served = WuExchangeSDP(wu, text.data(), text.size()).client;
  expect(served);
  served->address = address;

  if (peer) SSL_free(peer);
  peer = SSL_new(context);
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  BIO_set_mem_eof_return(in, -1);
  BIO_set_mem_eof_return(out, -1);
  SSL_set_bio(peer, in, out);
  SSL_set_options(peer, SSL_OP_NO_QUERY_MTU);
  SSL_set_mtu(peer, 1400);
  SSL_set_connect_state(peer);
  for (int flights = 0; flights < 8 && !SSL_is_init_finished(peer); flights++) {
    SSL_do_handshake(peer);
    deliver();
    update();
  }
  expect(SSL_is_init_finished(peer) && SSL_is_init_finished(served->ssl));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (!server()->numClients) connect();
  served->ttl = kMaxClientTtl;
  served->state = WuClient_DTLSHandshake;
  bool whole = true;

  while (size >= 3 && server()->numClients) {
    const uint8_t what = data[0] % 8;
    const int times = 1 + data[0] / 8 * 20;
    size_t length = data[1] << 8 | data[2];
    data += 3;
    size -= 3;
    if (length > size) length = size;
    whole = whole && (what < 4 || what == 7);
    if (what < 4 && length) {
      for (int i = 0; i < times; i++) {
        whole = SSL_write(peer, data, length) > 0 && whole;
        deliver();
      }
    }
    else if (what == 4) SSL_shutdown(peer);
    else if (what == 5 && length) WuHandleUDP(server(), &address, data, length);
    else if (what == 6) SSL_renegotiate(peer), SSL_do_handshake(peer);
    else if (what == 7) update();
    if (server()->numClients) {
      deliver();
      expect(BIO_ctrl_pending(served->inBio) == 0);
    }
    data += length;
    size -= length;
  }
  update();

  // The next input has a session that nothing has harmed
  uint8_t ignored[4096];
  while (BIO_read(SSL_get_rbio(peer), ignored, sizeof(ignored)) > 0) {}
  if (!whole && server()->numClients) WuRemoveClient(server(), served);
  return 0;
}
