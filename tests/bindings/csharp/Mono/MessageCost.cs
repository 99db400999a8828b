// What a message costs under Mono, by the protocol of tests/bindings/README.md; with what its compiler knows.
using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using Kith;

static class MessageCost
{
	const int Batch = 64, Size = 1024, WarmUp = 6400;

	static readonly byte[] s_data = new byte[Batch * Size];
	static readonly Message[] s_messages = new Message[Batch];
	static Endpoint s_endpoint;
	static ConnectionPair s_pair;

	static void Exchange(long messages)
	{
		for (long done = 0; done < messages; done += Batch) {
			if (s_pair.First.SendBatch(s_data, Size) != Batch)
				throw new InvalidOperationException("the batch was not sent whole");
			for (int taken = 0; taken < Batch;) {
				int count = s_pair.Second.Receive(new Span<Message>(s_messages, 0, Batch));
				for (int i = 0; i < count; i++)
					if (s_messages[i].Length != Size)
						throw new InvalidOperationException("a message of another size");
				Message.DisposeAll(new ReadOnlySpan<Message>(s_messages, 0, count));
				taken += count;
				if (count == 0 && s_endpoint.Wait(TimeSpan.FromSeconds(10)))
					s_endpoint.Poll();
			}
		}
	}

	static string Resident()
	{
		foreach (string line in File.ReadAllLines("/proc/self/status"))
			if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
				return line.Split(new[] { ' ', '\t' }, StringSplitOptions.RemoveEmptyEntries)[1];
		return "0";
	}

	static TimeSpan Spent() => Process.GetCurrentProcess().TotalProcessorTime;

	static int Main(string[] arguments)
	{
		long messages = (long.Parse(arguments[0], CultureInfo.InvariantCulture) + Batch - 1) / Batch * Batch;
		using (s_endpoint = new Endpoint(new EndpointOptions { Events = EventMode.Poll })) {
			s_pair = Endpoint.CreatePair(s_endpoint, s_endpoint);
			Exchange(WarmUp);
			string before = Resident();
			TimeSpan begin = Spent();
			Exchange(messages);
			TimeSpan spent = Spent() - begin;
			Console.WriteLine("{0} {1} {2} {3}", messages, spent.Ticks * 100, before, Resident());
		}
		return 0;
	}
}
