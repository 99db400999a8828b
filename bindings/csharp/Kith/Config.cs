// Options of the library, an endpoint, a listener or a connection.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kith.Interop;

namespace Kith
{
	/// <summary>
	/// The options of an object. What is set counts for everything below that has not set the option itself:
	/// endpoints below the library, listeners and connections below their endpoint.
	/// </summary>
	public readonly unsafe struct Config
	{
		readonly uint _object;

		internal Config(uint handle)
		{
			_object = handle;
		}

		/// <summary>The defaults of the whole library.</summary>
		public static Config Library => default;

		/// <summary>Sets a whole number.</summary>
		public void Set(Option option, long value) => Check.Ok(Native.config_set_int(_object, (int)option, value));

		/// <summary>Sets a real number.</summary>
		public void Set(Option option, double value) => Check.Ok(Native.config_set_real(_object, (int)option, value));

		/// <summary>Sets an option of any type from text.</summary>
		public void Set(Option option, string value)
		{
			using (var scratch = new Scratch())
				Check.Ok(Native.config_set_text(_object, (int)option, scratch.Text(value)));
		}

		/// <summary>Sets an option by its name from text.</summary>
		public void Set(string name, string value)
		{
			using (var scratch = new Scratch())
				Check.Ok(Native.config_set_by_name(_object, scratch.Text(name), scratch.Text(value)));
		}

		/// <summary>Forgets what was set: the option is again what the level above says.</summary>
		public void Reset(Option option) => Check.Ok(Native.config_reset(_object, (int)option));

		/// <summary>A whole number.</summary>
		public long GetInteger(Option option)
		{
			long value;
			Check.Ok(Native.config_get_int(_object, (int)option, &value));
			return value;
		}

		/// <summary>A real number.</summary>
		public double GetReal(Option option)
		{
			double value;
			Check.Ok(Native.config_get_real(_object, (int)option, &value));
			return value;
		}

		/// <summary>An option of any type as text.</summary>
		public string GetText(Option option)
		{
			uint handle = _object;
			return Text.From((buffer, capacity, size) =>
				Native.config_get_text(handle, (int)option, buffer, capacity, size));
		}
	}

	/// <summary>What is known of an option.</summary>
	public sealed unsafe class OptionInfo
	{
		OptionInfo(NativeConfigInfo* native)
		{
			Option = (Option)native->Id;
			Type = (OptionType)native->Type;
			Lock = (OptionLock)native->Lock;
			Name = Text.Read(native->Name);
			Minimum = native->Min;
			Maximum = native->Max;
			Explanation = Text.Read(native->Text);
			switch (Type) {
			case OptionType.String:
				Default = Text.Read(native->DefaultString);
				break;
			case OptionType.Float:
				Default = native->DefaultReal.ToString("R", CultureInfo.InvariantCulture);
				break;
			default:
				Default = native->DefaultInteger.ToString(CultureInfo.InvariantCulture);
				break;
			}
		}

		/// <summary>Its number.</summary>
		public Option Option { get; }

		/// <summary>Its type.</summary>
		public OptionType Type { get; }

		/// <summary>When it may be set.</summary>
		public OptionLock Lock { get; }

		/// <summary>Its name.</summary>
		public string Name { get; }

		/// <summary>The range; of a string that of its length in bytes.</summary>
		public double Minimum { get; }

		/// <summary>See <see cref="Minimum"/>.</summary>
		public double Maximum { get; }

		/// <summary>The library's own default, as text.</summary>
		public string Default { get; }

		/// <summary>What it does.</summary>
		public string Explanation { get; }

		/// <summary>What is known of an option.</summary>
		public static OptionInfo Of(Option option)
		{
			var native = new NativeConfigInfo { StructSize = (uint)sizeof(NativeConfigInfo) };
			Check.Ok(Native.config_describe((int)option, &native));
			return new OptionInfo(&native);
		}

		/// <summary>The option of a name, or <see cref="Option.None"/>.</summary>
		public static Option Find(string name)
		{
			using (var scratch = new Scratch())
				return (Option)Native.config_find(scratch.Text(name));
		}

		/// <summary>Every option of the library that runs.</summary>
		public static IReadOnlyList<OptionInfo> All()
		{
			var all = new OptionInfo[Native.config_count()];
			for (int i = 0; i < all.Length; i++)
				all[i] = Of((Option)(i + 1));
			return all;
		}
	}

	/// <summary>Options and values for what is about to be made: <c>{ { Option.TimeoutInitial, 5000 } }</c>.</summary>
	public sealed unsafe class ConfigValues : IEnumerable
	{
		struct Value
		{
			public NativeConfigEntry Entry;
			public string Name;
			public string String;
		}

		readonly List<Value> _values = new List<Value>();

		/// <summary>How many there are.</summary>
		public int Count => _values.Count;

		/// <summary>A whole number.</summary>
		public void Add(Option option, long value)
		{
			Add(new NativeConfigEntry { Id = (int)option, Type = (int)OptionType.Int64, Integer = value }, null, null);
		}

		/// <summary>A real number.</summary>
		public void Add(Option option, double value)
		{
			Add(new NativeConfigEntry { Id = (int)option, Type = (int)OptionType.Float, Real = value }, null, null);
		}

		/// <summary>A value of any type, as text.</summary>
		public void Add(Option option, string value)
		{
			Add(new NativeConfigEntry { Id = (int)option, Type = (int)OptionType.Text }, null, value);
		}

		/// <summary>An option by its name, its value as text.</summary>
		public void Add(string name, string value)
		{
			Add(new NativeConfigEntry { Type = (int)OptionType.Text }, name, value);
		}

		void Add(NativeConfigEntry entry, string name, string value)
		{
			_values.Add(new Value { Entry = entry, Name = name, String = value });
		}

		internal NativeConfigEntry* Write(Scratch scratch)
		{
			if (_values.Count == 0)
				return null;
			var entries = (NativeConfigEntry*)scratch.Zeroed(_values.Count * sizeof(NativeConfigEntry));
			for (int i = 0; i < _values.Count; i++) {
				entries[i] = _values[i].Entry;
				entries[i].Name = scratch.Text(_values[i].Name);
				entries[i].String = scratch.Text(_values[i].String);
			}
			return entries;
		}

		IEnumerator IEnumerable.GetEnumerator() => _values.GetEnumerator();
	}
}
