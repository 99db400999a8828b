#include "cli/doctor/doctor_stun.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <stun/stunagent.h>

#include "cli/doctor/doctor_net.h"
#include "core/base/bytes.h"

enum {
	LIMIT_US = 3000000,
	CHANGE_IP = 4, /* of CHANGE-REQUEST, RFC 5780 §7.2 */
	CHANGE_PORT = 2,
};

/* RFC 5780; libnice knows no names for these. */
#define CHANGE_REQUEST ((StunAttribute)0x0003)
#define OTHER_ADDRESS ((StunAttribute)0x802C)

static const uint16_t known[] = { STUN_ATTRIBUTE_MAPPED_ADDRESS, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
	                              STUN_ATTRIBUTE_ERROR_CODE, STUN_ATTRIBUTE_UNKNOWN_ATTRIBUTES, 0 };

/* One family: its socket, the servers that answered on it. */
struct family {
	int fd;
	const char *name;
	union doctor_net_address local;
	union doctor_net_address server[2]; /* the first two with different addresses */
	union doctor_net_address mapped[2];
	int count;
	union doctor_net_address other; /* of the first, as RFC 5780 has it */
	bool has_other;
};

struct exchange {
	StunAgent agent;
	StunMessage request;
	uint8_t bytes[256];
	union doctor_net_address mapped, other;
	bool has_mapped, has_other;
};

static bool read_address(const StunMessage *message, StunAttribute type, bool is_xor, union doctor_net_address *out)
{
	socklen_t length = sizeof(out->storage);
	StunMessageReturn result;

	bytes_zero(out, sizeof(*out));
	result = is_xor ? stun_message_find_xor_addr(message, type, &out->storage, &length)
	                : stun_message_find_addr(message, type, &out->storage, &length);
	return result == STUN_MESSAGE_RETURN_SUCCESS;
}

static bool is_answer(void *owner, const uint8_t *bytes, size_t size)
{
	struct exchange *exchange = owner;
	StunMessage reply;

	if (stun_agent_validate(&exchange->agent, &reply, bytes, size, NULL, NULL) != STUN_VALIDATION_SUCCESS ||
	    stun_message_get_class(&reply) != STUN_RESPONSE || stun_message_get_method(&reply) != STUN_BINDING)
		return false;
	exchange->has_mapped = read_address(&reply, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS, true, &exchange->mapped) ||
	                       read_address(&reply, STUN_ATTRIBUTE_MAPPED_ADDRESS, false, &exchange->mapped);
	exchange->has_other = read_address(&reply, OTHER_ADDRESS, false, &exchange->other);
	return exchange->has_mapped;
}

/* A binding request; `change` asks for an answer from elsewhere. -1: no answer. */
static int64_t ask(struct exchange *exchange, int fd, const union doctor_net_address *server, uint32_t change)
{
	struct doctor_net_question question = { fd, false, server, exchange->bytes, 0, LIMIT_US, is_answer, exchange };

	bytes_zero(exchange, sizeof(*exchange));
	stun_agent_init(&exchange->agent, known, STUN_COMPATIBILITY_RFC5389, 0);
	stun_agent_init_request(&exchange->agent, &exchange->request, exchange->bytes, sizeof(exchange->bytes),
	                        STUN_BINDING);
	if (change != 0)
		stun_message_append32(&exchange->request, CHANGE_REQUEST, change);
	question.size = stun_agent_finish_message(&exchange->agent, &exchange->request, NULL, 0);
	return doctor_net_ask(&question);
}

/* --- the servers */

static void remember(struct family *family, const union doctor_net_address *server, const struct exchange *exchange)
{
	if (family->count == 2 || (family->count == 1 && doctor_net_equal(server, &family->server[0], false)))
		return;
	if (family->count == 0) {
		family->has_other = exchange->has_other;
		family->other = exchange->other;
		doctor_net_source(server, &family->local);
	}
	family->server[family->count] = *server;
	family->mapped[family->count++] = exchange->mapped;
}

static bool ask_server(struct doctor_say *say, struct family *family, const char *text)
{
	struct doctor_finding finding = { DOCTOR_OK, "stun", text, -1 };
	union doctor_net_address server;
	char mapped[DOCTOR_NET_TEXT_MAX], why[DOCTOR_NET_WHY_MAX];
	struct exchange exchange;

	if (family->fd < 0 || !doctor_net_resolve(text, family->name[3] == '6' ? AF_INET6 : AF_INET, &server, why))
		return false;
	finding.usec = ask(&exchange, family->fd, &server, 0);
	if (finding.usec < 0) {
		finding.result = DOCTOR_FAILED;
		doctor_say(say, &finding, "no answer over %s: the server is down, or UDP is blocked", family->name);
		return true;
	}
	doctor_say(say, &finding, "over %s we are %s", family->name, doctor_net_print(mapped, &exchange.mapped));
	remember(family, &server, &exchange);
	return true;
}

/* --- the NAT */

static void say_mapping(struct doctor_say *say, struct family *family, const struct exchange *second)
{
	struct doctor_finding finding = { DOCTOR_OK, "nat", family->name, -1 };
	char first[DOCTOR_NET_TEXT_MAX], other[DOCTOR_NET_TEXT_MAX];

	if (doctor_net_equal(&family->mapped[0], &second->mapped, true)) {
		doctor_say(say, &finding, "one public address for all peers: direct connections are likely");
		return;
	}
	finding.result = DOCTOR_WARNING;
	doctor_say(say, &finding,
	           "another public address for each peer (%s, %s): behind such a NAT a relay is often needed",
	           doctor_net_print(first, &family->mapped[0]), doctor_net_print(other, &second->mapped));
}

/* Who may answer: RFC 5780 §4.4. */
static void check_filtering(struct doctor_say *say, struct family *family)
{
	struct doctor_finding finding = { DOCTOR_OK, "filtering", family->name, -1 };
	struct exchange exchange;

	if (!family->has_other)
		return;
	if (ask(&exchange, family->fd, &family->server[0], CHANGE_IP | CHANGE_PORT) >= 0)
		doctor_say(say, &finding, "anybody can reach an address that we use");
	else if (ask(&exchange, family->fd, &family->server[0], CHANGE_PORT) >= 0)
		doctor_say(say, &finding, "only hosts that we have sent to can reach us");
	else
		doctor_say(say, &finding, "only addresses that we have sent to can reach us");
}

static void check_nat(struct doctor_say *say, struct family *family)
{
	struct doctor_finding finding = { DOCTOR_OK, "nat", family->name, -1 };
	struct exchange second;

	if (family->count == 0)
		return;
	if (doctor_net_equal(&family->local, &family->mapped[0], false)) {
		doctor_say(say, &finding, "none: our own address is public");
	} else if (family->count == 2) {
		second.mapped = family->mapped[1];
		say_mapping(say, family, &second);
	} else if (family->has_other && ask(&second, family->fd, &family->other, 0) >= 0) {
		say_mapping(say, family, &second);
	} else {
		doctor_say(say, &finding, "there is one; of what kind takes two STUN servers, or one of RFC 5780, to say");
	}
	check_filtering(say, family);
}

void doctor_stun_check(struct doctor_say *say, const struct options_list *servers)
{
	struct family families[2] = { { .fd = doctor_net_open_udp(AF_INET), .name = "IPv4" },
		                          { .fd = doctor_net_open_udp(AF_INET6), .name = "IPv6" } };

	for (int i = 0; i < servers->count; i++) {
		struct doctor_finding finding = { DOCTOR_FAILED, "stun", servers->values[i], -1 };
		union doctor_net_address unused;
		char why[DOCTOR_NET_WHY_MAX] = "no socket";
		bool asked = false;
		for (int f = 0; f < 2; f++)
			asked = ask_server(say, &families[f], servers->values[i]) || asked;
		if (!asked && !doctor_net_resolve(servers->values[i], AF_UNSPEC, &unused, why))
			doctor_say(say, &finding, "%s", why);
	}
	for (int f = 0; f < 2; f++) {
		check_nat(say, &families[f]);
		if (families[f].fd >= 0)
			close(families[f].fd);
	}
}
