// Two ends talk: asynchronously, by handlers, and by polling.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace Kith.Tests;

public class TalkTests
{
	static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

	static async Task<(Connection, Connection)> Meet(Endpoint server, Endpoint client)
	{
		Listener listener = server.Listen("127.0.0.1:0");
		Task<Connection> accepting = listener.AcceptAsync(Soon);
		Connection called = await client.ConnectAsync(listener.Address, cancellationToken: Soon);
		return (called, await accepting);
	}

	[Fact]
	public async Task Two_endpoints_talk()
	{
		await using var server = new Endpoint();
		await using var client = new Endpoint();
		(Connection called, Connection accepted) = await Meet(server, client);
		Assert.Equal(1, called.Send("hello"u8));
		using (Message message = await accepted.ReceiveAsync(Soon)) {
			Assert.Equal("hello", Encoding.UTF8.GetString(message.Span));
			Assert.Equal(accepted, message.Connection);
			Assert.Equal(1, message.Number);
			Assert.True(message.Flags.HasFlag(SendFlags.Reliable));
		}
		Assert.Equal(ConnectionState.Connected, called.Info.State);
		Assert.True(called.Security.IsEncrypted);
		Assert.Equal(server.Identity, called.Info.Peer);
		Assert.Contains("127.0.0.1", called.Route());
	}

	// As native arrays of Unity are: spans of pointers, in and out.
	[Fact]
	public async Task Bytes_need_not_be_managed()
	{
		await using var endpoint = new Endpoint();
		(Connection called, Connection accepted) = await Meet(endpoint, endpoint);
		SendFromNativeMemory(called);
		var expected = new byte[100];
		new Random(7).NextBytes(expected);
		for (int i = 0; i < 5; i++)
			using (Message message = await accepted.ReceiveAsync(Soon))
				CheckInNativeMemory(message, expected.AsSpan(i == 0 ? 0 : (i - 1) * 25, i == 0 ? 100 : 25));
	}

	static unsafe void SendFromNativeMemory(Connection connection)
	{
		void* memory = NativeMemory.Alloc(100);
		var bytes = new Span<byte>(memory, 100);
		new Random(7).NextBytes(bytes);
		Assert.Equal(1, connection.Send(bytes));
		Assert.Equal(4, connection.SendBatch(bytes, 25));
		bytes.Clear(); // what was sent has been copied
		NativeMemory.Free(memory);
	}

	static unsafe void CheckInNativeMemory(Message message, ReadOnlySpan<byte> expected)
	{
		void* memory = NativeMemory.AllocZeroed((nuint)message.Length);
		var bytes = new Span<byte>(memory, message.Length);
		message.Span.CopyTo(bytes);
		Assert.True(bytes.SequenceEqual(expected));
		NativeMemory.Free(memory);
	}

	[Fact]
	public void A_full_buffer_says_so_and_not_what_failed_before()
	{
		using var endpoint = new Endpoint();
		var options = new ConnectionOptions { Config = { { Option.SendBufferSize, 5000 } } };
		Connection nobody = endpoint.Connect(Identity.Parse("str:nobody"), options);
		Assert.Throws<KithException>(() => Identity.Parse("nobody"));
		var full = Assert.Throws<KithException>(() => {
			for (int i = 0; i < 5; i++)
				nobody.Send(new byte[1000]);
		});
		Assert.Equal(Result.Again, full.Result);
		Assert.DoesNotContain("nobody", full.Message);
	}

	[Fact]
	public async Task A_stream_of_messages_ends_with_its_connection()
	{
		await using var endpoint = new Endpoint();
		(Connection called, Connection accepted) = await Meet(endpoint, endpoint);
		for (int i = 0; i < 1000; i++)
			await called.SendAsync(BitConverter.GetBytes(i), cancellationToken: Soon);
		await called.CloseAsync(TimeSpan.FromSeconds(10), 1007, "enough", Soon);
		int next = 0;
		await foreach (Message message in accepted.ReceiveAllAsync(Soon))
			using (message)
				Assert.Equal(next++, BitConverter.ToInt32(message.Span));
		Assert.Equal(1000, next);
		Assert.Equal(1007, accepted.End!.Reason);
		Assert.Equal("enough", accepted.End.Text);
		var thrown = await Assert.ThrowsAsync<ConnectionException>(async () => await accepted.ReceiveAsync(Soon));
		Assert.Equal(1007, thrown.End.Reason);
	}

	[Fact]
	public async Task A_connection_that_does_not_come_about_says_why()
	{
		await using var endpoint = new Endpoint(new EndpointOptions { Config = { { Option.TimeoutInitial, 300 } } });
		using Listener silent = endpoint.Listen("127.0.0.1:0");
		var thrown = await Assert.ThrowsAsync<ConnectionException>(() => endpoint.ConnectAsync(silent.Address, cancellationToken: Soon));
		Assert.NotEqual(Stage.None, thrown.Stage);
		Assert.NotEmpty(thrown.Diagnosis!.Summary);
	}

	[Fact]
	public async Task Cancelling_closes_what_was_being_made()
	{
		await using var endpoint = new Endpoint();
		using Listener silent = endpoint.Listen("127.0.0.1:0");
		using var stop = new CancellationTokenSource(50);
		await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endpoint.ConnectAsync(silent.Address, cancellationToken: stop.Token));
	}

	[Fact]
	public async Task Sending_waits_for_room()
	{
		await using var endpoint = new Endpoint(new EndpointOptions { Config = { { Option.SendBufferSize, 65536 } } });
		using ConnectionPair pair = Endpoint.CreatePair(endpoint, endpoint);
		var block = new byte[10000];
		Task reading = Task.Run(async () => {
			for (int i = 0; i < 200; i++)
				(await pair.Second.ReceiveAsync(Soon)).Dispose();
		});
		for (int i = 0; i < 200; i++)
			await pair.First.SendAsync(block, cancellationToken: Soon);
		await reading;
	}

	[Fact]
	public void Polling_raises_on_the_callers_thread_and_throws_what_handlers_throw()
	{
		using var endpoint = new Endpoint(new EndpointOptions { Events = EventMode.Poll });
		using ConnectionPair pair = Endpoint.CreatePair(endpoint, endpoint);
		int thread = 0;
		pair.Second.MessagesArrived += (_, _) => {
			thread = Environment.CurrentManagedThreadId;
			throw new InvalidDataException("mine");
		};
		pair.First.Send("x"u8);
		Assert.Throws<InvalidDataException>(() => {
			while (endpoint.Wait(TimeSpan.FromSeconds(10)))
				endpoint.Poll();
		});
		Assert.Equal(Environment.CurrentManagedThreadId, thread);
		Assert.True(pair.Second.TryReceive(out Message message));
		message.Dispose();
	}

	[Fact]
	public async Task The_pump_reports_what_handlers_throw()
	{
		await using var endpoint = new Endpoint();
		using ConnectionPair pair = Endpoint.CreatePair(endpoint, endpoint);
		var seen = new TaskCompletionSource<Exception>();
		endpoint.HandlerFailed += (_, failure) => seen.TrySetResult(failure.Exception);
		pair.Second.MessagesArrived += (_, _) => throw new InvalidDataException("mine");
		pair.First.Send("x"u8);
		Assert.IsType<InvalidDataException>(await seen.Task.WaitAsync(Soon));
	}

	[Fact]
	public void Events_can_be_read_without_handlers()
	{
		using var endpoint = new Endpoint(new EndpointOptions { Events = EventMode.Poll, LogLevel = LogLevel.Debug });
		using Listener listener = endpoint.Listen("127.0.0.1:0");
		int lines = 0;
		endpoint.LogReceived += (_, _) => lines++;
		Connection called = endpoint.Connect(listener.Address);
		bool asked = false;
		while (called.State != ConnectionState.Connected) {
			Assert.True(endpoint.Wait(TimeSpan.FromSeconds(10)));
			while (endpoint.TryReadEvent(out KithEvent? happened))
				if (happened!.Type == EventType.State && happened.Listener == listener) {
					happened.Connection!.Accept();
					asked = true;
				}
		}
		Assert.True(asked);
		Assert.NotEqual(0, lines);
	}

	[Fact]
	public async Task Signals_travel_by_events()
	{
		await using var alice = new Endpoint(new EndpointOptions { Identity = Identity.Parse("str:alice") });
		await using var bob = new Endpoint(new EndpointOptions { Identity = Identity.Parse("str:bob") });
		alice.SignalReady += (_, signal) => bob.ReceiveSignal(signal.Data.Span);
		bob.SignalReady += (_, signal) => alice.ReceiveSignal(signal.Data.Span);
		using Listener listener = bob.ListenPort(7);
		Task<Connection> accepting = listener.AcceptAsync(Soon);
		Connection called = await alice.ConnectAsync(bob.Identity, new ConnectionOptions { VirtualPort = 7 }, Soon);
		Connection accepted = await accepting;
		accepted.Send("found"u8);
		using Message message = await called.ReceiveAsync(Soon);
		Assert.Equal("found", Encoding.UTF8.GetString(message.Span));
		Assert.Equal(alice.Identity, accepted.Info.Peer);
	}

	[Fact]
	public async Task Messages_need_no_connection()
	{
		await using var alice = new Endpoint(new EndpointOptions { Identity = Identity.Parse("str:alice") });
		await using var bob = new Endpoint(new EndpointOptions { Identity = Identity.Parse("str:bob") });
		alice.SignalReady += (_, signal) => bob.ReceiveSignal(signal.Data.Span);
		bob.SignalReady += (_, signal) => alice.ReceiveSignal(signal.Data.Span);
		bob.Messages.SessionRequested += (_, request) => bob.Messages.Accept(request.Peer!);
		await alice.Messages.SendAsync(bob.Identity, "hello"u8.ToArray(), channel: 5, cancellationToken: Soon);
		using Message message = await bob.Messages.ReceiveAsync(5, Soon);
		Assert.Equal(alice.Identity, message.Peer);
		Assert.Equal(5, message.Channel);
	}

	[Fact]
	public async Task Log_lines_come_on_a_thread_of_the_program()
	{
		await using var endpoint = new Endpoint(new EndpointOptions { LogLevel = LogLevel.Debug });
		var seen = new TaskCompletionSource<LogLine>();
		endpoint.LogReceived += (_, line) => seen.TrySetResult(line);
		using Listener listener = endpoint.Listen("127.0.0.1:0");
		endpoint.Connect(listener.Address);
		Assert.NotEmpty((await seen.Task.WaitAsync(Soon)).Text);
	}

	[Fact]
	public async Task Log_lines_come_in_order_however_often_the_level_is_set()
	{
		await using var endpoint = new Endpoint();
		var threads = new HashSet<int>();
		var seen = new TaskCompletionSource();
		int lines = 0;
		endpoint.LogReceived += (_, _) => {
			lock (threads) {
				threads.Add(Environment.CurrentManagedThreadId);
				if (++lines == 500)
					seen.TrySetResult();
			}
		};
		for (int i = 0; i < 10; i++)
			endpoint.SetLogLevel(LogLevel.Debug);
		while (!seen.Task.IsCompleted) {
			Endpoint.CreatePair(endpoint, endpoint, new PairOptions { Network = true }).Dispose();
			await Task.Delay(1, Soon);
		}
		Assert.Single(threads);
	}

	[Fact]
	public async Task A_batch_is_sent_and_received_with_few_calls()
	{
		await using var endpoint = new Endpoint();
		using ConnectionPair pair = Endpoint.CreatePair(endpoint, endpoint);
		var data = new byte[100 * 64];
		for (int i = 0; i < data.Length; i++)
			data[i] = (byte)(i / 64);
		Assert.Equal(100, pair.First.SendBatch(data, 64));
		var messages = new Message[100];
		for (int taken = 0; taken < 100;) {
			int count = pair.Second.Receive(messages.AsSpan(taken));
			taken += count;
			if (count == 0)
				await Task.Delay(1);
		}
		for (int i = 0; i < 100; i++)
			Assert.Equal(i, messages[i].Span[63]);
		Message.DisposeAll(messages);
		Assert.All(messages, message => Assert.False(message.IsValid));
		var outgoing = Enumerable.Range(0, 3).Select(i => new OutgoingMessage { Data = new[] { (byte)i }, Flags = SendFlags.Reliable }).ToArray();
		Assert.Equal(3, pair.First.SendBatch(outgoing));
		var buffer = new SendBuffer("filled"u8);
		pair.First.Send(buffer);
		Assert.Throws<ObjectDisposedException>(() => buffer.Lane);
	}
}
