#include "gns_signaling.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace {

std::string text_of(const SteamNetworkingIdentity &identity)
{
	char text[SteamNetworkingIdentity::k_cchMaxString];
	identity.ToString(text, sizeof text);
	return text;
}

class ConnectionSignaling final : public ISteamNetworkingConnectionSignaling {
public:
	ConnectionSignaling(SignalingClient *owner, const SteamNetworkingIdentity &peer)
		: owner_(owner)
		, peer_(text_of(peer))
	{
	}

	bool SendSignal(HSteamNetConnection, const SteamNetConnectionInfo_t &, const void *bytes, int size) override
	{
		owner_->send(peer_, bytes, size);
		return true;
	}

	void Release() override { delete this; }

private:
	SignalingClient *owner_;
	std::string peer_;
};

class ReceiveContext final : public ISteamNetworkingSignalingRecvContext {
public:
	explicit ReceiveContext(SignalingClient *owner)
		: owner_(owner)
	{
	}

	ISteamNetworkingConnectionSignaling *OnConnectRequest(HSteamNetConnection, const SteamNetworkingIdentity &peer,
	                                                      int) override
	{
		return owner_->create_for(peer);
	}

	void SendRejectionSignal(const SteamNetworkingIdentity &peer, const void *bytes, int size) override
	{
		owner_->send(text_of(peer), bytes, size);
	}

private:
	SignalingClient *owner_;
};

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

SignalingClient::SignalingClient(const std::string &server, const std::string &identity)
{
	size_t colon = server.rfind(':');
	addrinfo hints = {};
	addrinfo *found = nullptr;

	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(server.substr(0, colon).c_str(), server.substr(colon + 1).c_str(), &hints, &found) != 0)
		throw std::runtime_error("cannot resolve " + server);
	fd_ = socket(found->ai_family, SOCK_STREAM, 0);
	if (connect(fd_, found->ai_addr, found->ai_addrlen) != 0)
		throw std::runtime_error("cannot reach " + server);
	freeaddrinfo(found);
	std::string greeting = identity + "\n";
	(void)!::send(fd_, greeting.data(), greeting.size(), MSG_NOSIGNAL);
}

SignalingClient::~SignalingClient()
{
	close(fd_);
}

ISteamNetworkingConnectionSignaling *SignalingClient::create_for(const SteamNetworkingIdentity &peer)
{
	return new ConnectionSignaling(this, peer);
}

void SignalingClient::send(const std::string &to, const void *bytes, int size)
{
	static const char digits[] = "0123456789abcdef";
	std::string line = to + " ";

	for (int i = 0; i < size; i++) {
		unsigned char byte = static_cast<const unsigned char *>(bytes)[i];
		line += digits[byte >> 4];
		line += digits[byte & 15];
	}
	line += '\n';
	(void)!::send(fd_, line.data(), line.size(), MSG_NOSIGNAL);
}

void SignalingClient::on_line(const std::string &line)
{
	size_t space = line.find(' ');
	std::vector<unsigned char> bytes;

	if (space == std::string::npos)
		return;
	for (size_t i = space + 1; i + 1 < line.size(); i += 2)
		bytes.push_back(static_cast<unsigned char>(hex_digit(line[i]) * 16 + hex_digit(line[i + 1])));
	ReceiveContext context(this);
	SteamNetworkingSockets()->ReceivedP2PCustomSignal(bytes.data(), static_cast<int>(bytes.size()), &context);
}

void SignalingClient::poll()
{
	char chunk[65536];
	ssize_t got;

	while ((got = recv(fd_, chunk, sizeof chunk, MSG_DONTWAIT)) > 0)
		buffer_.append(chunk, static_cast<size_t>(got));
	for (size_t end; (end = buffer_.find('\n')) != std::string::npos;) {
		std::string line = buffer_.substr(0, end);
		buffer_.erase(0, end + 1);
		on_line(line);
	}
}
