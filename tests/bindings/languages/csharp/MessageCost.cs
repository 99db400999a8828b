// What a message costs in C#, by the protocol of README.md.
using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Kith;

static class MessageCost
{
	const int Batch = 64, Size = 1024, WarmUp = 100;

	static long ResidentKib() =>
		long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS:")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

	static void Exchange(Endpoint endpoint, Connection first, Connection second, long batches)
	{
		var payload = new byte[Batch * Size];
		var messages = new Message[Batch];
		for (long i = 0; i < batches; i++) {
			if (first.SendBatch(payload, Size) != Batch)
				throw new InvalidOperationException("there is no room");
			for (int done = 0, count; done < Batch; done += count) {
				count = second.Receive(messages);
				for (int at = 0; at < count; at++) {
					if (messages[at].Length != Size)
						throw new InvalidOperationException("a message has another size");
				}
				Message.DisposeAll(messages.AsSpan(0, count));
				if (count == 0 && endpoint.Wait(Timeout.InfiniteTimeSpan))
					endpoint.Poll();
			}
		}
	}

	public static int Run(long messages)
	{
		long batches = (messages + Batch - 1) / Batch;
		using var endpoint = new Endpoint(new EndpointOptions { Events = EventMode.Poll });
		ConnectionPair pair = Endpoint.CreatePair(endpoint, endpoint);
		Exchange(endpoint, pair.First, pair.Second, WarmUp);
		long before = ResidentKib();
		Process self = Process.GetCurrentProcess();
		TimeSpan began = self.TotalProcessorTime;
		Exchange(endpoint, pair.First, pair.Second, batches);
		self.Refresh();
		TimeSpan spent = self.TotalProcessorTime - began;
		Console.WriteLine($"{batches * Batch} {spent.Ticks * 100} {before} {ResidentKib()}");
		return 0;
	}
}
