// Values: addresses, identities, keys, certificates, options.
using System.Net;
using System.Text;
using Xunit;

namespace Kith.Tests;

public class ValueTests
{
	[Fact]
	public void Addresses_are_those_of_dotnet()
	{
		Address address = new IPEndPoint(IPAddress.Parse("192.0.2.7"), 80);
		Assert.Equal("192.0.2.7:80", address.ToString());
		Assert.Equal(Address.Parse("192.0.2.7:80"), address);
		Assert.Equal(IPAddress.Parse("2001:db8::1"), Address.Parse("[2001:db8::1]:9").IP);
		Assert.False(Address.TryParse("nonsense", out _));
		Assert.Equal(Result.Invalid, Assert.Throws<KithException>(() => Address.Parse("nonsense")).Result);
	}

	[Fact]
	public void Identities_are_texts()
	{
		Assert.Equal(Identity.Parse("str:alice"), Identity.Parse("str:alice"));
		Assert.NotEqual(Identity.Parse("str:alice"), Identity.Parse("str:bob"));
		Assert.Equal(new byte[] { 10, 11 }, Identity.Parse("gen:0a0b").ToBytes());
		Assert.False(Identity.TryParse("nobody", out Identity? none));
		Assert.Null(none);
		Assert.Contains("nobody", Assert.Throws<KithException>(() => Identity.Parse("nobody")).Message);
	}

	[Fact]
	public void Keys_survive_their_file()
	{
		string folder = Directory.CreateTempSubdirectory().FullName;
		using PrivateKey key = PrivateKey.LoadOrCreate(Path.Combine(folder, "key"));
		using PrivateKey again = PrivateKey.LoadOrCreate(Path.Combine(folder, "key"));
		Assert.Equal(key.PublicKey, again.PublicKey);
		key.PublicKey.Save(Path.Combine(folder, "public"));
		Assert.Equal(key.PublicKey, PublicKey.Load(Path.Combine(folder, "public")));
		Assert.Equal(key.PublicKey, PublicKey.Parse(key.PublicKey.ToString(KeyForm.Ssh)));
		Assert.Equal(key.Identity, key.PublicKey.Identity);
		Assert.Equal(IdentityKind.Key, key.Identity.Kind);
		Directory.Delete(folder, true);
	}

	[Fact]
	public void An_authority_vouches()
	{
		using PrivateKey root = PrivateKey.Generate(), alice = PrivateKey.Generate();
		DateTimeOffset tomorrow = DateTimeOffset.UtcNow.AddDays(1);
		byte[] request = Certificate.Request(new CertificateOptions { SigningKey = alice, Identity = Identity.Parse("str:alice") });
		Certificate asked = Certificate.Read(request)[0];
		byte[] signed = Certificate.Sign(new CertificateOptions { SigningKey = root, Key = asked.Key, Identity = asked.Identity, Expires = tomorrow });
		using var endpoint = new Endpoint(new EndpointOptions { PrivateKey = alice, Certificate = signed });
		Assert.Equal("str:alice", endpoint.Identity.ToString());
		Assert.Equal(root.PublicKey.Id, endpoint.Certificate.Issuer);
		using var other = new Endpoint();
		Assert.Equal(Doubt.Untrusted, other.Trust.Examine(signed));
		other.Trust.Add(root.PublicKey);
		Assert.Equal(Doubt.None, other.Trust.Examine(signed));
		Assert.True(Assert.Single(other.Trust.List()).IsBelieved);
		other.Trust.Revoke(alice.PublicKey.Id);
		Assert.Equal(Doubt.Revoked, other.Trust.Examine(signed));
		Assert.Equal(new[] { alice.PublicKey.Id }, other.Trust.Revoked());
		Assert.Equal(new ulong[] { 5, 6 }, Certificate.ReadRevoked(Encoding.ASCII.GetBytes("5\nID6 # six\n")));
		Assert.Single(Certificate.Read(Certificate.Convert(signed, CertificateForm.Binary)));
	}

	[Fact]
	public void Options_are_set_read_and_described()
	{
		using var endpoint = new Endpoint(new EndpointOptions {
			Config = { { Option.TimeoutInitial, 4321 }, { Option.FakePacketLossSend, 1.5 }, { Option.P2pStunServerList, "stun.example:3478" } },
		});
		Assert.Equal(4321, endpoint.Config.GetInteger(Option.TimeoutInitial));
		Assert.Equal(1.5, endpoint.Config.GetReal(Option.FakePacketLossSend));
		Assert.Equal("stun.example:3478", endpoint.Config.GetText(Option.P2pStunServerList));
		endpoint.Config.Set(Option.TimeoutInitial, 99);
		endpoint.Config.Reset(Option.TimeoutInitial);
		Assert.Equal(Config.Library.GetInteger(Option.TimeoutInitial), endpoint.Config.GetInteger(Option.TimeoutInitial));
		Assert.Equal(Result.Invalid, Assert.Throws<KithException>(() => endpoint.Config.Set(Option.NagleTime, -5)).Result);
		Assert.All(OptionInfo.All(), info => Assert.NotEmpty(info.Explanation));
	}

	[Fact]
	public void Texts_go_with_numbers()
	{
		Assert.Equal("E_TOO_LARGE", Names.OfResult((int)Result.TooLarge));
		Assert.Equal("APP", Names.OfReason(1234));
		Assert.Equal(Result.Timeout, Names.ResultOfReason((int)Reason.Timeout));
		Assert.Equal(Library.VersionText, Library.Version.ToString(3));
	}
}
