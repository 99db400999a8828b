#include "engine/report.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/usec.h"
#include "core/crypto/verdict.h"
#include "core/types/address.h"
#include "engine/convert.h"
#include "engine/names.h"

enum { VALUE_MAX = 200 };

static void add_number(struct text *text, const char *before, int64_t number, const char *after)
{
	text_add(text, before);
	text_add_i64(text, number);
	text_add(text, after);
}

/* One decimal is enough for people. */
static void add_rounded(struct text *text, const char *before, double number, const char *after)
{
	text_add(text, before);
	if (number < 0)
		text_add(text, "unknown");
	else
		text_add_double(text, (double)(int64_t)(number * 10 + 0.5) / 10);
	text_add(text, number < 0 ? "" : after);
}

static void add_ms(struct text *text, const char *before, int64_t duration)
{
	add_rounded(text, before, duration < 0 ? -1 : (double)duration / USEC_PER_MSEC, " ms");
}

static void add_seconds(struct text *text, const char *before, int64_t duration)
{
	add_rounded(text, before, duration < 0 ? -1 : (double)duration / USEC_PER_SEC, " s");
}

static void add_percent(struct text *text, const char *before, double part)
{
	add_rounded(text, before, part < 0 ? -1 : part * 100, " %");
}

/* Spaces up to a column of the line. */
static void pad(struct text *text, size_t line, size_t column)
{
	while (text->size - line < column && !text->cut)
		text_add_char(text, ' ');
}

/* --- hiding */

static bool belongs(char character)
{
	return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
	       (character >= 'A' && character <= 'Z') || (character != '\0' && strchr(":.[]%", character) != NULL);
}

/* A word that may be an address, with a port, and with something that ends a sentence. */
static bool is_address(const char *word, size_t size)
{
	char copy[ADDRESS_TEXT_MAX];
	struct address address;
	char *zone;

	if (size > 3 && bytes_equal(word, "ip:", 3))
		return is_address(word + 3, size - 3);
	if (size == 0 || size >= sizeof(copy))
		return false;
	bytes_copy(copy, word, size);
	copy[size] = '\0';
	zone = strchr(copy, '%');
	if (zone != NULL)
		*zone = '\0';
	if (address_parse(&address, copy))
		return true;
	return (word[size - 1] == ':' || word[size - 1] == '.') && is_address(word, size - 1);
}

void report_hide_addresses(const char *from, struct text *out)
{
	while (*from != '\0') {
		size_t size = 0;
		while (belongs(from[size]))
			size++;
		if (size == 0) {
			text_add_char(out, *from++);
			continue;
		}
		if (is_address(from, size))
			text_add(out, "(address)");
		else
			text_add_bytes(out, from, size);
		from += size;
	}
}

/* --- the parts */

static void add_address(struct text *text, const struct kith_address *from)
{
	char printed[ADDRESS_TEXT_MAX];
	struct address address;

	convert_address_in(&address, from);
	address_print(&address, printed);
	text_add(text, printed);
}

void report_write_route(const struct kith_info *info, bool hide, struct text *out)
{
	if (info->route == KITH_ROUTE_NONE) {
		text_add(out, "none yet");
		return;
	}
	text_add(out, names_route(info->route));
	if (!hide && info->local.port != 0) {
		text_add(out, ", ");
		add_address(out, &info->local);
	}
	if (!hide && info->remote.port != 0) {
		text_add(out, " to ");
		add_address(out, &info->remote);
	}
	text_add(out, info->virtual_port >= 0 ? ", peer to peer" : ", by address");
}

static void write_head(const struct report_facts *facts, struct text *out)
{
	const struct kith_info *info = &facts->info;

	text_add(out, "kith ");
	text_add(out, facts->library);
	text_add(out, ", ");
	text_add(out, facts->system);
	text_add(out, ", ");
	text_add(out, facts->time);
	text_add(out, "\nconnection ");
	text_add_hex(out, facts->handle);
	if (info->name[0] != '\0')
		text_add(out, " ");
	text_add(out, info->name);
	text_add(out, info->incoming ? ", called by " : ", calling ");
	text_add(out, info->peer.text[0] != '\0' ? info->peer.text : "nobody known");
	if (info->virtual_port >= 0)
		add_number(out, ", virtual port ", info->virtual_port, "");
	text_add(out, info->peer_is_gns ? ", perhaps with GNS\nwe are " : ", with kith\nwe are ");
	text_add(out, facts->own);
	text_add(out, "\nroute: ");
	report_write_route(info, facts->hide, out);
	text_add(out, "\n");
}

static void write_state(const struct report_facts *facts, struct text *out)
{
	const struct kith_info *info = &facts->info;

	text_add(out, "state: ");
	text_add(out, names_state(info->state));
	add_seconds(out, ", ", facts->diagnosis.elapsed_us);
	text_add(out, " since the call");
	if (info->connect_time_us >= 0)
		add_ms(out, ", connected after ", info->connect_time_us);
	text_add(out, "\n");
	if (info->reason == 0)
		return;
	add_number(out, "ended: ", info->reason, " ");
	text_add(out, info->text);
	text_add(out, "\n");
}

static void write_security(const struct report_facts *facts, struct text *out)
{
	static const char *const proofs[] = { "nothing", "a certificate", "its key" };
	const struct kith_security *security = &facts->security;

	text_add(out, "security: ");
	text_add(out, security->encrypted ? security->cipher : "not encrypted");
	if (security->proof >= 0 && (size_t)security->proof < sizeof(proofs) / sizeof(proofs[0])) {
		text_add(out, ", who the peer is is proved by ");
		text_add(out, proofs[security->proof]);
	}
	if (security->has_peer_key) {
		text_add(out, ", public key ");
		text_add_hex_bytes(out, security->peer_key, sizeof(security->peer_key));
	}
	text_add(out, security->doubt != 0 ? "; " : "");
	text_add(out, verdict_text((enum verdict_doubt)security->doubt));
	text_add(out, "\n");
}

static void write_rates(const struct kith_statistics *side, const char *who, struct text *out)
{
	text_add(out, who);
	add_rounded(out, ": out ", side->out_packets_per_second, " packets/s ");
	add_rounded(out, "", side->out_bytes_per_second, " bytes/s, in ");
	add_rounded(out, "", side->in_packets_per_second, " packets/s ");
	add_rounded(out, "", side->in_bytes_per_second, " bytes/s");
	add_ms(out, ", ping ", side->ping_us);
	add_ms(out, ", jitter ", side->jitter_us);
	add_percent(out, ", lost ", side->loss);
	add_percent(out, ", out of order ", side->disorder);
	text_add(out, "\n");
}

static void write_lane(const struct kith_lane_status *lane, struct text *out)
{
	add_number(out, "  lane ", lane->lane, "");
	add_number(out, ": to send ", lane->pending_reliable, " bytes reliable, ");
	add_number(out, "", lane->pending_unreliable, " unreliable");
	add_number(out, ", not acknowledged ", lane->unacked_reliable, "");
	add_ms(out, ", waits ", lane->queue_time_us);
	text_add(out, "\n");
}

static void write_status(const struct report_facts *facts, struct text *out)
{
	const struct kith_status *status = &facts->status;

	add_number(out, "may send ", status->send_rate, " bytes/s");
	add_ms(out, "; ping ", status->ping_us);
	add_ms(out, ", least ", status->ping_min_us);
	add_ms(out, ", deviation ", status->ping_deviation_us);
	add_number(out, "\nqueue: to send ", status->pending_reliable, " bytes reliable, ");
	add_number(out, "", status->pending_unreliable, " unreliable");
	add_number(out, ", not acknowledged ", status->unacked_reliable, "");
	add_ms(out, ", waits ", status->queue_time_us);
	add_number(out, "; unread ", status->unread_messages, " messages, ");
	add_number(out, "", status->unread_bytes, " bytes\n");
	for (int i = 0; i < facts->lane_count && facts->lane_count > 1; i++)
		write_lane(&facts->lanes[i], out);
	add_number(out, "messages: sent ", (int64_t)status->messages_sent, "");
	add_number(out, ", received ", (int64_t)status->messages_received, "");
	add_number(out, ", dropped ", (int64_t)status->messages_dropped, "");
	add_number(out, ", expired ", (int64_t)status->messages_expired, "");
	add_number(out, ", late ", (int64_t)status->messages_late, "");
	add_number(out, "; packets lost ", (int64_t)status->packets_lost, "");
	add_number(out, ", not of use ", (int64_t)status->packets_dropped, "");
	add_number(out, ", of up to ", status->packet_size, " bytes\n");
}

/* --- since the beginning */

enum { COLUMN_HERE = 24, COLUMN_PEER = 48 };

static void write_row(const struct report_facts *facts, const char *what, const uint64_t *here, const uint64_t *peer,
                      struct text *out)
{
	size_t line = out->size;

	text_add(out, "  ");
	text_add(out, what);
	pad(out, line, COLUMN_HERE);
	text_add_u64(out, *here);
	if (facts->sides[KITH_SIDE_REMOTE].lifetime_age_us >= 0) {
		pad(out, line, COLUMN_PEER);
		text_add_u64(out, *peer);
	}
	text_add(out, "\n");
}

static void write_histogram(const struct report_facts *facts, int32_t which, const uint64_t *here, const uint64_t *peer,
                            struct text *out)
{
	static const char *const names[] = { "round trips", "intervals of 5 s by quality", "packets by jitter" };

	text_add(out, " ");
	text_add(out, names[which]);
	text_add(out, "\n");
	for (int32_t i = 0; names_bucket(which, i)[0] != '\0'; i++)
		write_row(facts, names_bucket(which, i), &here[i], &peer[i], out);
}

static void write_percentiles(const struct kith_statistics *side, const char *who, struct text *out)
{
	if (side->lifetime_age_us < 0 || side->ping_percentiles_us[1] < 0)
		return;
	text_add(out, " ");
	text_add(out, who);
	text_add(out, ": ping of 5, 50, 75, 95, 98 %:");
	for (int i = 0; i < KITH_PING_PERCENTILES; i++)
		add_ms(out, i == 0 ? " " : ", ", side->ping_percentiles_us[i]);
	if (side->quality_percentiles[3] >= 0)
		text_add(out, "; quality of the worst 2, 5, 25, 50 %:");
	for (int i = 0; i < KITH_QUALITY_PERCENTILES && side->quality_percentiles[3] >= 0; i++)
		add_percent(out, i == 0 ? " " : ", ", side->quality_percentiles[i]);
	text_add(out, "\n");
}

static void write_lifetime(const struct report_facts *facts, struct text *out)
{
	const struct kith_statistics *here = &facts->sides[KITH_SIDE_LOCAL], *peer = &facts->sides[KITH_SIDE_REMOTE];
	size_t line;

	text_add(out, "since it was connected\n");
	line = out->size;
	pad(out, line, COLUMN_HERE);
	text_add(out, "here");
	pad(out, line, COLUMN_PEER);
	if (peer->lifetime_age_us < 0)
		text_add(out, "(the peer has not told)");
	else
		add_seconds(out, "the peer, ", peer->lifetime_age_us);
	text_add(out, peer->lifetime_age_us < 0 ? "\n" : " ago\n");
#define ROW(what, field) write_row(facts, what, &here->field, &peer->field, out)
	ROW("packets sent", packets_sent);
	ROW("bytes sent", bytes_sent);
	ROW("packets received", packets_received);
	ROW("bytes received", bytes_received);
	ROW("with a number", packets_sequenced);
	ROW("missing", packets_lost);
	ROW("out of order", packets_out_of_order);
	ROW("put right", packets_out_of_order_corrected);
	ROW("doubled", packets_duplicate);
	ROW("jumps", packets_lurch);
#undef ROW
	write_histogram(facts, KITH_HISTOGRAM_PING, here->ping_histogram, peer->ping_histogram, out);
	write_histogram(facts, KITH_HISTOGRAM_QUALITY, here->quality_histogram, peer->quality_histogram, out);
	write_histogram(facts, KITH_HISTOGRAM_JITTER, here->jitter_histogram, peer->jitter_histogram, out);
	write_percentiles(here, "here", out);
	write_percentiles(peer, "the peer", out);
}

/* --- options */

static bool is_default(const struct config *config, const struct config_value *value)
{
	switch (value->type) {
	case CONFIG_TYPE_STRING:
		return strcmp(config->slots[value->id].string, value->initial_string) == 0;
	case CONFIG_TYPE_FLOAT:
		return config->slots[value->id].real >= value->initial_real &&
		       config->slots[value->id].real <= value->initial_real;
	default:
		return config->slots[value->id].integer == value->initial_integer;
	}
}

static void write_value(const struct report_facts *facts, const struct config_value *value, struct text *out)
{
	char printed[VALUE_MAX];
	bool secret = value->id == CONFIG_P2P_TURN_USER_LIST || value->id == CONFIG_P2P_TURN_PASS_LIST ||
	              value->id == CONFIG_P2P_TURN_SECRET_LIST;

	text_add(out, "  ");
	text_add(out, value->name);
	text_add(out, " = ");
	if (secret || (facts->hide && value->type == CONFIG_TYPE_STRING)) {
		text_add(out, "(set)\n");
		return;
	}
	if (config_get_text(facts->config, (enum config_id)value->id, printed, sizeof(printed)) >= sizeof(printed))
		bytes_copy(printed + sizeof(printed) - 4, "...", 4);
	text_add(out, printed);
	text_add(out, "\n");
}

static void write_options(const struct report_facts *facts, struct text *out)
{
	text_add(out, "options that are not the default\n");
	for (int32_t id = 1; id < CONFIG_END; id++) {
		if (!is_default(facts->config, config_describe(id)))
			write_value(facts, config_describe(id), out);
	}
}

/* --- all of it */

static void write_diagnosis(const struct report_facts *facts, struct text *out)
{
	text_add(out, "stage: ");
	text_add(out, names_stage(facts->diagnosis.stage));
	text_add(out, facts->diagnosis.summary[0] != '\0' ? ": " : "");
	text_add(out, facts->diagnosis.summary);
	text_add(out, "\n");
	text_add(out, facts->diagnosis.text);
}

void report_write(const struct report_facts *facts, struct text *out)
{
	write_head(facts, out);
	write_state(facts, out);
	write_security(facts, out);
	text_add(out, "how it was made\n");
	write_diagnosis(facts, out);
	text_add(out, "now\n");
	write_rates(&facts->sides[KITH_SIDE_LOCAL], "here", out);
	if (facts->sides[KITH_SIDE_REMOTE].rates_age_us >= 0) {
		add_seconds(out, "", facts->sides[KITH_SIDE_REMOTE].rates_age_us);
		write_rates(&facts->sides[KITH_SIDE_REMOTE], " ago the peer", out);
	}
	write_status(facts, out);
	write_lifetime(facts, out);
	write_options(facts, out);
}
