// Identities, addresses, constants, names, the library.
using System;
using System.Collections.Generic;
using System.Linq;
using Kith;

static class ValueVerbs
{
	static readonly Dictionary<string, Func<int, string>> s_names = new Dictionary<string, Func<int, string>> {
		{ "state", Names.OfState }, { "route", Names.OfRoute }, { "reason", Names.OfReason }, { "result", Names.OfResult },
		{ "event", Names.OfEvent }, { "stage", Names.OfStage }, { "doubt", Names.OfDoubt }, { "log", Names.OfLogLevel },
		{ "subject", Names.OfLogSubject },
	};

	static readonly Dictionary<string, Func<int, string>> s_texts = new Dictionary<string, Func<int, string>> {
		{ "result", Names.TextOfResult }, { "stage", Names.TextOfStage }, { "doubt", Names.TextOfDoubt },
	};

	internal static string Hex(byte[] bytes) => string.Concat(bytes.Select(each => each.ToString("x2")));

	static byte[] FromHex(string text)
	{
		return Enumerable.Range(0, text.Length / 2).Select(i => System.Convert.ToByte(text.Substring(2 * i, 2), 16)).ToArray();
	}

	static void Is(string seen, string wanted) => Failure.Unless(wanted == null || seen == wanted, seen);

	public static void Identity(World world, Step step)
	{
		Identity identity = Kith.Identity.Parse(step[0]);
		Failure.Unless(!step.Has("kind") || identity.Kind == World.Constant<IdentityKind>(step["kind"]), identity.Kind);
		Is(identity.ToString(), step["print"]);
		if (step.Has("bytes"))
			Is(Hex(identity.ToBytes()), step["bytes"]);
		Failure.Unless(!step.Has("equals") || identity == Kith.Identity.Parse(step["equals"]), "another");
		Failure.Unless(!step.Has("differs") || identity != Kith.Identity.Parse(step["differs"]), "the same");
	}

	public static void IdentityOf(World world, Step step)
	{
		Is((step.Has("bytes") ? Kith.Identity.FromBytes(FromHex(step["bytes"]))
			: Kith.Identity.FromAddress(Kith.Address.Parse(step["address"]))).ToString(), step["print"]);
	}

	public static void Address(World world, Step step)
	{
		Address address = Kith.Address.Parse(step[0]);
		Failure.Unless(!step.Has("port") || address.Port == step.Number("port"), address.Port);
		Is(address.ToString(), step["print"]);
		Failure.Unless(!step.Has("equals") || address == Kith.Address.Parse(step["equals"]), "another");
		Failure.Unless(!step.Has("differs") || address != Kith.Address.Parse(step["differs"]), "the same");
		Failure.Unless(new Address(address.IP, address.Port) == address, "another when .NET has had it");
	}

	public static void Constant(World world, Step step)
	{
		long seen = Library.Constants()[step[0]];
		Failure.Unless(seen == long.Parse(step[1]), seen);
	}

	public static void Name(World world, Step step) => Is(s_names[step[0]](int.Parse(step[1])), step[2]);

	public static void Text(World world, Step step) => Is(s_texts[step[0]](int.Parse(step[1])), step[2]);

	public static void ReasonResult(World world, Step step)
	{
		Is(Names.OfResult((int)Names.ResultOfReason(int.Parse(step[0]))), step[1]);
	}

	public static void Bucket(World world, Step step)
	{
		Is(Names.OfBucket(World.Constant<Histogram>(step[0]), int.Parse(step[1])), step[2]);
	}

	public static void Version(World world, Step step) => Is(Library.Version.ToString(3), Library.VersionText);

	public static void Clock(World world, Step step)
	{
		TimeSpan first = Library.Now, second = Library.Now;
		Failure.Unless(second >= first, second);
	}
}
