#include "cli/doctor/doctor_turn.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <stun/stunagent.h>
#include <stun/usages/turn.h>

#include "cli/doctor/doctor_net.h"
#include "core/base/bytes.h"
#include "core/crypto/turn_secret.h"

enum { LIMIT_US = 3000000, MESSAGE_MAX = 1024, USER_MAX = 512, MADE_SECONDS = 600 };

static const uint16_t known[] = { STUN_ATTRIBUTE_MAPPED_ADDRESS,
	                              STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
	                              STUN_ATTRIBUTE_XOR_RELAYED_ADDRESS,
	                              STUN_ATTRIBUTE_LIFETIME,
	                              STUN_ATTRIBUTE_ERROR_CODE,
	                              STUN_ATTRIBUTE_REALM,
	                              STUN_ATTRIBUTE_NONCE,
	                              STUN_ATTRIBUTE_USERNAME,
	                              STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
	                              STUN_ATTRIBUTE_RESERVATION_TOKEN,
	                              STUN_ATTRIBUTE_UNKNOWN_ATTRIBUTES,
	                              0 };

/* One server; the reply before is what the next request is made of. */
struct turn {
	struct doctor_net_question question;
	const char *user, *password;
	char made_user[USER_MAX], made_password[TURN_SECRET_PASSWORD_SIZE + 1];
	StunAgent agent;
	StunMessage request, reply, before;
	uint8_t request_bytes[MESSAGE_MAX], reply_bytes[MESSAGE_MAX], before_bytes[MESSAGE_MAX];
	union doctor_net_address relay;
	int error; /* of the last reply; 0: it was a success */
};

/* libnice strips quotes and zeros from both ends of a realm, and runs out of one that has nothing else. */
static bool has_realm(const StunMessage *reply)
{
	uint16_t size = 0;
	const uint8_t *realm = stun_message_find(reply, STUN_ATTRIBUTE_REALM, &size);

	for (uint16_t i = 0; realm != NULL && i < size; i++)
		if (realm[i] != '"' && realm[i] != '\0')
			return true;
	return false;
}

static bool is_answer(void *owner, const uint8_t *bytes, size_t size)
{
	struct turn *turn = owner;
	StunMethod method;

	if (size > sizeof(turn->reply_bytes))
		return false;
	bytes_copy(turn->reply_bytes, bytes, size);
	/* An answer to a wrong password is not signed: what it says is looked at all the same. */
	if (stun_agent_validate(&turn->agent, &turn->reply, turn->reply_bytes, size, NULL, NULL) != STUN_VALIDATION_SUCCESS)
		return false;
	method = stun_message_get_method(&turn->reply);
	if (method != STUN_ALLOCATE && method != STUN_REFRESH)
		return false;
	turn->error = 0;
	if (stun_message_get_class(&turn->reply) == STUN_ERROR &&
	    stun_message_find_error(&turn->reply, &turn->error) != STUN_MESSAGE_RETURN_SUCCESS)
		turn->error = 500;
	/* Who wants credentials has to say for what. */
	if (turn->error == 401 && !has_realm(&turn->reply))
		turn->error = 500;
	return true;
}

static int64_t ask(struct turn *turn, size_t size)
{
	turn->question.bytes = turn->request_bytes;
	turn->question.size = size;
	turn->question.limit_usec = LIMIT_US;
	turn->question.accept = is_answer;
	turn->question.owner = turn;
	return size == 0 ? -1 : doctor_net_ask(&turn->question);
}

/* Without credentials first, as everybody does: the answer has realm and nonce. */
static int64_t allocate(struct turn *turn, bool again)
{
	size_t size;

	turn->before = turn->reply;
	bytes_copy(turn->before_bytes, turn->reply_bytes, sizeof(turn->before_bytes));
	turn->before.buffer = turn->before_bytes;
	size = stun_usage_turn_create(&turn->agent, &turn->request, turn->request_bytes, sizeof(turn->request_bytes),
	                              again ? &turn->before : NULL, STUN_USAGE_TURN_REQUEST_PORT_NORMAL, -1, -1,
	                              (uint8_t *)turn->user, again ? strlen(turn->user) : 0, (uint8_t *)turn->password,
	                              again ? strlen(turn->password) : 0, STUN_USAGE_TURN_COMPATIBILITY_RFC5766);
	return ask(turn, size);
}

/* What was given is given back. */
static void release(struct turn *turn)
{
	size_t size = stun_usage_turn_create_refresh(&turn->agent, &turn->request, turn->request_bytes,
	                                             sizeof(turn->request_bytes), &turn->before, 0, (uint8_t *)turn->user,
	                                             strlen(turn->user), (uint8_t *)turn->password, strlen(turn->password),
	                                             STUN_USAGE_TURN_COMPATIBILITY_RFC5766);

	ask(turn, size);
}

static bool read_relay(struct turn *turn)
{
	socklen_t length = sizeof(turn->relay.storage);

	bytes_zero(&turn->relay, sizeof(turn->relay));
	return stun_message_find_xor_addr(&turn->reply, STUN_ATTRIBUTE_XOR_RELAYED_ADDRESS, &turn->relay.storage,
	                                  &length) == STUN_MESSAGE_RETURN_SUCCESS;
}

static void say_error(struct doctor_say *say, struct doctor_finding *finding, const struct turn *turn)
{
	finding->result = DOCTOR_FAILED;
	if (turn->error == 401 || turn->error == 441)
		doctor_say(say, finding, "it refuses the user '%s' with this %s", turn->user,
		           turn->user == turn->made_user ? "secret" : "password");
	else if (turn->error == 486 || turn->error == 508)
		doctor_say(say, finding, "it has no address left for us (error %d)", turn->error);
	else
		doctor_say(say, finding, "it answers with error %d", turn->error);
}

static void run(struct doctor_say *say, struct doctor_finding *finding, struct turn *turn)
{
	char relay[DOCTOR_NET_TEXT_MAX];

	finding->usec = allocate(turn, false);
	if (finding->usec < 0) {
		finding->result = DOCTOR_FAILED;
		doctor_say(say, finding, "no answer: it is down, is none, or %s is blocked",
		           turn->question.stream ? "TCP" : "UDP");
		return;
	}
	if (turn->error == 401 && allocate(turn, true) < 0) {
		finding->result = DOCTOR_FAILED;
		doctor_say(say, finding, "no answer to a request with credentials");
	} else if (turn->error != 0) {
		say_error(say, finding, turn);
	} else if (!read_relay(turn)) {
		finding->result = DOCTOR_FAILED;
		doctor_say(say, finding, "its answer has no address");
	} else {
		doctor_say(say, finding, "it takes the credentials and relays through %s",
		           doctor_net_print(relay, &turn->relay));
		release(turn);
	}
}

/* As a session of the library does it (engine/turn_credentials), for as long as asking takes. */
static void make_user(struct turn *turn, const struct options *options)
{
	struct text password;

	snprintf(turn->made_user, sizeof(turn->made_user), "%lld%s%s", (long long)time(NULL) + MADE_SECONDS,
	         options->turn_user != NULL ? ":" : "", options->turn_user != NULL ? options->turn_user : "");
	text_init(&password, turn->made_password, sizeof(turn->made_password));
	turn_secret_password(&password, options->turn_secret, strlen(options->turn_secret), turn->made_user,
	                     strlen(turn->made_user));
	turn->user = turn->made_user;
	turn->password = turn->made_password;
}

static void check_server(struct doctor_say *say, const struct options *options, const char *text)
{
	struct doctor_finding finding = { DOCTOR_OK, "turn", text, -1 };
	bool stream = strstr(text, "transport=tcp") != NULL;
	union doctor_net_address server;
	char place[300], why[DOCTOR_NET_WHY_MAX] = "no socket";
	struct turn turn;

	bytes_zero(&turn, sizeof(turn));
	snprintf(place, sizeof(place), "%.*s", (int)strcspn(text + 5, "?"), text + 5);
	turn.user = options->turn_user;
	turn.password = options->turn_password;
	if (options->turn_secret != NULL)
		make_user(&turn, options);
	turn.question.fd = -1;
	if (doctor_net_resolve(place, AF_UNSPEC, &server, why))
		turn.question.fd =
			stream ? doctor_net_open_tcp(&server, LIMIT_US, why) : doctor_net_open_udp(server.any.sa_family);
	if (turn.question.fd < 0) {
		finding.result = DOCTOR_FAILED;
		doctor_say(say, &finding, "%s", why);
		return;
	}
	turn.question.stream = stream;
	turn.question.to = &server;
	stun_agent_init(&turn.agent, known, STUN_COMPATIBILITY_RFC5389,
	                STUN_AGENT_USAGE_LONG_TERM_CREDENTIALS | STUN_AGENT_USAGE_IGNORE_CREDENTIALS);
	run(say, &finding, &turn);
	close(turn.question.fd);
}

void doctor_turn_check(struct doctor_say *say, const struct options *options)
{
	for (int i = 0; i < options->turn.count; i++)
		check_server(say, options, options->turn.values[i]);
}
