// The attributes that say where null is welcome, for frameworks that do not have them. The sources say it by
// attributes and not by "?", which Mono's compiler does not know.
#if !NETSTANDARD2_1 && !NET
namespace System.Diagnostics.CodeAnalysis
{
	[AttributeUsage(AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.Property)]
	internal sealed class AllowNullAttribute : Attribute
	{
	}

	[AttributeUsage(AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.ReturnValue)]
	internal sealed class MaybeNullAttribute : Attribute
	{
	}
}
#endif
