#include "core/crypto/trust_store.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"

/* A root, or an authority below one. */
struct authority {
	uint64_t id;
	uint64_t issuer; /* key id; its own for a root */
	uint8_t key[PRIMITIVES_KEY_SIZE];
	struct trust_limits own;       /* what its certificate says */
	struct trust_limits effective; /* and what all above it say; valid when believed */
	bool is_root;
	bool believed;
	uint8_t signature[PRIMITIVES_SIGNATURE_SIZE];
	uint8_t cert[CERTIFICATE_SIZE_MAX];
	size_t cert_size;
};

/* Something an authority signed. */
struct signed_bytes {
	uint64_t issuer;
	const uint8_t *signature;
	const uint8_t *cert;
	size_t cert_size;
};

struct trust_store {
	struct authority *authorities[TRUST_STORE_ROOTS_MAX + TRUST_STORE_AUTHORITIES_MAX];
	size_t authority_count;
	size_t root_count;
	uint64_t *revoked;
	size_t revoked_count;
};

struct trust_store *trust_store_new(void)
{
	return alloc_zeroed(sizeof(struct trust_store));
}

void trust_store_destroy(struct trust_store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->authority_count; i++)
		alloc_free(store->authorities[i]);
	alloc_free(store->revoked);
	alloc_free(store);
}

bool trust_limits_allow_app(const struct trust_limits *limits, uint32_t app_id)
{
	for (size_t i = 0; i < limits->app_id_count; i++) {
		if (limits->app_ids[i] == app_id)
			return true;
	}
	return limits->any_app;
}

/* What both allow. */
static void limits_intersect(struct trust_limits *limits, const struct trust_limits *above)
{
	size_t kept = 0;

	if (above->expiry < limits->expiry)
		limits->expiry = above->expiry;
	if (above->any_app)
		return;
	if (limits->any_app) {
		int64_t expiry = limits->expiry;

		*limits = *above;
		limits->expiry = expiry;
		return;
	}
	for (size_t i = 0; i < limits->app_id_count; i++) {
		if (trust_limits_allow_app(above, limits->app_ids[i]))
			limits->app_ids[kept++] = limits->app_ids[i];
	}
	limits->app_id_count = kept;
}

/* The believed one of this name whose key made the signature, the longest lasting if it has several
 * certificates. Key ids are 64 bits only, so two keys may share one: the signature decides. */
static const struct authority *find_signer(const struct trust_store *store, const struct signed_bytes *bytes)
{
	const struct authority *best = NULL;

	for (size_t i = 0; i < store->authority_count; i++) {
		const struct authority *authority = store->authorities[i];

		if (authority->id != bytes->issuer || !authority->believed ||
		    (best && best->effective.expiry >= authority->effective.expiry))
			continue;
		if (primitives_ed25519_verify(authority->key, bytes->signature, bytes->cert, bytes->cert_size))
			best = authority;
	}
	return best;
}

static bool knows_believed(const struct trust_store *store, uint64_t id)
{
	for (size_t i = 0; i < store->authority_count; i++) {
		if (store->authorities[i]->id == id && store->authorities[i]->believed)
			return true;
	}
	return false;
}

/* True when this changed anything: it is believed now, or for longer than before. */
static bool try_to_believe(const struct trust_store *store, struct authority *authority)
{
	struct trust_limits effective = authority->own;

	if (trust_store_is_revoked(store, authority->id))
		return false;
	if (!authority->is_root) {
		const struct signed_bytes bytes = { authority->issuer, authority->signature, authority->cert,
			                                authority->cert_size };
		const struct authority *signer = find_signer(store, &bytes);

		if (!signer)
			return false;
		limits_intersect(&effective, &signer->effective);
	}
	if (authority->believed && authority->effective.expiry >= effective.expiry)
		return false;
	authority->effective = effective;
	authority->believed = true;
	return true;
}

/* Belief spreads from the roots downwards until nothing changes; what no root reaches stays out, and
 * expiries only grow towards their own limits, so cycles end too. */
static void settle(struct trust_store *store)
{
	bool changed = true;

	for (size_t i = 0; i < store->authority_count; i++)
		store->authorities[i]->believed = false;
	while (changed) {
		changed = false;
		for (size_t i = 0; i < store->authority_count; i++)
			changed |= try_to_believe(store, store->authorities[i]);
	}
}

static bool has_room(const struct trust_store *store, bool is_root)
{
	if (is_root)
		return store->root_count < TRUST_STORE_ROOTS_MAX;
	return store->authority_count - store->root_count < TRUST_STORE_AUTHORITIES_MAX;
}

/* The same thing again costs no room. */
static bool knows(const struct trust_store *store, const struct authority *candidate)
{
	for (size_t i = 0; i < store->authority_count; i++) {
		const struct authority *known = store->authorities[i];

		if (known->is_root == candidate->is_root && known->cert_size == candidate->cert_size &&
		    bytes_equal(known->key, candidate->key, sizeof(known->key)) &&
		    bytes_equal(known->cert, candidate->cert, known->cert_size) &&
		    bytes_equal(known->signature, candidate->signature, sizeof(known->signature)))
			return true;
	}
	return false;
}

static bool add(struct trust_store *store, const struct authority *candidate)
{
	struct authority *authority;

	if (knows(store, candidate))
		return true;
	if (!has_room(store, candidate->is_root))
		return false;
	authority = alloc_zeroed(sizeof(*authority));
	*authority = *candidate;
	store->authorities[store->authority_count++] = authority;
	store->root_count += authority->is_root ? 1 : 0;
	settle(store);
	return true;
}

bool trust_store_add_root(struct trust_store *store, const uint8_t public_key[PRIMITIVES_KEY_SIZE])
{
	struct authority root = { .is_root = true, .own = { .expiry = INT64_MAX, .any_app = true } };

	bytes_copy(root.key, public_key, sizeof(root.key));
	root.id = certificate_key_id(public_key);
	root.issuer = root.id;
	return add(store, &root);
}

/* An empty list of applications means all of them. */
static void limits_of(const struct msg_certificate *cert, struct trust_limits *out)
{
	out->expiry = cert->expiry;
	out->any_app = cert->app_id_count == 0;
	out->app_id_count = cert->app_id_count;
	bytes_copy(out->app_ids, cert->app_ids, cert->app_id_count * sizeof(out->app_ids[0]));
}

/* What both kinds of authority certificates need. */
static bool read_authority(struct authority *out, const uint8_t *bytes, size_t size)
{
	struct msg_signed_certificate envelope;
	struct msg_certificate cert;

	bytes_zero(out, sizeof(*out));
	if (!msg_signed_certificate_read(&envelope, bytes, size) || !certificate_is_signed(&envelope) ||
	    envelope.cert_size > CERTIFICATE_SIZE_MAX || !certificate_read(&cert, envelope.cert, envelope.cert_size))
		return false;
	if (!identity_is_none(&cert.identity) || cert.expiry == 0)
		return false;
	bytes_copy(out->key, cert.key, sizeof(out->key));
	out->id = certificate_key_id(out->key);
	out->issuer = envelope.authority;
	limits_of(&cert, &out->own);
	bytes_copy(out->signature, envelope.signature, sizeof(out->signature));
	bytes_copy(out->cert, envelope.cert, envelope.cert_size);
	out->cert_size = envelope.cert_size;
	return true;
}

bool trust_store_add_root_certificate(struct trust_store *store, const uint8_t *bytes, size_t size)
{
	struct authority root;

	if (!read_authority(&root, bytes, size) || root.issuer != root.id ||
	    !primitives_ed25519_verify(root.key, root.signature, root.cert, root.cert_size))
		return false;
	root.is_root = true;
	return add(store, &root);
}

bool trust_store_add_authority(struct trust_store *store, const uint8_t *bytes, size_t size)
{
	struct authority authority;

	return read_authority(&authority, bytes, size) && add(store, &authority);
}

bool trust_store_revoke(struct trust_store *store, uint64_t key_id)
{
	if (trust_store_is_revoked(store, key_id))
		return true;
	if (store->revoked_count == TRUST_STORE_REVOKED_MAX)
		return false;
	if (!store->revoked)
		store->revoked = alloc_array(TRUST_STORE_REVOKED_MAX, sizeof(*store->revoked));
	store->revoked[store->revoked_count++] = key_id;
	settle(store);
	return true;
}

bool trust_store_is_revoked(const struct trust_store *store, uint64_t key_id)
{
	for (size_t i = 0; i < store->revoked_count; i++) {
		if (store->revoked[i] == key_id)
			return true;
	}
	return false;
}

bool trust_store_verify(const struct trust_store *store, int64_t unix_time,
                        const struct msg_signed_certificate *certificate, struct trust_limits *limits, const char **why)
{
	const struct signed_bytes bytes = { certificate->authority, certificate->signature, certificate->cert,
		                                certificate->cert_size };
	const struct authority *signer;

	if (!certificate_is_signed(certificate)) {
		*why = "malformed signature";
		return false;
	}
	if (!store || !knows_believed(store, certificate->authority)) {
		*why = "signed by an unknown authority";
		return false;
	}
	signer = find_signer(store, &bytes);
	if (!signer) {
		*why = "bad signature of the authority";
		return false;
	}
	if (signer->effective.expiry < unix_time) {
		*why = "authority expired";
		return false;
	}
	*limits = signer->effective;
	*why = "";
	return true;
}
