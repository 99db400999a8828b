// Made by generate.py from abi/kith.json.
// The options, by number.
using System;

namespace Kith
{
	/// <summary>The options. docs/config.md has their ranges and defaults, <see cref="OptionInfo"/> tells them to a
	/// program.</summary>
	public enum Option
	{
		/// <summary>None.</summary>
		None = 0,

		/// <summary>Milliseconds until a connection that is being made has to be connected. 0: no limit.</summary>
		TimeoutInitial = 1,

		/// <summary>Milliseconds without any packet that end a connection, from the first unanswered question on. 0: no
		/// limit.</summary>
		TimeoutConnected = 2,

		/// <summary>Milliseconds that a close with linger may go on sending what is queued, at most.</summary>
		LingerTimeout = 3,

		/// <summary>Milliseconds without a packet after which a peer that was found by signals is asked whether it
		/// lives.</summary>
		ProbeInterval = 4,

		/// <summary>Microseconds that a small message may wait for others to share its packet.</summary>
		NagleTime = 5,

		/// <summary>Bytes queued or unacknowledged before sending answers <see cref="Result.Again"/>.</summary>
		SendBufferSize = 6,

		/// <summary>Bytes received and not read yet.</summary>
		RecvBufferSize = 7,

		/// <summary>Messages received and not read yet.</summary>
		RecvBufferMessages = 8,

		/// <summary>Bytes; a larger message ends the connection.</summary>
		RecvMaxMessageSize = 9,

		/// <summary>Segments of messages in one packet; what a packet has beyond is not taken.</summary>
		RecvMaxSegmentsPerPacket = 10,

		/// <summary>Bytes asked of the system for each UDP socket and direction.</summary>
		UdpBufferSize = 11,

		/// <summary>Bytes per second, the least the congestion control goes down to.</summary>
		SendRateMin = 12,

		/// <summary>Bytes per second, the most; or the fixed rate.</summary>
		SendRateMax = 13,

		/// <summary>0: by delivery rate and round-trip time; 1: fixed at <see cref="Option.SendRateMax"/>.</summary>
		CongestionControl = 14,

		/// <summary>Bytes of the largest UDP payload sent.</summary>
		MtuPacketSize = 15,

		/// <summary>1: packets carry the time since the one before, for jitter; 0: not; -1: not to GNS peers.</summary>
		SendTimeSincePreviousPacket = 16,

		/// <summary>Peers by address without a trusted certificate: 0 refuse, 1 warn, 2 accept.</summary>
		IPAllowWithoutAuth = 17,

		/// <summary>The same for peers on this machine.</summary>
		IPLocalHostAllowWithoutAuth = 18,

		/// <summary>0 always encrypted, 1 unencrypted if the peer insists, 2 if it allows, 3 only
		/// unencrypted.</summary>
		Unencrypted = 19,

		/// <summary>1: when both sides call each other, the calls become one connection.</summary>
		SymmetricConnect = 20,

		/// <summary>The virtual port a call comes from; -1: the one it goes to.</summary>
		LocalVirtualPort = 21,

		/// <summary>"host:port", several with commas.</summary>
		P2pStunServerList = 22,

		/// <summary>"turn:host:port?transport=udp", several with commas; users and passwords in the same order. A
		/// connection that goes through a relay moves to what is set.</summary>
		P2pTurnServerList = 23,

		/// <summary>"turn:host:port?transport=udp", several with commas; users and passwords in the same order. A
		/// connection that goes through a relay moves to what is set.</summary>
		P2pTurnUserList = 24,

		/// <summary>"turn:host:port?transport=udp", several with commas; users and passwords in the same order. A
		/// connection that goes through a relay moves to what is set.</summary>
		P2pTurnPassList = 25,

		/// <summary><see cref="Share"/> bits in GNS's word; 0: no ICE; -1: the default.</summary>
		P2pTransportIceEnable = 26,

		/// <summary>Accepted for programs that set it; no effect.</summary>
		P2pTransportIceImplementation = 27,

		/// <summary>Accepted for programs that set it; no effect.</summary>
		P2pTransportIcePenalty = 28,

		/// <summary>Which addresses of ours the peer is told: <see cref="Share"/> bits. It may see others when data or
		/// checks come from them; only <see cref="Share.Relay"/> alone, or <see cref="Option.RelayOnly"/>, reveals
		/// none.</summary>
		IceShare = 29,

		/// <summary>1: only through relays; the peer learns no address of ours.</summary>
		RelayOnly = 30,

		/// <summary>0: never many datagrams of one size in one system call.</summary>
		UseGso = 31,

		/// <summary>0: one datagram per system call.</summary>
		UseBatchedIo = 32,

		/// <summary>0: libnice's own socket carries the data of a direct pair.</summary>
		UseSiblingSocket = 33,

		/// <summary>Only read: bytes of the largest message that travels in one packet.</summary>
		MtuDataSize = 34,

		/// <summary>Milliseconds without use after which a session of <see cref="Messages"/> is closed. 0:
		/// never.</summary>
		MessagesIdleTimeout = 35,

		/// <summary>Sessions asked for by strangers and not accepted yet; more are not noticed. 0: none are.</summary>
		MessagesWaitingMax = 36,

		/// <summary>What has to prove a peer's identity: <see cref="Require"/>.</summary>
		RequireProof = 37,

		/// <summary>Percent of the datagrams sent that are lost.</summary>
		FakePacketLossSend = 38,

		/// <summary>Percent of the datagrams received that are lost.</summary>
		FakePacketLossRecv = 39,

		/// <summary>Milliseconds by which every datagram sent is late.</summary>
		FakePacketLagSend = 40,

		/// <summary>Milliseconds by which every datagram received is late.</summary>
		FakePacketLagRecv = 41,

		/// <summary>Milliseconds more on average, by chance (exponential), for datagrams sent; they keep their
		/// order.</summary>
		FakePacketJitterSendAvg = 42,

		/// <summary>Milliseconds that FakePacketJitter_Send_Avg adds at most.</summary>
		FakePacketJitterSendMax = 43,

		/// <summary>Percent of the datagrams sent that FakePacketJitter_Send_Avg concerns.</summary>
		FakePacketJitterSendPct = 44,

		/// <summary>Milliseconds more on average, by chance (exponential), for datagrams received; they keep their
		/// order.</summary>
		FakePacketJitterRecvAvg = 45,

		/// <summary>Milliseconds that FakePacketJitter_Recv_Avg adds at most.</summary>
		FakePacketJitterRecvMax = 46,

		/// <summary>Percent of the datagrams received that FakePacketJitter_Recv_Avg concerns.</summary>
		FakePacketJitterRecvPct = 47,

		/// <summary>Percent of the datagrams sent that others may overtake.</summary>
		FakePacketReorderSend = 48,

		/// <summary>Percent of the datagrams received that others may overtake.</summary>
		FakePacketReorderRecv = 49,

		/// <summary>Milliseconds by which those are late; both directions.</summary>
		FakePacketReorderTime = 50,

		/// <summary>Percent of the datagrams sent that come twice.</summary>
		FakePacketDupSend = 51,

		/// <summary>Percent of the datagrams received that come twice.</summary>
		FakePacketDupRecv = 52,

		/// <summary>Milliseconds until the second one, at most; both directions.</summary>
		FakePacketDupTimeMax = 53,

		/// <summary>Bytes per second that may be sent; what is above it is lost. 0: no limit.</summary>
		FakeRateLimitSendRate = 54,

		/// <summary>Bytes that may be sent at once after a pause.</summary>
		FakeRateLimitSendBurst = 55,

		/// <summary>Bytes per second that may be received; what is above it is lost. 0: no limit.</summary>
		FakeRateLimitRecvRate = 56,

		/// <summary>Bytes that may be received at once after a pause.</summary>
		FakeRateLimitRecvBurst = 57,

		/// <summary>Secrets shared with the TURN servers, in the order of these: users and passwords that end are made
		/// of them.</summary>
		P2pTurnSecretList = 58,

		/// <summary>Seconds until those end.</summary>
		P2pTurnLifetime = 59,

		/// <summary>1: packets are as large as the path is found to take (RFC 8899); 0: as MTU_PacketSize
		/// says.</summary>
		MtuDiscovery = 60,
	}
}
