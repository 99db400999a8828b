// The binding under Mono: two ends talk, asynchronously and by polling, and garbage and exit do no harm.
using System;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Kith;

static class Talk
{
	static int s_failed, s_passed;

	static void Check(bool right, string what)
	{
		if (right)
			s_passed++;
		else {
			s_failed++;
			Console.WriteLine("FAILED: " + what);
		}
	}

	static async Task Asynchronously()
	{
		using (var server = new Endpoint())
		using (var client = new Endpoint()) {
			Listener listener = server.Listen("127.0.0.1:0");
			Task<Connection> accepting = listener.AcceptAsync();
			Connection called = await client.ConnectAsync(listener.Address);
			Connection accepted = await accepting;
			called.Send(Encoding.UTF8.GetBytes("hello"));
			using (Message message = await accepted.ReceiveAsync())
				Check(Encoding.UTF8.GetString(message.ToArray()) == "hello", "hello");
			Check(called.Security.IsEncrypted, "encrypted");
			Check(called.Info.Peer == server.Identity, "the peer's identity");
			await called.CloseAsync(TimeSpan.FromSeconds(5), 1007, "enough");
			ConnectionEnd end = await accepted.WaitClosedAsync();
			Check(end.Reason == 1007 && end.Text == "enough", "reason and text");
		}
	}

	static void Polling()
	{
		using (var endpoint = new Endpoint(new EndpointOptions { Events = EventMode.Poll })) {
			ConnectionPair pair = Endpoint.CreatePair(endpoint, endpoint);
			int heard = 0;
			pair.Second.MessagesArrived += (sender, happened) => {
				Message message;
				while (pair.Second.TryReceive(out message)) {
					heard += message.Length;
					message.Dispose();
				}
				throw new InvalidOperationException("mine");
			};
			pair.First.Send(new byte[1000]);
			Exception thrown = null;
			while (thrown == null && endpoint.Wait(TimeSpan.FromSeconds(10)))
				try {
					endpoint.Poll();
				} catch (InvalidOperationException mine) {
					thrown = mine;
				}
			Check(heard == 1000, "what was polled for");
			Check(thrown != null && thrown.Message == "mine", "a handler's exception comes out of Poll");
		}
	}

	static void Results()
	{
		try {
			Identity.Parse("nobody");
			Check(false, "a malformed identity is refused");
		} catch (KithException failure) {
			Check(failure.Result == Result.Invalid && failure.Message.Contains("nobody"), "the exception says what was wrong");
		}
		var endpoint = new Endpoint();
		endpoint.Dispose();
		try {
			endpoint.Listen("127.0.0.1:0");
			Check(false, "a disposed endpoint refuses");
		} catch (KithException failure) {
			Check(failure.Result == Result.Handle, "a disposed endpoint says so");
		}
	}

	static int Main()
	{
		Asynchronously().Wait();
		Polling();
		Results();
		for (int i = 0; i < 50; i++)
			Endpoint.CreatePair(new Endpoint(), new Endpoint());
		GC.Collect();
		GC.WaitForPendingFinalizers();
		Check(true, "garbage");
		Console.WriteLine("{0} passed, {1} failed", s_passed, s_failed);
		var alive = new Endpoint();
		Endpoint.CreatePair(alive, alive);
		return s_failed == 0 ? 0 : 1;
	}
}
