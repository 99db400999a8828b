/* config: the typed options of an endpoint, a listen socket or a connection.
 *
 * Owns: values, their ranges, inheritance by copying, the lock of a started connection.
 * Does not know: what a value does. The table is config_values.def; a value's number is public.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum config_id {
	CONFIG_NONE = 0,
#define CONFIG_VALUE(constant, number, name, type, initial, min, max, lock, text) CONFIG_##constant = number,
#include "core/config/config_values.def"
#undef CONFIG_VALUE
	CONFIG_END, /* one past the last */
};

enum config_type { CONFIG_TYPE_INT32 = 1, CONFIG_TYPE_INT64, CONFIG_TYPE_FLOAT, CONFIG_TYPE_STRING };
enum config_lock { CONFIG_LOCK_NEVER, CONFIG_LOCK_STARTED, CONFIG_LOCK_READ_ONLY };

/* Whose values they are, and where each was set: a change reaches what stands below and was not set
 * itself, nor further down than the change was made. */
enum config_level {
	CONFIG_LEVEL_DEFAULT, /* the table's; of values only */
	CONFIG_LEVEL_LIBRARY,
	CONFIG_LEVEL_ENDPOINT,
	CONFIG_LEVEL_LISTENER,
	CONFIG_LEVEL_CONNECTION,
};

enum config_result {
	CONFIG_OK = 0,
	CONFIG_UNKNOWN,    /* no value has this number or name */
	CONFIG_WRONG_TYPE, /* or text that does not read as the type */
	CONFIG_OUT_OF_RANGE,
	CONFIG_LOCKED, /* the connection has started */
	CONFIG_READ_ONLY,
};

union config_slot {
	int64_t integer;
	double real;
	char *string; /* owned, never null */
};

struct config {
	union config_slot slots[CONFIG_END]; /* by enum config_id */
	uint8_t set_at[CONFIG_END];          /* enum config_level of each */
	uint8_t level;                       /* its own */
	bool locked;
};

/* One row of the table; strings have their lengths' range in min and max. */
struct config_value {
	int32_t id;
	const char *name;
	enum config_type type;
	double min, max;
	int64_t initial_integer; /* of both integer types */
	double initial_real;
	const char *initial_string; /* of a string, else null */
	enum config_lock lock;
	const char *text; /* what it does */
};

/* The table's values. */
void config_init_defaults(struct config *config, enum config_level level);
/* Inheritance: `config` becomes an own copy of `from`, unlocked, at its own level. It is uninitialized
 * before. */
void config_copy(struct config *config, const struct config *from, enum config_level level);
/* Later inheritance of one value: takes that of `from`, which stands above, unless the value was set
 * here or below `from`, or is locked. True: it is another one now. */
bool config_inherit(struct config *config, const struct config *from, int32_t id);
/* Forgets what was set here: the value is that of `from` (null: of the table) again. */
enum config_result config_reset(struct config *config, const struct config *from, int32_t id);
void config_free(struct config *config); /* zeroed is allowed */
/* From now on values with CONFIG_LOCK_STARTED refuse to change. */
void config_lock_started(struct config *config);

/* The type must fit the value (an assertion otherwise): ids here are written in the code. */
int32_t config_get_int(const struct config *config, enum config_id id);
int64_t config_get_int64(const struct config *config, enum config_id id); /* either integer type */
float config_get_float(const struct config *config, enum config_id id);
/* Never null; valid until the value changes. */
const char *config_get_string(const struct config *config, enum config_id id);

/* `id` may be anything. A refused change changes nothing. */
enum config_result config_set_int(struct config *config, int32_t id, int32_t value);
enum config_result config_set_int64(struct config *config, int32_t id, int64_t value);
enum config_result config_set_float(struct config *config, int32_t id, float value);
enum config_result config_set_string(struct config *config, int32_t id, const char *value);

#define CONFIG_MESSAGE_MAX 256

/* Sets a value by its name from text. When refused, `message` (may be null) says which value, what
 * was given and what is allowed. */
enum config_result config_set_text(struct config *config, const char *name, const char *value,
                                   char message[CONFIG_MESSAGE_MAX]);
/* Writes the value as config_set_text reads it. Returns the length it has or would have. */
size_t config_get_text(const struct config *config, enum config_id id, char *out, size_t capacity);

/* Null: no such value. */
const struct config_value *config_find(const char *name);
const struct config_value *config_describe(int32_t id);

#endif
