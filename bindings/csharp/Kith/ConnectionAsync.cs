// Waiting for what becomes of a connection.
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;

namespace Kith
{
	public sealed partial class Connection
	{
		/// <summary>Waits until it is connected; throws a <see cref="ConnectionException"/> when it ends before.</summary>
		public async Task WaitConnectedAsync(CancellationToken cancellationToken = default)
		{
			for (;;) {
				Task next = _changed.Next();
				if (_end != null)
					throw new ConnectionException(_end);
				if (_closed)
					throw new KithException(Result.Handle, "it was closed here");
				if (_state == (int)ConnectionState.Connected)
					return;
				await Waiter.Wait(next, cancellationToken).ConfigureAwait(false);
			}
		}

		internal async Task<Connection> UntilConnected(CancellationToken cancellationToken)
		{
			try {
				await WaitConnectedAsync(cancellationToken).ConfigureAwait(false);
			} catch (OperationCanceledException) {
				Close();
				throw;
			}
			return this;
		}

		/// <summary>Waits until it has ended; null: it was closed here.</summary>
		[return: MaybeNull]
		public async Task<ConnectionEnd> WaitClosedAsync(CancellationToken cancellationToken = default)
		{
			for (;;) {
				Task next = _changed.Next();
				if (IsClosed)
					return _end;
				await Waiter.Wait(next, cancellationToken).ConfigureAwait(false);
			}
		}

		/// <summary>Waits until everything sent has arrived, but not longer than so, and closes it.</summary>
		public async Task CloseAsync(TimeSpan flush, int reason = 0, [AllowNull] string text = null,
			CancellationToken cancellationToken = default)
		{
			TimeSpan until = Library.Now + flush;
			while (!IsClosed && Library.Now < until && HasUnacknowledged())
				await Task.Delay(5, cancellationToken).ConfigureAwait(false);
			Close(reason, text, TimeSpan.FromTicks(-1));
		}

		async Task SendWhenRoom(ReadOnlyMemory<byte> data, SendFlags flags, int lane, CancellationToken cancellationToken)
		{
			for (;;) {
				Task next = Writable.Next();
				if (TrySend(data.Span, flags, lane))
					return;
				await Waiter.Wait(next, cancellationToken).ConfigureAwait(false);
			}
		}
	}
}
