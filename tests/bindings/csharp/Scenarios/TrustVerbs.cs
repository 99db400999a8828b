// Whom an endpoint believes.
using System.Collections.Generic;
using System.Linq;
using Kith;

static class TrustVerbs
{
	static Trust TrustOf(World world, Step step) => world.Get<Endpoint>(step[0]).Trust;

	public static void Check(World world, Step step)
	{
		Doubt doubt = TrustOf(world, step).Examine(world.Certificates(step[1]), world.Identity(step["identity"]));
		Failure.Unless(doubt == World.Constant<Doubt>(step["doubt"]), doubt);
	}

	public static void Trust(World world, Step step)
	{
		if (world.Get<object>(step[1].Split(',')[0]) is byte[])
			TrustOf(world, step).Add(world.Certificates(step[1]));
		else
			TrustOf(world, step).Add(world.Key(step[1]));
	}

	public static void Distrust(World world, Step step) => TrustOf(world, step).Remove(world.Key(step[1]).Id);

	public static void Trusts(World world, Step step)
	{
		IReadOnlyList<TrustEntry> listed = TrustOf(world, step).List();
		Failure.Unless(!step.Has("count") || listed.Count == step.Number("count"), listed.Count);
		if (step.Count == 1)
			return;
		TrustEntry found = listed.FirstOrDefault(entry => entry.Certificate.KeyId == world.Key(step[1]).Id);
		Failure.Unless(found != null && found.IsBelieved == step.Flag("believed"), found?.IsBelieved);
	}

	public static void Revoke(World world, Step step) => TrustOf(world, step).Revoke(world.Key(step[1]).Id);

	public static void SetRevoked(World world, Step step) => TrustOf(world, step).SetRevoked(world.Revoked(step[1]));

	public static void Revoked(World world, Step step)
	{
		IReadOnlyList<ulong> ids = TrustOf(world, step).Revoked();
		Failure.Unless(!step.Has("count") || ids.Count == step.Number("count"), ids.Count);
		Failure.Unless(step.Count == 1 || ids.Contains(world.Key(step[1]).Id), "not on the list");
	}

	public static void RevokedText(World world, Step step)
	{
		IReadOnlyList<ulong> ids = Kith.Certificate.ReadRevoked(Step.Bytes.GetBytes(step[0]));
		Failure.Unless(ids.Count == step.Number("count"), ids.Count);
	}
}
