#include "transport/ice_candidate.h"
#include "core/base/bytes.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/types/action.h"

static const char *const type_names[] = {
	[ICE_HOST] = "host", [ICE_SERVER_REFLEXIVE] = "srflx", [ICE_PEER_REFLEXIVE] = "prflx", [ICE_RELAYED] = "relay"
};

/* The next word of the line, and the one space after it. False: there is none. */
static bool next_word(const char **at, const char **word, size_t *size)
{
	*word = *at;
	*size = strcspn(*at, " ");
	*at += *size;
	if (**at == ' ')
		(*at)++;
	return *size > 0;
}

static bool next_number(const char **at, uint64_t max, uint64_t *out)
{
	const char *word;
	size_t size;

	return next_word(at, &word, &size) && text_read_u64(word, size, out) && *out <= max;
}

static bool word_is(const char *word, size_t size, const char *expected)
{
	return strlen(expected) == size && bytes_equal(word, expected, size);
}

static bool is_ice_text(const char *word, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		char c = word[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/'))
			return false;
	}
	return true;
}

static bool read_foundation(const char **at, struct ice_candidate *out)
{
	const char *word;
	size_t size;

	if (!next_word(at, &word, &size) || size >= sizeof(out->foundation) || !is_ice_text(word, size))
		return false;
	bytes_copy(out->foundation, word, size);
	out->foundation[size] = '\0';
	return true;
}

static bool read_transport(const char **at)
{
	const char *word;
	size_t size;

	return next_word(at, &word, &size) && (word_is(word, size, "udp") || word_is(word, size, "UDP"));
}

static bool read_address(const char **at, struct ice_candidate *out)
{
	char text[ADDRESS_TEXT_MAX];
	const char *word;
	uint64_t port;
	size_t size;

	if (!next_word(at, &word, &size) || size >= sizeof(text))
		return false;
	bytes_copy(text, word, size);
	text[size] = '\0';
	/* No brackets: a port does not belong here. */
	if (strchr(text, '[') != NULL || !address_parse(&out->address, text) || out->address.port != 0)
		return false;
	/* IPv4 in the form of IPv6 is nothing an agent writes. */
	if (strchr(text, ':') != NULL && address_is_ipv4(&out->address))
		return false;
	if (!next_number(at, UINT16_MAX, &port) || port == 0)
		return false;
	out->address.port = (uint16_t)port;
	return true;
}

static bool read_type(const char **at, struct ice_candidate *out)
{
	const char *word;
	size_t size;

	if (!next_word(at, &word, &size) || !word_is(word, size, "typ") || !next_word(at, &word, &size))
		return false;
	for (unsigned i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++) {
		if (word_is(word, size, type_names[i])) {
			out->type = (enum ice_candidate_type)i;
			return true;
		}
	}
	return false;
}

/* What follows the type are pairs of a name and a value; none of them concerns us. */
static bool skip_attributes(const char *at)
{
	const char *word;
	size_t size;

	while (*at != '\0') {
		if (!next_word(&at, &word, &size) || !next_word(&at, &word, &size))
			return false;
	}
	return true;
}

bool ice_candidate_parse(struct ice_candidate *out, const char *line)
{
	static const char prefix[] = "candidate:";
	const char *at = line;
	uint64_t component, priority;

	bytes_zero(out, sizeof(*out));
	if (strnlen(line, CANDIDATE_LINE_MAX) == CANDIDATE_LINE_MAX)
		return false;
	if (strncmp(at, "a=", 2) == 0)
		at += 2;
	if (strncmp(at, prefix, sizeof(prefix) - 1) != 0)
		return false;
	at += sizeof(prefix) - 1;
	/* There is one component: some write it as 0. */
	if (!read_foundation(&at, out) || !next_number(&at, 1, &component) || !read_transport(&at) ||
	    !next_number(&at, UINT32_MAX, &priority) || priority == 0)
		return false;
	out->priority = (uint32_t)priority;
	return read_address(&at, out) && read_type(&at, out) && skip_attributes(at);
}

bool ice_candidate_print(const struct ice_candidate *candidate, char line[CANDIDATE_LINE_MAX])
{
	struct address bare = candidate->address;
	char ip[ADDRESS_TEXT_MAX];
	int size;

	bare.port = 0;
	address_print(&bare, ip);
	size = snprintf(line, CANDIDATE_LINE_MAX, "candidate:%s 1 udp %u %s %u typ %s", candidate->foundation,
	                candidate->priority, ip, candidate->address.port, type_names[candidate->type]);
	return size > 0 && size < CANDIDATE_LINE_MAX;
}

bool ice_candidate_may_share(const struct ice_candidate *candidate, uint32_t share)
{
	bool private = address_is_private(&candidate->address) || address_is_loopback(&candidate->address);

	/* Without the number of an interface, which only we know, it leads nowhere. */
	if (address_is_link_local(&candidate->address))
		return false;
	switch (candidate->type) {
	case ICE_HOST:
		return (share & (private ? SHARE_PRIVATE : SHARE_PUBLIC)) != 0;
	case ICE_RELAYED:
		return (share & SHARE_RELAY) != 0;
	default:
		return (share & SHARE_PUBLIC) != 0;
	}
}

/* 0.0.0.0/8 and 240.0.0.0/4 are nobody's (RFC 1122 §3.2.1.3, RFC 1112 §4). */
static bool is_reserved(const struct address *address)
{
	return address_is_ipv4(address) && (address->ip[12] == 0 || address->ip[12] >= 240);
}

bool ice_candidate_may_try(const struct ice_candidate *candidate, bool allow_loopback)
{
	const struct address *address = &candidate->address;

	if (address_is_any(address) || address_is_multicast(address) || address_is_link_local(address) ||
	    is_reserved(address))
		return false;
	return allow_loopback || !address_is_loopback(address);
}
