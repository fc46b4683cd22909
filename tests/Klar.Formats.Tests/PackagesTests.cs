using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>
/// Programs outside the tree that know the packages alone (samples/) are built and run: what a user of the library
/// gets.
/// </summary>
public sealed class PackagesTests : IClassFixture<PackagesTests.Packed>
{
    private readonly Packed _packed;

    public PackagesTests(Packed packed) => _packed = packed;

    [Theory]
    [InlineData("Klar")]
    [InlineData("Klar.Formats")]
    public void A_package_has_all_that_its_page_shows(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(_packed.Folder["packages/" + id + ".0.1.0.nupkg"]);
        string[] files = [.. package.Entries.Select(static entry => entry.FullName)];
        string[] expected = ["README.md", "LICENSE", "icon.png", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"];
        Assert.Empty(expected.Except(files));
        using Stream nuspec = package.GetEntry(id + ".nuspec")!.Open();
        XElement metadata = XElement.Load(nuspec).Elements().First();
        string? Value(string name) => metadata.Elements().SingleOrDefault(one => one.Name.LocalName == name)?.Value;
        Assert.Equal(("MIT", "README.md", "icon.png"), (Value("license"), Value("readme"), Value("icon")));
        Assert.NotEmpty(Value("description")!);
        using ZipArchive symbols = ZipFile.OpenRead(_packed.Folder["packages/" + id + ".0.1.0.snupkg"]);
        Assert.Contains(symbols.Entries, entry => entry.FullName == $"lib/net10.0/{id}.pdb");
    }

    [Fact]
    public void A_program_with_arrays_of_its_own_needs_the_package_alone() =>
        Assert.Matches(@"^error before \d+\.\d, after \d+\.\d grey levels$", _packed.Run("OwnArrays"));

    [Fact]
    public void A_program_with_files_needs_the_packages_alone()
    {
        Python.Run("make_tiffs.py", Directory.CreateDirectory(_packed.Folder["tiffs"]).FullName);
        _packed.Run("DenoiseStack", "tiffs/bigtiff.tif", "clean.tif");
        ImageFileInfo before = ImageFile.Info(_packed.Folder["tiffs/bigtiff.tif"]);
        ImageFileInfo after = ImageFile.Info(_packed.Folder["clean.tif"]);
        Assert.Equal((before.Width, before.Height, before.Pages), (after.Width, after.Height, after.Pages));
    }

    /// <summary>The packages of this build, and the programs in samples/ built with them in a folder outside the
    /// tree.</summary>
    public sealed class Packed : IDisposable
    {
        private static readonly string Configuration =
            AppContext.BaseDirectory.TrimEnd('/').EndsWith("debug", StringComparison.Ordinal) ? "Debug" : "Release";

        public Packed()
        {
            foreach (string project in (string[])["Klar", "Klar.Formats"])
            {
                Dotnet(
                    "pack", Path.Combine(Repository.Folder, "src", project), "-c", Configuration, "--no-build",
                    "-o", Folder["packages"]);
            }

            CopySample("OwnArrays", "Klar");
            CopySample("DenoiseStack", "Klar.Formats");
            File.WriteAllText(Folder["samples/Samples.slnx"], """
                <Solution>
                  <Project Path="OwnArrays/OwnArrays.csproj" />
                  <Project Path="DenoiseStack/DenoiseStack.csproj" />
                </Solution>
                """);

            // Packages of others come from where the build of this tree has put them, those of Klar from nowhere else.
            File.WriteAllText(Folder["nuget.config"], $"""
                <configuration>
                  <packageSources><clear /><add key="packages" value="{Folder["packages"]}" /></packageSources>
                  <fallbackPackageFolders><add key="others" value="{Others()}" /></fallbackPackageFolders>
                  <config><add key="globalPackagesFolder" value="{Folder["global"]}" /></config>
                </configuration>
                """);
            Dotnet(
                "build", Folder["samples/Samples.slnx"], "-m:1", "-nodeReuse:false", "-p:RunAnalyzers=false",
                "-p:UseAppHost=false");
        }

        internal TemporaryFolder Folder { get; } = new();

        public void Dispose() => Folder.Dispose();

        /// <summary>What a sample prints.</summary>
        internal string Run(string sample, params string[] arguments) =>
            Dotnet([Folder[$"samples/{sample}/bin/Debug/net10.0/{sample}.dll"], .. arguments]).Trim();

        // The programs as they are in the tree, with packages where they refer to projects.
        private void CopySample(string name, string package)
        {
            Directory.CreateDirectory(Folder[$"samples/{name}"]);
            File.Copy(
                Path.Combine(Repository.Folder, "samples", name, "Program.cs"), Folder[$"samples/{name}/Program.cs"]);
            File.WriteAllText(Folder[$"samples/{name}/{name}.csproj"], $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType>
                    <TargetFramework>net10.0</TargetFramework>
                    <ImplicitUsings>enable</ImplicitUsings>
                  </PropertyGroup>
                  <ItemGroup><PackageReference Include="{package}" Version="0.1.0" /></ItemGroup>
                </Project>
                """);
        }

        private static string Others() =>
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

        private string Dotnet(params string[] arguments)
        {
            var start = new ProcessStartInfo("dotnet", arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Folder.Path,
            };

            // Of the build that runs these tests nothing may be left: no path of its tools, no folder of packages.
            foreach (string name in start.Environment.Keys.ToArray())
            {
                if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name == "NUGET_PACKAGES")
                {
                    start.Environment.Remove(name);
                }
            }

            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, output + error.Result);
            return output;
        }
    }
}
