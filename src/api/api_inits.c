#include <kith/kith.h>

#include "core/base/bytes.h"

/* What the _INIT macros do. All of them are the size and zeros, unless said. */
static void init(void *out, uint32_t size)
{
	if (out == NULL)
		return;
	bytes_zero(out, size);
	bytes_copy(out, &size, sizeof(size));
}

void kith_event_init(struct kith_event *event)
{
	init(event, sizeof(*event));
}

void kith_config_info_init(struct kith_config_info *info)
{
	init(info, sizeof(*info));
}

void kith_endpoint_options_init(struct kith_endpoint_options *options)
{
	init(options, sizeof(*options));
}

void kith_callbacks_init(struct kith_callbacks *callbacks)
{
	init(callbacks, sizeof(*callbacks));
}

void kith_signaling_callbacks_init(struct kith_signaling_callbacks *callbacks)
{
	init(callbacks, sizeof(*callbacks));
}

void kith_certificate_init(struct kith_certificate *certificate)
{
	init(certificate, sizeof(*certificate));
}

void kith_certificate_options_init(struct kith_certificate_options *options)
{
	init(options, sizeof(*options));
	if (options != NULL)
		options->kind = KITH_CERTIFICATE_PEER;
}

void kith_connection_options_init(struct kith_connection_options *options)
{
	init(options, sizeof(*options));
}

void kith_pair_options_init(struct kith_pair_options *options)
{
	init(options, sizeof(*options));
}

void kith_listener_options_init(struct kith_listener_options *options)
{
	init(options, sizeof(*options));
}

void kith_info_init(struct kith_info *info)
{
	init(info, sizeof(*info));
}

void kith_status_init(struct kith_status *status)
{
	init(status, sizeof(*status));
}

void kith_lane_status_init(struct kith_lane_status *status)
{
	init(status, sizeof(*status));
}

void kith_statistics_init(struct kith_statistics *statistics)
{
	init(statistics, sizeof(*statistics));
}

void kith_security_init(struct kith_security *security)
{
	init(security, sizeof(*security));
}

void kith_diagnosis_init(struct kith_diagnosis *diagnosis)
{
	init(diagnosis, sizeof(*diagnosis));
}
