// What is known of connections and sessions.
using System;
using System.Threading.Tasks;
using Kith;

static class FactVerbs
{
	/// <summary>Asks until it is so; a step that fails does with the first question.</summary>
	static Task Fact(World world, Step step, string field, Func<object> ask)
	{
		object seen = null;
		return world.Until(() => world.Holds(step, seen = Fields.Of(ask(), field)), () => $"{field} is {seen ?? "none"}");
	}

	static Task Of(World world, Step step, Func<Connection, object> ask)
	{
		var connection = world.Get<Connection>(step[0]);
		return Fact(world, step, step[step.Count - 1], () => ask(connection));
	}

	static Task OfSession(World world, Step step, Func<Messages, Identity, object> ask)
	{
		Messages messages = world.Get<Endpoint>(step[0]).Messages;
		Identity peer = SessionVerbs.PeerOf(world, step);
		return Fact(world, step, step[1], () => ask(messages, peer));
	}

	public static Task Info(World world, Step step) => Of(world, step, connection => connection.Info);

	public static Task Status(World world, Step step) => Of(world, step, connection => connection.Status);

	public static Task Security(World world, Step step) => Of(world, step, connection => connection.Security);

	public static Task Diagnosis(World world, Step step) => Of(world, step, connection => connection.Diagnose());

	public static Task LaneStatus(World world, Step step)
	{
		return Of(world, step, connection => connection.LaneStatus(int.Parse(step[1])));
	}

	public static Task Statistics(World world, Step step)
	{
		return Of(world, step, connection => connection.Statistics(World.Constant<Side>(step[1])));
	}

	public static Task SessionInfo(World world, Step step) => OfSession(world, step, (messages, peer) => messages.Info(peer));

	public static Task SessionStatus(World world, Step step) => OfSession(world, step, (messages, peer) => messages.Status(peer));

	public static Task SessionSecurity(World world, Step step)
	{
		return OfSession(world, step, (messages, peer) => messages.Security(peer));
	}

	public static Task SessionDiagnosis(World world, Step step)
	{
		return OfSession(world, step, (messages, peer) => messages.Diagnose(peer));
	}

	static Task Text(World world, Step step, Func<Connection, Hide, string> ask)
	{
		var connection = world.Get<Connection>(step[0]);
		Hide hide = step.Flag("hide") ? Hide.Addresses : 0;
		string contained = step["contains"] ?? "", lacked = step["lacks"], seen = null;
		return world.Until(() => {
			seen = ask(connection, hide);
			return seen.Contains(contained) && (lacked == null || !seen.Contains(lacked));
		}, () => "it is " + seen);
	}

	public static Task Route(World world, Step step) => Text(world, step, (connection, hide) => connection.Route(hide));

	public static Task Report(World world, Step step) => Text(world, step, (connection, hide) => connection.Report(hide));
}
