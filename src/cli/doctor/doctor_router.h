/* doctor_router: what a router answers when it is asked for its public address (NAT-PMP, RFC 6886). */
#ifndef CLI_DOCTOR_DOCTOR_ROUTER_H
#define CLI_DOCTOR_DOCTOR_ROUTER_H

#include <stddef.h>
#include <stdint.h>

enum doctor_router_answer { DOCTOR_ROUTER_NONE, DOCTOR_ROUTER_ADDRESS, DOCTOR_ROUTER_REFUSED, DOCTOR_ROUTER_PCP };

/* What an answer says; `ip` in network order, of ADDRESS. */
enum doctor_router_answer doctor_router_read(const uint8_t *bytes, size_t size, uint32_t *ip);

#endif
