#include "engine/result.h"

const char *result_text(int32_t result)
{
	switch (result) {
#define TEXT(name, number, text) \
	case number: \
		return text;
		KITH_RESULT_MAP(TEXT)
#undef TEXT
	default:
		return "not a result of this library";
	}
}

int32_t result_of_reason(int32_t reason)
{
	switch (reason) {
	case KITH_REASON_NONE:
		return KITH_OK;
	case KITH_REASON_REMOTE_TIMEOUT:
	case KITH_REASON_TIMEOUT:
		return KITH_E_TIMEOUT;
	case KITH_REASON_REMOTE_BAD_CRYPT:
	case KITH_REASON_REMOTE_BAD_CERTIFICATE:
		return KITH_E_AUTH;
	case KITH_REASON_REMOTE_BAD_PROTOCOL_VERSION:
		return KITH_E_UNSUPPORTED;
	case KITH_REASON_LOCAL_OFFLINE:
	case KITH_REASON_LOCAL_NO_PUBLIC_ADDRESS:
	case KITH_REASON_REMOTE_NO_PUBLIC_ADDRESS:
	case KITH_REASON_RENDEZVOUS_FAILED:
	case KITH_REASON_NAT_FIREWALL:
		return KITH_E_NO_ROUTE;
	case KITH_REASON_INTERNAL_ERROR:
		return KITH_E_PROTOCOL;
	case KITH_REASON_LOCAL_NETWORK_CONFIG:
	case KITH_REASON_LOCAL_RIGHTS:
		return KITH_E_SYSTEM;
	default:
		return KITH_E_CLOSED;
	}
}
