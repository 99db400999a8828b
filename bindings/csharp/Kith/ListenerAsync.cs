// Waiting for peers that knock.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Kith
{
	public sealed partial class Listener
	{
		/// <summary>
		/// Accepts the next peer that knocks and waits until it is connected. One that gives up meanwhile is passed over.
		/// </summary>
		public async Task<Connection> AcceptAsync(CancellationToken cancellationToken = default)
		{
			for (;;) {
				Task next = _knocked.Next();
				Connection request = NextRequest();
				if (request == null) {
					if (_closed)
						throw new KithException(Result.Handle, "the listener is closed");
					await Waiter.Wait(next, cancellationToken).ConfigureAwait(false);
					continue;
				}
				try {
					return await request.AcceptAsync(cancellationToken).ConfigureAwait(false);
				} catch (KithException) when (!_closed) {
				}
			}
		}
	}
}
