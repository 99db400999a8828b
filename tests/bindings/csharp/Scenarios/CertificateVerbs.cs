// Certificates: making them, and what they say.
using System;
using System.Linq;
using Kith;

static class CertificateVerbs
{
	static CertificateOptions Asked(World world, Step step)
	{
		var options = new CertificateOptions {
			Kind = World.Constant<CertificateKind>(step["kind"] ?? "PEER"),
			Identity = world.Identity(step["identity"]),
		};
		foreach (string app in step.List("apps"))
			options.AppIds.Add(uint.Parse(app));
		return options;
	}

	/// <summary>As an authority reads what somebody asks for.</summary>
	static CertificateOptions AskedBy(byte[] request)
	{
		Certificate asked = Kith.Certificate.Read(request)[0];
		var options = new CertificateOptions {
			Kind = asked.Identity != null ? CertificateKind.Peer : CertificateKind.Authority,
			Key = asked.Key,
			Identity = asked.Identity,
		};
		foreach (uint app in asked.AppIds)
			options.AppIds.Add(app);
		return options;
	}

	public static void Certificate(World world, Step step)
	{
		CertificateOptions options = step.Has("request") ? AskedBy(world.Get<byte[]>(step["request"])) : Asked(world, step);
		if (step.Has("for"))
			options.Key = world.Key(step["for"]);
		options.SigningKey = world.Get<PrivateKey>(step["signed_by"]);
		options.Created = DateTimeOffset.UtcNow.AddSeconds(step.Number("from_s"));
		options.Expires = DateTimeOffset.UtcNow.AddSeconds(step.Number("until_s", 3600));
		options.Form = World.Constant<CertificateForm>(step["form"] ?? "TEXT");
		world.Add(step[0], Kith.Certificate.Sign(options));
	}

	public static void Request(World world, Step step)
	{
		CertificateOptions options = Asked(world, step);
		options.SigningKey = world.Get<PrivateKey>(step["by"]);
		world.Add(step[0], Kith.Certificate.Request(options));
	}

	public static void Convert(World world, Step step)
	{
		var form = World.Constant<CertificateForm>(step["form"]);
		world.Add(step[0], Kith.Certificate.Convert(world.Certificates(step["from"]), form));
	}

	public static void CertificateIs(World world, Step step)
	{
		var endpoint = world.Get<object>(step[0]) as Endpoint;
		Certificate says = endpoint != null ? endpoint.Certificate : Kith.Certificate.Read(world.Get<byte[]>(step[0])).First();
		object seen = Fields.Of(says, step[1]);
		Failure.Unless(world.Holds(step, seen), seen);
	}

	public static void SetCertificate(World world, Step step)
	{
		world.Get<Endpoint>(step[0]).SetCertificate(world.Certificates(step[1]), world.Find<PrivateKey>(step["key"]));
	}
}
