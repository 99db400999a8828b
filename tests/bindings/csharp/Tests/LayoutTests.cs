// The numbers and layouts that the binding repeats are those of the library.
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Kith.Interop;
using Xunit;

namespace Kith.Tests;

public class LayoutTests
{
	static readonly JsonElement s_interface = JsonDocument.Parse(
		File.ReadAllText(Path.Combine(Environment.GetEnvironmentVariable("KITH_ROOT")!, "abi/kith.json"))).RootElement;

	static string Camel(string name) =>
		string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant()));

	public static IEnumerable<object[]> Structs() =>
		s_interface.GetProperty("structs").EnumerateArray().Select(each => new object[] { each.GetProperty("name").GetString()! });

	[Theory]
	[MemberData(nameof(Structs))]
	public void A_struct_lies_as_the_library_has_it(string name)
	{
		JsonElement native = s_interface.GetProperty("structs").EnumerateArray().Single(each => each.GetProperty("name").GetString() == name);
		Type type = typeof(NativeEvent).Assembly.GetType("Kith.Interop.Native" + Camel(name["kith_".Length..]), true)!;
		Assert.Equal(native.GetProperty("size").GetInt32(), Marshal.SizeOf(type));
		JsonElement[] fields = native.GetProperty("fields").EnumerateArray().ToArray();
		Assert.Equal(fields.Length, type.GetFields().Length);
		foreach (JsonElement field in fields)
			Assert.Equal(field.GetProperty("offset").GetInt32(),
				(int)Marshal.OffsetOf(type, Camel(field.GetProperty("name").GetString()!)));
	}

	[Fact]
	public void Every_signature_is_blittable()
	{
		Type native = typeof(NativeEvent).Assembly.GetType("Kith.Interop.NativePINVOKE", true)!;
		MethodInfo[] functions = native.GetMethods(BindingFlags.Static | BindingFlags.Public);
		Assert.True(functions.Length > 100);
		foreach (MethodInfo function in functions)
			foreach (Type type in function.GetParameters().Select(parameter => parameter.ParameterType).Append(function.ReturnType))
				Assert.True(type.IsPointer || type == typeof(void) || type == typeof(UIntPtr) || type == typeof(IntPtr) ||
					type.IsPrimitive && type != typeof(bool) && type != typeof(char), $"{function.Name}: {type}");
	}

	[Fact]
	public void Enums_have_the_numbers_of_the_library_that_runs()
	{
		var constants = Library.Constants();
		Assert.Equal((long)Result.TooLarge, constants["E_TOO_LARGE"]);
		foreach ((string prefix, Type type) in new[] { ("E_", typeof(Result)), ("STATE_", typeof(ConnectionState)), ("EVENT_", typeof(EventType)),
			("ROUTE_", typeof(RouteKind)), ("STAGE_", typeof(Stage)), ("DOUBT_", typeof(Doubt)) })
			foreach (var constant in constants.Where(each => each.Key.StartsWith(prefix) && !each.Key.EndsWith("_TEXT_MAX")))
				Assert.Equal(Camel(constant.Key[prefix.Length..]), Enum.GetName(type, Convert.ChangeType(constant.Value, Enum.GetUnderlyingType(type))));
		foreach (Option option in Enum.GetValues<Option>().Where(each => each != Option.None))
			Assert.Equal(option, OptionInfo.Find(OptionInfo.Of(option).Name));
	}
}
