// Echo: sends back what comes, by address.
//
//   dotnet run -- listen 127.0.0.1:27015
//   dotnet run -- connect 127.0.0.1:27015 "some words"
using System.Text;
using Kith;

if (args.Length < 2 || args[0] is not ("listen" or "connect")) {
	Console.Error.WriteLine("Echo listen ADDRESS | Echo connect ADDRESS WORDS");
	return 2;
}
await using var endpoint = new Endpoint();
if (args[0] == "connect") {
	await using Connection connection = await endpoint.ConnectAsync(Address.Parse(args[1]));
	connection.Send(Encoding.UTF8.GetBytes(string.Join(' ', args[2..])));
	using Message answer = await connection.ReceiveAsync();
	Console.WriteLine(Encoding.UTF8.GetString(answer.Span));
	return 0;
}
using Listener listener = endpoint.Listen(args[1]);
Console.WriteLine($"listening on {listener.Address}");
for (;;)
	_ = Serve(await listener.AcceptAsync());

static async Task Serve(Connection connection)
{
	try {
		await foreach (Message message in connection.ReceiveAllAsync())
			using (message)
				await connection.SendAsync(message.Memory);
	} catch (ConnectionException lost) {
		Console.Error.WriteLine(lost.Message);
	}
}
