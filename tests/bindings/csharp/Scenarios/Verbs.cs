// The verbs by their names: connect_address is ConnectAddress, a public method of one of the classes here.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;

static class Verbs
{
	static readonly Type[] s_parts = {
		typeof(EndpointVerbs), typeof(ConnectionVerbs), typeof(SignalingVerbs), typeof(EventVerbs), typeof(MessageVerbs),
		typeof(SessionVerbs), typeof(FactVerbs), typeof(OptionVerbs), typeof(KeyVerbs), typeof(CertificateVerbs),
		typeof(TrustVerbs), typeof(ValueVerbs),
	};

	static readonly Dictionary<string, Func<World, Step, Task>> s_verbs = All();

	/// <summary>Runs a step. What the verb throws comes out of the task.</summary>
	public static async Task Run(World world, Step step)
	{
		Func<World, Step, Task> verb;
		if (!s_verbs.TryGetValue(Pascal(step.Verb), out verb))
			throw new Failure("there is no verb " + step.Verb);
		await verb(world, step);
	}

	/// <summary>connect_address as C# writes it.</summary>
	public static string Pascal(string name) =>
		string.Concat(name.Split('_').Where(word => word != "").Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));

	static Dictionary<string, Func<World, Step, Task>> All()
	{
		const BindingFlags verbs = BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly;
		return s_parts.SelectMany(part => part.GetMethods(verbs)).ToDictionary(method => method.Name, Runner);
	}

	static Func<World, Step, Task> Runner(MethodInfo method)
	{
		if (method.ReturnType == typeof(Task))
			return (Func<World, Step, Task>)Delegate.CreateDelegate(typeof(Func<World, Step, Task>), method);
		var verb = (Action<World, Step>)Delegate.CreateDelegate(typeof(Action<World, Step>), method);
		return (world, step) => {
			verb(world, step);
			return Task.CompletedTask;
		};
	}
}
