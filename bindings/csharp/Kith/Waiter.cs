// One thing that tasks wait for: messages, room, a state.
using System.Threading;
using System.Threading.Tasks;

namespace Kith
{
	/// <summary>
	/// Tasks that wait until something may have changed. To miss nothing, take <see cref="Next"/> first, then look,
	/// then wait. Continuations never run on the thread that wakes. While anybody waits, the endpoint is kept alive.
	/// </summary>
	internal sealed class Waiter
	{
		readonly Endpoint _endpoint;
		TaskCompletionSource<bool> _source;

		public Waiter(Endpoint endpoint)
		{
			_endpoint = endpoint;
		}

		public Task Next()
		{
			lock (this) {
				if (_source == null) {
					_source = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
					_endpoint.Roots.Add();
				}
				return _source.Task;
			}
		}

		public void Wake()
		{
			TaskCompletionSource<bool> source;
			if (Volatile.Read(ref _source) == null)
				return;
			lock (this) {
				source = _source;
				_source = null;
			}
			if (source == null)
				return;
			_endpoint.Roots.Remove();
			source.TrySetResult(true);
		}

		/// <summary>Waits for a task, but no longer than the token allows.</summary>
		public static Task Wait(Task task, CancellationToken cancellationToken)
		{
			if (!cancellationToken.CanBeCanceled || task.IsCompleted)
				return task;
			return WaitCancellable(task, cancellationToken);
		}

		static async Task WaitCancellable(Task task, CancellationToken cancellationToken)
		{
			var cancelled = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
			using (cancellationToken.Register(state => ((TaskCompletionSource<bool>)state).TrySetResult(true), cancelled))
				await Task.WhenAny(task, cancelled.Task).ConfigureAwait(false);
			if (!task.IsCompleted)
				cancellationToken.ThrowIfCancellationRequested();
		}
	}

	/// <summary>
	/// Keeps an endpoint alive as long as somebody of the program could notice: a task that waits, a handler. The
	/// event pump alone does not, so one that is forgotten can be collected.
	/// </summary>
	internal sealed class Roots
	{
		readonly Endpoint _endpoint;
		System.Runtime.InteropServices.GCHandle _handle;
		int _count;
		bool _ended;

		public Roots(Endpoint endpoint)
		{
			_endpoint = endpoint;
		}

		public void Add()
		{
			lock (this) {
				_count++;
				if (!_ended && !_handle.IsAllocated)
					_handle = System.Runtime.InteropServices.GCHandle.Alloc(_endpoint);
			}
		}

		public void Remove()
		{
			lock (this) {
				_count--;
				if (_count == 0 && _handle.IsAllocated)
					_handle.Free();
			}
		}

		/// <summary>The endpoint is disposed: nothing will happen any more.</summary>
		public void End()
		{
			lock (this) {
				_ended = true;
				if (_handle.IsAllocated)
					_handle.Free();
			}
		}
	}
}
