// Scenarios FILE [STYLE [SCENARIO...]]: runs the scenarios of all bindings against the C# one, in style poll or async.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Kith;

/// <summary>What was seen is not what must be seen.</summary>
sealed class Failure : Exception
{
	public Failure(string message)
		: base(message)
	{
	}

	/// <summary>Throws one unless that is so.</summary>
	public static void Unless(bool good, object seen)
	{
		if (!good)
			throw new Failure("it is " + (seen ?? "none"));
	}
}

static class Program
{
	static readonly Dictionary<string, string> s_lacking = new Dictionary<string, string> {
		{ "wake", "it is called on any thread; the event pump and Endpoint.Wait do its work" },
	};

	static int Main(string[] arguments)
	{
		string path = arguments[0], style = arguments.Length > 1 ? arguments[1] : "poll";
		if (style != "poll" && style != "async")
			throw new ArgumentException("there is no style " + style);
		var only = new HashSet<string>(arguments.Skip(2));
		int passed = 0, failed = 0, skipped = 0;
		foreach (Scenario scenario in ScenarioFile.Read(path)) {
			if (only.Count > 0 && !only.Contains(scenario.Name))
				continue;
			string why = WhyNot(scenario);
			if (why != null) {
				Console.WriteLine("skipped {0}: {1}", scenario.Name, why);
				skipped++;
			} else if (Run(scenario, path, style == "async").GetAwaiter().GetResult()) {
				passed++;
			} else {
				failed++;
			}
		}
		Console.WriteLine("{0} passed, {1} failed, {2} skipped", passed, failed, skipped);
		return failed == 0 ? 0 : 1;
	}

	/// <summary>Why a scenario cannot run here; null: it can.</summary>
	static string WhyNot(Scenario scenario)
	{
		foreach (string word in scenario.Steps.Where(step => step.Verb == "needs").SelectMany(step => step.Arguments)) {
			string why;
			if (s_lacking.TryGetValue(word, out why))
				return why;
			if (word == "server" && Environment.GetEnvironmentVariable("KITH_TEST_SIGNALING") == null)
				return "there is no server";
		}
		return scenario.Steps.Any(step => step.Verb == "set_signaling_state")
			? "signals are carried by SignalReady and ReceiveSignal, which have no state" : null;
	}

	static async Task<bool> Run(Scenario scenario, string path, bool isAsync)
	{
		var world = new World(isAsync);
		int line = 0;
		try {
			foreach (Step step in scenario.Steps.Where(step => step.Verb != "needs")) {
				line = step.Line;
				await Run(world, step);
			}
			return true;
		} catch (Exception failure) {
			string what = failure is Failure ? failure.Message : failure.GetType().Name + ": " + failure.Message;
			Console.WriteLine("{0}:{1}: {2}: {3}", path, line, scenario.Name, what);
			if (Environment.GetEnvironmentVariable("KITH_TEST_TRACE") != null)
				Console.WriteLine(failure);
			return false;
		} finally {
			world.TearDown();
		}
	}

	static async Task Run(World world, Step step)
	{
		try {
			await Verbs.Run(world, step);
		} catch (Exception failure) when (ResultOf(failure) != null) {
			string result = ResultOf(failure);
			if (result != step.Fails)
				throw new Failure(result + ": " + failure.Message);
			world.LastFailure = failure.Message;
			return;
		}
		if (step.Fails != null)
			throw new Failure("it does not fail");
		foreach (string key in step.Unknown)
			throw new Failure("there is no key " + key);
	}

	/// <summary>The result that an exception stands for; null: it is none of the binding's.</summary>
	static string ResultOf(Exception failure)
	{
		var failed = failure as KithException;
		return failed != null ? Names.OfResult((int)failed.Result) : failure is ArgumentException ? "E_INVALID" : null;
	}
}
