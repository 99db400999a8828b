/* ICE through libnice between two sessions of one process, over this machine's own addresses. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <kith/errors.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "core/types/action.h"
#include "transport/ice.h"

enum { PATIENCE_US = 20 * 1000000, LINES_MAX = 64, EVERYTHING = SHARE_PRIVATE | SHARE_PUBLIC | SHARE_RELAY };

struct side {
	struct ice *ice;
	struct side *peer; /* whom candidates are told to; null: nobody */
	char lines[LINES_MAX][CANDIDATE_LINE_MAX];
	int line_count;
	bool gathered, failed, closed;
	int ready;
	struct path_change path; /* the last */
	char impossible[CANDIDATE_LINE_MAX], problem[512], log[512];
	int32_t problem_result;
	int log_count;
	uint64_t received, bytes, sum;
};

struct scene {
	GMainContext *context;
	struct side sides[2];
};

static void on_datagrams(void *owner, struct datagram *datagrams, size_t count)
{
	struct side *side = owner;

	for (size_t i = 0; i < count; i++) {
		cr_assert_eq(datagrams[i].transport, 7);
		cr_assert_eq(datagrams[i].bytes[0], 0x80);
		side->received++;
		side->bytes += datagrams[i].size;
		side->sum += datagrams[i].bytes[datagrams[i].size - 1];
	}
}

static void on_path_change(void *owner, const struct path_change *change)
{
	struct side *side = owner;

	cr_assert_eq(change->transport, 7);
	switch (change->kind) {
	case PATH_LOCAL_CANDIDATE:
		cr_assert(side->line_count < LINES_MAX);
		strcpy(side->lines[side->line_count++], change->candidate);
		if (side->peer != NULL && side->peer->ice != NULL)
			ice_add_candidate(side->peer->ice, change->candidate);
		break;
	case PATH_GATHERED:
		side->gathered = true;
		break;
	case PATH_READY:
		side->ready++;
		side->failed = false;
		side->path = *change;
		break;
	case PATH_FAILED:
		side->failed = true;
		break;
	case PATH_IMPOSSIBLE:
		strcpy(side->impossible, change->text);
		break;
	case PATH_SERVER:
		side->problem_result = change->result;
		snprintf(side->problem, sizeof(side->problem), "%s", change->text);
		break;
	case PATH_EXPIRING:
		cr_assert_fail("a session does not know when its credentials end");
		break;
	}
}

static void on_log(void *owner, enum ice_log_kind kind, const char *text)
{
	struct side *side = owner;

	if (kind == ICE_LOG_DEBUG || kind == ICE_LOG_INFO)
		return;
	side->log_count++;
	snprintf(side->log, sizeof(side->log), "%s", text);
}

static void init_scene(struct scene *scene)
{
	memset(scene, 0, sizeof(*scene));
	scene->context = g_main_context_new();
	g_main_context_push_thread_default(scene->context);
}

static struct ice_options options_of(struct scene *scene, int who)
{
	return (struct ice_options){
		.context = scene->context,
		.transport = 7,
		.controlling = who == 0,
		.share = EVERYTHING,
		.username = who == 0 ? "aaaaa" : "bbbbb",
		.password = who == 0 ? "pass0" : "pass1",
		.stun_servers = "",
		.turn_servers = "",
		.turn_users = "",
		.turn_passwords = "",
		.udp = { 2097152, true, true },
		.use_sibling = true,
		.sink = { &scene->sides[who], on_datagrams, NULL, NULL, on_path_change, on_log },
	};
}

static void start(struct scene *scene, const struct ice_options options[2])
{
	static const char *const names[] = { "bbbbb", "aaaaa" }, *const passwords[] = { "pass1", "pass0" };

	for (int i = 0; i < 2; i++)
		scene->sides[i].peer = &scene->sides[1 - i];
	for (int i = 0; i < 2; i++)
		scene->sides[i].ice = ice_new(&options[i]);
	for (int i = 0; i < 2; i++)
		ice_set_remote(scene->sides[i].ice, names[i], passwords[i]);
}

static void start_plain(struct scene *scene, bool use_sibling)
{
	struct ice_options options[2] = { options_of(scene, 0), options_of(scene, 1) };

	options[0].use_sibling = options[1].use_sibling = use_sibling;
	start(scene, options);
}

/* Runs the loop until it is so; false when that takes too long. */
#define RUN_UNTIL(scene, limit_us, condition) \
	__extension__({ \
		gint64 until = g_get_monotonic_time() + (limit_us); \
		while (!(condition) && g_get_monotonic_time() < until) { \
			if (!g_main_context_iteration((scene)->context, FALSE)) \
				g_usleep(200); \
		} \
		(condition); \
	})

static void connect_sides(struct scene *scene)
{
	cr_assert(RUN_UNTIL(scene, PATIENCE_US, scene->sides[0].ready > 0 && scene->sides[1].ready > 0));
}

static void on_closed(void *data)
{
	((struct side *)data)->closed = true;
}

static void end_scene(struct scene *scene)
{
	int open = 0;

	for (int i = 0; i < 2; i++) {
		open += scene->sides[i].ice != NULL;
		if (scene->sides[i].ice != NULL)
			ice_close(scene->sides[i].ice, on_closed, &scene->sides[i]);
		scene->sides[i].ice = NULL;
	}
	cr_assert(RUN_UNTIL(scene, PATIENCE_US, scene->sides[0].closed + scene->sides[1].closed == open));
	while (g_main_context_iteration(scene->context, FALSE))
		continue;
	g_main_context_pop_thread_default(scene->context);
	g_main_context_unref(scene->context);
}

static void send_some(struct side *from, size_t size, size_t segment)
{
	static uint8_t bytes[65000];
	struct datagram_burst burst = { .bytes = bytes, .transport = 7, .size = size, .segment_size = segment };

	for (size_t at = 0; at < size; at += segment)
		bytes[at] = 0x80;
	ice_send(from->ice, &burst);
}

/* Lossless at this pace. */
static void exchange(struct scene *scene, int bursts, size_t size, size_t segment)
{
	uint64_t each = (size + segment - 1) / segment;

	for (int way = 0; way < 2; way++) {
		struct side *from = &scene->sides[way], *to = &scene->sides[1 - way];
		for (int i = 0; i < bursts; i++) {
			uint64_t expected = to->received + each;
			send_some(from, size, segment);
			cr_assert(RUN_UNTIL(scene, PATIENCE_US, to->received == expected), "burst %d of way %d: %lu of %lu", i, way,
			          (unsigned long)to->received, (unsigned long)expected);
		}
	}
}

static void carry(bool use_sibling)
{
	struct scene scene;

	init_scene(&scene);
	start_plain(&scene, use_sibling);
	connect_sides(&scene);
	exchange(&scene, 20, 1, 1300);
	exchange(&scene, 20, 1300, 1300);
	exchange(&scene, 50, 40000, 1250);
	exchange(&scene, 10, 16000, 200);
	cr_assert_eq(scene.sides[0].path.route, ROUTE_LOOPBACK);
	cr_assert(address_equal(&scene.sides[0].path.local, &scene.sides[1].path.remote));
	cr_assert(address_equal(&scene.sides[1].path.local, &scene.sides[0].path.remote));
	end_scene(&scene);
}

Test(ice, two_sessions_meet_and_data_goes_beside_libnice, .timeout = 240)
{
	carry(true);
}

Test(ice, two_sessions_meet_and_data_goes_by_libnice, .timeout = 240)
{
	carry(false);
}

Test(ice, one_side_beside_libnice_the_other_by_it, .timeout = 240)
{
	struct scene scene;
	init_scene(&scene);
	struct ice_options options[2] = { options_of(&scene, 0), options_of(&scene, 1) };

	options[1].use_sibling = false;
	start(&scene, options);
	connect_sides(&scene);
	exchange(&scene, 50, 40000, 1250);
	end_scene(&scene);
}

Test(ice, candidates_are_lines_that_a_peer_can_read)
{
	struct scene scene;

	init_scene(&scene);
	start_plain(&scene, true);
	connect_sides(&scene);
	cr_assert(scene.sides[0].line_count >= 1);
	for (int i = 0; i < scene.sides[0].line_count; i++) {
		const char *line = scene.sides[0].lines[i];
		cr_assert_eq(strncmp(line, "candidate:", 10), 0, "%s", line);
		cr_assert_null(strstr(line, "raddr"), "%s", line);
		cr_assert_null(strstr(line, "fe80:"), "%s", line);
	}
	end_scene(&scene);
}

Test(ice, candidates_may_come_twice_and_late)
{
	struct scene scene;
	init_scene(&scene);
	struct ice_options options[2] = { options_of(&scene, 0), options_of(&scene, 1) };

	for (int i = 0; i < 2; i++)
		scene.sides[i].ice = ice_new(&options[i]);
	ice_set_remote(scene.sides[0].ice, "bbbbb", "pass1");
	ice_set_remote(scene.sides[1].ice, "aaaaa", "pass0");
	cr_assert_not(RUN_UNTIL(&scene, 100000, scene.sides[0].ready > 0));
	for (int i = 0; i < 2; i++) {
		for (int at = 0; at < 2 * scene.sides[i].line_count; at++)
			ice_add_candidate(scene.sides[1 - i].ice, scene.sides[i].lines[at / 2]);
	}
	connect_sides(&scene);
	exchange(&scene, 5, 40000, 1250);
	end_scene(&scene);
}

/* --- another pair is chosen meanwhile */

/* All candidates of a side that do, or do not, have this IP version; those that come first with the least priority. */
static int tell(struct side *of, bool ipv6, bool humble)
{
	int told = 0;

	for (int i = 0; i < of->line_count; i++) {
		char line[CANDIDATE_LINE_MAX], head[48], address[48], rest[100];
		unsigned long priority;
		if (sscanf(of->lines[i], "%47s 1 %*s %lu %47s %99[^\n]", head, &priority, address, rest) != 4 ||
		    (strchr(address, ':') != NULL) != ipv6)
			continue;
		snprintf(line, sizeof(line), "%s 1 udp %lu %s %s", head, humble ? 1 : priority, address, rest);
		ice_add_candidate(of->peer->ice, humble ? line : of->lines[i]);
		told++;
	}
	return told;
}

static bool moved(const struct scene *scene, const struct address *before)
{
	return !address_equal(&scene->sides[0].path.remote, &before[0]) &&
	       !address_equal(&scene->sides[1].path.remote, &before[1]);
}

/* A datagram each way every half a millisecond for so long. Returns how many. */
static uint64_t stream(struct scene *scene, gint64 duration_us)
{
	gint64 end = g_get_monotonic_time() + duration_us, next = g_get_monotonic_time();
	uint64_t count = 0;

	while (g_get_monotonic_time() < end) {
		send_some(&scene->sides[0], 700, 700);
		send_some(&scene->sides[1], 700, 700);
		count++;
		next += 500;
		while (g_get_monotonic_time() < next)
			g_main_context_iteration(scene->context, FALSE);
	}
	return count;
}

static void stream_across_a_change(bool use_sibling)
{
	struct scene scene;
	init_scene(&scene);
	struct ice_options options[2] = { options_of(&scene, 0), options_of(&scene, 1) };
	struct address before[2];
	uint64_t count;
	int better;

	options[0].use_sibling = options[1].use_sibling = use_sibling;
	for (int i = 0; i < 2; i++)
		scene.sides[i].ice = ice_new(&options[i]);
	ice_set_remote(scene.sides[0].ice, "bbbbb", "pass1");
	ice_set_remote(scene.sides[1].ice, "aaaaa", "pass0");
	cr_assert(RUN_UNTIL(&scene, PATIENCE_US, scene.sides[0].gathered && scene.sides[1].gathered));
	for (int i = 0; i < 2; i++)
		scene.sides[i].peer = &scene.sides[1 - i];
	if (tell(&scene.sides[1], false, true) == 0) {
		printf("skipped: no IPv4 on this machine\n");
		end_scene(&scene);
		return;
	}
	connect_sides(&scene);
	for (int i = 0; i < 2; i++)
		before[i] = scene.sides[i].path.remote;
	count = stream(&scene, 200000);
	better = tell(&scene.sides[1], true, false) + tell(&scene.sides[0], true, false);
	count += stream(&scene, 1000000);
	cr_assert(RUN_UNTIL(&scene, PATIENCE_US, scene.sides[0].received == count && scene.sides[1].received == count),
	          "%lu and %lu of %lu", (unsigned long)scene.sides[1].received, (unsigned long)scene.sides[0].received,
	          (unsigned long)count);
	if (better == 0)
		printf("skipped: no IPv6 on this machine\n");
	else
		cr_assert(moved(&scene, before), "the better pair was not chosen");
	end_scene(&scene);
}

Test(ice, no_datagram_is_lost_when_another_pair_is_chosen, .timeout = 240)
{
	stream_across_a_change(true);
	stream_across_a_change(false);
}

Test(ice, candidates_of_one_side_are_enough)
{
	struct scene scene;

	init_scene(&scene);
	start_plain(&scene, true);
	scene.sides[0].peer = NULL; /* the other side hears of it by its checks only */
	connect_sides(&scene);
	exchange(&scene, 5, 40000, 1250);
	end_scene(&scene);
}

Test(ice, a_wrong_password_leads_nowhere_until_the_peer_begins_anew)
{
	struct scene scene;
	init_scene(&scene);
	struct ice_options again = options_of(&scene, 1);

	start_plain(&scene, true);
	ice_set_remote(scene.sides[0].ice, "bbbbb", "wrong");
	ice_set_remote(scene.sides[1].ice, "aaaaa", "wrong");
	cr_assert_not(RUN_UNTIL(&scene, 500000, scene.sides[0].ready > 0 || scene.sides[1].ready > 0));
	ice_close(scene.sides[1].ice, on_closed, &scene.sides[1]);
	scene.sides[1].ice = NULL;
	cr_assert(RUN_UNTIL(&scene, PATIENCE_US, scene.sides[1].closed));
	scene.sides[1].closed = false;
	again.password = "other";
	ice_set_remote(scene.sides[0].ice, "bbbbb", "other");
	scene.sides[1].ice = ice_new(&again);
	ice_set_remote(scene.sides[1].ice, "aaaaa", "pass0");
	connect_sides(&scene);
	exchange(&scene, 5, 40000, 1250);
	end_scene(&scene);
}

Test(ice, hostile_candidates_are_ignored_told_and_harmless)
{
	static const char *const hostile[] = {
		"",
		"candidate:",
		"candidate:1 1 TCP 1 10.0.0.1 9 typ host",
		"candidate:1 1 udp 1 255.255.255.255 9 typ host",
		"candidate:1 1 udp 1 224.0.0.251 5353 typ host",
		"candidate:1 1 udp 1 fe80::1 9 typ host",
		"candidate:1 1 udp 0 10.0.0.1 9 typ host",
		"candidate:1 2 udp 1 10.0.0.1 9 typ host",
		"candidate:1 1 udp 1 \033[31mred 9 typ host",
		"candidate:1 1 udp 1 10.0.0.1 9 typ \r\n",
	};
	struct scene scene;
	int count = (int)(sizeof(hostile) / sizeof(hostile[0]));

	init_scene(&scene);
	start_plain(&scene, true);
	for (int i = 0; i < count; i++) {
		ice_add_candidate(scene.sides[0].ice, hostile[i]);
		for (const char *at = scene.sides[0].log; *at != '\0'; at++)
			cr_assert((unsigned char)*at >= ' ', "the log gets the peer's control characters");
	}
	cr_assert_eq(scene.sides[0].log_count, count);
	connect_sides(&scene);
	exchange(&scene, 5, 40000, 1250);
	end_scene(&scene);
}

Test(ice, no_more_candidates_than_a_peer_has)
{
	struct scene scene;
	init_scene(&scene);
	struct ice_options options = options_of(&scene, 0);

	scene.sides[0].ice = ice_new(&options);
	for (int i = 0; i < 4000; i++) {
		char line[CANDIDATE_LINE_MAX];
		snprintf(line, sizeof(line), "candidate:1 1 udp %d 198.51.100.%d %d typ host", i + 1, i % 250 + 1, i + 1024);
		ice_add_candidate(scene.sides[0].ice, line);
	}
	cr_assert_eq(scene.sides[0].log_count, 4000 - 32);
	end_scene(&scene);
}

/* --- the end */

static int count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	cr_assert_not_null(folder);
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

Test(ice, an_end_at_any_moment_leaves_nothing, .timeout = 240)
{
	int before = 0;

	for (int moment = 0; moment < 60; moment++) {
		struct scene scene;

		init_scene(&scene);
		start_plain(&scene, moment % 2 == 0);
		for (int i = 0; i < moment * 3; i++) {
			if (!g_main_context_iteration(scene.context, FALSE))
				g_usleep(500);
			if (scene.sides[0].ready > 0)
				send_some(&scene.sides[0], 20000, 1000);
		}
		end_scene(&scene);
		if (moment == 2)
			before = count_descriptors();
	}
	cr_assert_eq(count_descriptors(), before);
}

Test(ice, many_sessions_in_one_loop, .timeout = 240)
{
	enum { PAIRS = 100 };
	static struct scene scenes[PAIRS];
	GMainContext *context = g_main_context_new();
	struct scene loop = { .context = context };
	struct rlimit limit;
	int ready = 0;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	g_main_context_push_thread_default(context);
	for (int i = 0; i < PAIRS; i++) {
		scenes[i].context = context;
		start_plain(&scenes[i], true);
	}
	for (int i = 0; i < PAIRS; i++)
		cr_assert(RUN_UNTIL(&loop, PATIENCE_US, scenes[i].sides[0].ready > 0 && scenes[i].sides[1].ready > 0), "%d", i);
	for (int i = 0; i < PAIRS; i++)
		send_some(&scenes[i].sides[0], 1000, 1000);
	for (int i = 0; i < PAIRS; i++)
		cr_assert(RUN_UNTIL(&loop, PATIENCE_US, scenes[i].sides[1].received == 1), "%d", i);
	for (int i = 0; i < 2 * PAIRS; i++)
		ice_close(scenes[i / 2].sides[i % 2].ice, on_closed, &scenes[i / 2].sides[i % 2]);
	for (int i = 0; i < 2 * PAIRS; i++)
		ready += RUN_UNTIL(&loop, PATIENCE_US, scenes[i / 2].sides[i % 2].closed);
	cr_assert_eq(ready, 2 * PAIRS);
	g_main_context_pop_thread_default(context);
	g_main_context_unref(context);
}

/* --- sending from another thread, as an application does */

struct sender {
	struct side *side;
	int bursts;
};

static void *run_sender(void *data)
{
	struct sender *sender = data;

	for (int i = 0; i < sender->bursts; i++) {
		send_some(sender->side, 12500, 1250);
		g_usleep(100);
	}
	return NULL;
}

static void load(bool use_sibling)
{
	struct scene scene;
	struct sender sender = { &scene.sides[0], 1000 };
	pthread_t thread;

	init_scene(&scene);
	start_plain(&scene, use_sibling);
	connect_sides(&scene);
	cr_assert_eq(pthread_create(&thread, NULL, run_sender, &sender), 0);
	/* Loss under load is the protocol's business; here nearly all of it has to come. */
	cr_assert(RUN_UNTIL(&scene, PATIENCE_US, scene.sides[1].received >= 9000), "%lu of 10000",
	          (unsigned long)scene.sides[1].received);
	pthread_join(thread, NULL);
	cr_assert_not(scene.sides[0].failed || scene.sides[1].failed);
	end_scene(&scene);
}

Test(ice, another_thread_sends_beside_libnice, .timeout = 240)
{
	load(true);
}

Test(ice, another_thread_sends_by_libnice, .timeout = 240)
{
	load(false);
}

Test(ice, the_end_while_another_thread_sends, .timeout = 240)
{
	for (int round = 0; round < 10; round++) {
		static struct scene scene;
		struct sender sender = { &scene.sides[0], 200 };
		pthread_t thread;

		init_scene(&scene);
		start_plain(&scene, round % 2 == 0);
		connect_sides(&scene);
		cr_assert_eq(pthread_create(&thread, NULL, run_sender, &sender), 0);
		RUN_UNTIL(&scene, 3000, false);
		/* What closes a session first takes it from where senders find it. */
		pthread_join(thread, NULL);
		end_scene(&scene);
	}
}

/* --- what cannot work */

static void expect_impossible(struct scene *scene, const struct ice_options *options, const char *why)
{
	scene->sides[0].ice = ice_new(options);
	ice_set_remote(scene->sides[0].ice, "bbbbb", "pass1");
	ice_add_candidate(scene->sides[0].ice, "candidate:1 1 udp 1 198.51.100.1 9 typ host");
	cr_assert(RUN_UNTIL(scene, PATIENCE_US, scene->sides[0].impossible[0] != '\0'), "expected: %s", why);
	cr_assert(strstr(scene->sides[0].impossible, why) != NULL, "%s", scene->sides[0].impossible);
	send_some(&scene->sides[0], 2000, 1000);
	cr_assert_eq(scene->sides[0].line_count, 0);
	end_scene(scene);
}

Test(ice, only_relays_and_no_relay)
{
	struct scene scene;
	init_scene(&scene);
	struct ice_options options = options_of(&scene, 0);

	options.share = SHARE_RELAY;
	expect_impossible(&scene, &options, "no TURN server");
}

Test(ice, nothing_may_be_shared)
{
	struct scene scene;
	init_scene(&scene);
	struct ice_options options = options_of(&scene, 0);

	options.share = 0;
	expect_impossible(&scene, &options, "no kind of ICE candidate");
}

Test(ice, a_relay_that_is_not_there_is_named)
{
	struct scene scene;
	init_scene(&scene);
	struct ice_options options = options_of(&scene, 0);

	options.share = SHARE_RELAY;
	options.turn_servers = "turn:127.0.0.1:9?transport=tcp";
	options.turn_users = "ann";
	options.turn_passwords = "secret";
	expect_impossible(&scene, &options, "no TURN server gives a relay");
	cr_assert(strstr(scene.sides[0].problem, "127.0.0.1 port 9 over TCP") != NULL, "%s", scene.sides[0].problem);
	cr_assert_eq(scene.sides[0].problem_result, KITH_E_NO_ROUTE);
}

Test(ice, without_descriptors_it_says_so_and_ends_nothing)
{
	struct scene scene;
	struct rlimit limit;

	init_scene(&scene);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = (rlim_t)count_descriptors();
	struct ice_options options = options_of(&scene, 0);
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	expect_impossible(&scene, &options, "no descriptor");
}

Test(ice, with_any_number_of_descriptors_it_works_or_says_why, .timeout = 240)
{
	struct rlimit limit, all;
	bool worked = false, refused = false;
	int base;

	getrlimit(RLIMIT_NOFILE, &all);
	base = count_descriptors();
	for (int more = 0; more < 60; more++) {
		struct scene scene;

		init_scene(&scene);
		limit = all;
		limit.rlim_cur = (rlim_t)(base + more);
		setrlimit(RLIMIT_NOFILE, &limit);
		start_plain(&scene, true);
		cr_assert(RUN_UNTIL(&scene, PATIENCE_US,
		                    scene.sides[0].impossible[0] != '\0' || scene.sides[1].impossible[0] != '\0' ||
		                        (scene.sides[0].ready > 0 && scene.sides[1].ready > 0)),
		          "%d more", more);
		refused = refused || scene.sides[0].impossible[0] != '\0';
		worked = worked || (scene.sides[0].ready > 0 && scene.sides[1].ready > 0);
		if (scene.sides[0].ready > 0 && scene.sides[1].ready > 0)
			exchange(&scene, 2, 10000, 1000);
		end_scene(&scene);
		setrlimit(RLIMIT_NOFILE, &all);
	}
	cr_assert(worked && refused);
}
