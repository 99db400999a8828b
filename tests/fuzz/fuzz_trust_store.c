/* Bytes as a history of a trust store: roots, authorities and revocations come and go, and certificates
 * are verified meanwhile. Whatever is believed must have a path to a root in a model that knows only the
 * facts: who signed whom, from when until when, who is revoked. */
#include <stdlib.h>
#include <string.h>

#include "core/base/byte_writer.h"
#include "core/crypto/trust_store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KEYS = 8, FACTS_MAX = 64, OPERATIONS_MAX = 48, CERT_MAX = 256 };

struct fact {
	uint8_t key, issuer;
	uint32_t created, expiry;
	bool is_root;
	bool in_store; /* else a peer brought it, now */
	bool forged;   /* the issuer did not sign it */
};

struct world {
	struct trust_store *store;
	struct fact facts[FACTS_MAX];
	size_t fact_count;
	bool revoked[KEYS];
	const uint8_t *at, *end;
};

static uint8_t seeds[KEYS][32], keys[KEYS][32];
static uint64_t ids[KEYS];

static void make_keys(void)
{
	for (uint8_t i = 0; i < KEYS; i++) {
		memset(seeds[i], i + 1, sizeof(seeds[i]));
		primitives_ed25519_public(keys[i], seeds[i]);
		ids[i] = certificate_key_id(keys[i]);
	}
}

static uint8_t next(struct world *world)
{
	return world->at < world->end ? *world->at++ : 0;
}

/* Times are small numbers of thousands, so that they meet. */
static uint32_t next_time(struct world *world)
{
	return (uint32_t)(next(world) % 16) * 1000;
}

static struct fact next_fact(struct world *world, bool is_root)
{
	uint8_t both = next(world);
	struct fact fact = { both % KEYS, both / KEYS % KEYS, next_time(world), next_time(world), is_root, true, false };

	if (is_root)
		fact.issuer = fact.key;
	fact.expiry += 1;
	fact.forged = both / 64 == 3;
	return fact;
}

static size_t make(uint8_t out[CERT_MAX], const struct fact *fact, const char *identity)
{
	struct msg_certificate cert = { .key_type = 1, .key = keys[fact->key], .key_size = 32 };
	struct msg_signed_certificate envelope;
	uint8_t bytes[CERT_MAX], signature[64];
	struct byte_writer writer;

	cert.created = fact->created;
	cert.expiry = fact->expiry;
	if (identity != NULL) {
		identity_parse(&cert.identity, identity, strlen(identity));
		cert.app_id_count = 1;
	}
	byte_writer_init(&writer, bytes, sizeof(bytes));
	msg_certificate_write(&writer, &cert);
	certificate_sign(&envelope, signature, seeds[(fact->issuer + fact->forged) % KEYS], bytes,
	                 byte_writer_size(&writer));
	envelope.authority = ids[fact->issuer];
	byte_writer_init(&writer, out, CERT_MAX);
	msg_signed_certificate_write(&writer, &envelope);
	return byte_writer_size(&writer);
}

static void add(struct world *world, bool is_root)
{
	struct fact fact = next_fact(world, is_root);
	uint8_t bytes[CERT_MAX];
	size_t size = make(bytes, &fact, NULL);
	enum authority_result result = is_root ? trust_store_add_root_certificate(world->store, bytes, size)
	                                       : trust_store_add_authority(world->store, bytes, size);

	if (is_root && fact.forged ? result != AUTHORITY_FORGED : result != AUTHORITY_FINE && result != AUTHORITY_FULL)
		abort();
	if (result == AUTHORITY_FINE)
		world->facts[world->fact_count++] = fact;
}

static void remove_key(struct world *world)
{
	uint8_t key = next(world) % KEYS;
	size_t kept = 0;

	trust_store_remove(world->store, ids[key]);
	for (size_t i = 0; i < world->fact_count; i++) {
		if (world->facts[i].key != key)
			world->facts[kept++] = world->facts[i];
	}
	world->fact_count = kept;
}

static bool counts(const struct fact *fact, int64_t now)
{
	return (int64_t)fact->created - TRUST_CLOCK_TOLERANCE <= now && now <= (int64_t)fact->expiry;
}

/* Is there a fact that `key` is what the path says it is: signed by the next on it, or a root? */
static bool step_holds(const struct world *world, int64_t now, uint64_t id, const uint64_t *above)
{
	for (size_t i = 0; i < world->fact_count; i++) {
		const struct fact *fact = &world->facts[i];

		if (ids[fact->key] != id || fact->forged || world->revoked[fact->key] || !counts(fact, now))
			continue;
		if (above == NULL ? fact->is_root && fact->in_store : ids[fact->issuer] == *above)
			return true;
	}
	return false;
}

static void check_path(const struct world *world, int64_t now, uint8_t issuer, const struct trust_limits *limits)
{
	if (limits->authority_count == 0 || limits->authority_count > TRUST_CHAIN_MAX ||
	    limits->authorities[0] != ids[issuer])
		abort();
	for (size_t i = 0; i < limits->authority_count; i++) {
		const uint64_t *above = i + 1 < limits->authority_count ? &limits->authorities[i + 1] : NULL;

		if (!step_holds(world, now, limits->authorities[i], above))
			abort();
	}
}

static void verify(struct world *world)
{
	static uint8_t chain[MSG_CERTIFICATE_CHAIN_MAX][CERT_MAX];
	struct fact end = next_fact(world, false);
	int64_t now = next_time(world);
	size_t brought = next(world) % (MSG_CERTIFICATE_CHAIN_MAX + 1), known = world->fact_count;
	struct msg_signed_certificate envelope;
	struct trust_limits limits;
	uint8_t bytes[CERT_MAX];
	size_t size = make(bytes, &end, "str:a");

	if (!msg_signed_certificate_read(&envelope, bytes, size))
		abort();
	for (size_t i = 0; i < brought; i++) {
		struct fact fact = next_fact(world, false);

		fact.in_store = false;
		envelope.chain[envelope.chain_count++] = (struct msg_bytes){ chain[i], make(chain[i], &fact, NULL) };
		world->facts[world->fact_count++] = fact;
	}
	if (trust_store_verify(world->store, now, &envelope, &limits) == DOUBT_NONE) {
		if (end.forged)
			abort();
		check_path(world, now, end.issuer, &limits);
	}
	world->fact_count = known;
}

static void operate(struct world *world)
{
	uint8_t key;

	switch (next(world) % 8) {
	case 0:
		add(world, true);
		break;
	case 1:
	case 2:
		add(world, false);
		break;
	case 3:
		remove_key(world);
		break;
	case 4:
		key = next(world) % KEYS;
		world->revoked[key] = trust_store_revoke(world->store, ids[key]);
		break;
	case 5:
		trust_store_set_revoked(world->store, NULL, 0);
		memset(world->revoked, 0, sizeof(world->revoked));
		break;
	default:
		verify(world);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world world = { .store = trust_store_new(), .at = data, .end = data + size };

	if (ids[0] == 0)
		make_keys();
	for (int i = 0; i < OPERATIONS_MAX && world.at < world.end; i++)
		operate(&world);
	trust_store_destroy(world.store);
	return 0;
}
