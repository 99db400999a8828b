// gns_signaling: carries a GNS host's rendezvous signals over the trivial line protocol.
//
// Owns: the TCP connection to the signaling server, one line per signal.
// Does not know: what the signals say.
#pragma once

#include <steam/isteamnetworkingsockets.h>
#include <steam/isteamnetworkingutils.h>
#include <steam/steamnetworkingcustomsignaling.h>

#include <string>
#include <vector>

class SignalingClient {
public:
	SignalingClient(const std::string &server, const std::string &identity);
	~SignalingClient();
	SignalingClient(const SignalingClient &) = delete;
	SignalingClient &operator=(const SignalingClient &) = delete;

	// One per connection; GNS releases it.
	ISteamNetworkingConnectionSignaling *create_for(const SteamNetworkingIdentity &peer);
	void send(const std::string &to, const void *bytes, int size);
	// Hands every signal that has arrived to GNS.
	void poll();

private:
	void on_line(const std::string &line);

	int fd_ = -1;
	std::string buffer_;
};
