// programs peer NAME OTHER... | programs bench MESSAGES
using System.Threading.Tasks;

static class Program
{
	static async Task<int> Main(string[] arguments)
	{
		if (arguments[0] == "peer")
			return await Peer.Run(arguments[1], arguments[2..]);
		return MessageCost.Run(long.Parse(arguments[1]));
	}
}
