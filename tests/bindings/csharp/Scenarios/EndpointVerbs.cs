// Endpoints and listeners.
using System.Threading.Tasks;
using Kith;

static class EndpointVerbs
{
	public static void Endpoint(World world, Step step)
	{
		world.AddEndpoint(step[0], new Endpoint(new EndpointOptions {
			Identity = world.Identity(step["identity"]),
			PrivateKey = world.Find<PrivateKey>(step["key"]),
			AppId = (uint)step.Number("app"),
			Certificate = world.Certificates(step["certificate"]),
			Trust = world.Certificates(step["trust"]),
			Revoked = world.Revoked(step["revoked"]),
			Config = ConfigOf(step),
			Events = world.IsAsync ? EventMode.Pump : EventMode.Poll,
		}));
	}

	/// <summary>What stands behind config. or first.config.</summary>
	internal static ConfigValues ConfigOf(Step step, string prefix = "")
	{
		var values = new ConfigValues();
		string begin = prefix + "config.";
		foreach (string key in step.Keys)
			if (key.StartsWith(begin, System.StringComparison.Ordinal))
				values.Add(key.Substring(begin.Length), step[key]);
		return values;
	}

	public static Task Destroy(World world, Step step) => world.Destroy(world.Get<Endpoint>(step[0]));

	public static void EndpointIs(World world, Step step)
	{
		var endpoint = world.Get<Endpoint>(step[0]);
		Failure.Unless(!step.Has("identity") || endpoint.Identity == world.Identity(step["identity"]), endpoint.Identity);
		Failure.Unless(!step.Has("public") || endpoint.PublicKey.Equals(world.Key(step["public"])), endpoint.PublicKey);
	}

	public static void Listen(World world, Step step)
	{
		var endpoint = world.Get<Endpoint>(step["on"]);
		var options = new ListenerOptions {
			Config = ConfigOf(step),
			UserData = step.Number("user_data"),
			Symmetric = step.Flag("symmetric"),
			PollGroup = world.Find<PollGroup>(step["group"]),
		};
		world.Add(step[0], step.Has("port") ? endpoint.ListenPort(step.Integer("port"), options)
			: endpoint.Listen(step["address"], options));
	}

	public static void ListenerIs(World world, Step step)
	{
		Address address = world.Get<Listener>(step[0]).Address;
		Failure.Unless(address.ToString().StartsWith(step["address"], System.StringComparison.Ordinal) && address.Port > 0, address);
	}

	public static void CloseListener(World world, Step step) => world.Get<Listener>(step[0]).Close();

	public static void Stun(World world, Step step) => world.Get<Endpoint>(step[0]).AddStunServer(step[1]);

	public static void Turn(World world, Step step)
	{
		world.Get<Endpoint>(step[0]).AddTurnServer(step[1], step["user"], step["password"]);
	}
}
