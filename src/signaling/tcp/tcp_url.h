/* tcp_url: tcp://HOST[:PORT], read strictly.
 *
 * Owns: the form of the URL and the words that say what is wrong with one.
 * Does not know: names and their resolution.
 */
#ifndef SIGNALING_TCP_URL_H
#define SIGNALING_TCP_URL_H

enum {
	TCP_URL_HOST_MAX = 256, /* with the NUL; a DNS name has at most 253 characters */
	TCP_URL_ERROR_MAX = 256,
};

struct tcp_url {
	char host[TCP_URL_HOST_MAX]; /* without the brackets of IPv6 */
	char port[6];
};

enum tcp_url_result {
	TCP_URL_OK,
	TCP_URL_INVALID,
	TCP_URL_UNSUPPORTED, /* a scheme that exists but is not built in */
};

/* On failure `error` holds a sentence that names the URL and what is wrong with it. */
enum tcp_url_result tcp_url_parse(struct tcp_url *out, const char *url, char error[TCP_URL_ERROR_MAX]);

#endif
