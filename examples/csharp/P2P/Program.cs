// P2P: a game's loop. Nothing waits and nothing is asynchronous: each frame takes what happened, sends where the
// player is, and shows where the other one is.
//
//   dotnet run -- listen str:bob tcp://127.0.0.1:10000
//   dotnet run -- call str:alice tcp://127.0.0.1:10000 str:bob
using Kith;

const int Port = 7, Frames = 60;

if (args.Length < 3) {
	Console.Error.WriteLine("P2P listen MYSELF SIGNALING | P2P call MYSELF SIGNALING PEER");
	return 2;
}
using var endpoint = new Endpoint(new EndpointOptions { Identity = Identity.Parse(args[1]), Events = EventMode.Poll });
endpoint.OpenSignaling(args[2]);
Connection? other = null;
if (args[0] == "call")
	other = endpoint.Connect(Identity.Parse(args[3]), new ConnectionOptions { VirtualPort = Port });
else
	endpoint.ListenPort(Port);

int seen = 0;
for (int frame = 0; seen < Frames; Thread.Sleep(16)) {
	while (endpoint.TryReadEvent(out KithEvent? happened))
		if (happened!.Type == EventType.State && happened.Listener != null && happened.State == ConnectionState.Connecting) {
			other = happened.Connection!;
			other.Accept();
		}
	if (other == null)
		continue;
	if (other.End != null) {
		Console.WriteLine($"ended after {seen} positions: {other.End.Text}");
		return seen > 0 ? 0 : 1;
	}
	if (other.State == ConnectionState.Connected)
		other.TrySend(BitConverter.GetBytes(frame++), SendFlags.Sequenced);
	while (!other.IsClosed && other.TryReceive(out Message message))
		using (message)
			seen += message.Length / sizeof(int);
}
Console.WriteLine($"saw {seen} positions");
other!.Close((int)Reason.App, "done", TimeSpan.FromSeconds(1));
return 0;
