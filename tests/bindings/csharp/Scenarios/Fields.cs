// The fields of C's structs in the objects of the binding.
using System;
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Kith;

/// <summary>
/// Finds connect_time_us as ConnectTime, encrypted as IsEncrypted, ping_histogram[0] by PingHistogram(). What C# says
/// without a field of its own stands here by name.
/// </summary>
static class Fields
{
	static readonly Regex s_element = new Regex(@"^(\w+)\[(\d+)\]$");
	static readonly Regex s_unit = new Regex("(_unix)?_us$");

	public static object Of(object owner, string field)
	{
		Match element = s_element.Match(field);
		if (element.Success) {
			var list = (IList)Named(owner, element.Groups[1].Value);
			return list[int.Parse(element.Groups[2].Value, CultureInfo.InvariantCulture)];
		}
		switch (field) {
		case "has_peer_key":
			return ((Security)owner).PeerKey != null;
		case "app_id_count":
			return ((Certificate)owner).AppIds.Count;
		default:
			return Named(owner, field);
		}
	}

	static object Named(object owner, string field)
	{
		var happened = owner as KithEvent;
		if (happened != null && happened.Type == EventType.SignalingState && field == "state")
			return happened.SignalingState;
		MemberInfo member = Member(owner.GetType(), field);
		var property = member as PropertyInfo;
		return property != null ? property.GetValue(owner, null) : ((MethodInfo)member).Invoke(owner, null);
	}

	/// <summary>The property or method that has a field; that there is none is a failure.</summary>
	public static MemberInfo Member(Type type, string field)
	{
		string name = Verbs.Pascal(s_unit.Replace(field, ""));
		MemberInfo member = type.GetProperty(name) ?? type.GetProperty("Is" + name) ?? (MemberInfo)type.GetMethod(name, Type.EmptyTypes);
		if (member == null)
			throw new Failure(type.Name + " has no " + field);
		return member;
	}
}
