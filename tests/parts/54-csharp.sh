# The C# binding: with the .NET SDK its tests and the package as others use it; with Mono the same sources.
. "$(dirname "$0")/lib.sh"
build plain kith_csharp kith_cli
export KITH_ROOT
csharp=$build/bindings/csharp
tests=$KITH_ROOT/tests/bindings/csharp
check 'what is made of abi/kith.json is stale' python3 "$KITH_ROOT/bindings/csharp/generate.py" --check
run_program python3 "$KITH_ROOT/tests/bindings/coverage.py" csharp
. "$KITH_ROOT/tests/bindings/signald.sh"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

# dotnet_quiet NAME COMMAND...: a step of the SDK; its output is shown when it fails.
dotnet_quiet() {
	local name=$1
	shift
	dotnet "$@" -nologo -v:quiet >"$work/dotnet" 2>&1 && return
	grep -E 'error|warn' "$work/dotnet" | sort -u | head -n 20
	fail "$name"
	return 1
}

# counts FILE: adds what xunit's closing line of each framework says.
counts() {
	local line bad ok none
	while read -r line; do
		read -r bad ok none < <(sed -E 's/.*Failed: *([0-9]+), Passed: *([0-9]+), Skipped: *([0-9]+).*/\1 \2 \3/' <<<"$line")
		passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + none))
		echo "xunit: $ok passed, $bad failed"
	done < <(grep -E 'Failed: +[0-9]+, Passed: +[0-9]+' "$1")
	grep -qE 'Passed: +[1-9]' "$1" && [ "${bad:-1}" = 0 ] && return
	grep -vE '^ +at ' "$1" | tail -n 60
	grep -qE 'Failed: +[0-9]' "$1" || fail 'xunit tested nothing'
}

# unit_tests FRAMEWORK: builds the assembly and its tests for it, and runs them.
unit_tests() {
	local out=$csharp/$1
	dotnet_quiet "building the tests for $1" build "$tests/Tests/Tests.csproj" -p:KithTestFramework="$1" \
		-p:KithAssembly="$csharp/bin/Release/$1/Kith.dll" -p:BaseIntermediateOutputPath="$out/obj/" -o "$out/tests" || return
	LD_LIBRARY_PATH=$csharp/native timeout 300 dotnet test "$out/tests/Kith.Tests.dll" --nologo >"$work/xunit" 2>&1
	counts "$work/xunit"
}

# The package of this build, restored from a folder by a program that knows nothing else.
consumer() {
	dotnet_quiet 'building against the package' build "$tests/Consumer/Consumer.csproj" -p:KithPackages="$csharp/packages" \
		-p:RestorePackagesPath="$csharp/restored" -p:BaseIntermediateOutputPath="$csharp/consumer/obj/" -o "$csharp/consumer/bin" || return
	check 'a program that has the package' timeout 60 dotnet "$csharp/consumer/bin/Consumer.dll"
}

# can_restore WHAT PROJECT OPTION...: whether what a project needs beside the package is to be had.
can_restore() {
	local what=$1
	shift
	dotnet restore "$@" -p:KithPackages="$csharp/packages" -p:RestorePackagesPath="$csharp/restored" >"$work/restore" 2>&1 && return
	skip "$what cannot be restored here: $(grep -oE 'error NU[0-9]+' "$work/restore" | sort -u | paste -sd ' ')"
	return 1
}

# The same program compiled ahead of time, all of the assembly with it: a warning about it is an error.
ahead_of_time() {
	local project=$tests/Consumer/Consumer.csproj out=$csharp/aot
	set -- -p:PublishAot=true -p:KithConsumerFramework=net10.0 -p:BaseIntermediateOutputPath="$out/obj/"
	can_restore "the ahead-of-time compiler's package" "$project" "$@" || return
	rm -rf "$out/program"
	dotnet_quiet 'compiling ahead of time' publish --no-restore "$project" "$@" -p:BaseOutputPath="$out/bin/" -o "$out/program" || return
	check 'it is one native program' test ! -e "$out/program/Consumer.dll"
	check 'a program compiled ahead of time' env DOTNET_ROOT=/nowhere timeout 60 "$out/program/Consumer"
	scenarios_ahead_of_time
}

# Their driver finds verbs and fields by name, of which the compiler would warn, as it does not of the binding above.
scenarios_ahead_of_time() {
	local style out=$csharp/aot_scenarios
	dotnet_quiet 'compiling the scenarios ahead of time' publish "$tests/Scenarios/Scenarios.csproj" -p:PublishAot=true \
		-p:SuppressTrimAnalysisWarnings=true -p:KithBuild="$csharp" -p:RestorePackagesPath="$csharp/restored" \
		-p:BaseIntermediateOutputPath="$out/obj/" -p:BaseOutputPath="$out/bin/" -o "$out/program" || return
	for style in poll async; do
		echo "scenarios, ahead of time, $style"
		run_program env LD_LIBRARY_PATH="$csharp/native" "$out/program/Scenarios" "$KITH_ROOT/tests/bindings/scenarios.txt" $style
	done
}

# The package's assembly for netstandard2.0, as a program for Mono has it.
mono_with_package() {
	local project=$tests/Mono/Talk.csproj out=$csharp/mono_with_package
	command -v mono >/dev/null || return
	set -- -p:BaseIntermediateOutputPath="$out/obj/"
	can_restore "what programs for Mono are built against" "$project" "$@" || return
	rm -rf "$out/program"
	dotnet_quiet 'building the talk against the package' build --no-restore "$project" "$@" -p:BaseOutputPath="$out/bin/" -o "$out/program" || return
	check 'it has the assembly for netstandard2.0' cmp "$out/program/Kith.dll" "$csharp/bin/Release/netstandard2.0/Kith.dll"
	run_program mono "$out/program/Talk.exe"
}

# scenarios LANGUAGE: those of all bindings, in both styles; csharp by the SDK, or mono.
scenarios() {
	local name command style any=false
	while read -r name command; do
		any=true
		for style in poll async; do
			echo "scenarios, $name, $style"
			# shellcheck disable=SC2086
			run_program $command "$KITH_ROOT/tests/bindings/scenarios.txt" $style
		done
	done < <(bash "$KITH_ROOT/tests/bindings/programs.sh" "$build" scenarios "$1" 2>"$work/programs")
	$any || { cat "$work/programs"; fail "there is no driver of the scenarios for $1"; }
}

# What is the same with the .NET SDK as in tests/bindings/languages: memory must not grow with messages.
cost() {
	local most=8192 begin end
	read -r _ _ begin end < <("$@" 200000)
	[ -n "$end" ] && [ "$((end - begin))" -le "$most" ]
}

# The examples, against the package: an echo, and two who chat by a signaling server.
examples() {
	local name out=$csharp/examples
	for name in Echo Chat P2P; do
		dotnet_quiet "building the example $name" build "$KITH_ROOT/examples/csharp/$name/$name.csproj" -p:KithPackages="$csharp/packages" \
			-p:RestorePackagesPath="$csharp/restored" -p:BaseIntermediateOutputPath="$out/$name/obj/" -o "$out/$name/bin" || return
	done
	check 'the example Echo' bash "$tests/examples.sh" echo "$out"
	check 'the example Chat' bash "$tests/examples.sh" chat "$out"
	check 'the example P2P' bash "$tests/examples.sh" p2p "$out"
}

sdk() {
	scenarios csharp
	dotnet restore "$tests/Tests/Tests.csproj" -p:KithAssembly=none -p:BaseIntermediateOutputPath="$csharp/probe/" >"$work/restore" 2>&1 ||
		{ skip 'the .NET SDK cannot restore packages here'; return; }
	rm -rf "$csharp/packages" "$csharp/restored/kith"
	check 'packing' cmake --build "$build" --target csharp
	[ -n "$(ls "$csharp"/packages/*.nupkg 2>/dev/null)" ] || { fail 'there is no package'; return; }
	run_program python3 "$KITH_ROOT/bindings/csharp/reference.py" "$csharp/bin/Release/net10.0/Kith.xml" --check
	unit_tests net10.0
	unit_tests net8.0
	consumer
	ahead_of_time
	mono_with_package
	examples
}

mono_part() {
	local out=$csharp/mono
	mkdir -p "$out"
	check "Mono's compiler takes the sources" mcs -unsafe -langversion:latest -target:library -nowarn:419,1573,1574,1584,1591 \
		-out:"$out/Kith.dll" "$csharp"/generated/Native*.cs "$KITH_ROOT"/bindings/csharp/Kith/*.cs "$KITH_ROOT"/bindings/csharp/Kith/Interop/*.cs
	check 'building the talk for Mono' mcs -langversion:latest -r:"$out/Kith.dll" -out:"$out/Talk.exe" "$tests/Mono/Talk.cs"
	check 'building the benchmark for Mono' mcs -langversion:latest -r:"$out/Kith.dll" -out:"$out/MessageCost.exe" "$tests/Mono/MessageCost.cs"
	check 'building the scenarios for Mono' mcs -langversion:latest -warnaserror -r:"$out/Kith.dll" -out:"$out/Scenarios.exe" \
		"$tests"/Scenarios/*.cs
	scenarios mono
	check 'memory does not grow with messages under Mono' cost env MONO_PATH="$out" LD_LIBRARY_PATH="$csharp/native" mono "$out/MessageCost.exe"
	MONO_PATH=$out LD_LIBRARY_PATH=$csharp/native run_program mono "$out/Talk.exe"
}

if command -v dotnet >/dev/null; then sdk; else skip 'there is no .NET SDK'; fi
if command -v mcs >/dev/null && command -v mono >/dev/null; then mono_part; else skip 'there is no Mono'; fi
finish
