#include <inttypes.h>
#include <stdio.h>

#include <kith/config.h>

#include "api/out_text.h"
#include "api/structs.h"
#include "core/base/alloc.h"
#include "core/config/config.h"
#include "engine/engine.h"
#include "engine/failure.h"

int32_t kith_config_count(void)
{
	return CONFIG_END - 1;
}

kith_result kith_config_describe(int32_t id, struct kith_config_info *out_info)
{
	struct kith_config_info own = KITH_CONFIG_INFO_INIT;
	const struct config_value *value;
	kith_result result = structs_check(out_info, "out_info");

	if (result != KITH_OK)
		return result;
	structs_clear(out_info);
	value = config_describe(id);
	if (value == NULL)
		return failure_set(KITH_E_NOT_FOUND, "there is no option %d", (int)id);
	own.id = value->id;
	own.type = (int32_t)value->type;
	own.lock = (int32_t)value->lock;
	own.name = value->name;
	own.min = value->min;
	own.max = value->max;
	own.default_integer = value->initial_integer;
	own.default_real = value->initial_real;
	own.default_string = value->initial_string;
	own.text = value->text;
	structs_write(out_info, &own, sizeof(own));
	return KITH_OK;
}

int32_t kith_config_find(const char *name)
{
	const struct config_value *value = name != NULL ? config_find(name) : NULL;

	return value != NULL ? value->id : KITH_CONFIG_NONE;
}

/* --- setting */

static kith_result set_value(uint32_t object, int32_t id, const char *name, const char *text)
{
	if (text == NULL)
		return failure_set(KITH_E_INVALID, "value: null");
	return engine_config_set(object, id, name, text);
}

/* A number for an option that is a text, or the other way round, is a mistake of the caller. */
static kith_result check_type(int32_t id, int32_t first, int32_t second)
{
	const struct config_value *value = config_describe(id);

	if (value == NULL)
		return failure_set(KITH_E_NOT_FOUND, "there is no option %d", (int)id);
	if ((int32_t)value->type == first || (int32_t)value->type == second)
		return KITH_OK;
	return failure_set(KITH_E_INVALID, "option %s is of another type", value->name);
}

kith_result kith_config_set_int(uint32_t object, int32_t id, int64_t value)
{
	char text[32];
	kith_result result = check_type(id, KITH_TYPE_INT32, KITH_TYPE_INT64);

	if (result != KITH_OK)
		return result;
	snprintf(text, sizeof(text), "%" PRId64, value);
	return set_value(object, id, NULL, text);
}

kith_result kith_config_set_real(uint32_t object, int32_t id, double value)
{
	char text[400];
	kith_result result = check_type(id, KITH_TYPE_FLOAT, KITH_TYPE_FLOAT);

	if (result != KITH_OK)
		return result;
	snprintf(text, sizeof(text), "%f", value);
	return set_value(object, id, NULL, text);
}

kith_result kith_config_set_text(uint32_t object, int32_t id, const char *value)
{
	if (config_describe(id) == NULL)
		return failure_set(KITH_E_NOT_FOUND, "there is no option %d", (int)id);
	return set_value(object, id, NULL, value);
}

kith_result kith_config_set_by_name(uint32_t object, const char *name, const char *value)
{
	if (name == NULL)
		return failure_set(KITH_E_INVALID, "name: null");
	return set_value(object, KITH_CONFIG_NONE, name, value);
}

kith_result kith_config_reset(uint32_t object, int32_t id)
{
	return engine_config_reset(object, id);
}

/* --- getting */

struct getting {
	int32_t id;
	int64_t integer;
	double real;
	char *text; /* made here */
};

static void get_int(const struct config *config, void *data)
{
	struct getting *getting = data;

	getting->integer = config_get_int64(config, (enum config_id)getting->id);
}

static void get_real(const struct config *config, void *data)
{
	struct getting *getting = data;

	getting->real = (double)config_get_float(config, (enum config_id)getting->id);
}

static void get_text(const struct config *config, void *data)
{
	struct getting *getting = data;
	size_t size = config_get_text(config, (enum config_id)getting->id, NULL, 0) + 1;

	getting->text = alloc_zeroed(size);
	config_get_text(config, (enum config_id)getting->id, getting->text, size);
}

kith_result kith_config_get_int(uint32_t object, int32_t id, int64_t *out_value)
{
	struct getting getting = { .id = id };
	kith_result result;

	if (out_value == NULL)
		return failure_set(KITH_E_INVALID, "out_value: null");
	*out_value = 0;
	result = check_type(id, KITH_TYPE_INT32, KITH_TYPE_INT64);
	if (result == KITH_OK)
		result = engine_config_read(object, get_int, &getting);
	*out_value = getting.integer;
	return result;
}

kith_result kith_config_get_real(uint32_t object, int32_t id, double *out_value)
{
	struct getting getting = { .id = id };
	kith_result result;

	if (out_value == NULL)
		return failure_set(KITH_E_INVALID, "out_value: null");
	*out_value = 0;
	result = check_type(id, KITH_TYPE_FLOAT, KITH_TYPE_FLOAT);
	if (result == KITH_OK)
		result = engine_config_read(object, get_real, &getting);
	*out_value = getting.real;
	return result;
}

kith_result kith_config_get_text(uint32_t object, int32_t id, char *buffer, size_t capacity, size_t *out_size)
{
	struct getting getting = { .id = id };
	kith_result result;

	if (out_size != NULL)
		*out_size = 0;
	if (config_describe(id) == NULL)
		return failure_set(KITH_E_NOT_FOUND, "there is no option %d", (int)id);
	result = engine_config_read(object, get_text, &getting);
	if (result == KITH_OK)
		result = out_text(getting.text, buffer, capacity, out_size);
	alloc_free(getting.text);
	return result;
}
