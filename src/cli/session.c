#include "cli/session.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/session_setup.h"
#include "cli/session_trust.h"
#include "cli/target.h"

enum { EXTRA_MAX = 4, DRAIN_TICK_US = 2000, CALL_LIMIT_US = 10 * 1000000 };

int session_fail(struct session *session, kith_result result, const char *what)
{
	char text[512];
	const char *why = kith_last_error();

	snprintf(text, sizeof(text), "%s: %s", what, why[0] != '\0' ? why : kith_result_text(result));
	output_error(session->output, result, kith_result_name(result), text);
	return EXIT_FAILED;
}

/* Before the endpoint's threads exist, which inherit that they leave these signals to us. */
static int open_signals(struct session *session)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	/* Who is called reads its certificates again; for others the end of the terminal is the end. */
	if (session->options->target == NULL && session_trust_can_reload(session->options))
		sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	session->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (session->signal_fd >= 0)
		return -1;
	output_error(session->output, KITH_E_SYSTEM, kith_result_name(KITH_E_SYSTEM), strerror(errno));
	return EXIT_FAILED;
}

static void on_log(void *user_data, int32_t subject, int32_t level, const char *text)
{
	output_log(user_data, kith_subject_name(subject), kith_log_name(level), text);
}

static int create_endpoint(struct session *session)
{
	const struct options *options = session->options;
	struct kith_endpoint_options wanted = KITH_ENDPOINT_OPTIONS_INIT;
	struct kith_identity identity;
	struct document certificate;
	uint8_t key[TARGET_KEY_SIZE];
	kith_result result;
	int status = session_trust_read_certificate(options, &certificate);

	if (status < 0 && options->identity != NULL) {
		status = target_read_identity(options, "option --identity", options->identity, &identity);
		wanted.identity = &identity;
	}
	if (status < 0 && options->key_file != NULL) {
		status = target_read_key(options, options->key_file, key);
		wanted.private_key = key;
	}
	if (status >= 0) {
		document_free(&certificate);
		return status;
	}
	wanted.certificate = certificate.bytes;
	wanted.certificate_size = certificate.size;
	wanted.app_id = (uint32_t)options->app_id;
	if (options->verbose || options->log.count > 0) {
		wanted.log = on_log;
		wanted.log_user_data = session->output;
		wanted.log_level = options->verbose ? KITH_LOG_INFO : KITH_LOG_NONE;
	}
	result = kith_endpoint_create(&wanted, &session->endpoint);
	explicit_bzero(key, sizeof(key));
	document_free(&certificate);
	if (result == KITH_E_INVALID || result == KITH_E_AUTH)
		return options_complain(options->command, "%s", kith_last_error());
	if (result != KITH_OK)
		return session_fail(session, result, "cannot make an endpoint");
	return kith_endpoint_fd(session->endpoint, &session->endpoint_fd) == KITH_OK ? -1 : EXIT_FAILED;
}

static int open_signaling(struct session *session)
{
	const struct options_list *urls = &session->options->signaling;

	for (int i = 0; i < urls->count; i++) {
		kith_result result = kith_signaling_open(session->endpoint, urls->values[i], &session->signaling[i].handle);
		if (result != KITH_OK)
			return session_fail(session, result, urls->values[i]);
	}
	return -1;
}

/* Where to call or to listen: what is wrong with it is said before anything is opened. */
static int read_places(struct session *session)
{
	const struct options *options = session->options;
	int status;

	if (options->target != NULL) {
		status = target_read(options, &session->by_address, &session->address, &session->peer);
		if (status < 0 && options->messages && session->by_address)
			return options_complain(options->command, "option --messages needs an identity as TARGET, not an address");
		return status;
	}
	if (options->udp != NULL)
		return target_read_address(options, "option --udp", options->udp, true, &session->listen_address);
	if (options->signaling.count == 0)
		return options_complain(options->command, "nowhere to listen: give --udp ADDR:PORT or --signaling URL");
	return -1;
}

int session_open(struct session *session, const struct options *options, struct output *output)
{
	int status;

	*session = (struct session){ .options = options, .output = output, .endpoint_fd = -1, .signal_fd = -1 };
	status = session_setup_check(options);
	if (status < 0)
		status = read_places(session);
	if (status < 0)
		status = open_signals(session);
	if (status < 0)
		status = create_endpoint(session);
	if (status < 0)
		status = session_trust_configure(options, session->endpoint);
	if (status < 0)
		status = session_setup_configure(options, session->endpoint);
	if (status < 0)
		status = open_signaling(session);
	return status;
}

void session_close(struct session *session)
{
	if (session->endpoint != KITH_NO_HANDLE)
		kith_endpoint_destroy(session->endpoint);
	if (session->signal_fd >= 0)
		close(session->signal_fd);
	session->endpoint = KITH_NO_HANDLE;
	session->signal_fd = -1;
}

int64_t session_deadline(int64_t timeout_us)
{
	return timeout_us < 0 ? KITH_FOREVER_US : kith_now_us() + timeout_us;
}

int64_t session_timeout_us(const struct session *session, int64_t fallback)
{
	int64_t timeout = session->options->timeout_usec;

	if (timeout < 0)
		return fallback;
	return timeout == 0 ? KITH_FOREVER_US : timeout;
}

/* For poll: -1 without a deadline, else rounded up so that it is over when we wake. */
static int poll_timeout(int64_t deadline_us)
{
	int64_t left;

	if (deadline_us < 0)
		return -1;
	left = deadline_us - kith_now_us();
	if (left <= 0)
		return 0;
	return left / 1000 >= INT32_MAX ? INT32_MAX : (int)(left / 1000 + 1);
}

void session_wait(struct session *session, struct pollfd *extra, int extra_count, int64_t deadline_us)
{
	struct pollfd polled[2 + EXTRA_MAX] = {
		{ session->endpoint_fd, POLLIN, 0 },
		{ session->signal_fd, POLLIN, 0 },
	};
	struct signalfd_siginfo info;

	for (int i = 0; i < extra_count; i++)
		polled[2 + i] = extra[i];
	if (poll(polled, 2 + (nfds_t)extra_count, poll_timeout(deadline_us)) < 0)
		return;
	for (int i = 0; i < extra_count; i++)
		extra[i].revents = polled[2 + i].revents;
	while (read(session->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			session_trust_reload(session);
		else
			session->interrupted = true;
	}
}

/* Says a failure once, not at each of the attempts that follow. */
static void on_signaling_state(struct session *session, const struct kith_event *event)
{
	const struct options_list *urls = &session->options->signaling;
	struct session_signaling *signaling = NULL;
	char text[512];
	int i;

	for (i = 0; i < urls->count; i++)
		if (session->signaling[i].handle == event->signaling)
			signaling = &session->signaling[i];
	if (signaling == NULL)
		return;
	i = (int)(signaling - session->signaling);
	/* Between attempts it has failed all the same. */
	if (event->state != KITH_SIGNALING_CONNECTING || signaling->state != KITH_SIGNALING_FAILED)
		signaling->state = event->state;
	output_verbose(session->output, "signaling %s: state %d %s", urls->values[i], event->state, event->text);
	if (event->state == KITH_SIGNALING_CONNECTED)
		signaling->failure[0] = '\0';
	if (event->state != KITH_SIGNALING_FAILED || strcmp(signaling->failure, event->text) == 0)
		return;
	snprintf(signaling->failure, sizeof(signaling->failure), "%s", event->text);
	snprintf(text, sizeof(text), "signaling %s: %s", urls->values[i], event->text);
	output_error(session->output, KITH_E_SYSTEM, "SIGNALING_FAILED", text);
}

bool session_next_event(struct session *session, struct kith_event *event)
{
	for (;;) {
		kith_event_init(event);
		if (kith_endpoint_next_event(session->endpoint, event) != KITH_OK)
			return false;
		if (event->type == KITH_EVENT_SIGNALING_STATE)
			on_signaling_state(session, event);
		else if (event->type == KITH_EVENT_ERROR)
			output_error(session->output, event->result, kith_result_name(event->result), event->text);
		else if (event->type == KITH_EVENT_ROUTE)
			session_say_route(session, event);
		else
			return true;
	}
}

/* Waits until signals can travel: every service has answered or failed, and one is there unless
 * peers may also come by address. Nothing else is open yet, so no event is missed here. */
static bool wait_for_signaling(struct session *session, int64_t deadline_us)
{
	struct kith_event event;
	int count = session->options->signaling.count;

	for (;;) {
		int connected = 0, settled = 0;
		while (session_next_event(session, &event))
			continue;
		for (int i = 0; i < count; i++) {
			connected += session->signaling[i].state == KITH_SIGNALING_CONNECTED;
			settled += session->signaling[i].state == KITH_SIGNALING_CONNECTED ||
			           session->signaling[i].state == KITH_SIGNALING_FAILED;
		}
		if (settled == count && (connected > 0 || session->options->udp != NULL))
			return true;
		if (session->interrupted || (deadline_us >= 0 && kith_now_us() >= deadline_us))
			return connected > 0;
		session_wait(session, NULL, 0, deadline_us);
	}
}

static void say_ready(struct session *session)
{
	const struct options *options = session->options;
	struct output *output = session->output;
	struct kith_address address;
	struct kith_identity identity;
	char udp[KITH_ADDRESS_TEXT_MAX] = "", who[KITH_IDENTITY_TEXT_MAX], text[1024];
	size_t size;

	kith_endpoint_identity(session->endpoint, &identity);
	session_name_peer(&identity, who);
	if (session->udp_listener != KITH_NO_HANDLE && kith_listener_address(session->udp_listener, &address) == KITH_OK)
		kith_address_print(&address, udp, sizeof(udp), NULL);
	if (output->json) {
		output_open(output, "ready");
		output_string(output, "identity", who);
		if (udp[0] != '\0')
			output_string(output, "udp", udp);
		if (options->signaling.count > 0) {
			output_list(output, "signaling", options->signaling.values, options->signaling.count);
			if (options->messages)
				output_true(output, "messages");
			else
				output_integer(output, "port", options->port);
		}
		output_close(output);
		return;
	}
	size = (size_t)snprintf(text, sizeof(text), "ready: identity %s", who);
	if (udp[0] != '\0')
		size += (size_t)snprintf(text + size, sizeof(text) - size, ", udp %s", udp);
	for (int i = 0; i < options->signaling.count && size < sizeof(text); i++)
		size += (size_t)snprintf(text + size, sizeof(text) - size, ", signaling %s", options->signaling.values[i]);
	if (options->messages && size < sizeof(text))
		snprintf(text + size, sizeof(text) - size, ", messages");
	else if (options->signaling.count > 0 && size < sizeof(text))
		snprintf(text + size, sizeof(text) - size, ", port %d", (int)options->port);
	output_line(output, "%s", text);
}

static int listen_everywhere(struct session *session)
{
	const struct options *options = session->options;
	kith_result result;
	char what[300];

	if (options->udp != NULL) {
		result =
			kith_endpoint_listen_address(session->endpoint, &session->listen_address, NULL, &session->udp_listener);
		snprintf(what, sizeof(what), "cannot listen on %.200s", options->udp);
		if (result != KITH_OK)
			return session_fail(session, result, what);
	}
	if (options->signaling.count > 0 && !options->messages) {
		result = kith_endpoint_listen_port(session->endpoint, (int32_t)options->port, NULL, &session->port_listener);
		if (result != KITH_OK)
			return session_fail(session, result, "cannot listen on a virtual port");
	}
	return -1;
}

int session_listen(struct session *session)
{
	const struct options *options = session->options;
	int status;

	if (options->signaling.count > 0 &&
	    !wait_for_signaling(session, session_deadline(session_timeout_us(session, KITH_FOREVER_US))))
		return session->interrupted ? EXIT_OK : session_say_no_signaling(session);
	status = listen_everywhere(session);
	if (status < 0)
		say_ready(session);
	return status;
}

void session_stop_listening(struct session *session)
{
	if (session->udp_listener != KITH_NO_HANDLE)
		kith_listener_close(session->udp_listener);
	if (session->port_listener != KITH_NO_HANDLE)
		kith_listener_close(session->port_listener);
	session->udp_listener = KITH_NO_HANDLE;
	session->port_listener = KITH_NO_HANDLE;
}

int session_wait_for_signaling(struct session *session)
{
	if (wait_for_signaling(session, session_deadline(session_timeout_us(session, CALL_LIMIT_US))))
		return -1;
	return session->interrupted ? EXIT_OK : session_say_no_signaling(session);
}

int session_call(struct session *session, kith_connection *out)
{
	const struct options *options = session->options;
	struct kith_connection_options wanted = KITH_CONNECTION_OPTIONS_INIT;
	kith_result result;
	char what[300];
	/* The time to connect shall not contain the way to the signaling server. */
	int status = session->by_address ? -1 : session_wait_for_signaling(session);

	if (status >= 0)
		return status;
	wanted.virtual_port = (int32_t)options->port;
	wanted.symmetric = options->symmetric;
	if (session->by_address && options->expect != NULL)
		wanted.peer = &session->peer;
	if (session->by_address)
		result = kith_endpoint_connect_address(session->endpoint, &session->address, &wanted, out);
	else
		result = kith_endpoint_connect_identity(session->endpoint, &session->peer, &wanted, out);
	snprintf(what, sizeof(what), "cannot call %.200s", options->target);
	return result == KITH_OK ? -1 : session_fail(session, result, what);
}

bool session_is_closed_state(int32_t state)
{
	return state == KITH_STATE_CLOSED_BY_PEER || state == KITH_STATE_PROBLEM_DETECTED_LOCALLY ||
	       state == KITH_STATE_NONE;
}

bool session_is_normal_end(const struct kith_event *event)
{
	return event->state == KITH_STATE_CLOSED_BY_PEER && event->reason >= KITH_REASON_APP &&
	       event->reason <= KITH_REASON_APP_MAX;
}

static bool is_under_way(const struct kith_status *status)
{
	return !session_is_closed_state(status->state) &&
	       status->pending_reliable + status->pending_unreliable + status->unacked_reliable > 0;
}

static void drain_tick(struct session *session)
{
	struct kith_event event;

	while (session_next_event(session, &event))
		continue;
	session_wait(session, NULL, 0, kith_now_us() + DRAIN_TICK_US);
}

void session_finish(struct session *session, kith_connection connection, const char *text, int64_t limit_us)
{
	int64_t deadline = session_deadline(limit_us);
	struct kith_status status = KITH_STATUS_INIT;

	while (kith_connection_status(connection, &status) == KITH_OK && is_under_way(&status) && kith_now_us() < deadline)
		drain_tick(session);
	session_say_report(session, connection);
	kith_connection_close(connection, KITH_REASON_APP, text, -1);
}

void session_finish_with(struct session *session, const struct kith_identity *peer, int64_t limit_us)
{
	int64_t deadline = session_deadline(limit_us);
	struct kith_status status = KITH_STATUS_INIT;

	while (kith_messages_status(session->endpoint, peer, &status) == KITH_OK && is_under_way(&status) &&
	       kith_now_us() < deadline)
		drain_tick(session);
	kith_messages_close(session->endpoint, peer, -1);
}
