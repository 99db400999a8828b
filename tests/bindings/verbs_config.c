/* Options, at every level. */
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "verbs.h"

static uint32_t object_of(struct world *world, struct step *step)
{
	const struct step_text *name = step_argument(step, 0);
	struct object *object = name != NULL ? world_look_up(world, name->bytes) : NULL;

	if (name != NULL && strcmp(name->bytes, "library") == 0)
		return KITH_NO_HANDLE;
	VERBS_EXPECT(world, object != NULL, "there is no such object here");
	return object != NULL ? object->handle : KITH_NO_HANDLE;
}

static const char *name_of(struct world *world, struct step *step)
{
	const struct step_text *name = step_argument(step, step->arguments_count > 1 ? 1 : 0);

	VERBS_EXPECT(world, name != NULL, "which option?");
	return name != NULL ? name->bytes : "";
}

static int32_t type_of(int32_t id)
{
	struct kith_config_info info;

	kith_config_info_init(&info);
	return kith_config_describe(id, &info) == KITH_OK ? info.type : KITH_TYPE_TEXT;
}

static kith_result set(struct world *world, struct step *step)
{
	uint32_t object = object_of(world, step);
	const char *name = name_of(world, step);
	const struct step_text *value = step_argument(step, 2);
	const char *text = value != NULL ? value->bytes : "";
	int32_t id = kith_config_find(name);

	if (step_string(step, "as") != NULL || id == KITH_CONFIG_NONE)
		return kith_config_set_by_name(object, name, text);
	switch (type_of(id)) {
	case KITH_TYPE_INT32:
	case KITH_TYPE_INT64:
		return kith_config_set_int(object, id, value_constant(world, "", text));
	case KITH_TYPE_FLOAT:
		return kith_config_set_real(object, id, strtod(text, NULL));
	default:
		return kith_config_set_text(object, id, text);
	}
}

/* What a number is, by the function of its type. */
static kith_result get_number(uint32_t object, int32_t id, double *out_value)
{
	int64_t integer = 0;
	kith_result result;

	if (type_of(id) == KITH_TYPE_FLOAT)
		return kith_config_get_real(object, id, out_value);
	result = kith_config_get_int(object, id, &integer);
	*out_value = (double)integer;
	return result;
}

static kith_result get(struct world *world, struct step *step)
{
	uint32_t object = object_of(world, step);
	int32_t id = kith_config_find(name_of(world, step));
	const char *wanted = step_string(step, "is");
	char text[1024];
	double number;
	kith_result result = kith_config_get_text(object, id, text, sizeof(text), NULL);

	if (result != KITH_OK || wanted == NULL)
		return result;
	if (type_of(id) == KITH_TYPE_STRING) {
		VERBS_EXPECT(world, strcmp(text, wanted) == 0, "it is %s", text);
		return KITH_OK;
	}
	result = get_number(object, id, &number);
	VERBS_EXPECT(world, result != KITH_OK || number == strtod(wanted, NULL), "it is %g", number);
	VERBS_EXPECT(world, strtod(text, NULL) == strtod(wanted, NULL), "its text is %s", text);
	return result;
}

static kith_result reset(struct world *world, struct step *step)
{
	uint32_t object = object_of(world, step);

	return kith_config_reset(object, kith_config_find(name_of(world, step)));
}

/* The default is one of three fields. */
static bool has_default(const struct kith_config_info *info, const char *wanted)
{
	if (info->type == KITH_TYPE_STRING)
		return strcmp(info->default_string, wanted) == 0;
	if (info->type == KITH_TYPE_FLOAT)
		return info->default_real == strtod(wanted, NULL);
	return info->default_integer == strtoll(wanted, NULL, 10);
}

static kith_result describe(struct world *world, struct step *step)
{
	static const char *const types[] = { "TEXT", "INT32", "INT64", "FLOAT", "STRING" };
	static const char *const locks[] = { "NEVER", "STARTED", "READ_ONLY" };
	const char *name = name_of(world, step);
	const char *type = step_string(step, "type"), *lock = step_string(step, "lock");
	const char *initial = step_string(step, "default"), *min = step_string(step, "min"),
			   *max = step_string(step, "max");
	struct kith_config_info info;
	kith_result result;

	kith_config_info_init(&info);
	result = kith_config_describe(kith_config_find(name), &info);
	if (result != KITH_OK)
		return result;
	VERBS_EXPECT(world, strcmp(info.name, name) == 0 && info.text[0] != '\0', "it is called %s", info.name);
	VERBS_EXPECT(world, info.id == step_integer(step, "id", info.id), "its number is %d", info.id);
	VERBS_EXPECT(world, type == NULL || strcmp(types[info.type], type) == 0, "its type is %s", types[info.type]);
	VERBS_EXPECT(world, lock == NULL || strcmp(locks[info.lock], lock) == 0, "its lock is %s", locks[info.lock]);
	VERBS_EXPECT(world, min == NULL || info.min == strtod(min, NULL), "its minimum is %g", info.min);
	VERBS_EXPECT(world, max == NULL || info.max == strtod(max, NULL), "its maximum is %g", info.max);
	VERBS_EXPECT(world, initial == NULL || has_default(&info, initial), "it has another default");
	return KITH_OK;
}

static kith_result options(struct world *world, struct step *step)
{
	VERBS_EXPECT(world, kith_config_count() >= step_integer(step, "min", 1), "there are %d", kith_config_count());
	return KITH_OK;
}

const struct verb verbs_config[] = { { "set", set },           { "get", get },         { "reset", reset },
	                                 { "describe", describe }, { "options", options }, { 0 } };
