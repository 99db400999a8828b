/* Facts: what the library says of a connection or session, asked for until it is so. */
#include <string.h>

#include "field.h"
#include "verbs.h"

union facts {
	struct kith_info info;
	struct kith_status status;
	struct kith_lane_status lane;
	struct kith_statistics statistics;
	struct kith_security security;
	struct kith_diagnosis diagnosis;
};

struct fact {
	struct step *step;
	kith_result (*read)(struct fact *fact);
	const struct field *field;
	const char *name;
	uint32_t handle; /* of a connection, or of an endpoint with a session */
	bool is_session;
	struct kith_identity peer;
	int32_t which; /* lane or side */
	union facts facts;
	kith_result result;
};

static kith_result read_info(struct fact *fact)
{
	kith_info_init(&fact->facts.info);
	return fact->is_session ? kith_messages_info(fact->handle, &fact->peer, &fact->facts.info)
	                        : kith_connection_info(fact->handle, &fact->facts.info);
}

static kith_result read_status(struct fact *fact)
{
	kith_status_init(&fact->facts.status);
	return fact->is_session ? kith_messages_status(fact->handle, &fact->peer, &fact->facts.status)
	                        : kith_connection_status(fact->handle, &fact->facts.status);
}

static kith_result read_security(struct fact *fact)
{
	kith_security_init(&fact->facts.security);
	return fact->is_session ? kith_messages_security(fact->handle, &fact->peer, &fact->facts.security)
	                        : kith_connection_security(fact->handle, &fact->facts.security);
}

static kith_result read_diagnosis(struct fact *fact)
{
	kith_diagnosis_init(&fact->facts.diagnosis);
	return fact->is_session ? kith_messages_diagnosis(fact->handle, &fact->peer, &fact->facts.diagnosis)
	                        : kith_connection_diagnosis(fact->handle, &fact->facts.diagnosis);
}

static kith_result read_lane(struct fact *fact)
{
	kith_lane_status_init(&fact->facts.lane);
	return kith_connection_lane_status(fact->handle, fact->which, &fact->facts.lane);
}

static kith_result read_statistics(struct fact *fact)
{
	kith_statistics_init(&fact->facts.statistics);
	return kith_connection_statistics(fact->handle, fact->which, &fact->facts.statistics);
}

static bool is_so(struct world *world, void *data)
{
	static const char *const relations[] = { "is", "not", "min", "max", "contains" };
	struct fact *fact = data;
	bool holds = true;

	fact->result = fact->read(fact);
	if (fact->result != KITH_OK || fact->field == NULL)
		return true;
	for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
		const char *text = step_string(fact->step, relations[i]);
		if (text != NULL && !field_holds(world, fact->field, fact->name, &fact->facts, relations[i], text))
			holds = false;
	}
	return holds;
}

/* `prefix`: of the constants of the argument before the field; null: there is none. */
static kith_result ask(struct world *world, struct step *step, const char *structure,
                       kith_result (*read)(struct fact *fact), const char *prefix)
{
	struct fact fact = { .step = step, .read = read };
	unsigned next = prefix != NULL ? 2 : 1;
	const struct step_text *which = prefix != NULL ? step_argument(step, 1) : NULL, *name = step_argument(step, next);
	char seen[FIELD_TEXT_MAX];

	fact.is_session = strncmp(step->verb, "session_", 8) == 0;
	fact.handle = world_argument(world, step, 0, fact.is_session ? OBJECT_ENDPOINT : OBJECT_CONNECTION)->handle;
	if (fact.is_session)
		value_identity(world, step_string(step, "peer"), &fact.peer);
	fact.which = (int32_t)value_constant(world, prefix != NULL ? prefix : "", which != NULL ? which->bytes : NULL);
	fact.name = name != NULL ? name->bytes : "";
	fact.field = field_find(structure, fact.name);
	VERBS_EXPECT(world, fact.field != NULL, "%s has no %s", structure, fact.name);
	if (!world_await(world, is_so, &fact, step->fails != NULL ? 0 : WORLD_PATIENCE_US)) {
		field_print(world, fact.field, fact.name, &fact.facts, seen);
		world_fail(world, "it is %s", seen);
	}
	return fact.result;
}

#define FACT(verb, structure, read, prefix) \
	static kith_result verb(struct world *world, struct step *step) \
	{ \
		return ask(world, step, structure, read, prefix); \
	}
FACT(info, "kith_info", read_info, NULL)
FACT(status, "kith_status", read_status, NULL)
FACT(security, "kith_security", read_security, NULL)
FACT(diagnosis, "kith_diagnosis", read_diagnosis, NULL)
FACT(lane_status, "kith_lane_status", read_lane, "")
FACT(statistics, "kith_statistics", read_statistics, "SIDE_")

/* --- texts */

struct wanted_text {
	kith_connection connection;
	uint32_t hide;
	kith_result (*read)(kith_connection, uint32_t, char *, size_t, size_t *);
	const char *contains, *lacks;
	char text[KITH_REPORT_SIZE_MAX];
	kith_result result;
};

static bool is_text(struct world *world, void *data)
{
	struct wanted_text *wanted = data;

	(void)world;
	wanted->result = wanted->read(wanted->connection, wanted->hide, wanted->text, sizeof(wanted->text), NULL);
	return wanted->result != KITH_OK || ((wanted->contains == NULL || strstr(wanted->text, wanted->contains) != NULL) &&
	                                     (wanted->lacks == NULL || strstr(wanted->text, wanted->lacks) == NULL));
}

static kith_result ask_text(struct world *world, struct step *step,
                            kith_result (*read)(kith_connection, uint32_t, char *, size_t, size_t *))
{
	struct wanted_text *wanted = world_temporary(world, sizeof(*wanted));

	wanted->connection = world_argument(world, step, 0, OBJECT_CONNECTION)->handle;
	wanted->hide = step_integer(step, "hide", 0) != 0 ? KITH_HIDE_ADDRESSES : 0;
	wanted->read = read;
	wanted->contains = step_string(step, "contains");
	wanted->lacks = step_string(step, "lacks");
	VERBS_EXPECT(world, world_await(world, is_text, wanted, step->fails != NULL ? 0 : WORLD_PATIENCE_US), "it is:\n%s",
	             wanted->text);
	return wanted->result;
}

static kith_result route(struct world *world, struct step *step)
{
	return ask_text(world, step, kith_connection_route);
}

static kith_result report(struct world *world, struct step *step)
{
	return ask_text(world, step, kith_connection_report);
}

const struct verb verbs_fact[] = { { "info", info },
	                               { "status", status },
	                               { "security", security },
	                               { "diagnosis", diagnosis },
	                               { "lane_status", lane_status },
	                               { "statistics", statistics },
	                               { "session_info", info },
	                               { "session_status", status },
	                               { "session_security", security },
	                               { "session_diagnosis", diagnosis },
	                               { "route", route },
	                               { "report", report },
	                               { 0 } };
