#include "cli/session_setup.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <kith/messages.h>
#include <kith/signaling.h>

#include "cli/target.h"
#include "signaling/tcp/tcp_url.h"

enum { NAME_MAX_SIZE = 64, SECRETS_SIZE = 4096 };

/* What has no meaning without connections, or only then. */
static int check_messages(const struct options *options)
{
	const char *stranger = options->udp != NULL ? "--udp"
	                       : options->port != 0 ? "--port"
	                       : options->lane != 0 ? "--lane"
	                                            : NULL;

	if (!options->messages && options->channel != 0)
		return options_complain(options->command, "option --channel needs --messages");
	if (options->messages && stranger != NULL)
		return options_complain(options->command, "option --messages does not go with %s", stranger);
	if (options->messages && options->bytes > KITH_MESSAGES_SIZE_MAX)
		return options_complain(options->command, "option --size: '%d' is more than %d, the most with --messages",
		                        (int)options->bytes, KITH_MESSAGES_SIZE_MAX);
	return -1;
}

/* What libnice cannot use. */
static bool is_quotes(const char *text)
{
	return text[strspn(text, "\"")] == '\0';
}

static int check_turn_user(const struct options *options)
{
	const char *user = options->turn_user, *password = options->turn_password, *secret = options->turn_secret;

	if (options->turn.count == 0)
		return user == NULL && password == NULL && secret == NULL
		           ? -1
		           : options_complain(options->command,
		                              "options --turn-user, --turn-password and --turn-secret need --turn");
	if (secret == NULL && (user == NULL || password == NULL))
		return options_complain(options->command,
		                        "option --turn needs --turn-user and --turn-password, or --turn-secret");
	if (secret != NULL && password != NULL)
		return options_complain(options->command, "options --turn-password and --turn-secret: only one can be");
	if ((user != NULL && is_quotes(user)) || (password != NULL && is_quotes(password)))
		return options_complain(options->command, "options --turn-user and --turn-password: nothing but quotes");
	if (secret != NULL && strchr(secret, ',') != NULL)
		return options_complain(options->command, "option --turn-secret: it has a comma");
	return -1;
}

int session_setup_check(const struct options *options)
{
	int status = -1;

	for (int i = 0; i < options->signaling.count; i++) {
		struct tcp_url url;
		char error[TCP_URL_ERROR_MAX];
		if (tcp_url_parse(&url, options->signaling.values[i], error) != TCP_URL_OK)
			return options_complain(options->command, "option --signaling: %s", error);
	}
	for (int i = 0; i < options->stun.count && status < 0; i++)
		status = target_check_stun(options, options->stun.values[i]);
	for (int i = 0; i < options->turn.count && status < 0; i++)
		status = target_check_turn(options, options->turn.values[i]);
	if (status >= 0)
		return status;
	status = check_turn_user(options);
	if (status >= 0)
		return status;
	if (options->relay_only && options->turn.count == 0)
		return options_complain(options->command, "option --relay-only needs --turn");
	return check_messages(options);
}

static int32_t share_mask(const char *words)
{
	return (strstr(words, "private") != NULL ? KITH_SHARE_PRIVATE : 0) |
	       (strstr(words, "public") != NULL ? KITH_SHARE_PUBLIC : 0) |
	       (strstr(words, "relay") != NULL ? KITH_SHARE_RELAY : 0);
}

static int set_by_text(const struct options *options, kith_endpoint endpoint, const char *text)
{
	const char *equals = strchr(text, '=');
	char name[NAME_MAX_SIZE];
	kith_result result;

	if (equals == NULL || equals == text)
		return options_complain(options->command, "option --config: '%s' is not NAME=VALUE", text);
	snprintf(name, sizeof(name), "%.*s", (int)(equals - text), text);
	result = kith_config_set_by_name(endpoint, name, equals + 1);
	if (result == KITH_E_NOT_FOUND)
		return options_complain(options->command, "option --config: there is no value called '%s'", name);
	if (result != KITH_OK)
		return options_complain(options->command, "option --config: '%s': %s", text, kith_last_error());
	return -1;
}

static bool is_word(const char *word, size_t size, const char *name)
{
	return strlen(name) == size && strncasecmp(word, name, size) == 0;
}

/* SUBJECT=LEVEL. */
static int set_log_level(const struct options *options, kith_endpoint endpoint, const char *text)
{
	size_t size = strcspn(text, "=");
	int32_t subject = KITH_SUBJECTS, level = KITH_LOG_DEBUG + 1;

	for (int32_t i = 0; i < KITH_SUBJECTS; i++)
		if (is_word(text, size, kith_subject_name(i)))
			subject = i;
	if (is_word(text, size, "all"))
		subject = KITH_SUBJECT_ALL;
	for (int32_t i = KITH_LOG_NONE; i <= KITH_LOG_DEBUG && text[size] == '='; i++)
		if (is_word(text + size + 1, strlen(text + size + 1), kith_log_name(i)))
			level = i;
	if (subject == KITH_SUBJECTS || level > KITH_LOG_DEBUG)
		return options_complain(options->command,
		                        "option --log: '%s' is not SUBJECT=LEVEL; subjects: all, endpoint, connection, packet, "
		                        "message, signaling, ice, transport, library; levels: none, error, warning, info, "
		                        "debug",
		                        text);
	kith_endpoint_set_log_level(endpoint, subject, level);
	return -1;
}

/* The same for all relays; the option has a place for each. */
static int set_turn_secret(const struct options *options, kith_endpoint endpoint)
{
	char list[SECRETS_SIZE];
	size_t size = 0;

	for (int i = 0; i < options->turn.count && size < sizeof(list); i++)
		size += (size_t)snprintf(list + size, sizeof(list) - size, "%s%s", i > 0 ? "," : "", options->turn_secret);
	if (size >= sizeof(list))
		return options_complain(options->command, "option --turn-secret: too long");
	if (kith_config_set_by_name(endpoint, "P2P_TURN_SecretList", list) != KITH_OK)
		return options_complain(options->command, "option --turn-secret: %s", kith_last_error());
	return -1;
}

static int add_servers(const struct options *options, kith_endpoint endpoint)
{
	for (int i = 0; i < options->stun.count; i++)
		if (kith_endpoint_add_stun_server(endpoint, options->stun.values[i]) != KITH_OK)
			return options_complain(options->command, "option --stun: '%s': %s", options->stun.values[i],
			                        kith_last_error());
	for (int i = 0; i < options->turn.count; i++)
		if (kith_endpoint_add_turn_server(endpoint, options->turn.values[i], options->turn_user,
		                                  options->turn_password) != KITH_OK)
			return options_complain(options->command, "option --turn: '%s': %s", options->turn.values[i],
			                        kith_last_error());
	return options->turn_secret != NULL ? set_turn_secret(options, endpoint) : -1;
}

int session_setup_configure(const struct options *options, kith_endpoint endpoint)
{
	bool calls =
		options->command == COMMAND_PING || options->command == COMMAND_CONNECT || options->command == COMMAND_SEND;
	int status = add_servers(options, endpoint);

	for (int i = 0; i < options->log.count && status < 0; i++)
		status = set_log_level(options, endpoint, options->log.values[i]);
	if (status >= 0)
		return status;
	/* In range by their own checks; --config comes last, and may change them. */
	if (options->share != NULL)
		kith_config_set_int(endpoint, KITH_CONFIG_ICE_SHARE, share_mask(options->share));
	if (options->relay_only)
		kith_config_set_int(endpoint, KITH_CONFIG_RELAY_ONLY, 1);
	if (calls && options->timeout_usec >= 0)
		kith_config_set_int(endpoint, KITH_CONFIG_TIMEOUT_INITIAL, (options->timeout_usec + 999) / 1000);
	for (int i = 0; i < options->config.count && status < 0; i++)
		status = set_by_text(options, endpoint, options->config.values[i]);
	return status;
}
