// Made by generate.py from abi/kith.json.
// The kinds and states of things, by number.
using System;

namespace Kith
{
	/// <summary>The form in which certificates and requests are written.</summary>
	public enum CertificateForm
	{
		/// <summary>A block of lines. What is needed does not count a NUL, and none is written.</summary>
		Text = 0,

		/// <summary>The bare bytes, as GNS's SetCertificate() takes them.</summary>
		Binary = 1,
	}

	/// <summary>What a certificate is for.</summary>
	public enum CertificateKind
	{
		/// <summary>None.</summary>
		None = 0,

		/// <summary>Somebody's: it names an identity.</summary>
		Peer = 1,

		/// <summary>An authority's: it names none, and what its key signs counts, if its own signer does.</summary>
		Authority = 2,

		/// <summary>An authority's, signed by its own key; or, in a list of roots, a bare key.</summary>
		Root = 3,

		/// <summary>No certificate yet: somebody asks for one.</summary>
		Request = 4,
	}

	/// <summary>The life of a connection, from top to bottom; the last two are the closed states.</summary>
	public enum ConnectionState
	{
		/// <summary>Not yet, or no longer, a connection.</summary>
		None = 0,

		/// <summary>Called, or asked for by a peer and not accepted yet.</summary>
		Connecting = 1,

		/// <summary>Both sides agree; a path is being looked for (peer to peer only).</summary>
		FindingRoute = 2,

		/// <summary>Messages flow.</summary>
		Connected = 3,

		/// <summary>The peer ended it. Messages that arrived before may still be received.</summary>
		ClosedByPeer = 4,

		/// <summary>Ended on this side: time-out, refused certificate, no route...</summary>
		ProblemDetectedLocally = 5,
	}

	/// <summary>What happened. A newer library may send types that are not listed here.</summary>
	public enum EventType
	{
		/// <summary>None.</summary>
		None = 0,

		/// <summary><c>Connection</c> went from <c>OldState</c> to <c>State</c>. A peer that asks for a connection
		/// comes as old_state NONE, state CONNECTING, with <c>Listener</c> set: answer with
		/// <see cref="Connection.Accept"/> or <see cref="Connection.Close"/>; doing neither lets the request expire
		/// without an answer. A closed state carries <c>Reason</c>, <c>Result</c> and <c>Text</c>; no event of this
		/// connection follows it, what was received can still be read until the next event is taken after it, and
		/// closing the handle is allowed but not necessary.</summary>
		State = 1,

		/// <summary>Messages arrived for <c>Connection</c> since it had none left or, when that is 0, for a member of
		/// <c>PollGroup</c>. Receive until fewer come than asked for; the next event comes when new ones arrive after
		/// that. There may be none by the time the event is read.</summary>
		Readable = 2,

		/// <summary><c>Connection</c> answered <see cref="Result.Again"/> to a message and has room now.</summary>
		Writable = 3,

		/// <summary>The data of <c>Connection</c> takes another way: <c>Route</c>, <c>Local</c>,
		/// <c>Remote</c>.</summary>
		Route = 4,

		/// <summary>Without a signaling of its own an endpoint hands rendezvous signals out: carry <c>Data</c> to
		/// <c>Peer</c>, whose program gives it to its <see cref="Endpoint.ReceiveSignal"/>.</summary>
		Signal = 5,

		/// <summary><c>Signaling</c> is now in <c>State</c> (<see cref="SignalingState"/>); <c>Text</c> says why it
		/// failed.</summary>
		SignalingState = 6,

		/// <summary>Something failed that belongs to no connection: <c>Result</c> and <c>Text</c>. What runs goes
		/// on.</summary>
		Error = 7,

		/// <summary><c>Peer</c> sends messages and there is no session with it: answer with
		/// <see cref="Messages.Accept"/>, or by sending; or refuse with <see cref="Messages.Close"/>. Doing nothing
		/// lets the request expire without an answer, which <see cref="EventType.SessionEnded"/> tells; who goes on
		/// sending asks again.</summary>
		SessionRequest = 8,

		/// <summary>Messages flow between us and <c>Peer</c>: <c>Route</c>, <c>Local</c>, <c>Remote</c>.</summary>
		SessionConnected = 9,

		/// <summary>The session with <c>Peer</c> is over, and nothing was under way: <c>State</c> (closed by the peer,
		/// a problem found here, or NONE: closed here for being idle), <c>Reason</c>, <c>Result</c>, <c>Text</c>. What
		/// arrived before can be received; the next message starts a new session. Who has no use for this event can
		/// ignore it.</summary>
		SessionEnded = 10,

		/// <summary>The session with <c>Peer</c> broke, or never came about; what was under way may be lost:
		/// <c>State</c>, <c>Reason</c>, <c>Result</c>, <c>Text</c>. Sending answers <see cref="Result.Closed"/> until
		/// it is closed or restarted.</summary>
		SessionFailed = 11,

		/// <summary>Sending to <c>Peer</c> answered <see cref="Result.Again"/>, and there is room now.</summary>
		SessionWritable = 12,

		/// <summary>Messages arrived on <c>Channel</c> since it had none left. Receive until fewer come than asked for;
		/// the next event comes when new ones arrive after that. There may be none by the time the event is
		/// read.</summary>
		ChannelReadable = 13,

		/// <summary>Messages of <c>Connection</c> were dropped unsent because their time to live was over, for the
		/// first time or since the last such event; <see cref="ConnectionStatus.MessagesExpired"/> of
		/// <see cref="ConnectionStatus"/> counts them.</summary>
		Expired = 14,

		/// <summary>Users of TURN servers whose names say when they end ("1767225600:name") do so within a minute, or a
		/// quarter of the time that they had left: set others, <see cref="Option.P2pTurnUserList"/> and
		/// <see cref="Option.P2pTurnPassList"/>, of <c>Connection</c> if the lists are its own or of its listener, else
		/// (0) of the endpoint. Connections that go through a relay then move to one with these. Told once for each
		/// list.</summary>
		TurnCredentials = 15,
	}

	/// <summary>What a text about a connection leaves out.</summary>
	[Flags]
	public enum Hide : uint
	{
		/// <summary>IP addresses and names of servers: kinds of addresses are told instead.</summary>
		Addresses = 1,
	}

	/// <summary>A histogram of <see cref="Statistics"/>.</summary>
	public enum Histogram
	{
		/// <summary>Ping.</summary>
		Ping = 0,

		/// <summary>Quality.</summary>
		Quality = 1,

		/// <summary>Jitter.</summary>
		Jitter = 2,
	}

	/// <summary>The kind of an identity.</summary>
	public enum IdentityKind
	{
		/// <summary>Nobody.</summary>
		None = 0,

		/// <summary>An account of Steam.</summary>
		SteamId = 1,

		/// <summary>An account of Xbox.</summary>
		XboxPairwise = 2,

		/// <summary>An account of PlayStation.</summary>
		Psn = 3,

		/// <summary>An address; ip:127.0.0.1 and ip:::1 mean "anonymous".</summary>
		Ip = 4,

		/// <summary>A text that means something to the application.</summary>
		String = 5,

		/// <summary>1-31 bytes that mean something to the application.</summary>
		Generic = 6,

		/// <summary>A kind from a newer or foreign library, compared by its text.</summary>
		Unknown = 7,

		/// <summary>32 bytes: an Ed25519 public key.</summary>
		Key = 8,
	}

	/// <summary>The form of a public key's text.</summary>
	public enum KeyForm
	{
		/// <summary>What <see cref="PublicKey.Save"/> writes, without the end of the line.</summary>
		File = 0,

		/// <summary>"ssh-ed25519 AAAA...", as OpenSSH has it, and GNS for its roots.</summary>
		Ssh = 1,
	}

	/// <summary>How much is logged: everything up to a level.</summary>
	public enum LogLevel
	{
		/// <summary>None.</summary>
		None = 0,

		/// <summary>What cannot be done.</summary>
		Error = 1,

		/// <summary>What is done, but not as well as it should.</summary>
		Warning = 2,

		/// <summary>What happens now and then: the life of endpoints, connections, ICE sessions.</summary>
		Info = 3,

		/// <summary>Everything else: each packet, message, signal and candidate.</summary>
		Debug = 4,
	}

	/// <summary>What a line of log is about.</summary>
	public enum LogSubject
	{
		/// <summary>The endpoint and its listeners; errors that belong to no connection.</summary>
		Endpoint = 0,

		/// <summary>In <see cref="Endpoint.SetLogLevel(LogSubject, LogLevel)"/>: every subject.</summary>
		All = -1,

		/// <summary>States, routes, ends; why a connection failed and what was tried.</summary>
		Connection = 1,

		/// <summary>Datagrams in and out.</summary>
		Packet = 2,

		/// <summary>Messages sent and received.</summary>
		Message = 3,

		/// <summary>Signaling services, signals in and out.</summary>
		Signaling = 4,

		/// <summary>Sessions, servers, candidates, pairs.</summary>
		Ice = 5,

		/// <summary>Sockets.</summary>
		Transport = 6,

		/// <summary>What libnice says, and GLib on the threads of an endpoint. libnice's messages come here, and go
		/// nowhere else, from the first ICE session of the process on; those of GLib (the domains "GLib",
		/// "GLib-GObject" and "GLib-GIO") from when an endpoint first wants to hear of this subject. Messages of these
		/// domains on other threads go on to GLib's default handler. No other domain is touched.</summary>
		Library = 7,
	}

	/// <summary>When an option may be set.</summary>
	public enum OptionLock
	{
		/// <summary>At any time.</summary>
		Never = 0,

		/// <summary>Until the connection starts (ours) or is accepted (a peer's).</summary>
		Started = 1,

		/// <summary>Never: it follows from another option.</summary>
		ReadOnly = 2,
	}

	/// <summary>The type of an option.</summary>
	public enum OptionType
	{
		/// <summary>The option's own type, read from text.</summary>
		Text = 0,

		/// <summary>A whole number of 32 bits.</summary>
		Int32 = 1,

		/// <summary>A whole number of 64 bits.</summary>
		Int64 = 2,

		/// <summary>A real number, kept with the precision of a float.</summary>
		Float = 3,

		/// <summary>A text.</summary>
		String = 4,
	}

	/// <summary>What proves that a peer is who it says.</summary>
	public enum Proof
	{
		/// <summary>Its word.</summary>
		Nothing = 0,

		/// <summary>A certificate of a root that this endpoint trusts.</summary>
		Certificate = 1,

		/// <summary>Its identity names its key, and it has that key.</summary>
		Key = 2,
	}

	/// <summary>What has to prove a peer's identity before the application hears of it, and when we call: the value of
	/// <see cref="Option.RequireProof"/>.</summary>
	public enum Require
	{
		/// <summary>Its word does, unless <see cref="Option.IPAllowWithoutAuth"/> asks for more.</summary>
		Nothing = 0,

		/// <summary>Its key, or a certificate.</summary>
		Proof = 1,

		/// <summary>Its key: the identity is "key:...".</summary>
		Key = 2,

		/// <summary>A certificate of a root that the endpoint trusts, whatever the identity is.</summary>
		Certificate = 3,
	}

	/// <summary>The kind of way that a connection's data goes.</summary>
	public enum RouteKind
	{
		/// <summary>None yet.</summary>
		None = 0,

		/// <summary>Inside this machine.</summary>
		Loopback = 1,

		/// <summary>Between private addresses.</summary>
		Lan = 2,

		/// <summary>Directly over the internet.</summary>
		Direct = 3,

		/// <summary>Through a TURN server.</summary>
		Relay = 4,
	}

	/// <summary>How a message is sent. No message ever arrives twice, damaged, in part, or in another lane; what two
	/// lanes carry has no order. docs/csharp.md has the table of what is promised.</summary>
	[Flags]
	public enum SendFlags : uint
	{
		/// <summary>It may be lost, and may arrive before an older one.</summary>
		Unreliable = 0,

		/// <summary>It, and what waits before it in its lane, leaves without waiting for company.</summary>
		NoNagle = 1,

		/// <summary>Rather dropped than queued: an unreliable message that cannot leave at once is discarded.</summary>
		NoDelay = 4,

		/// <summary>It arrives, once, after the reliable ones sent before it in the same lane.</summary>
		Reliable = 8,

		/// <summary>Of <see cref="Messages.Send"/> only: a session that is broken starts anew with it.</summary>
		AutoRestart = 32,

		/// <summary>It does not arrive after a newer one with this flag in the same lane. Not with
		/// <see cref="Messages.Send"/>.</summary>
		Sequenced = 64,
	}

	/// <summary>Which of our addresses a peer may be told: the value of <see cref="Option.IceShare"/>.</summary>
	[Flags]
	public enum Share
	{
		/// <summary>Relayed addresses, of a TURN server.</summary>
		Relay = 1,

		/// <summary>Addresses of this machine's interfaces.</summary>
		Private = 2,

		/// <summary>Addresses as a STUN server sees us.</summary>
		Public = 4,
	}

	/// <summary>Whose statistics.</summary>
	public enum Side
	{
		/// <summary>What this end measured.</summary>
		Local = 0,

		/// <summary>What the peer measured and told last: "sent" is what the peer sent. Believe it as far as the
		/// peer.</summary>
		Remote = 1,
	}

	/// <summary>The state of a signaling service; it goes on trying after a failure.</summary>
	public enum SignalingState
	{
		/// <summary>None.</summary>
		None = 0,

		/// <summary>Connecting.</summary>
		Connecting = 1,

		/// <summary>Connected.</summary>
		Connected = 2,

		/// <summary>The text of the event says why.</summary>
		Failed = 3,
	}
}
