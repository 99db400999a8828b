/* Values: identities, addresses, constants and their names, the version and the clock. */
#include <stdio.h>
#include <string.h>

#include "verbs.h"

static const char *argument(struct step *step, unsigned index)
{
	const struct step_text *text = step_argument(step, index);

	return text != NULL ? text->bytes : "";
}

static void expect_text(struct world *world, const char *wanted, const char *seen)
{
	VERBS_EXPECT(world, wanted == NULL || strcmp(wanted, seen) == 0, "it is %s", seen);
}

/* --- identities */

static void check_bytes(struct world *world, const struct kith_identity *identity, const char *hex)
{
	struct step_text wanted;
	uint8_t bytes[32];
	size_t size = 0;

	if (hex == NULL)
		return;
	wanted = value_bytes(world, hex);
	VERBS_EXPECT(world,
	             kith_identity_bytes(identity, bytes, sizeof(bytes), &size) == KITH_OK && size == wanted.size &&
	                 memcmp(bytes, wanted.bytes, size) == 0,
	             "its bytes are others");
}

static kith_result identity(struct world *world, struct step *step)
{
	const char *equals = step_string(step, "equals"), *differs = step_string(step, "differs");
	const char *kind = step_string(step, "kind");
	struct kith_identity read, other;
	char text[KITH_IDENTITY_TEXT_MAX];
	kith_result result = kith_identity_parse(argument(step, 0), &read);

	if (result != KITH_OK)
		return result;
	kith_identity_print(&read, text, sizeof(text), NULL);
	expect_text(world, step_string(step, "print"), text);
	VERBS_EXPECT(world, kind == NULL || read.kind == value_constant(world, "IDENTITY_", kind), "its kind is %d",
	             read.kind);
	check_bytes(world, &read, step_string(step, "bytes"));
	value_identity(world, equals, &other);
	VERBS_EXPECT(world, equals == NULL || kith_identity_equal(&read, &other) == 1, "they differ");
	value_identity(world, differs, &other);
	VERBS_EXPECT(world, differs == NULL || kith_identity_equal(&read, &other) == 0, "they are the same");
	return KITH_OK;
}

static kith_result identity_of(struct world *world, struct step *step)
{
	const char *hex = step_string(step, "bytes"), *place = step_string(step, "address");
	struct step_text bytes = value_bytes(world, hex != NULL ? hex : "");
	char text[KITH_IDENTITY_TEXT_MAX];
	struct kith_identity made;
	struct kith_address address;
	kith_result result;

	value_address(world, place, &address);
	if (place != NULL)
		result = kith_identity_from_address(&address, &made);
	else
		result = kith_identity_from_bytes(bytes.bytes, bytes.size, &made);
	if (result != KITH_OK)
		return result;
	kith_identity_print(&made, text, sizeof(text), NULL);
	expect_text(world, step_string(step, "print"), text);
	return KITH_OK;
}

static kith_result address(struct world *world, struct step *step)
{
	const char *equals = step_string(step, "equals"), *differs = step_string(step, "differs");
	struct kith_address read, other;
	char text[KITH_ADDRESS_TEXT_MAX];
	kith_result result = kith_address_parse(argument(step, 0), &read);

	if (result != KITH_OK)
		return result;
	kith_address_print(&read, text, sizeof(text), NULL);
	expect_text(world, step_string(step, "print"), text);
	VERBS_EXPECT(world, read.port == step_integer(step, "port", read.port), "its port is %u", read.port);
	value_address(world, equals, &other);
	VERBS_EXPECT(world, equals == NULL || kith_address_equal(&read, &other) == 1, "they differ");
	value_address(world, differs, &other);
	VERBS_EXPECT(world, differs == NULL || kith_address_equal(&read, &other) == 0, "they are the same");
	return KITH_OK;
}

/* --- constants */

static kith_result constant(struct world *world, struct step *step)
{
	int64_t value = value_constant(world, "", argument(step, 0)), wanted = value_constant(world, "", argument(step, 1));

	VERBS_EXPECT(world, value == wanted, "it is %lld", (long long)value);
	return KITH_OK;
}

struct naming {
	const char *kind;
	const char *(*name)(int32_t number);
};

static kith_result look_up(struct world *world, struct step *step, const struct naming *namings)
{
	int32_t number = (int32_t)value_constant(world, "", argument(step, 1));
	const char *kind = argument(step, 0);

	while (namings->kind != NULL && strcmp(namings->kind, kind) != 0)
		namings++;
	if (namings->kind != NULL)
		expect_text(world, argument(step, 2), namings->name(number));
	else
		world_fail(world, "nothing is called %s", kind);
	return KITH_OK;
}

static kith_result name(struct world *world, struct step *step)
{
	static const struct naming namings[] = { { "state", kith_state_name },     { "route", kith_route_name },
		                                     { "reason", kith_reason_name },   { "result", kith_result_name },
		                                     { "event", kith_event_name },     { "stage", kith_stage_name },
		                                     { "doubt", kith_doubt_name },     { "log", kith_log_name },
		                                     { "subject", kith_subject_name }, { 0 } };

	return look_up(world, step, namings);
}

static kith_result text(struct world *world, struct step *step)
{
	static const struct naming namings[] = {
		{ "result", kith_result_text }, { "stage", kith_stage_text }, { "doubt", kith_doubt_text }, { 0 }
	};

	return look_up(world, step, namings);
}

static kith_result reason_result(struct world *world, struct step *step)
{
	kith_result result = kith_reason_result((int32_t)value_constant(world, "", argument(step, 0)));

	expect_text(world, argument(step, 1), kith_result_name(result));
	return KITH_OK;
}

static kith_result bucket(struct world *world, struct step *step)
{
	int32_t histogram = (int32_t)value_constant(world, "HISTOGRAM_", argument(step, 0));

	expect_text(world, argument(step, 2),
	            kith_histogram_bucket(histogram, (int32_t)value_constant(world, "", argument(step, 1))));
	return KITH_OK;
}

/* --- the library */

static kith_result version(struct world *world, struct step *step)
{
	uint32_t number = kith_version();
	char wanted[32];

	(void)step;
	snprintf(wanted, sizeof(wanted), "%u.%u.%u", number / 1000000, number / 1000 % 1000, number % 1000);
	expect_text(world, wanted, kith_version_text());
	return KITH_OK;
}

static kith_result clock_goes(struct world *world, struct step *step)
{
	int64_t before = kith_now_us();

	(void)step;
	VERBS_EXPECT(world, before > 0 && kith_now_us() >= before, "it went back");
	return KITH_OK;
}

const struct verb verbs_value[] = { { "identity", identity },
	                                { "identity_of", identity_of },
	                                { "address", address },
	                                { "constant", constant },
	                                { "name", name },
	                                { "text", text },
	                                { "bucket", bucket },
	                                { "reason_result", reason_result },
	                                { "version", version },
	                                { "clock", clock_goes },
	                                { 0 } };
