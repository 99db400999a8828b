// gns_peer: the other implementation as a test peer, through its public headers alone. See driver.h.
//
// Built only where a GameNetworkingSockets package is installed.
#include <steam/isteamnetworkingutils.h>
#include <steam/steamnetworkingsockets.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "gns_signaling.h"

extern "C" {
#include "driver.h"
}

namespace {

std::unique_ptr<SignalingClient> signaling;
SteamNetworkingMessage_t *held; // received, not taken by the driver yet

ISteamNetworkingSockets *sockets()
{
	return SteamNetworkingSockets();
}

std::string text_of(const SteamNetworkingIdentity &identity)
{
	char text[SteamNetworkingIdentity::k_cchMaxString];
	identity.ToString(text, sizeof text);
	return text;
}

// --- events

void on_connected(HSteamNetConnection connection, const SteamNetConnectionInfo_t &info)
{
	std::string peer = text_of(info.m_identityRemote);
	bool listened = info.m_hListenSocket != k_HSteamListenSocket_Invalid;
	driver_connected how = {};

	how.peer = peer.c_str();
	how.role = listened ? "server" : "either";
	how.cipher = info.m_nFlags & k_nSteamNetworkConnectionInfoFlags_Unencrypted ? "none" : "aes";
	how.route = info.m_nFlags & k_nSteamNetworkConnectionInfoFlags_Relayed ? "RELAY" : "DIRECT";
	driver_on_connected(connection, &how);
}

void on_status(SteamNetConnectionStatusChangedCallback_t *change)
{
	const SteamNetConnectionInfo_t &info = change->m_info;

	switch (info.m_eState) {
	case k_ESteamNetworkingConnectionState_Connecting:
		if (change->m_eOldState == k_ESteamNetworkingConnectionState_None &&
		    info.m_hListenSocket != k_HSteamListenSocket_Invalid)
			driver_on_incoming(change->m_hConn, text_of(info.m_identityRemote).c_str());
		break;
	case k_ESteamNetworkingConnectionState_Connected:
		on_connected(change->m_hConn, info);
		break;
	case k_ESteamNetworkingConnectionState_ClosedByPeer:
	case k_ESteamNetworkingConnectionState_ProblemDetectedLocally:
		driver_on_closed(change->m_hConn, info.m_eState == k_ESteamNetworkingConnectionState_ClosedByPeer,
		                 info.m_eEndReason, info.m_szEndDebug);
		break;
	default:
		break;
	}
}

void wait_for_events(int milliseconds)
{
	auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);

	do {
		if (signaling)
			signaling->poll();
		sockets()->RunCallbacks();
		std::this_thread::sleep_for(std::chrono::microseconds(milliseconds > 1 ? 2000 : 500));
	} while (std::chrono::steady_clock::now() < end);
}

// --- open

// By the name that the library itself gives the value.
bool set_by_name(const plan_setting &setting)
{
	ISteamNetworkingUtils *utils = SteamNetworkingUtils();
	ESteamNetworkingConfigDataType type;

	for (auto value = utils->IterateGenericEditableConfigValues(k_ESteamNetworkingConfig_Invalid, true);
	     value != k_ESteamNetworkingConfig_Invalid; value = utils->IterateGenericEditableConfigValues(value, true)) {
		const char *name = utils->GetConfigValueInfo(value, &type, nullptr);
		if (name == nullptr || strcmp(name, setting.name) != 0)
			continue;
		if (type == k_ESteamNetworkingConfig_Int32)
			return utils->SetGlobalConfigValueInt32(value, atoi(setting.value));
		if (type == k_ESteamNetworkingConfig_Float)
			return utils->SetGlobalConfigValueFloat(value, static_cast<float>(atof(setting.value)));
		return type == k_ESteamNetworkingConfig_String && utils->SetGlobalConfigValueString(value, setting.value);
	}
	return false;
}

bool configure(const plan_options &options)
{
	SteamNetworkingUtils()->SetGlobalCallback_SteamNetConnectionStatusChanged(on_status);
	for (int i = 0; i < options.setting_count; i++)
		if (!set_by_name(options.settings[i])) {
			driver_say("no value %s", options.settings[i].name);
			return false;
		}
	return true;
}

// Asks for a certificate through a file, and takes it from another that comes in time.
bool get_certificate(const std::string &path)
{
	SteamNetworkingErrMsg message = "the certificate does not come";
	char request[1024];
	int size = sizeof request;
	std::string certificate;

	if (!sockets()->GetCertificateRequest(&size, request, message)) {
		driver_say("%s", message);
		return false;
	}
	std::ofstream(path, std::ios::binary).write(request, size);
	driver_say("request written");
	for (int i = 0; i < 1000 && certificate.empty(); i++) {
		std::ifstream file(path + ".cert", std::ios::binary);
		certificate.assign(std::istreambuf_iterator<char>(file), {});
		std::this_thread::sleep_for(std::chrono::milliseconds(certificate.empty() ? 10 : 0));
	}
	if (sockets()->SetCertificate(certificate.data(), static_cast<int>(certificate.size()), message))
		return true;
	driver_say("no certificate: %s", message);
	return false;
}

bool listen_there(const plan_options &options)
{
	SteamNetworkingConfigValue_t symmetric;
	SteamNetworkingIPAddr address;

	symmetric.SetInt32(k_ESteamNetworkingConfig_SymmetricConnect, options.symmetric);
	address.Clear();
	if (options.udp == nullptr)
		return sockets()->CreateListenSocketP2P(options.port, 1, &symmetric) != k_HSteamListenSocket_Invalid;
	return address.ParseString(options.udp) &&
	       sockets()->CreateListenSocketIP(address, 0, nullptr) != k_HSteamListenSocket_Invalid;
}

bool open_library(const plan_options *options)
{
	SteamNetworkingIdentity identity;
	SteamNetworkingErrMsg message;

	identity.Clear();
	if (options->identity != nullptr && !identity.ParseString(options->identity))
		return false;
	if (!GameNetworkingSockets_Init(options->identity != nullptr ? &identity : nullptr, message)) {
		driver_say("%s", message);
		return false;
	}
	if (!configure(*options))
		return false;
	if (options->certificate != nullptr && !get_certificate(options->certificate))
		return false;
	try {
		if (options->signaling != nullptr)
			signaling = std::make_unique<SignalingClient>(options->signaling, options->identity);
	} catch (const std::runtime_error &error) {
		driver_say("%s", error.what());
		return false;
	}
	return !options->listen || listen_there(*options);
}

uint64_t call(const plan_options *options)
{
	SteamNetworkingConfigValue_t values[2];
	SteamNetworkingIPAddr address;
	SteamNetworkingIdentity peer;

	address.Clear();
	peer.Clear();
	if (options->udp != nullptr)
		return address.ParseString(options->udp) ? sockets()->ConnectByIPAddress(address, 0, nullptr) : 0;
	if (!peer.ParseString(options->peer))
		return 0;
	values[0].SetInt32(k_ESteamNetworkingConfig_LocalVirtualPort, options->port);
	values[1].SetInt32(k_ESteamNetworkingConfig_SymmetricConnect, options->symmetric);
	return sockets()->ConnectP2PCustomSignaling(signaling->create_for(peer), &peer, options->port, 2, values);
}

// --- connections

HSteamNetConnection handle(uint64_t connection)
{
	return static_cast<HSteamNetConnection>(connection);
}

bool accept_connection(uint64_t connection)
{
	return sockets()->AcceptConnection(handle(connection)) == k_EResultOK;
}

void close_connection(uint64_t connection, int reason, const char *text, bool linger)
{
	sockets()->CloseConnection(handle(connection), reason, text, linger);
}

void set_lanes(uint64_t connection, int count)
{
	sockets()->ConfigureConnectionLanes(handle(connection), count, nullptr, nullptr);
}

driver_sent send_message(uint64_t connection, const plan_message *message, int64_t *number)
{
	SteamNetworkingMessage_t *out = SteamNetworkingUtils()->AllocateMessage(message->size);
	int64 result = 0;

	if (message->size > 0)
		memcpy(out->m_pData, message->bytes, static_cast<size_t>(message->size));
	out->m_conn = handle(connection);
	out->m_nFlags = message->reliable ? k_nSteamNetworkingSend_Reliable : k_nSteamNetworkingSend_Unreliable;
	out->m_idxLane = static_cast<uint16>(message->lane);
	sockets()->SendMessages(1, &out, &result, true);
	if (result == -k_EResultLimitExceeded)
		return DRIVER_FULL;
	*number = result;
	return result > 0 ? DRIVER_SENT : DRIVER_REFUSED;
}

void receive(uint64_t connection)
{
	while (held != nullptr || sockets()->ReceiveMessagesOnConnection(handle(connection), &held, 1) == 1) {
		plan_message message = { held->m_pData, held->m_cbSize, held->m_idxLane,
			                     (held->m_nFlags & k_nSteamNetworkingSend_Reliable) != 0, held->m_nMessageNumber };
		if (!driver_on_message(&message))
			return;
		held->Release();
		held = nullptr;
	}
}

void read_status(uint64_t connection, driver_status *out)
{
	SteamNetConnectionRealTimeStatus_t status;

	if (sockets()->GetConnectionRealTimeStatus(handle(connection), &status, 0, nullptr) == k_EResultOK)
		out->ping_usec = status.m_nPing < 0 ? -1 : status.m_nPing * 1000;
}

} // namespace

int main(int argc, char **argv)
{
	driver_port port = {};

	port.open = open_library;
	port.call = call;
	port.accept = accept_connection;
	port.close = close_connection;
	port.lanes = set_lanes;
	port.send = send_message;
	port.receive = receive;
	port.status = read_status;
	port.wait = wait_for_events;
	int result = driver_run(&port, argc, argv);
	GameNetworkingSockets_Kill();
	return result;
}
