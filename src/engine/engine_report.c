#include <sys/utsname.h>
#include <time.h>

#include <kith/errors.h>

#include "core/base/alloc.h"
#include "core/base/bytes.h"
#include "engine/convert.h"
#include "engine/engine_diagnosis.h"
#include "engine/engine_internal.h"
#include "engine/names.h"
#include "engine/report.h"

static void print_system(char *out, size_t capacity)
{
	struct utsname system;
	struct text text;

	text_init(&text, out, capacity);
	if (uname(&system) != 0)
		return;
	text_add(&text, system.sysname);
	text_add(&text, " ");
	text_add(&text, system.release);
	text_add(&text, " ");
	text_add(&text, system.machine);
}

static void print_time(char *out, size_t capacity)
{
	time_t now = time(NULL);
	struct tm parts;

	out[0] = '\0';
	if (gmtime_r(&now, &parts) != NULL && strftime(out, capacity, "%Y-%m-%d %H:%M:%S UTC", &parts) == 0)
		out[0] = '\0';
}

/* With the lock held. */
static void collect(struct engine_conn *conn, struct engine_case *found, struct report_facts *out)
{
	out->handle = conn->handle;
	engine_conn_fill_info(conn->conn, &out->info);
	engine_conn_fill_name(conn, &out->info);
	engine_conn_fill_status(conn->conn, &out->status);
	engine_conn_fill_security(conn->conn, &out->security);
	engine_conn_fill_statistics(conn->conn, KITH_SIDE_LOCAL, &out->sides[KITH_SIDE_LOCAL]);
	engine_conn_fill_statistics(conn->conn, KITH_SIDE_REMOTE, &out->sides[KITH_SIDE_REMOTE]);
	while (out->lane_count < REPORT_LANES_MAX &&
	       engine_conn_fill_lane(conn->conn, out->lane_count, &out->lanes[out->lane_count]))
		out->lane_count++;
	out->config = sockets_config(conn->conn);
	engine_diagnosis_collect(conn, found);
	/* A service's failure names it. */
	if (out->hide) {
		bytes_zero(found->facts.signaling.text, sizeof(found->facts.signaling.text));
		bytes_zero(found->facts.attempt.server_text, sizeof(found->facts.attempt.server_text));
	}
	diagnosis_fill(&found->facts, &out->diagnosis);
}

static void write_text(const struct report_facts *facts, char *out, size_t capacity)
{
	struct text text;
	char *all;

	if (!facts->hide) {
		text_init(&text, out, capacity);
		report_write(facts, &text);
		return;
	}
	all = alloc_bytes(capacity);
	text_init(&text, all, capacity);
	report_write(facts, &text);
	text_init(&text, out, capacity);
	report_hide_addresses(all, &text);
	alloc_free(all);
}

int32_t engine_conn_report(struct engine_conn *conn, bool hide, char *out, size_t capacity)
{
	struct report_facts *facts;
	struct engine_case found;
	char system[200], when[40];
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	facts = alloc_zeroed(sizeof(*facts));
	facts->hide = hide;
	facts->library = names_version();
	facts->own = core_identity(conn->engine->core)->text;
	print_system(system, sizeof(system));
	print_time(when, sizeof(when));
	facts->system = system;
	facts->time = when;
	collect(conn, &found, facts);
	write_text(facts, out, capacity);
	engine_unlock(conn->engine);
	alloc_free(facts);
	return KITH_OK;
}

int32_t engine_conn_route(struct engine_conn *conn, bool hide, char *out, size_t capacity)
{
	struct kith_info info = KITH_INFO_INIT;
	struct text text;
	int32_t result = engine_conn_lock(conn);

	if (result != KITH_OK)
		return result;
	engine_conn_fill_info(conn->conn, &info);
	engine_unlock(conn->engine);
	text_init(&text, out, capacity);
	report_write_route(&info, hide, &text);
	return KITH_OK;
}
