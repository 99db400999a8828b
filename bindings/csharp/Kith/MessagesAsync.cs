// Waiting for room in a session.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Kith
{
	public sealed partial class Messages
	{
		/// <summary>The same; waits while the session's send buffer is full.</summary>
		public async Task SendAsync(Identity peer, ReadOnlyMemory<byte> data, SendFlags flags = SendFlags.Reliable,
			int channel = 0, CancellationToken cancellationToken = default)
		{
			cancellationToken.ThrowIfCancellationRequested();
			for (;;) {
				Task next = Writable.Next();
				if (TrySend(peer, data.Span, flags, channel))
					return;
				await Waiter.Wait(next, cancellationToken).ConfigureAwait(false);
			}
		}
	}
}
