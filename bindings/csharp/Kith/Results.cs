// Made by generate.py from abi/kith.json.
// How calls and connections end.
using System;

namespace Kith
{
	/// <summary>What speaks against a certificate. Where proof is demanded it ends the connection.</summary>
	public enum Doubt
	{
		/// <summary>None.</summary>
		None = 0,

		/// <summary>No authority has signed it.</summary>
		Unsigned = 1,

		/// <summary>An authority has signed it that leads to no root of ours.</summary>
		Untrusted = 2,

		/// <summary>The authority that it names did not sign it.</summary>
		Forged = 3,

		/// <summary>It counts no longer.</summary>
		Expired = 4,

		/// <summary>It was made later than five minutes from now.</summary>
		NotYetValid = 5,

		/// <summary>Its key is on our list.</summary>
		Revoked = 6,

		/// <summary>An authority above it counts no longer.</summary>
		AuthorityExpired = 7,

		/// <summary>An authority above it does not count yet.</summary>
		AuthorityNotYet = 8,

		/// <summary>The key of an authority above it is on our list.</summary>
		AuthorityRevoked = 9,

		/// <summary>More than five authorities are above it.</summary>
		ChainTooLong = 10,

		/// <summary>It is not for the one we take the peer for.</summary>
		WrongIdentity = 11,

		/// <summary>The identity is a key, and the peer has another.</summary>
		WrongKey = 12,

		/// <summary>It does not list our application.</summary>
		WrongApp = 13,

		/// <summary>An authority above it may not vouch for our application.</summary>
		AuthorityWrongApp = 14,

		/// <summary>A key was demanded, and the identity is none.</summary>
		NotAKey = 15,

		/// <summary>Proof was demanded, and the peer says not even who it is.</summary>
		Anonymous = 16,

		/// <summary>It is signed and names no identity: an authority's, not a peer's.</summary>
		NoIdentity = 17,

		/// <summary>It names an identity and no application.</summary>
		NoApp = 18,

		/// <summary>It cannot be read.</summary>
		Malformed = 19,
	}

	/// <summary>Why a connection ended, as a number both sides see. Applications close with 1000-1999 (normal) or
	/// 2000-2999 (something went wrong); from 3000 on it is the libraries that speak. A peer may send any
	/// number.</summary>
	public enum Reason
	{
		/// <summary>None.</summary>
		None = 0,

		/// <summary>1000-1999: the application ended it as planned.</summary>
		App = 1000,

		/// <summary>1000-1999: the application ended it as planned.</summary>
		AppMax = 1999,

		/// <summary>2000-2999: the application ended it because of a fault.</summary>
		AppException = 2000,

		/// <summary>2000-2999: the application ended it because of a fault.</summary>
		AppExceptionMax = 2999,

		/// <summary>3000-3999: a problem on this side.</summary>
		LocalOffline = 3001,

		/// <summary>3000-3999: a problem on this side.</summary>
		LocalNetworkConfig = 3004,

		/// <summary>3000-3999: a problem on this side.</summary>
		LocalRights = 3005,

		/// <summary>3000-3999: a problem on this side.</summary>
		LocalNoPublicAddress = 3006,

		/// <summary>4000-4999: a problem of the peer.</summary>
		RemoteTimeout = 4001,

		/// <summary>4000-4999: a problem of the peer.</summary>
		RemoteBadCrypt = 4002,

		/// <summary>4000-4999: a problem of the peer.</summary>
		RemoteBadCertificate = 4003,

		/// <summary>4000-4999: a problem of the peer.</summary>
		RemoteBadProtocolVersion = 4006,

		/// <summary>4000-4999: a problem of the peer.</summary>
		RemoteNoPublicAddress = 4007,

		/// <summary>5000-5999: anything else.</summary>
		Generic = 5001,

		/// <summary>5000-5999: anything else.</summary>
		InternalError = 5002,

		/// <summary>5000-5999: anything else.</summary>
		Timeout = 5003,

		/// <summary>No path was found in time.</summary>
		RendezvousFailed = 5008,

		/// <summary>No path was found in time.</summary>
		NatFirewall = 5009,

		/// <summary>The peer knows nothing of this connection (any more).</summary>
		PeerSentNoConnection = 5010,
	}

	/// <summary>How a call ended: <see cref="Ok"/> or what went wrong.</summary>
	public enum Result
	{
		/// <summary>It is done.</summary>
		Ok = 0,

		/// <summary>An argument is null, malformed or out of range; the message of the exception says which.</summary>
		Invalid = -1,

		/// <summary>The handle names nothing (any more), or an object of another kind.</summary>
		Handle = -2,

		/// <summary>The object exists, but is not in a state that allows this.</summary>
		State = -3,

		/// <summary>A message, text or buffer is larger than the limit that its function names.</summary>
		TooLarge = -4,

		/// <summary>Nothing there yet, or no room now: wait for the event the function names and try again.</summary>
		Again = -5,

		/// <summary>The connection ended; <see cref="Connection.Info"/> says who ended it and why.</summary>
		Closed = -6,

		/// <summary>The peer said no.</summary>
		Rejected = -7,

		/// <summary>A certificate, key or identity did not stand up to the check.</summary>
		Auth = -8,

		/// <summary>No path to the peer: neither directly nor through a relay.</summary>
		NoRoute = -9,

		/// <summary>It took longer than allowed.</summary>
		Timeout = -10,

		/// <summary>It was closed or destroyed meanwhile.</summary>
		Cancelled = -11,

		/// <summary>This library, system or peer cannot do it.</summary>
		Unsupported = -12,

		/// <summary>A system call failed: descriptors, ports, buffers; the message of the exception has the system's
		/// words.</summary>
		System = -13,

		/// <summary>What would be made is there already (a listener on this virtual port, for example).</summary>
		Exists = -14,

		/// <summary>No value, name or file like that.</summary>
		NotFound = -15,

		/// <summary>Too many objects of this kind.</summary>
		Limit = -16,

		/// <summary>What came from the peer makes no sense; it was dropped.</summary>
		Protocol = -17,

		/// <summary>A signal handler of the process ran while a function waited; call it again.</summary>
		Interrupted = -18,
	}

	/// <summary>Why a session was closed: the reason of its event.</summary>
	public enum SessionReason
	{
		/// <summary>By the application, or as its endpoint was destroyed.</summary>
		Closed = 1001,

		/// <summary>It was idle for too long.</summary>
		Idle = 1002,
	}

	/// <summary>Where a connection failed, or would if it failed now.</summary>
	public enum Stage
	{
		/// <summary>It works, or has just begun.</summary>
		None = 0,

		/// <summary>No socket, no usable address, no descriptor, nothing that the configuration allows.</summary>
		Local = 1,

		/// <summary>Signals cannot leave: every signaling service of the endpoint has failed.</summary>
		Signaling = 2,

		/// <summary>Requests leave and nothing comes back. Peer to peer: nobody of that identity is at the signaling
		/// service, or listens on that virtual port, or its application does not accept. By address: nobody listens
		/// there, or a firewall drops the packets.</summary>
		PeerSilent = 3,

		/// <summary>The other side is there, but an application let the request expire.</summary>
		NotAccepted = 4,

		/// <summary>The other application said no; <c>Reason</c> and <c>Text</c> are its own.</summary>
		Refused = 5,

		/// <summary>A certificate, key or identity was refused, by this side or the other; the text says why.</summary>
		Certificate = 6,

		/// <summary>One side speaks a version of the protocol that is too old for the other.</summary>
		Version = 7,

		/// <summary>A TURN server refused the user or the password, or gave nothing, and nothing else works.</summary>
		Relay = 8,

		/// <summary>Both sides agree, but no STUN or TURN server answers over UDP, and nothing else works.</summary>
		UdpBlocked = 9,

		/// <summary>Both sides agree, but no pair of their addresses works.</summary>
		NoPath = 10,

		/// <summary>It was connected, and then nothing came any more.</summary>
		Timeout = 11,

		/// <summary>What came from the peer made no sense.</summary>
		Protocol = 12,

		/// <summary>The peer ended it, or knows nothing of it any more.</summary>
		Closed = 13,
	}
}
