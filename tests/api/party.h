/* party: Alice and Bob, who present certificates of keys that are named by a number, and of whom one is
 * strict. Only include/kith. */
#ifndef API_PARTY_H
#define API_PARTY_H

#include "pair.h"

#define PARTY_SECOND INT64_C(1000000)
#define PARTY_HOUR (3600 * PARTY_SECOND)
#define PARTY_ROOT 1 /* the name of the key that is believed; a key's private half is 32 times its name */

struct party_bundle {
	char text[8192];
	size_t size;
};

struct party_recipe {
	uint8_t key, issuer;
	const char *identity; /* null: an authority's */
	int64_t from, until;  /* microseconds from now */
	uint32_t app_id;      /* 0: as the library does it */
};

struct party {
	kith_endpoint endpoint;
	const char *identity; /* null: the key's own */
	uint8_t key;
	struct party_bundle certificate; /* empty: none */
	uint32_t app_id;
};

extern struct party party_alice, party_bob; /* Alice calls Bob */

const void *party_seed(uint8_t name);
const uint8_t *party_public(uint8_t name);
uint64_t party_id(uint8_t name);
int64_t party_unix_now(void);
/* Appends a certificate. */
void party_add(struct party_bundle *bundle, const struct party_recipe *recipe);

/* Both as new, without endpoints. */
void party_set_up(void);
void party_create(struct party *party);
void party_give_good_certificate(struct party *party);
/* Signed by key 5, whose certificate of the root comes along. */
void party_put_below_another(struct party *party);
void party_make_strict(struct party *party, int32_t proof);
void party_tear_down(void);

/* Alice calls Bob by address. */
kith_connection party_call(const struct kith_connection_options *options);
kith_connection party_accept(void);
struct kith_security party_security(kith_connection connection);

#endif
