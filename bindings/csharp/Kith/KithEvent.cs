// What happened.
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Kith.Interop;

namespace Kith
{
	/// <summary>What happened, as data. What a type does not mention is null, zero or empty.</summary>
	public sealed unsafe class KithEvent : EventArgs
	{
		internal KithEvent(Endpoint endpoint, Connection connection, NativeEvent* native)
		{
			Endpoint = endpoint;
			Connection = connection;
			Type = (EventType)native->Type;
			Listener = endpoint.FindListener(native->Listener);
			PollGroup = endpoint.FindPollGroup(native->PollGroup);
			Signaling = endpoint.FindSignaling(native->Signaling);
			if (Type == EventType.SignalingState) {
				SignalingState = (SignalingState)native->State;
			} else {
				OldState = (ConnectionState)native->OldState;
				State = (ConnectionState)native->State;
			}
			Reason = native->Reason;
			Result = (Result)native->Result;
			Route = (RouteKind)native->Route;
			Time = Duration.Of(native->TimeUs);
			UserData = native->UserData;
			if (native->DataSize != UIntPtr.Zero)
				Data = new ReadOnlySpan<byte>(native->Data, (int)native->DataSize).ToArray();
			Peer = Identity.OrNull(native->Peer);
			Local = new Address(native->Local);
			Remote = new Address(native->Remote);
			Text = Interop.Text.Read(native->Text);
			Channel = native->Channel;
			Stage = (Stage)native->Stage;
		}

		/// <summary>What kind of event.</summary>
		public EventType Type { get; }

		/// <summary>Whose event it is.</summary>
		public Endpoint Endpoint { get; }

		/// <summary>Which connection.</summary>
		[MaybeNull]
		public Connection Connection { get; }

		/// <summary>Where an incoming connection knocked.</summary>
		[MaybeNull]
		public Listener Listener { get; }

		/// <summary>Which poll group has messages.</summary>
		[MaybeNull]
		public PollGroup PollGroup { get; }

		/// <summary>Which signaling.</summary>
		[MaybeNull]
		public Signaling Signaling { get; }

		/// <summary>The state before.</summary>
		public ConnectionState OldState { get; }

		/// <summary>The state now.</summary>
		public ConnectionState State { get; }

		/// <summary>The state of <see cref="Signaling"/> now.</summary>
		public SignalingState SignalingState { get; }

		/// <summary>Why it ended: <see cref="Kith.Reason"/>, or any number of the peer's.</summary>
		public int Reason { get; }

		/// <summary>The same as a result; of an error what failed.</summary>
		public Result Result { get; }

		/// <summary>The kind of way the data takes.</summary>
		public RouteKind Route { get; }

		/// <summary>When it happened, on the clock of <see cref="Library.Now"/>.</summary>
		public TimeSpan Time { get; }

		/// <summary>The connection's user data when the event was taken.</summary>
		public long UserData { get; }

		/// <summary>The bytes of a signal.</summary>
		public ReadOnlyMemory<byte> Data { get; }

		/// <summary>The peer, or to whom a signal goes.</summary>
		[MaybeNull]
		public Identity Peer { get; }

		/// <summary>The address here, where known.</summary>
		public Address Local { get; }

		/// <summary>The address there, where known.</summary>
		public Address Remote { get; }

		/// <summary>Why, in words of this library or the peer; may be empty.</summary>
		public string Text { get; }

		/// <summary>Which channel has messages.</summary>
		public int Channel { get; }

		/// <summary>Of an end: where it failed.</summary>
		public Stage Stage { get; }
	}

	/// <summary>How and why a connection ended.</summary>
	public sealed class ConnectionEnd
	{
		internal ConnectionEnd(KithEvent closed, Diagnosis diagnosis)
		{
			State = closed.State;
			Reason = closed.Reason;
			Result = closed.Result;
			Text = closed.Text;
			Stage = closed.Stage;
			Diagnosis = diagnosis;
		}

		/// <summary>Closed by the peer, or a problem found here.</summary>
		public ConnectionState State { get; }

		/// <summary>Why: <see cref="Kith.Reason"/>, or any number of the peer's.</summary>
		public int Reason { get; }

		/// <summary>The same as a result.</summary>
		public Result Result { get; }

		/// <summary>Why, in words; may be empty.</summary>
		public string Text { get; }

		/// <summary>At which stage it failed.</summary>
		public Stage Stage { get; }

		/// <summary>What was tried; null when nothing is known.</summary>
		[MaybeNull]
		public Diagnosis Diagnosis { get; }

		/// <summary>The peer's application ended it, for no fault (a reason from 1000 to 1999).</summary>
		public bool IsPlanned => State == ConnectionState.ClosedByPeer && Reason >= (int)Kith.Reason.App && Reason <= (int)Kith.Reason.AppMax;
	}

	/// <summary>The handlers of one object, by type of event; each keeps the endpoint alive.</summary>
	internal sealed class Handlers
	{
		/// <summary>Beside the event types: every event, and requests for connections.</summary>
		public const int Any = 0, Requested = -1;

		readonly Endpoint _endpoint;
		readonly Dictionary<int, EventHandler<KithEvent>> _handlers = new Dictionary<int, EventHandler<KithEvent>>();
		volatile int _count;

		public Handlers(Endpoint endpoint)
		{
			_endpoint = endpoint;
		}

		public void Add(int type, EventHandler<KithEvent> handler)
		{
			lock (_handlers) {
				EventHandler<KithEvent> before;
				_handlers.TryGetValue(type, out before);
				_handlers[type] = before + handler;
				_count++;
			}
			_endpoint.Roots.Add();
		}

		public void Remove(int type, EventHandler<KithEvent> handler)
		{
			lock (_handlers) {
				EventHandler<KithEvent> before, after;
				if (!_handlers.TryGetValue(type, out before) || (after = before - handler) == before)
					return;
				_handlers[type] = after;
				_count--;
			}
			_endpoint.Roots.Remove();
		}

		/// <summary>Who wants to hear of a type; null: nobody.</summary>
		public EventHandler<KithEvent> Of(int type)
		{
			EventHandler<KithEvent> handlers;
			if (_count == 0)
				return null;
			lock (_handlers)
				_handlers.TryGetValue(type, out handlers);
			return handlers;
		}
	}
}
