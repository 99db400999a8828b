// Chat: two who call each other talk; both calls become one connection.
//
//   dotnet run -- str:alice str:bob tcp://127.0.0.1:10000
//   dotnet run -- str:bob str:alice tcp://127.0.0.1:10000
using System.Text;
using Kith;

const int Port = 1;

if (args.Length != 3) {
	Console.Error.WriteLine("Chat MYSELF PEER SIGNALING");
	return 2;
}
await using var endpoint = new Endpoint(new EndpointOptions { Identity = Identity.Parse(args[0]) });
endpoint.OpenSignaling(args[2]);
using Listener listener = endpoint.ListenPort(Port, new ListenerOptions { Symmetric = true });
try {
	Connection connection = await endpoint.ConnectAsync(Identity.Parse(args[1]),
		new ConnectionOptions { VirtualPort = Port, Symmetric = true });
	Console.WriteLine($"connected, {connection.Route()}");
	Task reading = Task.Run(async () => {
		await foreach (Message message in connection.ReceiveAllAsync())
			using (message)
				Console.WriteLine($"{args[1]}: {Encoding.UTF8.GetString(message.Span)}");
	});
	while (!reading.IsCompleted && await Console.In.ReadLineAsync() is { } line)
		await connection.SendAsync(Encoding.UTF8.GetBytes(line));
	await connection.CloseAsync(flush: TimeSpan.FromSeconds(5));
	await reading;
	return 0;
} catch (ConnectionException failure) {
	Console.Error.WriteLine($"{failure.Stage}: {failure.Message}");
	return 1;
}
