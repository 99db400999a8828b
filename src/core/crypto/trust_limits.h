/* trust_limits: what an authority may vouch for, and for how long: its own limits and those of all
 * above it.
 *
 * Owns: their intersection, the length of a chain, the tolerance between clocks.
 * Does not know: keys, signatures, who is believed (trust_store).
 */
#ifndef CRYPTO_TRUST_LIMITS_H
#define CRYPTO_TRUST_LIMITS_H

#include "core/crypto/verdict.h"
#include "core/wire/msg_certificate.h"

/* Authorities above a certificate, the root among them: enough for a root, one below it for each
 * purpose, and others below that; each costs a signature check. */
#define TRUST_CHAIN_MAX 5
/* Clocks differ: a certificate counts this many seconds before it was made. */
#define TRUST_CLOCK_TOLERANCE 300

struct trust_limits {
	int64_t created; /* Unix seconds; the latest in the chain */
	int64_t expiry;  /* the earliest: the last second at which it counts */
	bool any_app;    /* `app_ids` does not limit */
	uint32_t app_ids[MSG_CERTIFICATE_APP_IDS_MAX];
	size_t app_id_count;
	uint64_t authorities[TRUST_CHAIN_MAX]; /* key ids, the signer first, a root last */
	size_t authority_count;
};

/* No limit at all, no authority. */
void trust_limits_init(struct trust_limits *limits);
/* What this certificate of an authority says; an empty list of applications means all of them. */
void trust_limits_of_certificate(struct trust_limits *out, const struct msg_certificate *cert, uint64_t key_id);
/* What both allow, with the authorities of both. False: these are too many. */
bool trust_limits_intersect(struct trust_limits *limits, const struct trust_limits *above);
bool trust_limits_allow_app(const struct trust_limits *limits, uint32_t app_id);

/* Whether these seconds contain the moment: DOUBT_NONE, DOUBT_EXPIRED or DOUBT_NOT_YET_VALID. */
enum verdict_doubt trust_limits_doubt_time(int64_t created, int64_t expiry, int64_t unix_time);

#endif
