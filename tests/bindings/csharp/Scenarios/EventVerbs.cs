// Events, time, and the log.
using System;
using System.Linq;
using System.Threading.Tasks;
using Kith;

static class EventVerbs
{
	static Predicate<KithEvent> LikeThat(World world, Step step)
	{
		var type = World.Constant<EventType>(step[1]);
		var fields = step.Keys.Where(key => key != "for_us").ToDictionary(key => key, key => step[key]);
		foreach (string field in fields.Keys)
			Fields.Member(typeof(KithEvent), field);
		return happened => happened.Type == type &&
			fields.All(field => world.Same(Fields.Of(happened, field.Key), field.Value));
	}

	public static Task Event(World world, Step step) => world.NextEvent(world.Get<Endpoint>(step[0]), LikeThat(world, step));

	public static async Task NoEvent(World world, Step step)
	{
		await world.Pause(step.Time("for_us"));
		KithEvent seen = world.TakeEvent(world.Get<Endpoint>(step[0]), LikeThat(world, step));
		Failure.Unless(seen == null, seen?.Type);
	}

	/// <summary>In style async the pump waits; the driver then waits for what it raises.</summary>
	public static async Task Wait(World world, Step step)
	{
		var endpoint = world.Get<Endpoint>(step[0]);
		TimeSpan time = step.Has("for_us") ? step.Time("for_us") : World.Patience;
		bool there;
		try {
			there = endpoint.Wait(time);
			Failure.Unless(!world.IsAsync, "a second one who takes the pump's events");
		} catch (InvalidOperationException) when (world.IsAsync) {
			there = await world.Until(() => world.HasEvent(endpoint), time);
		}
		if (!there)
			throw new KithException(Result.Timeout);
	}

	public static void WaitGroup(World world, Step step)
	{
		TimeSpan time = step.Has("for_us") ? step.Time("for_us") : World.Patience;
		if (!world.Get<PollGroup>(step[0]).Wait(time))
			throw new KithException(Result.Timeout);
	}

	public static Task Pause(World world, Step step) => world.Pause(step.Time("for_us"));

	public static void Descriptor(World world, Step step)
	{
		var group = world.Get<object>(step[0]) as PollGroup;
		int descriptor = group != null ? group.Descriptor : world.Get<Endpoint>(step[0]).Descriptor;
		Failure.Unless(descriptor >= 0, descriptor);
	}

	public static void Log(World world, Step step)
	{
		world.Get<Endpoint>(step[0]).SetLogLevel(World.Constant<LogLevel>(step["level"]));
	}

	public static void LogLevel(World world, Step step)
	{
		world.Get<Endpoint>(step[0]).SetLogLevel(World.Constant<LogSubject>(step["subject"]), World.Constant<LogLevel>(step["level"]));
	}

	public static Task Logged(World world, Step step)
	{
		var endpoint = world.Get<Endpoint>(step[0]);
		string subject = step["subject"], level = step["level"], contained = step["contains"] ?? "";
		return world.Until(() => world.HasLine(endpoint, line =>
			(subject == null || line.Subject == World.Constant<LogSubject>(subject)) &&
			(level == null || line.Level == World.Constant<LogLevel>(level)) && line.Text.Contains(contained)), () => "no such line");
	}
}
