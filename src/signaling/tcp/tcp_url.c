#include "signaling/tcp/tcp_url.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_PORT "10000"

static const char host_characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
static const char ipv6_characters[] = "0123456789abcdefABCDEF:.";

static enum tcp_url_result complain(const char *url, const char *what, char error[TCP_URL_ERROR_MAX])
{
	snprintf(error, TCP_URL_ERROR_MAX, "'%.120s': %s", url, what);
	return TCP_URL_INVALID;
}

static bool set_host(struct tcp_url *out, const char *text, size_t size, const char *allowed)
{
	size_t good = strspn(text, allowed);

	/* A link-local address names its interface (RFC 4007). */
	if (allowed == ipv6_characters && text[good] == '%')
		good += 1 + strspn(text + good + 1, host_characters);
	if (size == 0 || size >= sizeof(out->host) || good < size)
		return false;
	snprintf(out->host, sizeof(out->host), "%.*s", (int)size, text);
	return true;
}

static bool set_port(struct tcp_url *out, const char *text)
{
	size_t size = strlen(text);

	if (size == 0 || size > 5 || strspn(text, "0123456789") != size)
		return false;
	if (atoi(text) < 1 || atoi(text) > 65535)
		return false;
	snprintf(out->port, sizeof(out->port), "%d", atoi(text));
	return true;
}

static enum tcp_url_result check_scheme(const char *url, char error[TCP_URL_ERROR_MAX])
{
	if (strncmp(url, "tcp://", 6) == 0)
		return TCP_URL_OK;
	if (strncmp(url, "tls://", 6) == 0) {
		snprintf(error, TCP_URL_ERROR_MAX, "'%.120s': tls:// is not supported, use tcp://", url);
		return TCP_URL_UNSUPPORTED;
	}
	return complain(url, "it does not begin with tcp://", error);
}

enum tcp_url_result tcp_url_parse(struct tcp_url *out, const char *url, char error[TCP_URL_ERROR_MAX])
{
	enum tcp_url_result scheme = check_scheme(url, error);
	const char *host = url + 6;
	const char *allowed = host_characters;
	const char *rest;
	size_t size;

	*out = (struct tcp_url){ .port = DEFAULT_PORT };
	if (scheme != TCP_URL_OK)
		return scheme;
	if (*host == '[') {
		host++;
		size = strcspn(host, "]");
		if (host[size] == '\0')
			return complain(url, "'[' without ']'", error);
		rest = host + size + 1;
		allowed = ipv6_characters;
	} else {
		size = strcspn(host, ":/?#@");
		rest = host + size;
	}
	if (!set_host(out, host, size, allowed))
		return complain(url, "no usable host name", error);
	if (*rest == ':') {
		if (!set_port(out, rest + 1))
			return complain(url, "the port is not a number from 1 to 65535", error);
	} else if (*rest != '\0') {
		return complain(url, "nothing but :PORT may follow the host", error);
	}
	return TCP_URL_OK;
}
