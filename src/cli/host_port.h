/* host_port: HOST:PORT and [V6]:PORT as people write them. */
#ifndef CLI_HOST_PORT_H
#define CLI_HOST_PORT_H

#include <stdbool.h>

struct host_port {
	char host[256];
	char port[6];
};

/* Splits the text; the port is a number from 0 to 65535. IPv6 needs its brackets. False: not that form. */
bool host_port_parse(struct host_port *out, const char *text);

#endif
