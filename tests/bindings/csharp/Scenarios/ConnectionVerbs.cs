// Connections: making them, their life, and what is attached to them.
using System.Linq;
using System.Threading.Tasks;
using Kith;

static class ConnectionVerbs
{
	static ConnectionOptions OptionsOf(World world, Step step, string prefix = "")
	{
		return new ConnectionOptions {
			Config = EndpointVerbs.ConfigOf(step, prefix),
			Name = step[prefix + "name"],
			UserData = step.Number(prefix + "user_data"),
			PollGroup = world.Find<PollGroup>(step[prefix + "group"]),
		};
	}

	public static void ConnectAddress(World world, Step step)
	{
		ConnectionOptions options = OptionsOf(world, step);
		options.Peer = world.Identity(step["peer"]);
		world.Add(step[0], world.Get<Endpoint>(step["on"]).Connect(world.Address(step["to"]), options));
	}

	public static void ConnectIdentity(World world, Step step)
	{
		ConnectionOptions options = OptionsOf(world, step);
		options.VirtualPort = step.Integer("port");
		options.Symmetric = step.Flag("symmetric");
		world.Add(step[0], world.Get<Endpoint>(step["on"]).Connect(world.Identity(step["peer"]), options));
	}

	public static void Pair(World world, Step step)
	{
		var options = new PairOptions {
			Network = step.Flag("network"),
			FirstIdentity = world.Identity(step["first_identity"]),
			SecondIdentity = world.Identity(step["second_identity"]),
			First = OptionsOf(world, step, "first."),
			Second = OptionsOf(world, step, "second."),
		};
		ConnectionPair pair = Endpoint.CreatePair(world.Get<Endpoint>(step["first"]), world.Get<Endpoint>(step["second"]), options);
		world.Add(step[0], pair.First);
		world.Add(step[1], pair.Second);
	}

	public static async Task Incoming(World world, Step step)
	{
		var listener = world.Find<Listener>(step["listener"]);
		KithEvent asked = await world.NextEvent(world.Get<Endpoint>(step["on"]), happened =>
			happened.Type == EventType.State && happened.State == ConnectionState.Connecting && happened.Listener != null &&
			(listener == null || happened.Listener == listener));
		Failure.Unless(!step.Has("peer") || asked.Peer == world.Identity(step["peer"]), asked.Peer);
		Failure.Unless(!step.Has("user_data") || asked.UserData == step.Number("user_data"), asked.UserData);
		world.Add(step[0], asked.Connection);
	}

	public static void Accept(World world, Step step) => world.Get<Connection>(step[0]).Accept();

	public static void Close(World world, Step step)
	{
		world.Get<Connection>(step[0]).Close(step.Integer("reason"), step["text"], step.Time("linger_us"));
	}

	public static async Task State(World world, Step step)
	{
		var connection = world.Get<Connection>(step[0]);
		var wanted = World.Constant<ConnectionState>(step[1]);
		if (world.IsAsync && wanted == ConnectionState.Connected)
			await connection.WaitConnectedAsync(world.Patient());
		else
			await world.Until(() => connection.State == wanted, () => "it is " + connection.State);
		Failure.Unless(connection.Info.State == wanted, connection.Info.State);
	}

	public static async Task Ended(World world, Step step)
	{
		var connection = world.Get<Connection>(step[0]);
		if (world.IsAsync)
			await connection.WaitClosedAsync(world.Patient());
		else
			await world.Until(() => connection.IsClosed, () => "it is " + connection.State);
		ConnectionEnd end = connection.End;
		if (end == null)
			throw new Failure("it was closed here");
		foreach (string field in new[] { "state", "reason", "text", "result", "stage" }) {
			object seen = Fields.Of(end, field);
			Failure.Unless(!step.Has(field) || world.Same(seen, step[field]), seen);
		}
	}

	public static void SetUserData(World world, Step step) => world.Get<Connection>(step[0]).UserData = long.Parse(step[1]);

	public static void UserData(World world, Step step)
	{
		long seen = world.Get<Connection>(step[0]).UserData;
		Failure.Unless(seen == long.Parse(step[1]), seen);
	}

	public static void SetName(World world, Step step) => world.Get<Connection>(step[0]).SetName(step[1]);

	public static void Lanes(World world, Step step)
	{
		int[] priorities = step.List("priorities").Select(int.Parse).ToArray();
		ushort[] weights = step.List("weights").Select(ushort.Parse).ToArray();
		world.Get<Connection>(step[0]).SetLanes(int.Parse(step[1]), priorities, weights);
	}

	public static void Flush(World world, Step step) => world.Get<Connection>(step[0]).Flush();

	public static void Group(World world, Step step)
	{
		world.Add(step[0], world.Get<Endpoint>(step["on"]).CreatePollGroup());
	}

	public static void Join(World world, Step step)
	{
		world.Get<Connection>(step[0]).SetPollGroup(step[1] == "none" ? null : world.Get<PollGroup>(step[1]));
	}

	public static void DestroyGroup(World world, Step step) => world.Get<PollGroup>(step[0]).Close();
}
