/* An authority, a certificate of it, and an endpoint that believes it. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session.h"

struct trust {
	struct session *session;
	unsigned char root_key[32], root_public[32], key[32], public_key[32];
	uint64_t root_id;
	char request[4096], certificate[4096];
	size_t request_size, certificate_size;
	uint32_t endpoint;
};

static void check_keys(struct trust *trust)
{
	struct session *session = trust->session;
	unsigned char again[32];
	char text[256], path[] = "/tmp/kith-abi-XXXXXX";
	size_t size;

	SESSION_CALL(session, "kith_key_generate", trust->root_key);
	SESSION_CALL(session, "kith_key_public", trust->root_key, trust->root_public);
	SESSION_CALL(session, "kith_key_generate", trust->key);
	SESSION_CALL(session, "kith_key_public", trust->key, trust->public_key);
	SESSION_CALL(session, "kith_key_id", trust->root_public, &trust->root_id);
	SESSION_CALL(session, "kith_key_print_public", trust->root_public, session_constant("KITH_KEY_FORM_SSH"), text,
	             (int64_t)sizeof(text), &size);
	SESSION_CALL(session, "kith_key_parse_public", text, (int64_t)strlen(text), again);
	session_check(session, memcmp(again, trust->root_public, 32) == 0, "a public key as text");
	SESSION_CALL(session, "kith_key_parse", trust->key, (int64_t)32, again);
	session_check(session, memcmp(again, trust->key, 32) == 0, "a private key as bytes");
	close(mkstemp(path));
	unlink(path);
	SESSION_CALL(session, "kith_key_save_public", path, trust->public_key);
	SESSION_CALL(session, "kith_key_load_public", path, again);
	session_check(session, memcmp(again, trust->public_key, 32) == 0, "a public key in a file");
	unlink(path);
}

static void make_certificate(struct trust *trust)
{
	struct session *session = trust->session;
	void *options = foreign_new("kith_certificate_options"), *identity = foreign_new("kith_identity");
	void *about = foreign_new("kith_certificate");
	char binary[4096];
	size_t size;

	foreign_call("kith_certificate_options_init", options);
	SESSION_CALL(session, "kith_identity_parse", "str:carol", identity);
	foreign_set_pointer("kith_certificate_options", options, "identity", identity);
	foreign_set_pointer("kith_certificate_options", options, "signing_key", trust->key);
	SESSION_CALL(session, "kith_certificate_request", options, trust->request, (int64_t)sizeof(trust->request),
	             &trust->request_size);
	SESSION_CALL(session, "kith_certificate_describe", trust->request, (int64_t)trust->request_size, (int64_t)0, about);
	session_check(session,
	              foreign_get("kith_certificate", about, "kind") == session_constant("KITH_CERTIFICATE_REQUEST"),
	              "a request for a certificate");
	foreign_set_pointer("kith_certificate_options", options, "signing_key", trust->root_key);
	foreign_set_pointer("kith_certificate_options", options, "public_key",
	                    foreign_at("kith_certificate", about, "key"));
	foreign_set("kith_certificate_options", options, "expires_unix_us", INT64_C(4000000000000000));
	SESSION_CALL(session, "kith_certificate_sign", options, trust->certificate, (int64_t)sizeof(trust->certificate),
	             &trust->certificate_size);
	SESSION_CALL(session, "kith_certificate_convert", trust->certificate, (int64_t)trust->certificate_size,
	             session_constant("KITH_FORM_BINARY"), binary, (int64_t)sizeof(binary), &size);
	session_check(session, size > 0 && size < trust->certificate_size, "a certificate as bytes");
	free(options);
	free(identity);
	free(about);
}

static void use_certificate(struct trust *trust)
{
	struct session *session = trust->session;
	void *options = foreign_new("kith_endpoint_options"), *identity = foreign_new("kith_identity");
	void *about = foreign_new("kith_certificate");
	int32_t doubt = -1, believed = -1;
	uint64_t id = 0;
	size_t count = 0;
	char list[64];

	SESSION_CALL(session, "kith_identity_parse", "str:carol", identity);
	foreign_set_pointer("kith_endpoint_options", options, "identity", identity);
	SESSION_CALL(session, "kith_endpoint_create", options, &trust->endpoint);
	SESSION_CALL(session, "kith_endpoint_add_trust", (int64_t)trust->endpoint, trust->root_public, (int64_t)32);
	SESSION_CALL(session, "kith_endpoint_trust_at", (int64_t)trust->endpoint, (int64_t)0, about, &believed);
	session_check(session, believed == 1, "a root is believed");
	SESSION_CALL(session, "kith_endpoint_check_certificate", (int64_t)trust->endpoint, trust->certificate,
	             (int64_t)trust->certificate_size, identity, &doubt);
	session_check(session, doubt == session_constant("KITH_DOUBT_NONE"), "its certificate is not doubted");
	session_check(session, strlen((char *)(uintptr_t)foreign_call("kith_doubt_name", (int64_t)doubt)) > 0,
	              "doubts have names");
	foreign_call("kith_doubt_text", (int64_t)doubt);
	SESSION_CALL(session, "kith_endpoint_set_certificate", (int64_t)trust->endpoint, trust->key, trust->certificate,
	             (int64_t)trust->certificate_size);
	SESSION_CALL(session, "kith_endpoint_certificate", (int64_t)trust->endpoint, about);
	session_check(session, session_text("kith_certificate", about, "identity.text", "str:carol"),
	              "whose certificate it is");
	snprintf(list, sizeof(list), "%llu\n", (unsigned long long)trust->root_id);
	SESSION_CALL(session, "kith_revoked_parse", list, (int64_t)strlen(list), &id, (int64_t)1, &count);
	session_check(session, count == 1 && id == trust->root_id, "a list of revoked keys");
	SESSION_CALL(session, "kith_endpoint_set_revoked", (int64_t)trust->endpoint, list, (int64_t)strlen(list));
	SESSION_CALL(session, "kith_endpoint_revoke", (int64_t)trust->endpoint, (int64_t)42);
	SESSION_CALL(session, "kith_endpoint_revoked_at", (int64_t)trust->endpoint, (int64_t)0, &id);
	SESSION_CALL(session, "kith_endpoint_remove_trust", (int64_t)trust->endpoint, (int64_t)trust->root_id);
	SESSION_CALL(session, "kith_endpoint_destroy", (int64_t)trust->endpoint);
	free(options);
	free(identity);
	free(about);
}

void session_trust(struct session *session)
{
	struct trust trust = { .session = session };

	check_keys(&trust);
	make_certificate(&trust);
	use_certificate(&trust);
}
