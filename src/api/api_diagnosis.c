#include <kith/diagnosis.h>

#include "api/find.h"
#include "api/out_text.h"
#include "api/structs.h"
#include "core/base/alloc.h"
#include "engine/engine_sessions.h"
#include "engine/failure.h"
#include "engine/names.h"

kith_result kith_connection_diagnosis(kith_connection connection, struct kith_diagnosis *out_diagnosis)
{
	struct kith_diagnosis own = KITH_DIAGNOSIS_INIT;
	struct engine_conn *object;
	kith_result result = structs_check(out_diagnosis, "out_diagnosis");

	if (result != KITH_OK)
		return result;
	structs_clear(out_diagnosis);
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_diagnosis(object, &own);
	find_done(connection);
	if (result == KITH_OK)
		structs_write(out_diagnosis, &own, sizeof(own));
	return result;
}

kith_result kith_messages_diagnosis(kith_endpoint endpoint, const struct kith_identity *peer,
                                    struct kith_diagnosis *out_diagnosis)
{
	struct kith_diagnosis own = KITH_DIAGNOSIS_INIT;
	struct engine *object;
	kith_result result = structs_check(out_diagnosis, "out_diagnosis");

	if (result != KITH_OK)
		return result;
	structs_clear(out_diagnosis);
	if (peer == NULL)
		return failure_set(KITH_E_INVALID, "peer: null");
	object = find_endpoint(endpoint);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_sessions_diagnosis(object, peer, &own);
	find_done(endpoint);
	if (result == KITH_OK)
		structs_write(out_diagnosis, &own, sizeof(own));
	return result;
}

const char *kith_stage_name(int32_t stage)
{
	return names_stage(stage);
}

const char *kith_stage_text(int32_t stage)
{
	return names_stage_text(stage);
}

/* --- texts of a connection */

typedef int32_t write_fn(struct engine_conn *conn, bool hide, char *out, size_t capacity);

static kith_result write_text(kith_connection connection, uint32_t hide, write_fn *write, char *all, size_t size_max)
{
	struct engine_conn *object;
	kith_result result;

	if ((hide & ~(uint32_t)KITH_HIDE_ADDRESSES) != 0)
		return failure_set(KITH_E_INVALID, "hide: 0x%x has an unknown bit", (unsigned)hide);
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = write(object, (hide & KITH_HIDE_ADDRESSES) != 0, all, size_max);
	find_done(connection);
	return result;
}

kith_result kith_connection_report(kith_connection connection, uint32_t hide, char *buffer, size_t capacity,
                                   size_t *out_size)
{
	char *all = alloc_bytes(KITH_REPORT_SIZE_MAX);
	kith_result result = write_text(connection, hide, engine_conn_report, all, KITH_REPORT_SIZE_MAX);

	if (result == KITH_OK)
		result = out_text(all, buffer, capacity, out_size);
	alloc_free(all);
	return result;
}

kith_result kith_connection_route(kith_connection connection, uint32_t hide, char *buffer, size_t capacity,
                                  size_t *out_size)
{
	char all[KITH_ROUTE_TEXT_MAX];
	kith_result result = write_text(connection, hide, engine_conn_route, all, sizeof(all));

	return result == KITH_OK ? out_text(all, buffer, capacity, out_size) : result;
}
