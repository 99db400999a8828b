// Messages of connections and poll groups: sending, receiving, keeping.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Kith;

static class MessageVerbs
{
	/// <summary>The mode of a step, with what else its keys say of how it is sent.</summary>
	internal static SendFlags FlagsOf(Step step)
	{
		return ModeOf(step["mode"] ?? "reliable") | (step.Flag("no_nagle") ? SendFlags.NoNagle : 0) |
			(step.Flag("no_delay") ? SendFlags.NoDelay : 0) | (step.Flag("restart") ? SendFlags.AutoRestart : 0);
	}

	static SendFlags ModeOf(string name)
	{
		switch (name) {
		case "reliable":
			return SendFlags.Reliable;
		case "unreliable":
			return SendFlags.Unreliable;
		case "sequenced":
			return SendFlags.Sequenced;
		case "reliable_sequenced":
			return SendFlags.Reliable | SendFlags.Sequenced;
		default:
			throw new Failure("there is no mode " + name);
		}
	}

	/// <summary>A message filled in place: the one that C# has for both kinds of message objects.</summary>
	static SendBuffer Filled(Step step, byte[] content)
	{
		return new SendBuffer(content) { Flags = FlagsOf(step), Lane = step.Integer("lane"), TimeToLive = step.Time("ttl_us") };
	}

	static OutgoingMessage Outgoing(Step step, byte[] content)
	{
		return new OutgoingMessage { Data = content, Flags = FlagsOf(step), Lane = step.Integer("lane"), TimeToLive = step.Time("ttl_us") };
	}

	static bool ByCopy(Step step) => (step["by"] ?? "copy") == "copy";

	public static async Task Send(World world, Step step)
	{
		var connection = world.Get<Connection>(step[0]);
		byte[] content = step.Content(1);
		SendFlags flags = FlagsOf(step);
		int lane = step.Integer("lane");
		if (!ByCopy(step))
			CheckNumber(step, SendFilled(connection, Filled(step, content)));
		else if (step.Has("ttl_us"))
			CheckNumber(step, connection.Send(content, flags, lane, step.Time("ttl_us")));
		else if (world.IsAsync && step.Fails == null && !step.Has("number"))
			await connection.SendAsync(content, flags, lane, world.Patient());
		else
			CheckNumber(step, connection.Send(content, flags, lane));
	}

	static long SendFilled(Connection connection, SendBuffer message)
	{
		using (message)
			return connection.Send(message);
	}

	static void CheckNumber(Step step, long number) => Failure.Unless(!step.Has("number") || number == step.Number("number"), number);

	public static void SendBatch(World world, Step step)
	{
		var connection = world.Get<Connection>(step[0]);
		int count = step.Integer("count"), wanted = step.Integer("sent", count), sent;
		IEnumerable<byte[]> contents = Enumerable.Range(0, count).Select(index => step.Content(1, index));
		if (ByCopy(step))
			sent = connection.SendBatch(contents.Select(content => Outgoing(step, content)).ToArray());
		else
			sent = connection.Send(contents.Select(content => Filled(step, content)).ToArray());
		Failure.Unless(sent == wanted, sent);
	}

	/// <summary>A connection and a poll group have the same members to receive by.</summary>
	delegate bool Receiver(out Message message);

	static Receiver ReceiverOf(object from)
	{
		var group = from as PollGroup;
		return group != null ? group.TryReceive : (Receiver)((Connection)from).TryReceive;
	}

	static ValueTask<Message> ReceiveAsync(World world, object from)
	{
		var group = from as PollGroup;
		return group != null ? group.ReceiveAsync(world.Patient()) : ((Connection)from).ReceiveAsync(world.Patient());
	}

	static IAsyncEnumerator<Message> StreamOf(World world, object from)
	{
		var group = from as PollGroup;
		IAsyncEnumerable<Message> stream = group != null ? group.ReceiveAllAsync() : ((Connection)from).ReceiveAllAsync();
		return stream.GetAsyncEnumerator(world.Patient());
	}

	public static async Task Receive(World world, Step step)
	{
		var from = world.Get<object>(step[0]);
		Message message = default(Message);
		if (world.IsAsync)
			message = await ReceiveAsync(world, from);
		else
			await world.Until(() => ReceiverOf(from)(out message), () => "nothing comes");
		Take(world, step, message);
	}

	/// <summary>Looks at the message that a step waited for; keeps it or gives it back.</summary>
	internal static void Take(World world, Step step, Message message)
	{
		Look(world, step, message);
		if (step.Has("keep"))
			world.Add(step["keep"], message);
		else
			message.Dispose();
	}

	static void Look(World world, Step step, Message message, int index = 0)
	{
		byte[] content = step.Content(1, index);
		Failure.Unless(message.Length == content.Length, message.Length + " bytes long");
		Failure.Unless(message.Span.SequenceEqual(content) && message.Memory.Span.SequenceEqual(content), "another content");
		Failure.Unless(!step.Has("mode") || message.Flags == ModeOf(step["mode"]), message.Flags);
		Failure.Unless(!step.Has("lane") || message.Lane == step.Number("lane"), message.Lane);
		Failure.Unless(!step.Has("number") || message.Number == step.Number("number"), message.Number);
		Failure.Unless(!step.Has("user_data") || message.UserData == step.Number("user_data"), message.UserData);
		Failure.Unless(!step.Has("channel") || message.Channel == step.Number("channel"), message.Channel);
		Failure.Unless(!step.Has("from") || message.Connection == world.Get<Connection>(step["from"]), world.NameOf(message.Connection));
		Failure.Unless(!step.Has("peer") || message.Peer == world.Identity(step["peer"]), message.Peer);
	}

	public static async Task ReceiveBatch(World world, Step step)
	{
		var from = world.Get<object>(step[0]);
		int count = step.Integer("count"), most = step.Integer("max", 64), got = 0;
		IAsyncEnumerator<Message> stream = world.IsAsync ? StreamOf(world, from) : null;
		while (got < count) {
			var room = new Message[Math.Min(most, count - got)];
			int there = 0;
			if (stream != null) {
				there = await stream.MoveNextAsync() ? 1 : 0;
				room[0] = stream.Current;
			} else {
				await world.Until(() => (there = ReceiveMany(from, room)) > 0, () => "only " + got + " come");
			}
			for (int i = 0; i < there; i++)
				Look(world, step, room[i], got + i);
			Kith.Message.DisposeAll(new ReadOnlySpan<Message>(room, 0, there));
			Failure.Unless(there > 0, "over");
			got += there;
		}
	}

	static int ReceiveMany(object from, Message[] room)
	{
		var group = from as PollGroup;
		return group != null ? group.Receive(room) : ((Connection)from).Receive(room);
	}

	public static async Task Nothing(World world, Step step)
	{
		Message message;
		await world.Pause(step.Time("for_us"));
		Failure.Unless(!ReceiverOf(world.Get<object>(step[0]))(out message), "something");
	}

	public static void Message(World world, Step step) => Look(world, step, world.Get<Message>(step[0]));

	public static void Release(World world, Step step)
	{
		var message = world.Get<Message>(step[0]);
		message.Dispose();
		message.Dispose();
		Failure.Unless(!message.IsValid, "still there");
	}
}
