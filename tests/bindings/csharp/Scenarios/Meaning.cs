// What the values of the file mean: identities, addresses, keys, certificates by their names.
using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Kith;

sealed partial class World
{
	/// <summary>An identity's text, or that of what is named; null for null.</summary>
	public Identity Identity(string text)
	{
		if (text == null)
			return null;
		if (!IsName(text))
			return Kith.Identity.Parse(text);
		var thing = Get<object>(text.Substring(1));
		var endpoint = thing as Endpoint;
		if (endpoint != null)
			return endpoint.Identity;
		var certificate = thing as byte[];
		return certificate != null ? Certificate.Read(certificate)[0].Identity : Key(text).Identity;
	}

	/// <summary>An address's text, or that of a listener.</summary>
	public Address Address(string text) => IsName(text) ? Get<Listener>(text.Substring(1)).Address : Kith.Address.Parse(text);

	/// <summary>The public key of a key, or of the one that a certificate is for.</summary>
	public PublicKey Key(string name)
	{
		var thing = Get<object>(name.TrimStart('@'));
		var certificate = thing as byte[];
		if (certificate != null)
			return Certificate.Read(certificate)[0].Key;
		var key = thing as PrivateKey;
		return key != null ? key.PublicKey : (PublicKey)thing;
	}

	/// <summary>Certificates with commas, their texts one behind the other, or one key; no bytes of none.</summary>
	public byte[] Certificates(string names)
	{
		if (names == null || names == "none")
			return new byte[0];
		string[] list = names.Split(',');
		if (list.Length == 1 && Get<object>(names) is byte[])
			return Get<byte[]>(names);
		return Encoding.ASCII.GetBytes(string.Join("\n", list.Select(TextOf)));
	}

	string TextOf(string name)
	{
		var certificate = Get<object>(name) as byte[];
		return certificate != null ? Encoding.ASCII.GetString(certificate) : Key(name).ToString();
	}

	/// <summary>A list of revoked keys; no bytes of none.</summary>
	public byte[] Revoked(string names)
	{
		if (names == null || names == "none")
			return new byte[0];
		return Encoding.ASCII.GetBytes(string.Join("\n", names.Split(',').Select(name => Key(name).Id)));
	}

	/// <summary>The constant of an enum by its name in C, without the prefix of the type.</summary>
	public static T Constant<T>(string name) where T : struct => (T)Constant(typeof(T), name);

	static object Constant(Type type, string name)
	{
		string plain = type == typeof(Result) && name.StartsWith("E_", StringComparison.Ordinal) ? name.Substring(2) : name;
		return Enum.Parse(type, plain.Replace("_", ""), true);
	}

	/// <summary>Whether a value is what stands in the file.</summary>
	public bool Same(object value, string text)
	{
		decimal number;
		if (value is Identity)
			return value.Equals(Identity(text));
		if (value is Address)
			return value.Equals(Address(text));
		if (value is PublicKey)
			return value.Equals(Key(text));
		if (value is ulong && IsName(text))
			return value.Equals(Key(text).Id);
		if (value is string)
			return (string)value == text;
		if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
			return NumberOf(value) == number;
		if (value is Enum)
			return value.Equals(Constant(value.GetType(), text));
		return NameOf(value) == text;
	}

	/// <summary>A value as a number: times in microseconds, what is not known as -1, as in C.</summary>
	static decimal NumberOf(object value)
	{
		if (value == null)
			return -1;
		if (value is TimeSpan)
			return ((TimeSpan)value).Ticks / 10;
		if (value is DateTimeOffset)
			return ((DateTimeOffset)value).ToUnixTimeMilliseconds() * 1000M;
		return Convert.ToDecimal(value, CultureInfo.InvariantCulture);
	}

	/// <summary>Whether a value is as the FACT of a step says.</summary>
	public bool Holds(Step step, object value)
	{
		string wanted = step["is"], unwanted = step["not"], least = step["min"], most = step["max"], contained = step["contains"];
		return (wanted == null || Same(value, wanted)) && (unwanted == null || !Same(value, unwanted)) &&
			(least == null || NumberOf(value) >= Number(least)) && (most == null || NumberOf(value) <= Number(most)) &&
			(contained == null || ((string)value).Contains(contained));
	}

	static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

	static bool IsName(string text) => text.StartsWith("@", StringComparison.Ordinal);
}
