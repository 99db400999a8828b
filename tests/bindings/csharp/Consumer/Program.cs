using System.Text;
using Kith;

await using var server = new Endpoint();
await using var client = new Endpoint();
using Listener listener = server.Listen("127.0.0.1:0");
Task<Connection> accepting = listener.AcceptAsync();
await using Connection call = await client.ConnectAsync(listener.Address);
await using Connection answer = await accepting;

call.Send("hello"u8);
using Message message = await answer.ReceiveAsync();
Console.WriteLine(Encoding.UTF8.GetString(message.Span));
return message.Span.SequenceEqual("hello"u8) ? 0 : 1;
