// gns_peer: the other implementation as a test peer: echoes, or sends and checks what comes back.
//
// Built only where a GameNetworkingSockets package is installed. One line of output an event:
// "ready", "state N", "echoed COUNT", "verified COUNT", "closed REASON TEXT". Exit 0: all as told.
#include <steam/isteamnetworkingutils.h>
#include <steam/steamnetworkingsockets.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <unistd.h>

#include "gns_signaling.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
	std::map<std::string, std::string> values;

	bool has(const std::string &name) const { return values.count(name) != 0; }
	std::string text(const std::string &name, const std::string &otherwise = "") const
	{
		auto found = values.find(name);
		return found == values.end() ? otherwise : found->second;
	}
	int number(const std::string &name, int otherwise) const
	{
		return has(name) ? atoi(text(name).c_str()) : otherwise;
	}
};

struct Peer {
	Options options;
	std::unique_ptr<SignalingClient> signaling;
	HSteamListenSocket listener = k_HSteamListenSocket_Invalid;
	HSteamNetConnection connection = k_HSteamNetConnection_Invalid;
	HSteamNetConnection waiting = k_HSteamNetConnection_Invalid;
	Clock::time_point accept_at;
	Clock::time_point connected_at;
	bool connected = false;
	bool done = false;
	bool failed = false;
	int closed_count = 0;
	int echoed = 0;
	int sent = 0;
	int verified = 0;
	std::set<int> seen;
};

Peer *peer;

ISteamNetworkingSockets *sockets()
{
	return SteamNetworkingSockets();
}

void say(const std::string &line)
{
	printf("%s\n", line.c_str());
	fflush(stdout);
}

void fail(const std::string &why)
{
	say("failed " + why);
	peer->failed = peer->done = true;
}

// The content of message `index` of `size` bytes; its first four bytes, if it has them, name it.
std::string content(int index, int size)
{
	std::string bytes(static_cast<size_t>(size), '\0');

	for (int i = 0; i < size; i++)
		bytes[static_cast<size_t>(i)] =
		    static_cast<char>(i < 4 && size >= 4 ? index >> (8 * i) : (index * 31 + i * 7 + (i >> 8)) & 255);
	return bytes;
}

int index_of(const SteamNetworkingMessage_t *message)
{
	const unsigned char *bytes = static_cast<const unsigned char *>(message->m_pData);

	return message->m_cbSize < 4 ? -1 : bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24;
}

int size_of(int index)
{
	static const int sizes[] = {1, 31, 32, 100, 1131, 1137, 1200, 4096, 16500, 65536, 524288, 0};
	static const int named[] = {4, 31, 32, 100, 1131, 1137, 1200, 4096, 16500};

	if (peer->options.has("size"))
		return peer->options.number("size", 0);
	return peer->options.has("unreliable") || peer->options.has("lanes") ? named[index % 9] : sizes[index % 12];
}

// --- events

void on_incoming(HSteamNetConnection connection)
{
	int delay = peer->options.number("accept-delay", 0);

	if (peer->options.has("never-accept"))
		return;
	if (peer->options.has("refuse")) {
		sockets()->CloseConnection(connection, 1321, "not today", false);
		return;
	}
	peer->waiting = connection;
	peer->accept_at = Clock::now() + std::chrono::milliseconds(delay);
}

void on_closed(const SteamNetConnectionStatusChangedCallback_t *info)
{
	say("closed " + std::to_string(info->m_info.m_eEndReason) + " " + info->m_info.m_szEndDebug);
	sockets()->CloseConnection(info->m_hConn, 0, nullptr, false);
	peer->closed_count++;
	if (info->m_hConn == peer->connection)
		peer->connection = k_HSteamNetConnection_Invalid;
	if (peer->closed_count >= peer->options.number("count", 1))
		peer->done = true;
}

void on_status(SteamNetConnectionStatusChangedCallback_t *info)
{
	say("state " + std::to_string(info->m_info.m_eState));
	switch (info->m_info.m_eState) {
	case k_ESteamNetworkingConnectionState_Connecting:
		if (info->m_info.m_hListenSocket != k_HSteamListenSocket_Invalid || info->m_eOldState == k_ESteamNetworkingConnectionState_None) {
			if (info->m_hConn != peer->connection)
				on_incoming(info->m_hConn);
		}
		break;
	case k_ESteamNetworkingConnectionState_Connected: {
		char text[SteamNetworkingIdentity::k_cchMaxString];
		info->m_info.m_identityRemote.ToString(text, sizeof text);
		say(std::string("connected ") + text);
		peer->connected = true;
		peer->connected_at = Clock::now();
		peer->connection = info->m_hConn;
		if (peer->options.has("lanes"))
			sockets()->ConfigureConnectionLanes(info->m_hConn, peer->options.number("lanes", 1), nullptr, nullptr);
		break;
	}
	case k_ESteamNetworkingConnectionState_ClosedByPeer:
	case k_ESteamNetworkingConnectionState_ProblemDetectedLocally:
		on_closed(info);
		break;
	default:
		break;
	}
}

// --- work

// In order where there is one lane and nothing may be lost; by its name elsewhere, and once.
bool check_echo(const SteamNetworkingMessage_t *message)
{
	bool in_order = !peer->options.has("unreliable") && !peer->options.has("lanes");
	int index = in_order ? peer->verified : index_of(message);
	std::string want = content(index, message->m_cbSize);

	if (index < 0 || message->m_cbSize != size_of(index) || !peer->seen.insert(index).second)
		return false;
	if (peer->options.has("lanes") && message->m_idxLane != index % peer->options.number("lanes", 1))
		return false;
	return memcmp(want.data(), message->m_pData, want.size()) == 0;
}

// Sends a copy back on its lane with its reliability. False: the buffer is full, try again later.
bool echo(const SteamNetworkingMessage_t *message)
{
	SteamNetworkingMessage_t *back = SteamNetworkingUtils()->AllocateMessage(message->m_cbSize);
	int64 result = 0;

	memcpy(back->m_pData, message->m_pData, static_cast<size_t>(message->m_cbSize));
	back->m_conn = message->m_conn;
	back->m_nFlags = (message->m_nFlags & k_nSteamNetworkingSend_Reliable) | k_nSteamNetworkingSend_NoNagle;
	back->m_idxLane = message->m_idxLane < 8 ? message->m_idxLane : 0;
	sockets()->SendMessages(1, &back, &result, true);
	if (result == -k_EResultLimitExceeded)
		return false;
	peer->echoed++;
	return true;
}

void verify(const SteamNetworkingMessage_t *message)
{
	if (check_echo(message))
		peer->verified++;
	else
		fail("message " + std::to_string(peer->verified) + " came back changed, " +
		     std::to_string(message->m_cbSize) + " bytes");
}

void receive()
{
	static SteamNetworkingMessage_t *held;

	if (peer->connection == k_HSteamNetConnection_Invalid)
		return;
	while (held != nullptr || sockets()->ReceiveMessagesOnConnection(peer->connection, &held, 1) > 0) {
		if (!peer->options.has("echo"))
			verify(held);
		else if (!echo(held))
			return;
		held->Release();
		held = nullptr;
	}
}

bool send_one()
{
	std::string bytes = content(peer->sent, size_of(peer->sent));
	SteamNetworkingMessage_t *message = SteamNetworkingUtils()->AllocateMessage(static_cast<int>(bytes.size()));
	int64 result = 0;

	memcpy(message->m_pData, bytes.data(), bytes.size());
	message->m_conn = peer->connection;
	message->m_nFlags = peer->options.has("unreliable") ? k_nSteamNetworkingSend_UnreliableNoNagle : k_nSteamNetworkingSend_Reliable;
	message->m_idxLane = static_cast<uint16>(peer->sent % peer->options.number("lanes", 1));
	sockets()->SendMessages(1, &message, &result, true);
	if (result > 0)
		peer->sent++;
	else if (result != -k_EResultLimitExceeded)
		fail("send refused: " + std::to_string(-result));
	return result > 0;
}

void work()
{
	int total = peer->options.number("messages", 0);
	int wanted = total - total * peer->options.number("tolerate", 0) / 100;

	if (peer->waiting != k_HSteamNetConnection_Invalid && Clock::now() >= peer->accept_at) {
		if (sockets()->AcceptConnection(peer->waiting) != k_EResultOK)
			fail("cannot accept");
		peer->waiting = k_HSteamNetConnection_Invalid;
	}
	receive();
	if (!peer->connected || peer->connection == k_HSteamNetConnection_Invalid || peer->options.has("echo"))
		return;
	// What was lost does not come back: unreliable ones are paced by time instead of by echoes.
	int window = peer->options.has("unreliable") ? total : 64;
	int budget = peer->options.has("unreliable") ? 4 : window;
	while (peer->sent < total && peer->sent - peer->verified < window && budget-- > 0 && send_one())
		;
	if (peer->sent < total || peer->verified < wanted)
		return;
	auto idle = std::chrono::milliseconds(peer->options.number("idle", 0));
	if (Clock::now() - peer->connected_at < idle)
		return;
	if (!peer->options.has("stay")) {
		say("verified " + std::to_string(peer->verified));
		sockets()->CloseConnection(peer->connection, 1234, "bye", peer->options.has("linger"));
		peer->done = true;
	}
}

// --- start

void set_config(ESteamNetworkingConfigValue value, const char *option)
{
	if (peer->options.has(option))
		SteamNetworkingUtils()->SetGlobalConfigValueInt32(value, peer->options.number(option, 0));
}

void configure()
{
	ISteamNetworkingUtils *utils = SteamNetworkingUtils();

	utils->SetGlobalCallback_SteamNetConnectionStatusChanged(on_status);
	set_config(k_ESteamNetworkingConfig_Unencrypted, "unencrypted");
	set_config(k_ESteamNetworkingConfig_FakePacketReorder_Send, "reorder");
	set_config(k_ESteamNetworkingConfig_FakePacketDup_Send, "duplicate");
	set_config(k_ESteamNetworkingConfig_FakePacketLag_Send, "lag");
	set_config(k_ESteamNetworkingConfig_SendRateMin, "rate");
	set_config(k_ESteamNetworkingConfig_SendRateMax, "rate");
	set_config(k_ESteamNetworkingConfig_SymmetricConnect, "symmetric");
	if (peer->options.has("loss")) {
		float loss = static_cast<float>(peer->options.number("loss", 0));
		utils->SetGlobalConfigValueFloat(k_ESteamNetworkingConfig_FakePacketLoss_Send, loss);
		utils->SetGlobalConfigValueFloat(k_ESteamNetworkingConfig_FakePacketLoss_Recv, loss);
	}
	if (peer->options.has("stun"))
		utils->SetGlobalConfigValueString(k_ESteamNetworkingConfig_P2P_STUN_ServerList, peer->options.text("stun").c_str());
	if (peer->options.has("turn")) {
		utils->SetGlobalConfigValueString(k_ESteamNetworkingConfig_P2P_TURN_ServerList, peer->options.text("turn").c_str());
		utils->SetGlobalConfigValueString(k_ESteamNetworkingConfig_P2P_TURN_UserList, peer->options.text("turn-user").c_str());
		utils->SetGlobalConfigValueString(k_ESteamNetworkingConfig_P2P_TURN_PassList, peer->options.text("turn-password").c_str());
	}
	set_config(k_ESteamNetworkingConfig_P2P_Transport_ICE_Enable, "ice");
}

void start()
{
	std::string udp = peer->options.text("udp");
	int port = peer->options.number("port", 7);

	if (peer->options.has("signaling"))
		peer->signaling = std::make_unique<SignalingClient>(peer->options.text("signaling"), peer->options.text("identity"));
	if (peer->signaling) {
		peer->signaling->loss = peer->options.number("signal-loss", 0);
		peer->signaling->duplicate = peer->options.number("signal-duplicate", 0);
	}
	if (peer->options.has("listen")) {
		SteamNetworkingIPAddr address;
		address.Clear();
		if (!udp.empty() && !address.ParseString(udp.c_str()))
			fail("bad address " + udp);
		peer->listener = udp.empty() ? sockets()->CreateListenSocketP2P(port, 0, nullptr)
		                             : sockets()->CreateListenSocketIP(address, 0, nullptr);
		if (peer->listener == k_HSteamListenSocket_Invalid)
			fail("cannot listen");
	} else if (!udp.empty()) {
		SteamNetworkingIPAddr address;
		address.ParseString(udp.c_str());
		peer->connection = sockets()->ConnectByIPAddress(address, 0, nullptr);
	} else {
		SteamNetworkingIdentity target;
		SteamNetworkingConfigValue_t local_port;
		local_port.SetInt32(k_ESteamNetworkingConfig_LocalVirtualPort, port);
		target.ParseString(peer->options.text("peer").c_str());
		usleep(static_cast<useconds_t>(peer->options.number("start-delay", 0)) * 1000);
		peer->connection = sockets()->ConnectP2PCustomSignaling(peer->signaling->create_for(target), &target, port, 1, &local_port);
	}
	say("ready");
}

int run()
{
	auto end = Clock::now() + std::chrono::seconds(peer->options.number("timeout", 60));

	while (!peer->done && Clock::now() < end) {
		if (peer->signaling)
			peer->signaling->poll();
		sockets()->RunCallbacks();
		work();
		std::this_thread::sleep_for(std::chrono::microseconds(500));
	}
	if (!peer->done) {
		say("timeout");
		peer->failed = true;
	}
	say("echoed " + std::to_string(peer->echoed));
	// A close must have the time to leave, and stragglers to be answered.
	auto linger = Clock::now() + std::chrono::milliseconds(peer->options.number("exit-delay", 1000));
	while (Clock::now() < linger) {
		if (peer->signaling)
			peer->signaling->poll();
		sockets()->RunCallbacks();
		std::this_thread::sleep_for(std::chrono::milliseconds(5));
	}
	return peer->failed ? 1 : 0;
}

} // namespace

// Options are --name=value or --name.
int main(int argc, char **argv)
{
	SteamNetworkingIdentity identity;
	SteamNetworkingErrMsg message;
	Peer the_peer;

	peer = &the_peer;
	for (int i = 1; i < argc; i++) {
		std::string argument = argv[i] + 2;
		size_t equals = argument.find('=');
		peer->options.values[argument.substr(0, equals)] = equals == std::string::npos ? "1" : argument.substr(equals + 1);
	}
	identity.Clear();
	if (peer->options.has("identity"))
		identity.ParseString(peer->options.text("identity").c_str());
	if (!GameNetworkingSockets_Init(peer->options.has("identity") ? &identity : nullptr, message)) {
		say(std::string("failed ") + message);
		return 1;
	}
	configure();
	start();
	int result = run();
	GameNetworkingSockets_Kill();
	return result;
}
