// gns_messages: the other implementation's ISteamNetworkingMessages as a test peer. See talk.h.
//
// Built only where a GameNetworkingSockets package is installed.
#include <steam/isteamnetworkingmessages.h>
#include <steam/isteamnetworkingutils.h>
#include <steam/steamnetworkingsockets.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "gns_signaling.h"

extern "C" {
#include "talk.h"
}

namespace {

std::unique_ptr<SignalingClient> signaling;
SteamNetworkingMessage_t *held; // received, not taken yet
std::string answer;

ISteamNetworkingMessages *messages()
{
	return SteamNetworkingMessages();
}

std::string text_of(const SteamNetworkingIdentity &identity)
{
	char text[SteamNetworkingIdentity::k_cchMaxString];
	identity.ToString(text, sizeof text);
	return text;
}

SteamNetworkingIdentity peer_of(const char *text)
{
	SteamNetworkingIdentity peer;
	peer.ParseString(text);
	return peer;
}

ISteamNetworkingConnectionSignaling *create_signaling(ISteamNetworkingSockets *, const SteamNetworkingIdentity &peer,
                                                      int, int)
{
	return signaling->create_for(peer);
}

void on_request(SteamNetworkingMessagesSessionRequest_t *request)
{
	talk_on_request(text_of(request->m_identityRemote).c_str());
}

void on_failed(SteamNetworkingMessagesSessionFailed_t *failure)
{
	talk_on_failed(text_of(failure->m_info.m_identityRemote).c_str(), failure->m_info.m_eEndReason,
	               failure->m_info.m_szEndDebug);
}

bool open_library(const talk_options *options)
{
	ISteamNetworkingUtils *utils;
	SteamNetworkingIdentity identity;
	SteamNetworkingErrMsg message;

	if (!identity.ParseString(options->identity) || !GameNetworkingSockets_Init(&identity, message)) {
		talk_say("%s", message);
		return false;
	}
	utils = SteamNetworkingUtils();
	if (options->rate > 0) {
		utils->SetGlobalConfigValueInt32(k_ESteamNetworkingConfig_SendRateMin, options->rate);
		utils->SetGlobalConfigValueInt32(k_ESteamNetworkingConfig_SendRateMax, options->rate);
		utils->SetGlobalConfigValueInt32(k_ESteamNetworkingConfig_SendBufferSize, 2097152);
	}
	utils->SetGlobalConfigValuePtr(k_ESteamNetworkingConfig_Callback_CreateConnectionSignaling,
	                               reinterpret_cast<void *>(create_signaling));
	utils->SetGlobalCallback_MessagesSessionRequest(on_request);
	utils->SetGlobalCallback_MessagesSessionFailed(on_failed);
	try {
		signaling = std::make_unique<SignalingClient>(options->signaling, options->identity);
	} catch (const std::runtime_error &error) {
		talk_say("%s", error.what());
		return false;
	}
	return true;
}

talk_sent send_message(const talk_message *message, const char **why)
{
	int flags = message->reliable ? k_nSteamNetworkingSend_ReliableNoNagle : k_nSteamNetworkingSend_UnreliableNoNagle;

	if (message->restart)
		flags |= k_nSteamNetworkingSend_AutoRestartBrokenSession;
	EResult result = messages()->SendMessageToUser(peer_of(message->peer), message->bytes,
	                                               static_cast<uint32>(message->size), flags, message->channel);
	answer = std::to_string(result);
	*why = answer.c_str();
	return result == k_EResultOK ? TALK_SENT : result == k_EResultLimitExceeded ? TALK_FULL : TALK_REFUSED;
}

bool accept_session(const char *peer)
{
	return messages()->AcceptSessionWithUser(peer_of(peer));
}

bool close_session(const char *peer)
{
	return messages()->CloseSessionWithUser(peer_of(peer));
}

bool close_channel(const char *peer, int channel)
{
	return messages()->CloseChannelWithUser(peer_of(peer), channel);
}

const char *state(const char *peer)
{
	static const char *const names[] = { "NONE",      "CONNECTING",     "FINDING_ROUTE",
		                                 "CONNECTED", "CLOSED_BY_PEER", "PROBLEM_DETECTED_LOCALLY" };
	int now = messages()->GetSessionConnectionInfo(peer_of(peer), nullptr, nullptr);

	return now >= 0 && now < 6 ? names[now] : "UNKNOWN";
}

void wait_for_events(int milliseconds)
{
	signaling->poll();
	SteamNetworkingSockets()->RunCallbacks();
	std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

void receive(int channel)
{
	// One that had to wait is of another channel, as may be.
	while (held != nullptr || messages()->ReceiveMessagesOnChannel(channel, &held, 1) == 1) {
		std::string peer = text_of(held->m_identityPeer);
		talk_message message = {};
		message.peer = peer.c_str();
		message.channel = held->m_nChannel;
		message.bytes = held->m_pData;
		message.size = held->m_cbSize;
		message.reliable = (held->m_nFlags & k_nSteamNetworkingSend_Reliable) != 0;
		if (!talk_on_message(&message))
			return;
		held->Release();
		held = nullptr;
	}
}

} // namespace

int main(int argc, char **argv)
{
	talk_port port = {};

	port.open = open_library;
	port.send = send_message;
	port.accept = accept_session;
	port.close = close_session;
	port.close_channel = close_channel;
	port.state = state;
	port.wait = wait_for_events;
	port.receive = receive;
	int status = talk_run(&port, argc, argv);
	if (held != nullptr)
		held->Release();
	GameNetworkingSockets_Kill();
	return status;
}
