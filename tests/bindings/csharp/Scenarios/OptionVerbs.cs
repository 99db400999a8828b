// Options, and the words of failures.
using System.Collections.Generic;
using System.Globalization;
using Kith;

static class OptionVerbs
{
	static Config ConfigOf(World world, string name)
	{
		if (name == "library")
			return Config.Library;
		var thing = world.Get<object>(name);
		var endpoint = thing as Endpoint;
		if (endpoint != null)
			return endpoint.Config;
		var listener = thing as Listener;
		return listener != null ? listener.Config : ((Connection)thing).Config;
	}

	public static void Set(World world, Step step)
	{
		Config config = ConfigOf(world, step[0]);
		Option option = OptionInfo.Find(step[1]);
		if (step["as"] == "text" || option == Option.None) {
			config.Set(step[1], step[2]);
			return;
		}
		switch (OptionInfo.Of(option).Type) {
		case OptionType.String:
			config.Set(option, step[2]);
			break;
		case OptionType.Float:
			config.Set(option, double.Parse(step[2], CultureInfo.InvariantCulture));
			break;
		default:
			config.Set(option, long.Parse(step[2], CultureInfo.InvariantCulture));
			break;
		}
	}

	public static void Get(World world, Step step)
	{
		Config config = ConfigOf(world, step[0]);
		Option option = OptionInfo.Find(step[1]);
		string wanted = step["is"], text = config.GetText(option);
		Failure.Unless(text == wanted, text);
		switch (OptionInfo.Of(option).Type) {
		case OptionType.String:
			break;
		case OptionType.Float:
			Failure.Unless(config.GetReal(option).Equals(double.Parse(wanted, CultureInfo.InvariantCulture)), config.GetReal(option));
			break;
		default:
			Failure.Unless(config.GetInteger(option) == long.Parse(wanted, CultureInfo.InvariantCulture), config.GetInteger(option));
			break;
		}
	}

	public static void Reset(World world, Step step) => ConfigOf(world, step[0]).Reset(OptionInfo.Find(step[1]));

	public static void Describe(World world, Step step)
	{
		OptionInfo told = OptionInfo.Of(OptionInfo.Find(step[0]));
		var seen = new Dictionary<string, object> {
			{ "id", (int)told.Option }, { "type", told.Type }, { "min", told.Minimum }, { "max", told.Maximum },
			{ "default", told.Default }, { "lock", told.Lock },
		};
		foreach (KeyValuePair<string, object> field in seen)
			Failure.Unless(!step.Has(field.Key) || world.Same(field.Value, step[field.Key]), field.Value);
	}

	public static void Options(World world, Step step)
	{
		IReadOnlyList<OptionInfo> all = OptionInfo.All();
		Failure.Unless(all.Count >= step.Integer("min"), all.Count);
		foreach (OptionInfo told in all)
			Failure.Unless(OptionInfo.Find(told.Name) == told.Option && told.Explanation != "", told.Name);
	}

	/// <summary>The words of the failure right before.</summary>
	public static void Error(World world, Step step) => Failure.Unless(world.LastFailure.Contains(step["contains"]), world.LastFailure);
}
