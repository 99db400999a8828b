// Lives and ends: garbage, disposed objects, old messages.
using System.Runtime.CompilerServices;
using Xunit;

namespace Kith.Tests;

public class LifeTests
{
	[Fact]
	public async Task A_disposed_message_is_not_another_one()
	{
		using var endpoint = new Endpoint();
		using ConnectionPair pair = Endpoint.CreatePair(endpoint, endpoint);
		pair.First.Send("one"u8);
		Message first = await pair.Second.ReceiveAsync();
		Message copy = first;
		first.Dispose();
		pair.First.Send("two"u8);
		using Message second = await pair.Second.ReceiveAsync();
		copy.Dispose();
		Assert.False(copy.IsValid);
		Assert.Throws<ObjectDisposedException>(() => copy.Span.Length);
		Assert.Equal("two"u8.ToArray(), second.ToArray());
	}

	[Fact]
	public async Task A_shared_message_lives_until_both_are_disposed()
	{
		var endpoint = new Endpoint();
		ConnectionPair pair = Endpoint.CreatePair(endpoint, endpoint);
		pair.First.Send("bytes"u8);
		Message first = await pair.Second.ReceiveAsync();
		Message second = first.Share();
		first.Dispose();
		endpoint.Dispose();
		Assert.Equal("bytes"u8.ToArray(), second.Memory.ToArray());
		second.Dispose();
	}

	[Fact]
	public void What_is_stale_answers_with_a_result()
	{
		var endpoint = new Endpoint();
		Connection connection = Endpoint.CreatePair(endpoint, endpoint).First;
		endpoint.Dispose();
		endpoint.Dispose();
		connection.Dispose();
		Assert.Equal(Result.Handle, Assert.Throws<KithException>(() => connection.Send("x"u8)).Result);
		Assert.Equal(Result.Handle, Assert.Throws<KithException>(() => endpoint.Listen("127.0.0.1:0")).Result);
		Assert.Throws<KithException>(() => connection.TryReceive(out _));
	}

	[Fact]
	public async Task Disposing_wakes_who_waits()
	{
		var endpoint = new Endpoint();
		ConnectionPair pair = Endpoint.CreatePair(endpoint, endpoint);
		Task<Message> waiting = pair.First.ReceiveAsync().AsTask();
		await Task.Delay(20);
		endpoint.Dispose();
		await Assert.ThrowsAsync<KithException>(() => waiting);
	}

	[MethodImpl(MethodImplOptions.NoInlining)]
	static WeakReference Forgotten(bool withHandler)
	{
		var endpoint = new Endpoint();
		if (withHandler)
			endpoint.ErrorOccurred += (_, _) => { };
		Endpoint.CreatePair(endpoint, endpoint);
		return new WeakReference(endpoint);
	}

	static void Collect()
	{
		for (int i = 0; i < 5; i++) {
			GC.Collect();
			GC.WaitForPendingFinalizers();
		}
	}

	[Fact]
	public void A_forgotten_endpoint_is_collected_unless_somebody_could_notice()
	{
		WeakReference forgotten = Forgotten(false), heard = Forgotten(true);
		Collect();
		Assert.False(forgotten.IsAlive);
		Assert.True(heard.IsAlive);
		((Endpoint)heard.Target!).Dispose();
	}

	[Fact]
	public void A_handler_may_dispose_its_endpoint()
	{
		using var gone = new ManualResetEventSlim();
		var endpoint = new Endpoint();
		ConnectionPair pair = Endpoint.CreatePair(endpoint, endpoint);
		pair.Second.MessagesArrived += (_, _) => {
			endpoint.Dispose();
			gone.Set();
		};
		pair.First.Send("x"u8);
		Assert.True(gone.Wait(TimeSpan.FromSeconds(10)));
	}

	[Fact]
	public void Allocation_does_not_grow_with_messages()
	{
		using var endpoint = new Endpoint();
		using ConnectionPair pair = Endpoint.CreatePair(endpoint, endpoint);
		var messages = new Message[64];
		var data = new byte[64 * 64];
		void Exchange(int batches)
		{
			for (int batch = 0; batch < batches; batch++) {
				pair.First.SendBatch(data, 64);
				for (int taken = 0; taken < 64;) {
					int count = pair.Second.Receive(messages);
					Message.DisposeAll(messages.AsSpan(0, count));
					taken += count;
				}
			}
		}
		Exchange(100);
		long before = GC.GetAllocatedBytesForCurrentThread();
		Exchange(1000);
		// One byte for each of the 64,000: other tests, which run meanwhile, empty the pool now and then.
		Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 65536);
	}
}
