#include "core/crypto/trust_store.h"

#include "core/base/alloc.h"
#include "core/base/bytes.h"

/* A root, or an authority below one, and what we make of it. */
struct member {
	struct authority authority;
	struct trust_limits effective; /* its own limits and all above it; valid when believed */
	bool believed;
	enum verdict_doubt doubt; /* why it is not */
	bool proved;              /* the key below signed it: checked */
	uint8_t proved_by[PRIMITIVES_KEY_SIZE];
};

struct trust_store {
	struct member *members[TRUST_STORE_ROOTS_MAX + TRUST_STORE_AUTHORITIES_MAX];
	size_t member_count;
	size_t root_count;
	uint64_t *revoked;
	size_t revoked_count;
	/* Beliefs are those of the seconds from ... to before ...; outside they are settled anew. */
	int64_t settled_from, settled_until;
};

struct trust_store *trust_store_new(void)
{
	return alloc_zeroed(sizeof(struct trust_store));
}

void trust_store_destroy(struct trust_store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->member_count; i++)
		alloc_free(store->members[i]);
	alloc_free(store->revoked);
	alloc_free(store);
}

/* --- who signed it */

static bool counts_now(const struct trust_limits *limits, int64_t unix_time)
{
	return trust_limits_doubt_time(limits->created, limits->expiry, unix_time) == DOUBT_NONE;
}

/* Of two chains: the one that counts now, else the one that lasts longer. */
static bool is_better(const struct trust_limits *one, const struct trust_limits *other, int64_t unix_time)
{
	bool counts = counts_now(one, unix_time);

	return counts != counts_now(other, unix_time) ? counts : one->expiry > other->expiry;
}

/* The believed one of this name whose key made the signature, the best if it has several certificates.
 * Key ids are 64 bits only, so two keys may share one: the signature decides, and is checked once for
 * each key. */
static const struct member *find_signer(const struct trust_store *store, int64_t unix_time,
                                        const struct authority_signed *what)
{
	const struct member *best = NULL, *tried = NULL;
	bool good = false;

	for (size_t i = 0; i < store->member_count; i++) {
		const struct member *member = store->members[i];

		if (member->authority.id != what->issuer || !member->believed)
			continue;
		if (tried == NULL || !bytes_equal(tried->authority.key, member->authority.key, PRIMITIVES_KEY_SIZE))
			good = authority_did_sign(&member->authority, what);
		tried = member;
		if (good && (best == NULL || is_better(&member->effective, &best->effective, unix_time)))
			best = member;
	}
	return best;
}

static bool did_sign_member(const struct member *signer, struct member *member)
{
	const struct authority_signed what = authority_as_signed(&member->authority);

	if (member->proved)
		return bytes_equal(member->proved_by, signer->authority.key, sizeof(member->proved_by));
	member->proved = authority_did_sign(&signer->authority, &what);
	bytes_copy(member->proved_by, signer->authority.key, sizeof(member->proved_by));
	return member->proved;
}

/* The same for one of ours, whose signature need not be checked again and again. */
static const struct member *find_signer_of(const struct trust_store *store, int64_t unix_time, struct member *member)
{
	const struct member *best = NULL;

	for (size_t i = 0; i < store->member_count; i++) {
		const struct member *signer = store->members[i];

		if (signer->authority.id == member->authority.issuer && signer->believed && did_sign_member(signer, member) &&
		    (best == NULL || is_better(&signer->effective, &best->effective, unix_time)))
			best = signer;
	}
	return best;
}

/* --- belief */

/* True when this changed anything: it is believed now, or through a better chain than before. */
static bool try_to_believe(const struct trust_store *store, int64_t unix_time, struct member *member)
{
	struct trust_limits effective = member->authority.limits;

	if (trust_store_is_revoked(store, member->authority.id))
		return false;
	if (!member->authority.is_root) {
		const struct member *signer = find_signer_of(store, unix_time, member);

		if (!signer)
			return false;
		if (!trust_limits_intersect(&effective, &signer->effective)) {
			member->doubt = DOUBT_CHAIN_TOO_LONG;
			return false;
		}
	}
	if (member->believed && !is_better(&effective, &member->effective, unix_time))
		return false;
	member->effective = effective;
	member->believed = true;
	return true;
}

/* Why what somebody of this name signed is not believed. */
static enum verdict_doubt doubt_name(const struct trust_store *store, uint64_t id)
{
	enum verdict_doubt doubt = DOUBT_UNTRUSTED;

	if (trust_store_is_revoked(store, id))
		return DOUBT_AUTHORITY_REVOKED;
	for (size_t i = 0; i < store->member_count; i++) {
		const struct member *member = store->members[i];

		if (member->authority.id != id)
			continue;
		if (member->believed)
			return DOUBT_FORGED;
		if (member->doubt != DOUBT_UNTRUSTED)
			doubt = member->doubt;
	}
	return doubt;
}

/* What is wrong above one that is not believed is what is wrong with it. */
static bool spread_doubt(const struct trust_store *store, struct member *member)
{
	if (member->believed || member->doubt != DOUBT_UNTRUSTED)
		return false;
	member->doubt = doubt_name(store, member->authority.issuer);
	return member->doubt != DOUBT_UNTRUSTED;
}

static void note_boundary(struct trust_store *store, int64_t at, int64_t unix_time)
{
	if (at <= unix_time && at > store->settled_from)
		store->settled_from = at;
	if (at > unix_time && at < store->settled_until)
		store->settled_until = at;
}

/* Belief spreads from the roots downwards until nothing changes; what no root reaches stays out, and
 * chains only get better, so circles end too. Then doubts spread likewise. */
static void settle(struct trust_store *store, int64_t unix_time)
{
	bool changed = true;

	store->settled_from = INT64_MIN;
	store->settled_until = INT64_MAX;
	for (size_t i = 0; i < store->member_count; i++) {
		const struct trust_limits *limits = &store->members[i]->authority.limits;

		store->members[i]->believed = false;
		store->members[i]->doubt = DOUBT_UNTRUSTED;
		note_boundary(store, limits->created - TRUST_CLOCK_TOLERANCE, unix_time);
		note_boundary(store, limits->expiry == INT64_MAX ? INT64_MAX : limits->expiry + 1, unix_time);
	}
	while (changed) {
		changed = false;
		for (size_t i = 0; i < store->member_count; i++)
			changed |= try_to_believe(store, unix_time, store->members[i]);
	}
	for (changed = true; changed;) {
		changed = false;
		for (size_t i = 0; i < store->member_count; i++)
			changed |= spread_doubt(store, store->members[i]);
	}
}

/* Something changed, at no time in particular: the time of the next question decides. */
static void resettle(struct trust_store *store)
{
	settle(store, 0);
}

/* --- adding and removing */

static bool has_room(const struct trust_store *store, bool is_root)
{
	if (is_root)
		return store->root_count < TRUST_STORE_ROOTS_MAX;
	return store->member_count - store->root_count < TRUST_STORE_AUTHORITIES_MAX;
}

static enum authority_result add(struct trust_store *store, const struct authority *candidate)
{
	struct member *member;

	for (size_t i = 0; i < store->member_count; i++) {
		if (authority_equal(&store->members[i]->authority, candidate))
			return AUTHORITY_FINE; /* the same thing again costs no room */
	}
	if (!has_room(store, candidate->is_root))
		return AUTHORITY_FULL;
	member = alloc_zeroed(sizeof(*member));
	member->authority = *candidate;
	store->members[store->member_count++] = member;
	store->root_count += candidate->is_root ? 1 : 0;
	resettle(store);
	return AUTHORITY_FINE;
}

enum authority_result trust_store_add_root(struct trust_store *store, const uint8_t public_key[PRIMITIVES_KEY_SIZE])
{
	struct authority root;

	authority_make_root(&root, public_key);
	return add(store, &root);
}

enum authority_result trust_store_add_root_certificate(struct trust_store *store, const uint8_t *bytes, size_t size)
{
	struct authority root;
	enum authority_result result = authority_read_root(&root, bytes, size);

	return result == AUTHORITY_FINE ? add(store, &root) : result;
}

enum authority_result trust_store_add_authority(struct trust_store *store, const uint8_t *bytes, size_t size)
{
	struct authority authority;
	enum authority_result result = authority_read(&authority, bytes, size);

	return result == AUTHORITY_FINE ? add(store, &authority) : result;
}

bool trust_store_remove(struct trust_store *store, uint64_t key_id)
{
	size_t kept = 0, before = store->member_count;

	for (size_t i = 0; i < before; i++) {
		struct member *member = store->members[i];

		if (member->authority.id != key_id) {
			store->members[kept++] = member;
			continue;
		}
		store->root_count -= member->authority.is_root ? 1 : 0;
		alloc_free(member);
	}
	store->member_count = kept;
	resettle(store);
	return kept < before;
}

/* --- revocation */

bool trust_store_set_revoked(struct trust_store *store, const uint64_t *key_ids, size_t count)
{
	if (count > TRUST_STORE_REVOKED_MAX)
		return false;
	if (!store->revoked)
		store->revoked = alloc_array(TRUST_STORE_REVOKED_MAX, sizeof(*store->revoked));
	bytes_copy(store->revoked, key_ids, count * sizeof(*key_ids));
	store->revoked_count = count;
	resettle(store);
	return true;
}

bool trust_store_revoke(struct trust_store *store, uint64_t key_id)
{
	if (trust_store_is_revoked(store, key_id))
		return true;
	if (store->revoked_count == TRUST_STORE_REVOKED_MAX)
		return false;
	if (!store->revoked)
		trust_store_set_revoked(store, NULL, 0);
	store->revoked[store->revoked_count++] = key_id;
	resettle(store);
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

size_t trust_store_revoked_count(const struct trust_store *store)
{
	return store->revoked_count;
}

uint64_t trust_store_revoked_get(const struct trust_store *store, size_t index)
{
	return store->revoked[index];
}

/* --- verifying */

/* What a peer brought along: read, not believed. The caller frees it; null: nothing. */
static struct authority *read_chain(const struct msg_signed_certificate *certificate, size_t *count)
{
	struct authority *chain;

	*count = 0;
	if (certificate->chain_count == 0)
		return NULL;
	chain = alloc_array(certificate->chain_count, sizeof(*chain));
	for (size_t i = 0; i < certificate->chain_count; i++) {
		const struct msg_bytes *bytes = &certificate->chain[i];

		if (authority_read(&chain[*count], bytes->bytes, bytes->size) == AUTHORITY_FINE)
			(*count)++;
	}
	return chain;
}

/* Takes the one that signed out of the chain, so that a circle ends. False: none did. */
static bool take_presented(struct authority *chain, size_t *count, const struct authority_signed *what,
                           struct authority *out, enum verdict_doubt *doubt)
{
	for (size_t i = 0; i < *count; i++) {
		if (chain[i].id != what->issuer)
			continue;
		if (authority_did_sign(&chain[i], what)) {
			*out = chain[i];
			chain[i] = chain[--*count];
			return true;
		}
		*doubt = DOUBT_FORGED;
	}
	return false;
}

static enum verdict_doubt reach(struct trust_limits *limits, const struct member *signer, int64_t unix_time)
{
	if (!trust_limits_intersect(limits, &signer->effective))
		return DOUBT_CHAIN_TOO_LONG;
	switch (trust_limits_doubt_time(limits->created, limits->expiry, unix_time)) {
	case DOUBT_NONE:
		return DOUBT_NONE;
	case DOUBT_EXPIRED:
		return DOUBT_AUTHORITY_EXPIRED;
	default:
		return DOUBT_AUTHORITY_NOT_YET;
	}
}

/* From the certificate upwards, through the peer's chain until somebody we believe has signed. One of
 * ours that does not count at the moment may have a newer certificate in the chain. */
static enum verdict_doubt climb(const struct trust_store *store, int64_t unix_time,
                                const struct msg_signed_certificate *certificate, struct authority *chain,
                                size_t chain_count, struct trust_limits *limits)
{
	struct authority_signed what = { certificate->authority, certificate->signature, certificate->cert,
		                             certificate->cert_size };
	struct authority presented;

	for (;;) {
		const struct member *signer = find_signer(store, unix_time, &what);
		enum verdict_doubt doubt = DOUBT_NONE;

		if (signer != NULL && counts_now(&signer->effective, unix_time))
			return reach(limits, signer, unix_time);
		if (!take_presented(chain, &chain_count, &what, &presented, &doubt)) {
			if (signer != NULL)
				return reach(limits, signer, unix_time);
			return doubt != DOUBT_NONE ? doubt : doubt_name(store, what.issuer);
		}
		if (trust_store_is_revoked(store, presented.id))
			return DOUBT_AUTHORITY_REVOKED;
		if (!trust_limits_intersect(limits, &presented.limits))
			return DOUBT_CHAIN_TOO_LONG;
		what = authority_as_signed(&presented);
	}
}

enum verdict_doubt trust_store_verify(struct trust_store *store, int64_t unix_time,
                                      const struct msg_signed_certificate *certificate, struct trust_limits *limits)
{
	struct authority *chain;
	size_t chain_count;
	enum verdict_doubt doubt;

	trust_limits_init(limits);
	if (!certificate_is_signed(certificate))
		return DOUBT_FORGED;
	if (!store)
		return DOUBT_UNTRUSTED;
	if (unix_time < store->settled_from || unix_time >= store->settled_until)
		settle(store, unix_time);
	chain = read_chain(certificate, &chain_count);
	doubt = climb(store, unix_time, certificate, chain, chain_count, limits);
	alloc_free(chain);
	return doubt;
}

/* --- listing */

size_t trust_store_count(const struct trust_store *store)
{
	return store->member_count;
}

const struct authority *trust_store_get(const struct trust_store *store, size_t index, bool *believed)
{
	*believed = store->members[index]->believed;
	return &store->members[index]->authority;
}
