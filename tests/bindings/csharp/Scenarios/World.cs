// What a scenario has made, the events that were taken, and waiting, in one of two styles.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kith;

/// <summary>
/// The objects of one scenario by their names. In style poll its endpoints are polled while a step waits, one event at
/// a time, and nothing else happens; no await ever leaves the thread. In style async the pumps of the endpoints take
/// events, and steps await what the binding has tasks for.
/// </summary>
sealed partial class World
{
	/// <summary>How long a step waits.</summary>
	public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

	/// <summary>What an endpoint told; the pump and the thread of the log add to it.</summary>
	sealed class Told
	{
		public readonly List<KithEvent> Events = new List<KithEvent>();
		public readonly List<LogLine> Lines = new List<LogLine>();
	}

	readonly Dictionary<string, object> _objects = new Dictionary<string, object>();
	readonly List<Endpoint> _endpoints = new List<Endpoint>();
	readonly Dictionary<Endpoint, Told> _told = new Dictionary<Endpoint, Told>();
	string _folder;

	public World(bool isAsync)
	{
		IsAsync = isAsync;
	}

	public bool IsAsync { get; }

	/// <summary>The text of the last failure that a step expected.</summary>
	public string LastFailure { get; set; }

	public T Add<T>(string name, T thing)
	{
		_objects.Add(name, thing);
		return thing;
	}

	public T Get<T>(string name)
	{
		object found;
		if (!_objects.TryGetValue(name, out found))
			throw new Failure("there is no " + name);
		return (T)found;
	}

	/// <summary>An object by its name; null where there is no name.</summary>
	public T Find<T>(string name) where T : class => name == null ? null : Get<T>(name);

	/// <summary>The name of an object, "none" of none.</summary>
	public string NameOf(object thing)
	{
		if (thing == null)
			return "none";
		return _objects.Where(named => ReferenceEquals(named.Value, thing)).Select(named => named.Key).FirstOrDefault() ?? "unknown";
	}

	public void AddEndpoint(string name, Endpoint endpoint)
	{
		var told = new Told();
		Add(name, endpoint);
		_told.Add(endpoint, told);
		lock (_endpoints)
			_endpoints.Add(endpoint);
		endpoint.EventOccurred += (sender, happened) => {
			lock (told)
				told.Events.Add(happened);
		};
		endpoint.LogReceived += (sender, line) => {
			lock (told)
				told.Lines.Add(line);
		};
	}

	public async Task Destroy(Endpoint endpoint)
	{
		lock (_endpoints)
			_endpoints.Remove(endpoint);
		if (IsAsync)
			await endpoint.DisposeAsync();
		else
			endpoint.Dispose();
	}

	/// <summary>
	/// Hands a signal to the endpoint that it is for, if there is one. Pumps do that too, and none may find an endpoint
	/// that is about to go.
	/// </summary>
	public void Deliver(KithEvent signal)
	{
		lock (_endpoints)
			_endpoints.Find(endpoint => endpoint.Identity == signal.Peer)?.ReceiveSignal(signal.Data.Span);
	}

	/// <summary>A path in the scenario's own folder.</summary>
	public string PathOf(string file)
	{
		if (_folder == null)
			_folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())).FullName;
		return Path.Combine(_folder, file);
	}

	public void TearDown()
	{
		Endpoint[] endpoints;
		lock (_endpoints) {
			endpoints = _endpoints.ToArray();
			_endpoints.Clear();
		}
		foreach (Endpoint endpoint in endpoints)
			endpoint.Dispose();
		if (_folder != null)
			Directory.Delete(_folder, true);
	}

	/// <summary>Takes the oldest event that fits and that no step has had; null: there is none.</summary>
	public KithEvent TakeEvent(Endpoint endpoint, Predicate<KithEvent> fits)
	{
		Told told = _told[endpoint];
		lock (told) {
			int at = told.Events.FindIndex(fits);
			if (at < 0)
				return null;
			KithEvent found = told.Events[at];
			told.Events.RemoveAt(at);
			return found;
		}
	}

	/// <summary>The same, of events to come too.</summary>
	public async Task<KithEvent> NextEvent(Endpoint endpoint, Predicate<KithEvent> fits)
	{
		KithEvent found = null;
		await Until(() => (found = TakeEvent(endpoint, fits)) != null, () => "no such event comes");
		return found;
	}

	public bool HasEvent(Endpoint endpoint)
	{
		Told told = _told[endpoint];
		lock (told)
			return told.Events.Count > 0;
	}

	public bool HasLine(Endpoint endpoint, Predicate<LogLine> fits)
	{
		Told told = _told[endpoint];
		lock (told)
			return told.Lines.Exists(fits);
	}

	/// <summary>A token that is cancelled when a step has waited too long.</summary>
	public CancellationToken Patient() => new CancellationTokenSource(Patience).Token;

	/// <summary>Takes events until that is so, or the time of a step is up.</summary>
	public async Task Until(Func<bool> look, Func<string> otherwise)
	{
		if (!await Until(look, Patience))
			throw new Failure(otherwise());
	}

	/// <summary>The same; false: the time is up.</summary>
	public async Task<bool> Until(Func<bool> look, TimeSpan time)
	{
		TimeSpan end = Library.Now + time;
		while (!look()) {
			if (Library.Now >= end)
				return false;
			if (IsAsync)
				await Task.Delay(1);
			else
				Poll();
		}
		return true;
	}

	/// <summary>Takes events that long.</summary>
	public Task Pause(TimeSpan time) => Until(() => false, time);

	/// <summary>One event of the first endpoint that has one; when none has, a moment passes.</summary>
	void Poll()
	{
		foreach (Endpoint endpoint in _endpoints)
			if (endpoint.Poll(1) > 0)
				return;
		if (_endpoints.Count > 0)
			_endpoints[0].Wait(TimeSpan.FromMilliseconds(1));
		else
			Thread.Sleep(1);
	}
}
