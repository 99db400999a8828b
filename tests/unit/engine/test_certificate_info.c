#include <criterion/criterion.h>

#include "engine/certificate_info.h"
#include "unit/crypto/certificate_maker.h"

static struct kith_certificate info_of(const struct recipe *recipe)
{
	struct kith_certificate info = KITH_CERTIFICATE_INIT;
	struct msg_bytes item;
	struct made made;

	make_certificate(&made, recipe);
	item = bytes_of(&made);
	cr_assert(certificate_info_of_item(&info, &item, CERTIFICATE_TEXT_CERTIFICATE));
	cr_assert_eq(info.struct_size, sizeof(info));
	return info;
}

Test(certificate_info, tells_the_kinds_apart)
{
	struct kith_certificate info =
		info_of(&(struct recipe){ .key = 9, .identity = "str:a", .app_id_count = 1, .authority = 1 });

	cr_assert(info.kind == KITH_CERTIFICATE_PEER && info.is_signed == 1 && info.issuer == id_of_key(1));
	cr_assert_str_eq(info.identity.text, "str:a");
	info = info_of(&(struct recipe){ .key = 9, .identity = "str:a" });
	cr_assert(info.kind == KITH_CERTIFICATE_PEER && info.is_signed == 0 && info.issuer == 0);
	info = info_of(&(struct recipe){ .key = 9, .expiry = 50, .created = 40, .authority = 1 });
	cr_assert(info.kind == KITH_CERTIFICATE_AUTHORITY && info.identity.kind == KITH_IDENTITY_NONE);
	cr_assert(info.created_unix_us == 40000000 && info.expires_unix_us == 50000000);
	info = info_of(&(struct recipe){ .key = 9, .expiry = 50, .authority = 9 });
	cr_assert(info.kind == KITH_CERTIFICATE_ROOT && info.key_id == info.issuer);
}

Test(certificate_info, knows_for_ever_from_long)
{
	struct kith_certificate info = KITH_CERTIFICATE_INIT;
	struct authority root;
	uint8_t seed[32], public_key[32];

	make_key(seed, public_key, 3);
	authority_make_root(&root, public_key);
	certificate_info_of_authority(&info, &root);
	cr_assert(info.kind == KITH_CERTIFICATE_ROOT && info.expires_unix_us == 0 && info.is_signed == 0);
	cr_assert_eq(certificate_info_time(UINT32_MAX), INT64_C(4294967295) * 1000000);
	cr_assert_eq(certificate_info_time(INT64_MAX), 0);
}

Test(certificate_info, of_garbage_is_none)
{
	struct kith_certificate info = KITH_CERTIFICATE_INIT;
	struct msg_bytes item = { (const uint8_t *)"garbage", 7 };

	cr_assert_not(certificate_info_of_item(&info, &item, CERTIFICATE_TEXT_CERTIFICATE));
	cr_assert_not(certificate_info_of_item(&info, &item, CERTIFICATE_TEXT_REQUEST));
}
