// Why a connection does not work.
using System;
using Kith.Interop;

namespace Kith
{
	/// <summary>How a connection was made, or how far that got. docs/troubleshooting.md goes on from the stage.</summary>
	public sealed unsafe class Diagnosis
	{
		internal Diagnosis(NativeDiagnosis* native)
		{
			Stage = (Stage)native->Stage;
			State = (ConnectionState)native->State;
			Reason = native->Reason;
			Elapsed = Duration.Of(native->ElapsedUs);
			Agreed = native->Agreed != 0;
			Connected = native->Connected != 0;
			RequestsSent = native->RequestsSent;
			Reachable = native->Reachable != 0;
			Signalings = native->Signalings;
			SignalingsConnected = native->SignalingsConnected;
			SignalsSent = native->SignalsSent;
			SignalsReceived = native->SignalsReceived;
			LocalHost = native->LocalHost;
			LocalPublic = native->LocalPublic;
			LocalRelay = native->LocalRelay;
			RemoteHost = native->RemoteHost;
			RemotePublic = native->RemotePublic;
			RemoteRelay = native->RemoteRelay;
			PairFound = native->PairFound != 0;
			ServersSilent = native->ServersSilent;
			ServersRefused = native->ServersRefused;
			ServersFailed = native->ServersFailed;
			Summary = Interop.Text.Read(native->Summary);
			Text = Interop.Text.Read(native->Text);
		}

		/// <summary>Where it failed, or would now.</summary>
		public Stage Stage { get; }

		/// <summary>Its state.</summary>
		public ConnectionState State { get; }

		/// <summary>Why it ended, <see cref="Kith.Reason"/> or any number of the peer's; 0 while it lives.</summary>
		public int Reason { get; }

		/// <summary>From the call until it ended, or until now.</summary>
		public TimeSpan Elapsed { get; }

		/// <summary>Both sides accepted.</summary>
		public bool Agreed { get; }

		/// <summary>It was connected, at some time.</summary>
		public bool Connected { get; }

		/// <summary>By address: datagrams that asked for an answer.</summary>
		public int RequestsSent { get; }

		/// <summary>Anything answered there.</summary>
		public bool Reachable { get; }

		/// <summary>Signaling services of the endpoint.</summary>
		public int Signalings { get; }

		/// <summary>How many of them are connected.</summary>
		public int SignalingsConnected { get; }

		/// <summary>Signals of this connection.</summary>
		public int SignalsSent { get; }

		/// <summary>Signals that came from the peer.</summary>
		public int SignalsReceived { get; }

		/// <summary>Candidates the peer was told: addresses of this machine,</summary>
		public int LocalHost { get; }

		/// <summary>as seen by a STUN server,</summary>
		public int LocalPublic { get; }

		/// <summary>of relays.</summary>
		public int LocalRelay { get; }

		/// <summary>And those the peer told.</summary>
		public int RemoteHost { get; }

		/// <summary>See <see cref="RemoteHost"/>.</summary>
		public int RemotePublic { get; }

		/// <summary>See <see cref="RemoteHost"/>.</summary>
		public int RemoteRelay { get; }

		/// <summary>A pair of candidates worked, at some time.</summary>
		public bool PairFound { get; }

		/// <summary>STUN and TURN servers that did not answer,</summary>
		public int ServersSilent { get; }

		/// <summary>refused user or password,</summary>
		public int ServersRefused { get; }

		/// <summary>failed otherwise.</summary>
		public int ServersFailed { get; }

		/// <summary>One line: what is wrong; may be empty.</summary>
		public string Summary { get; }

		/// <summary>What was tried, several lines.</summary>
		public string Text { get; }

		/// <summary><see cref="Summary"/> and <see cref="Text"/>.</summary>
		public override string ToString() => Summary + "\n" + Text;
	}
}
