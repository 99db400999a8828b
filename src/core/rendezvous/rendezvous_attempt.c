#include "core/rendezvous/rendezvous_attempt.h"

#include <string.h>

#include <kith/errors.h>

#include "core/base/bytes.h"
#include "core/base/text.h"

enum candidate_kind rendezvous_attempt_kind(const char *line)
{
	const char *type = strstr(line, " typ ");

	if (type == NULL || strncmp(type + 5, "host", 4) == 0)
		return CANDIDATE_HOST;
	return strncmp(type + 5, "relay", 5) == 0 ? CANDIDATE_RELAY : CANDIDATE_PUBLIC;
}

void rendezvous_attempt_on_server(struct rendezvous_tally *tally, int32_t result, const char *text)
{
	struct text copy;

	if (result == KITH_E_TIMEOUT)
		tally->servers_silent++;
	else if (result == KITH_E_AUTH)
		tally->servers_refused++;
	else
		tally->servers_failed++;
	text_init(&copy, tally->server_text, sizeof tally->server_text);
	text_add(&copy, text);
}

void rendezvous_fill_attempt(const struct rendezvous *rendezvous, struct attempt *out)
{
	const struct rendezvous_tally *tally = &rendezvous->tally;
	const struct rendezvous_remote *remote = &rendezvous->remote;

	out->signals_sent = tally->signals_sent;
	out->signals_received = tally->signals_received;
	bytes_copy(out->local, tally->local, sizeof out->local);
	for (uint32_t i = 0; i < remote->candidate_count; i++)
		out->remote[rendezvous_attempt_kind(remote->candidates[i])]++;
	out->gathered = tally->gathered;
	out->found = tally->found;
	out->impossible = tally->impossible;
	out->servers_silent = tally->servers_silent;
	out->servers_refused = tally->servers_refused;
	out->servers_failed = tally->servers_failed;
	bytes_copy(out->server_text, tally->server_text, sizeof out->server_text);
}
