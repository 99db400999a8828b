#include <kith/stats.h>

#include "api/find.h"
#include "api/structs.h"
#include "engine/names.h"

kith_result kith_connection_info(kith_connection connection, struct kith_info *out_info)
{
	struct kith_info own = KITH_INFO_INIT;
	struct engine_conn *object;
	kith_result result = structs_check(out_info, "out_info");

	if (result != KITH_OK)
		return result;
	structs_clear(out_info);
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_info(object, &own);
	find_done(connection);
	if (result == KITH_OK)
		structs_write(out_info, &own, sizeof(own));
	return result;
}

kith_result kith_connection_status(kith_connection connection, struct kith_status *out_status)
{
	struct kith_status own = KITH_STATUS_INIT;
	struct engine_conn *object;
	kith_result result = structs_check(out_status, "out_status");

	if (result != KITH_OK)
		return result;
	structs_clear(out_status);
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_status(object, &own);
	find_done(connection);
	if (result == KITH_OK)
		structs_write(out_status, &own, sizeof(own));
	return result;
}

kith_result kith_connection_security(kith_connection connection, struct kith_security *out_security)
{
	struct kith_security own = KITH_SECURITY_INIT;
	struct engine_conn *object;
	kith_result result = structs_check(out_security, "out_security");

	if (result != KITH_OK)
		return result;
	structs_clear(out_security);
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_security(object, &own);
	find_done(connection);
	if (result == KITH_OK)
		structs_write(out_security, &own, sizeof(own));
	return result;
}

kith_result kith_connection_lane_status(kith_connection connection, int32_t lane, struct kith_lane_status *out_status)
{
	struct kith_lane_status own = KITH_LANE_STATUS_INIT;
	struct engine_conn *object;
	kith_result result = structs_check(out_status, "out_status");

	if (result != KITH_OK)
		return result;
	structs_clear(out_status);
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_lane_status(object, lane, &own);
	find_done(connection);
	if (result == KITH_OK)
		structs_write(out_status, &own, sizeof(own));
	return result;
}

kith_result kith_connection_statistics(kith_connection connection, int32_t side, struct kith_statistics *out_statistics)
{
	struct kith_statistics own = KITH_STATISTICS_INIT;
	struct engine_conn *object;
	kith_result result = structs_check(out_statistics, "out_statistics");

	if (result != KITH_OK)
		return result;
	structs_clear(out_statistics);
	object = find_connection(connection);
	if (object == NULL)
		return KITH_E_HANDLE;
	result = engine_conn_statistics(object, side, &own);
	find_done(connection);
	if (result == KITH_OK)
		structs_write(out_statistics, &own, sizeof(own));
	return result;
}

const char *kith_histogram_bucket(int32_t histogram, int32_t bucket)
{
	return names_bucket(histogram, bucket);
}
