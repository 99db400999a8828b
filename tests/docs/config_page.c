/* config_page: writes docs/config.md, the page of all options, from what the library says of them. */
#include <inttypes.h>
#include <stdio.h>

#include <kith/kith.h>

static const char intro[] =
	"# Options\n"
	"\n"
	"Made by `config_page` of the tests from the table in `src/core/config/config_values.def`; what is changed\n"
	"here by hand is refused by `tests/run.sh docs`.\n"
	"\n"
	"An option can be set for the whole library (object `KITH_NO_HANDLE`), an endpoint, a listener or a\n"
	"connection: in the `config` array when it is made, with `kith_config_set_int()`, `…_real()`, `…_text()` or\n"
	"`…_by_name()` at any time after. Every option can be set at every level.\n"
	"\n"
	"What is set counts for everything below that has not set the option itself: endpoints below the library,\n"
	"listeners and connections below their endpoint, incoming connections below their listener. A change\n"
	"reaches them at once. `kith_config_reset()` takes back what was set. An option that is *fixed at the\n"
	"start* can be changed for a connection until that starts (ours) or is accepted (a peer's); what is\n"
	"changed above afterwards does not reach it.\n"
	"\n"
	"A number or name that does not exist, and a value that is out of range, is refused with a text that\n"
	"names the option and its range. The range of a text is that of its length in bytes.\n"
	"`kith_config_count()` and `kith_config_describe()` list all this at run time. Names that GNS has too\n"
	"mean the same here; defaults may differ.\n"
	"\n"
	"| number | name | type | default | range | may be set | what it does |\n"
	"|---|---|---|---|---|---|---|\n";

/* Options of GNS without a counterpart, and why. */
static const char *const absent[][2] = {
	{ "ConnectionUserData", "`user_data` of the options, `kith_connection_set_user_data()`; listeners hand theirs on" },
	{ "Callback_*",
	  "callbacks belong to an endpoint: `kith_endpoint_set_callbacks()`; signaling: `kith_signaling_add()`" },
	{ "OutOfOrderCorrectionWindowMicroseconds",
	  "packets are taken in any order; how long one may be late before it counts as lost is learned" },
	{ "LogLevel_*", "`kith_endpoint_set_log()`, `kith_endpoint_set_log_level()`" },
	{ "PacketTraceMaxBytes", "the log's subject `KITH_SUBJECT_PACKET` at level `KITH_LOG_DEBUG`" },
	{ "ECN", "no congestion signal but loss and delay is used" },
	{ "DualWifi_Enable, EnableDiagnosticsUI", "of Steam's client on some platforms" },
	{ "SDRClient_*, P2P_Transport_SDR_Penalty", "Valve's relay network is not reached; relays are TURN servers" },
};

static const char *type_name(int32_t type)
{
	switch (type) {
	case KITH_TYPE_INT32:
		return "int32";
	case KITH_TYPE_INT64:
		return "int64";
	case KITH_TYPE_FLOAT:
		return "float";
	default:
		return "text";
	}
}

static const char *lock_name(int32_t lock)
{
	switch (lock) {
	case KITH_LOCK_NEVER:
		return "always";
	case KITH_LOCK_STARTED:
		return "fixed at the start";
	default:
		return "only read";
	}
}

static void write_row(const struct kith_config_info *info)
{
	printf("| %d | %s | %s | ", (int)info->id, info->name, type_name(info->type));
	if (info->type == KITH_TYPE_STRING)
		printf("\"%s\"", info->default_string);
	else if (info->type == KITH_TYPE_FLOAT)
		printf("%g", info->default_real);
	else
		printf("%" PRId64, info->default_integer);
	printf(" | %.0f to %.0f | %s | %s |\n", info->min, info->max, lock_name(info->lock), info->text);
}

int main(void)
{
	struct kith_config_info info = KITH_CONFIG_INFO_INIT;

	fputs(intro, stdout);
	for (int32_t id = 1; id <= kith_config_count(); id++) {
		if (kith_config_describe(id, &info) != KITH_OK)
			return 1;
		write_row(&info);
	}
	printf("\n## Options of GNS that are not here\n\n| name | instead |\n|---|---|\n");
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		printf("| %s | %s |\n", absent[i][0], absent[i][1]);
	return 0;
}
