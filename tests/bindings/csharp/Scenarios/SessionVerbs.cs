// Messages to an identity.
using System.Threading.Tasks;
using Kith;

static class SessionVerbs
{
	static Messages MessagesOf(World world, Step step) => world.Get<Endpoint>(step[0]).Messages;

	internal static Identity PeerOf(World world, Step step) => world.Identity(step["peer"]);

	public static async Task SendTo(World world, Step step)
	{
		Identity peer = PeerOf(world, step);
		byte[] content = step.Content(1);
		SendFlags flags = MessageVerbs.FlagsOf(step);
		int channel = step.Integer("channel");
		if (world.IsAsync)
			await MessagesOf(world, step).SendAsync(peer, content, flags, channel, world.Patient());
		else
			MessagesOf(world, step).Send(peer, content, flags, channel);
	}

	public static async Task ReceiveFrom(World world, Step step)
	{
		Messages messages = MessagesOf(world, step);
		int channel = step.Integer("channel");
		Message message = default(Message);
		if (world.IsAsync)
			message = await messages.ReceiveAsync(channel, world.Patient());
		else
			await world.Until(() => messages.TryReceive(channel, out message), () => "nothing comes");
		MessageVerbs.Take(world, step, message);
	}

	public static async Task NothingOn(World world, Step step)
	{
		Message message;
		await world.Pause(step.Time("for_us"));
		Failure.Unless(!MessagesOf(world, step).TryReceive(step.Integer("channel"), out message), "something");
	}

	public static void AcceptSession(World world, Step step) => MessagesOf(world, step).Accept(PeerOf(world, step));

	public static void CloseSession(World world, Step step)
	{
		MessagesOf(world, step).Close(PeerOf(world, step), step.Time("linger_us"));
	}

	public static void CloseChannel(World world, Step step)
	{
		MessagesOf(world, step).CloseChannel(PeerOf(world, step), step.Integer("channel"));
	}

	public static void FlushSession(World world, Step step) => MessagesOf(world, step).Flush(PeerOf(world, step));
}
