#include <criterion/criterion.h>
#include <string.h>

#include "core/crypto/verdict.h"

Test(verdict, every_doubt_has_its_own_text_and_its_number_of_the_wire)
{
	for (int i = 1; i < DOUBT_COUNT; i++) {
		struct crypto_verdict verdict = verdict_refuse((enum verdict_doubt)i);

		cr_assert(strlen(verdict.text) > 8 && strlen(verdict.text) < 120, "%d", i);
		cr_assert_eq(verdict.reason, i == DOUBT_MALFORMED ? 4002 : 4003);
		cr_assert_eq((int)verdict.doubt, i);
		for (int other = 0; other < i; other++)
			cr_assert_str_neq(verdict.text, verdict_text((enum verdict_doubt)other));
	}
	cr_assert_str_eq(verdict_text(DOUBT_NONE), "");
	cr_assert_str_eq(verdict_text(DOUBT_COUNT), "");
}
