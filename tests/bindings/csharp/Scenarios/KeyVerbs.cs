// Keys.
using System.Linq;
using Kith;

static class KeyVerbs
{
	public static void Key(World world, Step step)
	{
		PrivateKey key;
		if (step.Has("seed"))
			key = PrivateKey.Parse(Enumerable.Repeat((byte)step.Number("seed"), 32).ToArray());
		else if (step.Has("text"))
			key = PrivateKey.Parse(step["text"]);
		else
			key = step.Has("file") ? PrivateKey.Load(world.PathOf(step["file"])) : PrivateKey.Generate();
		world.Add(step[0], key);
	}

	public static void PublicKey(World world, Step step)
	{
		world.Add(step[0], step.Has("file") ? Kith.PublicKey.Load(world.PathOf(step["file"])) : Kith.PublicKey.Parse(step["text"]));
	}

	public static void KeyIs(World world, Step step)
	{
		PublicKey key = world.Key(step[0]);
		Identity identity = world.Identity("@" + step[0]);
		string bytes = ValueVerbs.Hex(key.Bytes.ToArray());
		Failure.Unless(!step.Has("public") || bytes == step["public"], bytes);
		Failure.Unless(!step.Has("identity") || identity == world.Identity(step["identity"]), identity);
		Failure.Unless(!step.Has("id") || key.Id == ulong.Parse(step["id"]), key.Id);
		Failure.Unless(!step.Has("line") || key.ToString() == step["line"], key);
		Failure.Unless(!step.Has("ssh") || key.ToString(KeyForm.Ssh) == step["ssh"], key.ToString(KeyForm.Ssh));
	}

	public static void SaveKey(World world, Step step) => world.Get<PrivateKey>(step[0]).Save(world.PathOf(step["file"]));

	public static void SavePublic(World world, Step step) => world.Key(step[0]).Save(world.PathOf(step["file"]));
}
