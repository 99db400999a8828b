#include "cli/doctor/doctor_portmap.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor/doctor_net.h"
#include "cli/doctor/doctor_router.h"

enum { LIMIT_US = 2000000, PORT = 5351 };

/* The router of the default route, as Linux tells it. */
static bool find_gateway(char out[64])
{
	FILE *file = fopen("/proc/net/route", "r");
	char line[256];
	bool found = false;

	while (file != NULL && !found && fgets(line, sizeof(line), file) != NULL) {
		uint32_t destination, router;
		char text[INET_ADDRSTRLEN];
		if (sscanf(line, "%*s %" SCNx32 " %" SCNx32, &destination, &router) != 2 || destination != 0 || router == 0)
			continue;
		inet_ntop(AF_INET, &router, text, sizeof(text));
		snprintf(out, 64, "%s:%d", text, PORT);
		found = true;
	}
	if (file != NULL)
		fclose(file);
	return found;
}

struct answer {
	enum doctor_router_answer kind;
	uint32_t ip;
};

static bool is_answer(void *owner, const uint8_t *bytes, size_t size)
{
	struct answer *answer = owner;

	answer->kind = doctor_router_read(bytes, size, &answer->ip);
	return answer->kind != DOCTOR_ROUTER_NONE;
}

static void ask(struct doctor_say *say, struct doctor_finding *finding, const union doctor_net_address *router)
{
	static const uint8_t request[] = { 0, 0 };
	struct answer answer = { DOCTOR_ROUTER_NONE, 0 };
	struct doctor_net_question question = { doctor_net_open_udp(router->any.sa_family),
		                                    false,
		                                    router,
		                                    request,
		                                    sizeof(request),
		                                    LIMIT_US,
		                                    is_answer,
		                                    &answer };
	char text[INET_ADDRSTRLEN];

	if (question.fd >= 0)
		finding->usec = doctor_net_ask(&question);
	if (question.fd >= 0)
		close(question.fd);
	inet_ntop(AF_INET, &answer.ip, text, sizeof(text));
	finding->result = finding->usec < 0 || answer.kind == DOCTOR_ROUTER_REFUSED ? DOCTOR_WARNING : DOCTOR_OK;
	if (finding->usec < 0)
		doctor_say(say, finding, "the router does not map ports on request");
	else if (answer.kind == DOCTOR_ROUTER_REFUSED)
		doctor_say(say, finding, "the router knows the question, but refuses");
	else if (answer.kind == DOCTOR_ROUTER_PCP)
		doctor_say(say, finding, "the router maps ports on request, by PCP");
	else
		doctor_say(say, finding, "the router maps ports on request; its public address is %s", text);
}

void doctor_portmap_check(struct doctor_say *say, const char *gateway)
{
	struct doctor_finding finding = { DOCTOR_WARNING, "port-mapping", gateway, -1 };
	union doctor_net_address router;
	char why[DOCTOR_NET_WHY_MAX], found[64];

	if (strcmp(gateway, "default") == 0) {
		if (!find_gateway(found)) {
			doctor_say(say, &finding, "there is no default route over IPv4");
			return;
		}
		gateway = finding.target = found;
	}
	if (!doctor_net_resolve(gateway, AF_UNSPEC, &router, why))
		doctor_say(say, &finding, "%s", why);
	else
		ask(say, &finding, &router);
}
