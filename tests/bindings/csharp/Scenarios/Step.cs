// One step of a scenario: its verb, arguments and keys.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

/// <summary>
/// One step of a scenario. Tokens are kept as the bytes of the file, a character each; whoever asks for a text gets
/// them read as UTF-8.
/// </summary>
sealed class Step
{
	public static readonly Encoding Bytes = Encoding.GetEncoding("iso-8859-1");

	readonly List<string> _arguments;
	readonly Dictionary<string, string> _keys;
	readonly HashSet<string> _used = new HashSet<string>();

	public Step(int line, List<string> arguments, Dictionary<string, string> keys)
	{
		int at = 0;
		Line = line;
		if (arguments[0] == "fails") {
			Fails = arguments[1];
			at = 2;
		}
		Verb = arguments[at];
		_arguments = arguments.GetRange(at + 1, arguments.Count - at - 1);
		_keys = keys;
	}

	/// <summary>Its line in the file.</summary>
	public int Line { get; }

	/// <summary>The result that it must fail with; null: it must not.</summary>
	public string Fails { get; }

	public string Verb { get; }

	/// <summary>How many arguments it has.</summary>
	public int Count => _arguments.Count;

	public IEnumerable<string> Arguments => _arguments.Select(Text);

	/// <summary>An argument.</summary>
	public string this[int at] => Text(_arguments[at]);

	/// <summary>The value of a key; null: it has none. From then on the key is known.</summary>
	public string this[string key]
	{
		get
		{
			string value;
			_used.Add(key);
			return _keys.TryGetValue(key, out value) ? Text(value) : null;
		}
	}

	/// <summary>The keys, whoever knows them.</summary>
	public IEnumerable<string> Keys => _keys.Keys;

	/// <summary>The keys that nobody asked for.</summary>
	public IEnumerable<string> Unknown => _keys.Keys.Where(key => !_used.Contains(key));

	public bool Has(string key) => _keys.ContainsKey(key);

	public long Number(string key, long without = 0) => Has(key) ? long.Parse(this[key], CultureInfo.InvariantCulture) : without;

	public int Integer(string key, int without = 0) => checked((int)Number(key, without));

	public bool Flag(string key) => Number(key) == 1;

	/// <summary>Microseconds; negative: as long as it takes.</summary>
	public TimeSpan Time(string key, long without = 0) => TimeSpan.FromTicks(Number(key, without) * 10);

	/// <summary>A list with commas; empty: the key is missing.</summary>
	public string[] List(string key) => Has(key) ? this[key].Split(',') : new string[0];

	/// <summary>
	/// The content of a message: said, or made by size and seed. The one behind it in a batch has the next index.
	/// </summary>
	public byte[] Content(int at, int index = 0)
	{
		if (!Has("size"))
			return Bytes.GetBytes(_arguments[at]);
		var made = new byte[Number("size")];
		long seed = Number("seed") + index;
		for (int i = 0; i < made.Length; i++)
			made[i] = unchecked((byte)(i * 31L + i / 256 * 17 + seed));
		return made;
	}

	static string Text(string token) => Encoding.UTF8.GetString(Bytes.GetBytes(token));
}
