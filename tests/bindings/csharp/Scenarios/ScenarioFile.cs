// Reading tests/bindings/scenarios.txt; README.md there has the format.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;

/// <summary>A scenario: its name and steps.</summary>
sealed class Scenario
{
	public Scenario(string name)
	{
		Name = name;
	}

	public string Name { get; }

	public List<Step> Steps { get; } = new List<Step>();
}

/// <summary>The file of scenarios.</summary>
static class ScenarioFile
{
	static readonly Regex s_key = new Regex(@"\G[a-z][A-Za-z0-9_.]*=");

	public static List<Scenario> Read(string path)
	{
		var scenarios = new List<Scenario>();
		int number = 0;
		foreach (string raw in File.ReadLines(path, Step.Bytes)) {
			string line = raw.Trim(' ', '\t');
			number++;
			if (line.Length == 0 || line[0] == '#')
				continue;
			Step step = Parse(number, line);
			if (step.Verb == "scenario")
				scenarios.Add(new Scenario(step[0]));
			else
				scenarios[scenarios.Count - 1].Steps.Add(step);
		}
		return scenarios;
	}

	static Step Parse(int number, string line)
	{
		var arguments = new List<string>();
		var keys = new Dictionary<string, string>();
		int at = 0;
		while (at < line.Length) {
			Match key = s_key.Match(line, at);
			at += key.Length;
			string value = Value(line, ref at);
			if (key.Success)
				keys.Add(key.Value.TrimEnd('='), value);
			else
				arguments.Add(value);
			while (at < line.Length && IsBlank(line[at]))
				at++;
		}
		return new Step(number, arguments, keys);
	}

	static bool IsBlank(char character) => character == ' ' || character == '\t';

	static string Value(string line, ref int at)
	{
		int begin = at;
		if (at < line.Length && line[at] == '"')
			return Quoted(line, ref at);
		while (at < line.Length && !IsBlank(line[at]))
			at++;
		return line.Substring(begin, at - begin);
	}

	static string Quoted(string line, ref int at)
	{
		var text = new StringBuilder();
		for (at++; line[at] != '"'; at++) {
			if (at + 1 == line.Length)
				throw new FormatException("a quote does not end: " + line);
			if (line[at] != '\\') {
				text.Append(line[at]);
			} else if (line[++at] == 'x') {
				text.Append((char)byte.Parse(line.Substring(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
				at += 2;
			} else {
				text.Append(line[at] == 'n' ? '\n' : line[at]);
			}
		}
		at++;
		return text.ToString();
	}
}
