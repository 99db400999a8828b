/* How large may packets be on this path? (RFC 8899; docs/wire.md, "Packet sizes")
 *
 * A probe is a packet that is padded to the size in question and must not be cut. What carries messages is
 * never larger than what has passed, but for the size that all begin with: most paths take it, and where one
 * does not, IP cuts it where it may. Nothing is asked before it matters: small packets pass everywhere. */
#include "core/base/bytes.h"
#include "core/conn/conn_internal.h"

#define PROBES_MAX 3u /* MAX_PROBES: as many must be lost until a size is too large */
#define STEP_MIN 16   /* sizes closer than that are not told apart */
/* PMTU_RAISE_TIMER: the path may have become wider. */
#define RAISE_AFTER (600 * USEC_PER_SEC)
/* Large packets lost in a row that make the size in use doubtful, and how rarely it may be. */
#define LOST_DOUBTFUL 3u
#define DOUBT_AGAIN (3 * USEC_PER_SEC)
/* A probe says nothing if it is lost: something behind it has to be acknowledged. */
#define ASK_SLACK (30 * USEC_PER_MSEC)
#define ASK_UNKNOWN (250 * USEC_PER_MSEC)
#define ASKS_MAX 4u

static uint16_t first_size(const struct conn *conn)
{
	return (uint16_t)config_get_int(&conn->config, CONFIG_MTU_PACKET_SIZE);
}

/* Passes everywhere. */
static uint16_t granted_size(uint16_t first)
{
	return first < SIZE_NEWS_SMALL ? first : SIZE_NEWS_SMALL;
}

static bool is_allowed(const struct conn *conn)
{
	return config_get_int(&conn->config, CONFIG_MTU_DISCOVERY) != 0 && !conn->paired;
}

/* Nothing larger is tried. What the application has made smaller stays so. */
static uint16_t size_limit(const struct conn *conn)
{
	uint16_t first = first_size(conn);

	if (first < WIRE_DATAGRAM_MAX || !conn->path.whole || (conn->capabilities & WIRE_CAPABILITY_LARGE_PACKETS) == 0)
		return first;
	return address_is_ipv4(&conn->path.remote) ? WIRE_DATAGRAM_MAX_IPV4 : WIRE_DATAGRAM_MAX_IPV6;
}

static bool may_probe(const struct conn *conn)
{
	return conn->state == STATE_CONNECTED || conn->state == STATE_LINGER;
}

static void set_size(struct conn *conn, usec_t now, uint16_t size)
{
	if (size == conn->mtu.size)
		return;
	conn->mtu.size = size;
	conn_reconfigure(conn, now);
}

void conn_mtu_init(struct conn *conn)
{
	struct conn_mtu *mtu = &conn->mtu;

	bytes_zero(mtu, sizeof *mtu);
	mtu->first = mtu->size = first_size(conn);
	mtu->proven = granted_size(mtu->first);
	mtu->ask_at = USEC_NEVER;
}

void conn_mtu_begin(struct conn *conn, usec_t now)
{
	uint16_t before = conn->mtu.size;

	conn_mtu_init(conn);
	if (conn->mtu.size != before)
		conn_reconfigure(conn, now);
}

bool conn_mtu_is_outdated(const struct conn *conn)
{
	return conn->mtu.first != first_size(conn) || (conn->mtu.size > conn->mtu.first && !is_allowed(conn));
}

/* --- the search */

static void probe(struct conn *conn, uint16_t size)
{
	struct conn_mtu *mtu = &conn->mtu;

	mtu->probed = size;
	mtu->losses = 0;
	mtu->due = size != 0;
	mtu->ask_at = USEC_NEVER;
}

/* The size in use first; then the largest of all; then what is between what passed and what did not. */
static uint16_t next_size(const struct conn *conn)
{
	const struct conn_mtu *mtu = &conn->mtu;

	if (mtu->proven < mtu->size)
		return mtu->size;
	if (mtu->limit < mtu->proven + (mtu->narrow ? STEP_MIN : 1))
		return 0;
	return mtu->narrow ? (uint16_t)((mtu->proven + mtu->limit + 1) / 2) : mtu->limit;
}

static void go_on(struct conn *conn, usec_t now)
{
	probe(conn, next_size(conn));
	if (conn->mtu.probed == 0)
		conn->mtu.search_at = now + RAISE_AFTER;
}

static void start(struct conn *conn, usec_t now)
{
	conn->mtu.limit = size_limit(conn);
	conn->mtu.narrow = false;
	go_on(conn, now);
}

static void on_arrived(struct conn *conn, usec_t now, uint16_t size)
{
	struct conn_mtu *mtu = &conn->mtu;

	if (size > mtu->limit || size <= mtu->proven)
		return;
	mtu->proven = size;
	set_size(conn, now, size > mtu->size ? size : mtu->size);
	go_on(conn, now);
}

static void on_lost(struct conn *conn, usec_t now, uint16_t size)
{
	struct conn_mtu *mtu = &conn->mtu;

	if (size != mtu->probed)
		return;
	mtu->due = true;
	mtu->ask_at = USEC_NEVER;
	if (++mtu->losses < PROBES_MAX)
		return;
	mtu->narrow = true;
	mtu->limit = (uint16_t)(size - 1);
	if (mtu->size > mtu->limit)
		set_size(conn, now, mtu->proven);
	go_on(conn, now);
}

/* The path has become narrower, or just loses much. */
static void doubt(struct conn *conn, usec_t now)
{
	struct conn_mtu *mtu = &conn->mtu;

	mtu->doubt_at = now + DOUBT_AGAIN;
	mtu->proven = granted_size(mtu->first);
	mtu->limit = mtu->size;
	mtu->narrow = false;
	go_on(conn, now);
}

void conn_mtu_on_packet(struct conn *conn, usec_t now)
{
	struct size_news news = reliability_take_size_news(conn->reliability);
	struct conn_mtu *mtu = &conn->mtu;

	if (mtu->probed != 0 && news.arrived != 0)
		on_arrived(conn, now, (uint16_t)news.arrived);
	else if (mtu->probed != 0 && news.lost != 0)
		on_lost(conn, now, (uint16_t)news.lost);
	else if (mtu->probed == 0 && news.large_lost >= LOST_DOUBTFUL && mtu->size > SIZE_NEWS_SMALL &&
	         now >= mtu->doubt_at && is_allowed(conn))
		doubt(conn, now);
}

void conn_mtu_on_sent(struct conn *conn, usec_t now, size_t size)
{
	if (size > SIZE_NEWS_SMALL && conn->mtu.probed == 0 && now >= conn->mtu.search_at && is_allowed(conn))
		start(conn, now);
}

/* --- out */

bool conn_mtu_transmit(struct conn *conn, usec_t now, struct datagram_burst *out)
{
	struct conn_mtu *mtu = &conn->mtu;
	usec_t rtt = conn_rtt(conn);

	if (!mtu->due || !may_probe(conn))
		return false;
	mtu->due = false;
	mtu->asks = 0;
	mtu->ask_at = now + (rtt < 0 ? ASK_UNKNOWN : rtt + rtt / 4 + ASK_SLACK);
	return conn_transmit_probe(conn, now, mtu->probed, out);
}

/* --- time */

usec_t conn_mtu_next_timeout(const struct conn *conn)
{
	if (!may_probe(conn))
		return USEC_NEVER;
	return conn->mtu.due ? 0 : conn->mtu.ask_at;
}

void conn_mtu_handle_timeout(struct conn *conn, usec_t now)
{
	struct conn_mtu *mtu = &conn->mtu;

	if (mtu->ask_at > now || !may_probe(conn))
		return;
	/* Forgotten by now, and nothing was heard: that is not for its size. */
	if (mtu->asks == ASKS_MAX) {
		mtu->due = true;
		mtu->ask_at = USEC_NEVER;
		return;
	}
	conn->liveness.ping |= WIRE_STATS_ACK_REQUEST | WIRE_STATS_ACK_IMMEDIATE;
	mtu->ask_at = now + (ASK_UNKNOWN << mtu->asks++);
}
