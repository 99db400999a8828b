#include "cli/doctor/doctor.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "cli/doctor/doctor_net.h"
#include "cli/doctor/doctor_portmap.h"
#include "cli/doctor/doctor_say.h"
#include "cli/doctor/doctor_signaling.h"
#include "cli/doctor/doctor_stun.h"
#include "cli/doctor/doctor_turn.h"
#include "cli/session_setup.h"

/* Addresses nobody has (RFC 5737, RFC 3849): whether there is a way to them tells whether there is one to
 * the world. Nothing is sent. */
static const char *const nowhere[2] = { "192.0.2.1:9", "[2001:db8::1]:9" };
static const char *const family_names[2] = { "IPv4", "IPv6" };

static int count_addresses(int family)
{
	struct ifaddrs *all = NULL, *at;
	int count = 0;

	if (getifaddrs(&all) != 0)
		return 0;
	for (at = all; at != NULL; at = at->ifa_next)
		if (at->ifa_addr != NULL && at->ifa_addr->sa_family == family && (at->ifa_flags & IFF_UP) != 0 &&
		    (at->ifa_flags & IFF_LOOPBACK) == 0)
			count++;
	freeifaddrs(all);
	return count;
}

static void check_addresses(struct doctor_say *say)
{
	bool any = false;

	for (int i = 0; i < 2; i++) {
		struct doctor_finding finding = { DOCTOR_OK, "addresses", family_names[i], -1 };
		union doctor_net_address remote, source;
		char why[DOCTOR_NET_WHY_MAX], text[DOCTOR_NET_TEXT_MAX];
		int count = count_addresses(i == 0 ? AF_INET : AF_INET6);
		if (count > 0 && doctor_net_resolve(nowhere[i], AF_UNSPEC, &remote, why) &&
		    doctor_net_source(&remote, &source)) {
			any = true;
			doctor_net_print(text, &source);
			*strrchr(text, ':') = '\0';
			doctor_say(say, &finding, "%d, and a way out from %s", count, text);
		} else {
			finding.result = DOCTOR_WARNING;
			doctor_say(say, &finding, "%d, and no way out", count);
		}
	}
	if (!any) {
		struct doctor_finding finding = { DOCTOR_FAILED, "addresses", "", -1 };
		doctor_say(say, &finding, "this machine reaches no other network");
	}
}

/* What was not asked for is told, so that nobody takes silence for health. */
static void say_missing(struct doctor_say *say, const struct options *options)
{
	struct doctor_finding finding = { DOCTOR_WARNING, "", "", -1 };

	finding.check = "stun";
	if (options->stun.count == 0)
		doctor_say(say, &finding,
		           "no server given (--stun HOST:PORT): peers behind other routers will not find us directly");
	finding.check = "turn";
	if (options->turn.count == 0)
		doctor_say(say, &finding, "no server given (--turn turn:HOST:PORT): where no direct way is, there is none");
	finding.check = "signaling";
	if (options->signaling.count == 0)
		doctor_say(say, &finding, "no server given (--signaling URL): identities cannot be called");
}

int doctor_run(const struct options *options)
{
	struct output output;
	struct doctor_say say = { .output = &output };
	int status = session_setup_check(options);

	if (status >= 0)
		return status;
	output_init(&output, stdout, options->json, options->verbose);
	check_addresses(&say);
	doctor_signaling_check(&say, &options->signaling);
	doctor_stun_check(&say, &options->stun);
	doctor_turn_check(&say, options);
	if (options->gateway != NULL)
		doctor_portmap_check(&say, options->gateway);
	say_missing(&say, options);
	doctor_say_sum(&say);
	return say.counts[DOCTOR_FAILED] > 0 ? EXIT_FAILED : EXIT_OK;
}
