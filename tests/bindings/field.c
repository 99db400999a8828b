#include "field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct field fields[] = {
#include "fields.inc"
};

const struct field *field_find(const char *structure, const char *name)
{
	size_t length = strcspn(name, "[");

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (strcmp(fields[i].structure, structure) == 0 && strlen(fields[i].name) == length &&
		    strncmp(fields[i].name, name, length) == 0)
			return &fields[i];
	}
	return NULL;
}

static bool is_kind(const struct field *field, const char *kind)
{
	return strcmp(field->kind, kind) == 0;
}

/* Where the field is; of an array the element that the name says. Null: there are not as many. */
static const void *place_of(const struct field *field, const char *name, const void *structure)
{
	const char *bracket = strchr(name, '[');
	size_t index = bracket != NULL ? strtoul(bracket + 1, NULL, 10) : 0;
	size_t size = is_kind(field, "i32") || is_kind(field, "u32") ? 4 : 8;

	return index < field->count ? (const char *)structure + field->offset + index * size : NULL;
}

static bool is_integer(const struct field *field)
{
	return is_kind(field, "handle") || ((field->kind[0] == 'i' || field->kind[0] == 'u') && field->count != 32) ||
	       is_kind(field, "size");
}

static int64_t integer_at(const struct field *field, const void *place)
{
	if (is_kind(field, "i32"))
		return *(const int32_t *)place;
	if (is_kind(field, "u32") || is_kind(field, "handle"))
		return *(const uint32_t *)place;
	return *(const int64_t *)place;
}

/* The constants that a field has: their common prefix; null: it is a number. */
static const char *prefix_of(const struct field *field)
{
	static const char *const prefixes[][2] = {
		{ "state", "STATE_" },      { "old_state", "STATE_" }, { "route", "ROUTE_" }, { "result", "" },
		{ "stage", "STAGE_" },      { "proof", "PROOF_" },     { "doubt", "DOUBT_" }, { "side", "SIDE_" },
		{ "kind", "CERTIFICATE_" }, { "reason", "REASON_" },   { "type", "EVENT_" }
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strcmp(field->name, prefixes[i][0]) == 0)
			return prefixes[i][1];
	}
	return "";
}

static const char *name_of(const struct field *field, int64_t number)
{
	const char *prefix = prefix_of(field), *name;
	int64_t value;

	for (uint32_t i = 0; *prefix != '\0' && i < kith_constant_count(); i++) {
		if (kith_constant_at(i, &name, &value) == KITH_OK && value == number &&
		    strncmp(name, prefix, strlen(prefix)) == 0)
			return name + strlen(prefix);
	}
	return NULL;
}

void field_print(struct world *world, const struct field *field, const char *name, const void *structure,
                 char buffer[FIELD_TEXT_MAX])
{
	const void *place = place_of(field, name, structure);
	const char *constant;

	snprintf(buffer, FIELD_TEXT_MAX, "nothing");
	if (place == NULL)
		return;
	if (is_kind(field, "handle")) {
		snprintf(buffer, FIELD_TEXT_MAX, "%s", world_name(world, *(const uint32_t *)place));
	} else if (is_kind(field, "f64")) {
		snprintf(buffer, FIELD_TEXT_MAX, "%g", *(const double *)place);
	} else if (is_kind(field, "text")) {
		snprintf(buffer, FIELD_TEXT_MAX, "%s", (const char *)place);
	} else if (is_kind(field, "kith_identity")) {
		kith_identity_print(place, buffer, FIELD_TEXT_MAX, NULL);
	} else if (is_kind(field, "kith_address")) {
		kith_address_print(place, buffer, FIELD_TEXT_MAX, NULL);
	} else if (is_kind(field, "u8")) {
		for (size_t i = 0; i < field->count; i++)
			snprintf(buffer + 2 * i, 3, "%02x", ((const uint8_t *)place)[i]);
	} else if (is_integer(field)) {
		constant = name_of(field, integer_at(field, place));
		if (constant != NULL)
			snprintf(buffer, FIELD_TEXT_MAX, "%s", constant);
		else
			snprintf(buffer, FIELD_TEXT_MAX, "%lld", (long long)integer_at(field, place));
	}
}

/* What the text stands for where a number is wanted: the number, a constant, or the id of a key. */
static int64_t integer_of(struct world *world, const struct field *field, const char *text)
{
	uint64_t id = 0;

	if (text[0] != '@')
		return value_constant(world, prefix_of(field), text);
	kith_key_id(world_object(world, text + 1, OBJECT_KEY)->public_key, &id);
	return (int64_t)id;
}

static bool is_same(struct world *world, const struct field *field, const void *place, const char *text)
{
	struct kith_identity identity;
	struct kith_address address;

	if (is_kind(field, "handle"))
		return strcmp(world_name(world, *(const uint32_t *)place), text) == 0;
	if (is_kind(field, "f64"))
		return *(const double *)place == strtod(text, NULL);
	if (is_kind(field, "text"))
		return strcmp(place, text) == 0;
	if (is_kind(field, "kith_identity")) {
		value_identity(world, text, &identity);
		return kith_identity_equal(&identity, place) == 1;
	}
	if (is_kind(field, "kith_address")) {
		value_address(world, text, &address);
		return kith_address_equal(&address, place) == 1;
	}
	if (is_kind(field, "u8"))
		return memcmp(world_object(world, text + (text[0] == '@'), OBJECT_KEY)->public_key, place, KITH_KEY_SIZE) == 0;
	return integer_at(field, place) == integer_of(world, field, text);
}

bool field_holds(struct world *world, const struct field *field, const char *name, const void *structure,
                 const char *relation, const char *text)
{
	const void *place = place_of(field, name, structure);
	double number;

	if (place == NULL || text == NULL)
		return false;
	if (strcmp(relation, "is") == 0)
		return is_same(world, field, place, text);
	if (strcmp(relation, "not") == 0)
		return !is_same(world, field, place, text);
	if (strcmp(relation, "contains") == 0)
		return is_kind(field, "text") && strstr(place, text) != NULL;
	number = is_kind(field, "f64") ? *(const double *)place : (double)integer_at(field, place);
	return strcmp(relation, "min") == 0 ? number >= strtod(text, NULL) : number <= strtod(text, NULL);
}
