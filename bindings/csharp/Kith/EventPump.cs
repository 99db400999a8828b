// The thread that raises an endpoint's events.
using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Kith.Interop;

namespace Kith
{
	/// <summary>
	/// Waits for events in the library and lets the endpoint raise them. It holds the endpoint by a weak reference
	/// while it waits, so that one nobody uses can be collected, which ends the wait.
	/// </summary>
	internal static class EventPump
	{
		public static Thread Start(Endpoint endpoint, uint handle)
		{
			var weak = new WeakReference<Endpoint>(endpoint);
			var thread = new Thread(() => Run(weak, handle)) { IsBackground = true, Name = "Kith events" };
			thread.Start();
			return thread;
		}

		static void Run(WeakReference<Endpoint> endpoint, uint handle)
		{
			for (;;) {
				int result = Native.endpoint_wait(handle, -1);
				if (result != (int)Result.Ok && result != (int)Result.Interrupted)
					return;
				if (!Serve(endpoint))
					return;
			}
		}

		/// <summary>Not part of the loop, so that nothing of it keeps the endpoint alive during a wait.</summary>
		[MethodImpl(MethodImplOptions.NoInlining)]
		static bool Serve(WeakReference<Endpoint> weak)
		{
			Endpoint endpoint;
			if (!weak.TryGetTarget(out endpoint))
				return false;
			endpoint.Pump();
			return true;
		}
	}
}
