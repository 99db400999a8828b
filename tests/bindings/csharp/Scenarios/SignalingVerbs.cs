// Signaling: by a server, or carried by the driver.
using System;
using System.Threading;
using System.Threading.Tasks;
using Kith;

/// <summary>
/// Carries the signals of an endpoint to the one of the scenario that they are for, as a program does over a channel
/// of its own: by the event of signals, or by that of all events.
/// </summary>
sealed class Carrier
{
	readonly World _world;
	readonly int _loseEvery, _times;
	int _carried;

	public Carrier(World world, Endpoint endpoint, Step step)
	{
		_world = world;
		_loseEvery = step.Integer("lose_every");
		_times = step.Flag("double") ? 2 : 1;
		if (step["by"] == "callbacks")
			endpoint.SignalReady += (sender, signal) => Carry(signal);
		else
			endpoint.EventOccurred += (sender, happened) => {
				if (happened.Type == EventType.Signal)
					Carry(happened);
			};
	}

	/// <summary>How many signals came from the endpoint.</summary>
	public int Carried => Volatile.Read(ref _carried);

	void Carry(KithEvent signal)
	{
		int number = Interlocked.Increment(ref _carried);
		if (_loseEvery > 0 && number % _loseEvery == 0)
			return;
		for (int i = 0; i < _times; i++)
			_world.Deliver(signal);
	}
}

static class SignalingVerbs
{
	public static void Signaling(World world, Step step)
	{
		var endpoint = world.Get<Endpoint>(step["on"]);
		string url = step["by"] == "server" ? Environment.GetEnvironmentVariable("KITH_TEST_SIGNALING") : step["url"];
		if (url != null)
			world.Add(step[0], endpoint.OpenSignaling(url));
		else
			world.Add(step[0], new Carrier(world, endpoint, step));
	}

	public static Task Signals(World world, Step step)
	{
		var carrier = world.Get<Carrier>(step[0]);
		int least = step.Integer("min");
		return world.Until(() => carrier.Carried >= least, () => carrier.Carried + " were carried");
	}

	public static Task SignalingState(World world, Step step)
	{
		var signaling = world.Get<Signaling>(step[0]);
		var wanted = World.Constant<SignalingState>(step[1]);
		return world.Until(() => signaling.State == wanted, () => "it is " + signaling.State);
	}

	public static void CloseSignaling(World world, Step step) => world.Get<Signaling>(step[0]).Close();
}
