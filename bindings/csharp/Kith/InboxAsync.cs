// Waiting for messages.
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Kith
{
	internal sealed partial class Inbox
	{
		async Task<Message> WaitFor(CancellationToken cancellationToken)
		{
			for (;;) {
				Message message;
				Task next = Readable.Next();
				if (TryReceive(out message, true))
					return message;
				await Waiter.Wait(next, cancellationToken).ConfigureAwait(false);
			}
		}

		/// <summary>As <see cref="ReceiveAsync"/>; false: it ended as planned.</summary>
		public async Task<bool> WaitForNext(CancellationToken cancellationToken)
		{
			for (;;) {
				Task next = Readable.Next();
				lock (_ready) {
					if (_at == _count && !EndedWell())
						Refill(true);
					if (_at < _count)
						return true;
					if (EndedWell())
						return false;
				}
				await Waiter.Wait(next, cancellationToken).ConfigureAwait(false);
			}
		}
	}

	/// <summary>Messages as they come; ends when their connection is closed as planned, and throws when it broke.</summary>
	internal sealed class MessageStream : IAsyncEnumerable<Message>, IAsyncEnumerator<Message>
	{
		readonly Inbox _inbox;
		CancellationToken _token;

		public MessageStream(Inbox inbox, CancellationToken token)
		{
			_inbox = inbox;
			_token = token;
		}

		public Message Current { get; private set; }

		public IAsyncEnumerator<Message> GetAsyncEnumerator(CancellationToken cancellationToken = default)
		{
			return new MessageStream(_inbox, cancellationToken.CanBeCanceled ? cancellationToken : _token);
		}

		public ValueTask<bool> MoveNextAsync()
		{
			Message message;
			_token.ThrowIfCancellationRequested();
			if (!_inbox.HasReady || !_inbox.TryReceive(out message))
				return new ValueTask<bool>(Wait());
			Current = message;
			return new ValueTask<bool>(true);
		}

		async Task<bool> Wait()
		{
			for (;;) {
				Message message;
				if (!await _inbox.WaitForNext(_token).ConfigureAwait(false))
					return false;
				if (!_inbox.TryReceive(out message))
					continue;
				Current = message;
				return true;
			}
		}

		public ValueTask DisposeAsync() => default;
	}
}
