#include "core/config/config.h"

#include <assert.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "core/base/text.h"

/* What `initial` is in a row of each type. */
#define INITIAL_INT32(initial) (initial), 0, NULL
#define INITIAL_INT64(initial) (initial), 0, NULL
#define INITIAL_FLOAT(initial) 0, (initial), NULL
#define INITIAL_STRING(initial) 0, 0, (initial)

/* What packets may need besides one whole message: headers, an acknowledgement with some gaps. */
#define DATA_SIZE_LESS 100

static const struct config_value values[CONFIG_END] = {
#define CONFIG_VALUE(constant, number, name, type, initial, min, max, lock, text) \
	[number] = { number, name, CONFIG_TYPE_##type, min, max, INITIAL_##type(initial), CONFIG_LOCK_##lock, text },
#include "core/config/config_values.def"
#undef CONFIG_VALUE
};

static bool is_string(int32_t id)
{
	return values[id].type == CONFIG_TYPE_STRING;
}

static bool is_integer(int32_t id)
{
	return values[id].type == CONFIG_TYPE_INT32 || values[id].type == CONFIG_TYPE_INT64;
}

/* Into a slot that holds nothing. */
static void put_initial(struct config *config, int32_t id)
{
	const struct config_value *value = &values[id];
	if (value->type == CONFIG_TYPE_STRING)
		config->slots[id].string = alloc_text(value->initial_string);
	else if (value->type == CONFIG_TYPE_FLOAT)
		config->slots[id].real = value->initial_real;
	else
		config->slots[id].integer = value->initial_integer;
}

void config_init_defaults(struct config *config, enum config_level level)
{
	bytes_zero(config, sizeof(*config));
	config->level = (uint8_t)level;
	for (int32_t id = 1; id < CONFIG_END; id++)
		put_initial(config, id);
}

void config_copy(struct config *config, const struct config *from, enum config_level level)
{
	*config = *from;
	config->level = (uint8_t)level;
	config->locked = false;
	for (int32_t id = 1; id < CONFIG_END; id++)
		if (is_string(id))
			config->slots[id].string = alloc_text(from->slots[id].string);
}

/* Passwords of relays are among the strings. */
static void free_string(char *string)
{
	if (string != NULL)
		bytes_wipe(string, strlen(string));
	alloc_free(string);
}

/* Values that are not set but follow from another. */
static void follow(struct config *config, int32_t id)
{
	if (id == CONFIG_MTU_PACKET_SIZE)
		config->slots[CONFIG_MTU_DATA_SIZE].integer = config->slots[id].integer - DATA_SIZE_LESS;
}

static bool is_same(const struct config *config, const struct config *other, int32_t id)
{
	if (is_string(id))
		return strcmp(config->slots[id].string, other->slots[id].string) == 0;
	return is_integer(id) ? config->slots[id].integer == other->slots[id].integer
	                      : config->slots[id].real == other->slots[id].real;
}

static void take(struct config *config, const struct config *from, int32_t id)
{
	if (is_string(id))
		free_string(config->slots[id].string);
	if (from == NULL)
		put_initial(config, id);
	else if (is_string(id))
		config->slots[id].string = alloc_text(from->slots[id].string);
	else
		config->slots[id] = from->slots[id];
	config->set_at[id] = from == NULL ? (uint8_t)CONFIG_LEVEL_DEFAULT : from->set_at[id];
	follow(config, id);
}

bool config_inherit(struct config *config, const struct config *from, int32_t id)
{
	const struct config_value *value = config_describe(id);
	if (value == NULL || value->lock == CONFIG_LOCK_READ_ONLY)
		return false;
	if (config->set_at[id] == config->level || config->set_at[id] > from->level)
		return false;
	if (config->locked && value->lock == CONFIG_LOCK_STARTED)
		return false;
	bool changed = !is_same(config, from, id);
	take(config, from, id);
	return changed;
}

enum config_result config_reset(struct config *config, const struct config *from, int32_t id)
{
	const struct config_value *value = config_describe(id);
	if (value == NULL)
		return CONFIG_UNKNOWN;
	if (value->lock == CONFIG_LOCK_READ_ONLY)
		return CONFIG_READ_ONLY;
	if (config->locked && value->lock == CONFIG_LOCK_STARTED)
		return CONFIG_LOCKED;
	take(config, from, id);
	return CONFIG_OK;
}

void config_free(struct config *config)
{
	for (int32_t id = 1; id < CONFIG_END; id++)
		if (is_string(id))
			free_string(config->slots[id].string);
	bytes_zero(config, sizeof(*config));
}

void config_lock_started(struct config *config)
{
	config->locked = true;
}

int32_t config_get_int(const struct config *config, enum config_id id)
{
	assert(values[id].type == CONFIG_TYPE_INT32);
	return (int32_t)config->slots[id].integer;
}

int64_t config_get_int64(const struct config *config, enum config_id id)
{
	assert(is_integer((int32_t)id));
	return config->slots[id].integer;
}

float config_get_float(const struct config *config, enum config_id id)
{
	assert(values[id].type == CONFIG_TYPE_FLOAT);
	return (float)config->slots[id].real;
}

const char *config_get_string(const struct config *config, enum config_id id)
{
	assert(is_string((int32_t)id));
	return config->slots[id].string;
}

/* May value `id` become something of size `number`? Strings ask with their length. */
static enum config_result may_set(const struct config *config, int32_t id, bool right_type, double number)
{
	const struct config_value *value = &values[id];
	if (value->lock == CONFIG_LOCK_READ_ONLY)
		return CONFIG_READ_ONLY;
	if (!right_type)
		return CONFIG_WRONG_TYPE;
	if (config->locked && value->lock == CONFIG_LOCK_STARTED)
		return CONFIG_LOCKED;
	/* Written so that a number that is none (NaN) is out of range too. */
	return number >= value->min && number <= value->max ? CONFIG_OK : CONFIG_OUT_OF_RANGE;
}

static void was_set(struct config *config, int32_t id)
{
	config->set_at[id] = config->level;
	follow(config, id);
}

enum config_result config_set_int(struct config *config, int32_t id, int32_t value)
{
	return config_set_int64(config, id, value);
}

enum config_result config_set_int64(struct config *config, int32_t id, int64_t value)
{
	if (config_describe(id) == NULL)
		return CONFIG_UNKNOWN;
	enum config_result result = may_set(config, id, is_integer(id), (double)value);
	if (result == CONFIG_OK) {
		config->slots[id].integer = value;
		was_set(config, id);
	}
	return result;
}

static enum config_result set_real(struct config *config, int32_t id, double value)
{
	if (config_describe(id) == NULL)
		return CONFIG_UNKNOWN;
	enum config_result result = may_set(config, id, values[id].type == CONFIG_TYPE_FLOAT, value);
	if (result == CONFIG_OK) {
		config->slots[id].real = value;
		was_set(config, id);
	}
	return result;
}

enum config_result config_set_float(struct config *config, int32_t id, float value)
{
	return set_real(config, id, (double)value);
}

enum config_result config_set_string(struct config *config, int32_t id, const char *value)
{
	if (config_describe(id) == NULL)
		return CONFIG_UNKNOWN;
	enum config_result result = may_set(config, id, is_string(id), (double)strlen(value));
	if (result == CONFIG_OK) {
		char *copy = alloc_text(value);
		free_string(config->slots[id].string);
		config->slots[id].string = copy;
		was_set(config, id);
	}
	return result;
}

static enum config_result set_from_text(struct config *config, int32_t id, const char *value)
{
	int64_t integer = 0;
	double real = 0;
	if (is_string(id))
		return config_set_string(config, id, value);
	if (is_integer(id))
		return text_read_i64(value, strlen(value), &integer) ? config_set_int64(config, id, integer)
		                                                     : CONFIG_WRONG_TYPE;
	return text_read_double(value, strlen(value), &real) ? set_real(config, id, real) : CONFIG_WRONG_TYPE;
}

static void add_allowed(struct text *text, const struct config_value *value)
{
	text_add(text, value->type == CONFIG_TYPE_STRING  ? ": allowed is text of "
	               : value->type == CONFIG_TYPE_FLOAT ? ": allowed is a number from "
	                                                  : ": allowed is a whole number from ");
	text_add_double(text, value->min);
	text_add(text, " to ");
	text_add_double(text, value->max);
	if (value->type == CONFIG_TYPE_STRING)
		text_add(text, " bytes");
}

/* At most 64 bytes of it: the message has room for the rest. */
static void add_quoted(struct text *text, const char *string)
{
	size_t size = strlen(string);
	text_add(text, "\"");
	text_add_bytes(text, string, size < 64 ? size : 64);
	text_add(text, size < 64 ? "\"" : "...\"");
}

static void explain(char *message, enum config_result result, const char *name, const char *given)
{
	struct text text;
	text_init(&text, message, CONFIG_MESSAGE_MAX);
	if (result == CONFIG_UNKNOWN) {
		text_add(&text, "there is no configuration value ");
		add_quoted(&text, name);
		return;
	}
	text_add(&text, name);
	if (result == CONFIG_LOCKED) {
		text_add(&text, " cannot change any more: the connection has started");
		return;
	}
	if (result == CONFIG_READ_ONLY) {
		text_add(&text, " cannot be set: it follows another value");
		return;
	}
	text_add(&text, " cannot be ");
	add_quoted(&text, given);
	add_allowed(&text, config_find(name));
}

enum config_result config_set_text(struct config *config, const char *name, const char *value,
                                   char message[CONFIG_MESSAGE_MAX])
{
	const struct config_value *row = config_find(name);
	enum config_result result = row != NULL ? set_from_text(config, row->id, value) : CONFIG_UNKNOWN;
	if (result != CONFIG_OK && message != NULL)
		explain(message, result, name, value);
	return result;
}

size_t config_get_text(const struct config *config, enum config_id id, char *out, size_t capacity)
{
	char digits[32];
	struct text text;
	const char *source = digits;
	text_init(&text, digits, sizeof(digits));
	if (is_string((int32_t)id))
		source = config->slots[id].string;
	else if (is_integer((int32_t)id))
		text_add_i64(&text, config->slots[id].integer);
	else
		text_add_double(&text, config->slots[id].real);
	size_t size = strlen(source);
	if (capacity > 0) {
		text_init(&text, out, capacity);
		text_add(&text, source);
	}
	return size;
}

const struct config_value *config_find(const char *name)
{
	for (int32_t id = 1; id < CONFIG_END; id++)
		if (strcmp(values[id].name, name) == 0)
			return &values[id];
	return NULL;
}

const struct config_value *config_describe(int32_t id)
{
	return id > 0 && id < CONFIG_END ? &values[id] : NULL;
}
