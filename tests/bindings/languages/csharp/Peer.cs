// One of several peers that call each other, in C#: README.md has what each does.
using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kith;

static class Peer
{
	const int Messages = 50, Step = 1500, Port = 1, Reason = 1001;

	static byte[] Content(int number)
	{
		var bytes = new byte[number * Step];
		for (int i = 0; i < bytes.Length; i++)
			bytes[i] = (byte)(i * 31 + i / 256 * 17 + number);
		return bytes;
	}

	static async Task Call(Endpoint endpoint, string other)
	{
		Connection connection = await endpoint.ConnectAsync(Identity.Parse("str:" + other), new ConnectionOptions { VirtualPort = Port });
		for (int number = 0; number < Messages; number++)
			await connection.SendAsync(Content(number));
		for (int number = 0; number < Messages; number++) {
			using Message echo = await connection.ReceiveAsync();
			if (!echo.Memory.Span.SequenceEqual(Content(number)))
				throw new InvalidOperationException("an echo is not what was sent");
		}
		connection.Close(Reason);
	}

	static async Task Echo(Connection connection)
	{
		await foreach (Message message in connection.ReceiveAllAsync()) {
			using (message)
				await connection.SendAsync(message.Memory);
		}
		ConnectionEnd end = await connection.WaitClosedAsync();
		if (end.Reason != Reason)
			throw new InvalidOperationException("a connection ended: " + end.Text);
	}

	static async Task Serve(Listener listener, int count)
	{
		var echoes = new Task[count];
		for (int i = 0; i < count; i++)
			echoes[i] = Echo(await listener.AcceptAsync());
		await Task.WhenAll(echoes);
	}

	public static async Task<int> Run(string name, string[] others)
	{
		var options = new EndpointOptions { Identity = Identity.Parse("str:" + name), Config = { { Option.TimeoutInitial, 30000 } } };
		using var endpoint = new Endpoint(options);
		endpoint.OpenSignaling(Environment.GetEnvironmentVariable("KITH_TEST_SIGNALING"));
		Task served = Serve(endpoint.ListenPort(Port), others.Length);
		Task all = Task.WhenAll(others.Select(other => Call(endpoint, other)).Append(served));
		if (await Task.WhenAny(all, Task.Delay(60000)) != all)
			throw new TimeoutException();
		await all;
		Console.WriteLine($"{name}: {others.Length} called, {others.Length} served");
		return 0;
	}
}
