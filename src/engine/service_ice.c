#include "engine/service_ice.h"

#include "engine/service_transports.h"

void service_ice_enter(struct service *service)
{
	(void)service;
}

void service_ice_leave(struct service *service)
{
	(void)service;
}

void service_ice_wait(struct service *service)
{
	service_handle_ready(service, -1);
}

void service_ice_start(struct service *service, const struct service_command *command)
{
	(void)service;
	(void)command;
}

void service_ice_remote(struct service *service, const struct service_command *command)
{
	(void)service;
	(void)command;
}

void service_ice_candidate(struct service *service, const struct service_command *command)
{
	(void)service;
	(void)command;
}

void service_ice_close_all(struct service *service)
{
	(void)service;
}
