// bench_gns: GameNetworkingSockets as a peer of `kith bench`, at the best settings found for it: large
// buffers, packets as large as Kith's, and a rate that loses nothing here.
#include <steam/isteamnetworkingutils.h>
#include <steam/steamnetworkingsockets.h>

#include <cstdio>
#include <cstring>
#include <vector>

#include <time.h>

extern "C" {
#include "cli/bench/bench_child.h"
#include "cli/bench/bench_gns.h"
}

// Exported, but in none of its installed headers.
extern "C" void SteamNetworkingSockets_SetManualPollMode(bool manual);
extern "C" void SteamNetworkingSockets_Poll(int max_wait_msec);

namespace {

enum { THREADED, MANUAL };

constexpr int buffer_size = 8 * 1024 * 1024;
constexpr int receive_max = 256;
// Bytes a second. It has no congestion control: the rate is what it is told, up to what it can. For large
// messages the more the better; small ones fall apart where the receiver is overrun.
constexpr int rate_large = 200 * 1000 * 1000;
constexpr int rate_small = 40 * 1000 * 1000;

struct Link {
	const bench_plan *plan = nullptr;
	bool manual = false;
	HSteamListenSocket listener = k_HSteamListenSocket_Invalid;
	HSteamNetConnection connection = k_HSteamNetConnection_Invalid;
	SteamNetworkingIPAddr address;
	std::vector<HSteamNetConnection> called;
	int up = 0;
};

// Its callback is told nothing of ours.
Link *the_link;

ISteamNetworkingSockets *sockets()
{
	return SteamNetworkingSockets();
}

void on_status(SteamNetConnectionStatusChangedCallback_t *change)
{
	Link *link = the_link;

	switch (change->m_info.m_eState) {
	case k_ESteamNetworkingConnectionState_Connecting:
		if (change->m_info.m_hListenSocket != k_HSteamListenSocket_Invalid)
			sockets()->AcceptConnection(change->m_hConn);
		break;
	case k_ESteamNetworkingConnectionState_Connected:
		if (link->up++ == 0)
			link->connection = change->m_hConn;
		break;
	case k_ESteamNetworkingConnectionState_ClosedByPeer:
	case k_ESteamNetworkingConnectionState_ProblemDetectedLocally:
		if (!link->plan->is_server)
			bench_child_fail("the connection ended: %s", change->m_info.m_szEndDebug);
		if (change->m_eOldState == k_ESteamNetworkingConnectionState_Connected)
			link->up--;
		sockets()->CloseConnection(change->m_hConn, 0, nullptr, false);
		break;
	default:
		break;
	}
}

void configure(const bench_plan *plan)
{
	ISteamNetworkingUtils *utils = SteamNetworkingUtils();
	int rate = plan->size > 4096 || !plan->reliable ? rate_large : rate_small;

	utils->SetGlobalCallback_SteamNetConnectionStatusChanged(on_status);
	utils->SetGlobalConfigValueInt32(k_ESteamNetworkingConfig_IP_AllowWithoutAuth, 2);
	utils->SetGlobalConfigValueInt32(k_ESteamNetworkingConfig_SendRateMin, rate);
	utils->SetGlobalConfigValueInt32(k_ESteamNetworkingConfig_SendRateMax, rate);
	utils->SetGlobalConfigValueInt32(k_ESteamNetworkingConfig_SendBufferSize, buffer_size);
	utils->SetGlobalConfigValueInt32(k_ESteamNetworkingConfig_RecvBufferSize, buffer_size);
	utils->SetGlobalConfigValueInt32(k_ESteamNetworkingConfig_RecvBufferMessages, 65536);
}

void *open_link(const bench_plan *plan, char where[BENCH_WHERE_MAX])
{
	Link *link = new Link;
	SteamDatagramErrMsg error;
	timespec now;

	the_link = link;
	link->plan = plan;
	link->manual = plan->peer->variant == MANUAL;
	if (link->manual)
		SteamNetworkingSockets_SetManualPollMode(true);
	if (!GameNetworkingSockets_Init(nullptr, error))
		bench_child_fail("%s", error);
	configure(plan);
	link->address.Clear();
	link->address.SetIPv4(0x7f000001, 0);
	if (!plan->is_server) {
		link->address.ParseString(where);
		return link;
	}
	// It cannot say which port the system picked.
	clock_gettime(CLOCK_MONOTONIC, &now);
	for (int i = 0; i < 100 && link->listener == k_HSteamListenSocket_Invalid; i++) {
		link->address.m_port = static_cast<uint16>(20000 + (now.tv_nsec / 1000 + i) % 12000);
		link->listener = sockets()->CreateListenSocketIP(link->address, 0, nullptr);
	}
	if (link->listener == k_HSteamListenSocket_Invalid)
		bench_child_fail("no port to listen on");
	link->address.ToString(where, BENCH_WHERE_MAX, true);
	return link;
}

void service(Link *link, int timeout_msec)
{
	if (link->manual)
		SteamNetworkingSockets_Poll(timeout_msec);
	sockets()->RunCallbacks();
}

void call(void *data, int count)
{
	Link *link = static_cast<Link *>(data);

	for (int i = 0; i < count; i++) {
		HSteamNetConnection connection = sockets()->ConnectByIPAddress(link->address, 0, nullptr);
		if (connection == k_HSteamNetConnection_Invalid)
			bench_child_fail("ConnectByIPAddress");
		link->called.push_back(connection);
	}
}

void hang_up(void *data)
{
	Link *link = static_cast<Link *>(data);

	for (HSteamNetConnection connection : link->called)
		sockets()->CloseConnection(connection, 0, nullptr, false);
	link->called.clear();
	link->up = 0;
}

int connected(void *data)
{
	Link *link = static_cast<Link *>(data);

	service(link, 0);
	return link->up;
}

// Nothing can be waited for while its own thread does the work: it is asked every 50 microseconds where
// messages are expected, and every millisecond where they are not.
void wait_link(void *data, bool for_room, int64_t usec)
{
	Link *link = static_cast<Link *>(data);
	int64_t nap = link->plan->size > 0 ? 50 : 1000;
	timespec pause = { 0, (usec < nap ? usec : nap) * 1000 };

	if (link->manual) {
		service(link, for_room ? 0 : static_cast<int>((usec + 999) / 1000));
		return;
	}
	nanosleep(&pause, nullptr);
	sockets()->RunCallbacks();
}

int send_messages(void *data, const uint8_t *const *messages, int count)
{
	Link *link = static_cast<Link *>(data);
	const bench_plan *plan = link->plan;
	SteamNetworkingMessage_t *outgoing[BENCH_BATCH];
	int64 results[BENCH_BATCH];
	int sent = 0;

	for (int i = 0; i < count; i++) {
		SteamNetworkingMessage_t *message = SteamNetworkingUtils()->AllocateMessage(static_cast<int>(plan->size));
		memcpy(message->m_pData, messages[i], plan->size);
		message->m_conn = link->connection;
		message->m_nFlags = plan->reliable ? k_nSteamNetworkingSend_Reliable : k_nSteamNetworkingSend_Unreliable;
		if (plan->urgent)
			message->m_nFlags |= k_nSteamNetworkingSend_NoNagle;
		outgoing[i] = message;
	}
	sockets()->SendMessages(count, outgoing, results, true);
	while (sent < count && results[sent] > 0)
		sent++;
	// What follows a refused one is not tried, which is a result of 0.
	for (int i = sent; i < count; i++)
		if (results[i] != 0 && results[i] != -k_EResultLimitExceeded)
			bench_child_fail("SendMessages: %lld", static_cast<long long>(results[i]));
	if (link->manual)
		SteamNetworkingSockets_Poll(0);
	return sent;
}

int receive(void *data, bench_take_fn *take, void *take_data)
{
	Link *link = static_cast<Link *>(data);
	SteamNetworkingMessage_t *messages[receive_max];
	int count = sockets()->ReceiveMessagesOnConnection(link->connection, messages, receive_max);

	for (int i = 0; i < count; i++) {
		take(take_data, static_cast<const uint8_t *>(messages[i]->m_pData), messages[i]->m_cbSize);
		messages[i]->Release();
	}
	return count < 0 ? 0 : count;
}

bench_peer make_peer(const char *name, const char *about, int variant)
{
	bench_peer peer = {};

	peer.name = name;
	peer.about = about;
	peer.abilities =
		BENCH_CAN_RELIABLE | BENCH_CAN_UNRELIABLE | BENCH_CAN_CONNECT | BENCH_CAN_CONNECT_MANY | BENCH_CAN_IDLE;
	peer.variant = variant;
	peer.open = open_link;
	peer.call = call;
	peer.hang_up = hang_up;
	peer.connected = connected;
	peer.send = send_messages;
	peer.receive = receive;
	peer.wait = wait_link;
	return peer;
}

} // namespace

extern "C" {
extern const bench_peer bench_gns_threaded;
extern const bench_peer bench_gns_manual;
const bench_peer bench_gns_threaded = make_peer(
	"gns", "GameNetworkingSockets with its own thread, buffers of 8 MiB, the best fixed rate found", THREADED);
const bench_peer bench_gns_manual =
	make_peer("gns-manual", "GameNetworkingSockets polled by the application, otherwise as gns", MANUAL);
}
