using System.Text.RegularExpressions;
using Klar.Catalogue;
using Klar.Tests.Support;

namespace Klar.Tests.House;

/// <summary>The arrows of ARCHITECTURE.md, read from the sources.</summary>
public sealed partial class LayeringTests
{
    // What a folder of the library may use beside itself, Imaging, Scheduling and Numerics, which all may use.
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        [string.Empty] = ["Noise"], // the contract: a noise is given, and what was measured is reported
        ["Imaging"] = [],
        ["Numerics"] = [],
        ["Scheduling"] = [],
        ["Noise"] = [],
        ["Filters"] = [],
        ["NonLocal"] = [],
        ["Networks"] = [],
        ["Metrics"] = [],
        ["Stacks"] = ["Noise", "NonLocal", "Networks"],
        ["Wrappers"] = [],
        ["Diagnostics"] = ["Noise"],
        ["Generated"] = [],
        ["Prior"] = ["Generated", "Networks", "Noise", "NonLocal"],
        ["SelfSupervised"] = ["Networks"],
        ["SelfSupervised/Klar"] = ["SelfSupervised", "Networks", "NonLocal", "Noise", "Prior"],
        ["Catalogue"] = ["Filters", "NonLocal", "Prior", "SelfSupervised", "Noise", "Diagnostics"],
    };

    [Fact]
    public void Folders_of_the_library_use_only_what_their_arrows_allow()
    {
        string root = Path.Combine(Repository.Folder, "src", "Klar");
        var wrong = new List<string>();
        Dictionary<string, string> inRooms = TypesOfTheRootInFolders(root);
        Assert.Equal("NonLocal", inRooms[nameof(Bm3dDenoiser)]);
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(root, file);
            string[] path = relative.Split(Path.DirectorySeparatorChar);
            string folder = path.Length == 1 ? string.Empty
                : path.Length > 2 && Arrows.ContainsKey($"{path[0]}/{path[1]}") ? $"{path[0]}/{path[1]}" : path[0];
            if (folder == "obj")
            {
                continue;
            }

            Assert.True(Arrows.ContainsKey(folder), $"{folder} has no arrows: say in this test what it may use");
            string text = File.ReadAllText(file);
            string[] allowed = [path[0], "Imaging", "Scheduling", "Numerics", .. Arrows[folder]];
            IEnumerable<string> used = Uses().Matches(text).Select(static use => use.Groups[1].Value)
                .Concat(inRooms.Where(type => Names(text, type.Key)).Select(type => type.Value));
            wrong.AddRange(used.Except(allowed).Select(use => $"{relative} uses Klar.{use}"));
        }

        Assert.Empty(wrong);
    }

    /// <summary>
    /// Denoisers and their options are in namespace Klar and in their methods' folders: name and folder. What the pages
    /// of a stack share is in <see cref="RunSettings"/>, so part of the contract.
    /// </summary>
    private static Dictionary<string, string> TypesOfTheRootInFolders(string root) =>
        Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (File: file, Path: Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)))
            .Where(static file => file.Path.Length > 1 && file.Path[0] != "obj")
            .Where(static file => File.ReadAllText(file.File).Contains("\nnamespace Klar;", StringComparison.Ordinal))
            .Where(static file => Path.GetFileName(file.File) is not ("StackStatistics.cs" or "WarmStart.cs"))
            .ToDictionary(static file => Path.GetFileNameWithoutExtension(file.File), static file => file.Path[0]);

    /// <summary>Whether a line that is neither a comment nor documentation has this type's name.</summary>
    private static bool Names(string text, string type) => text.Split('\n')
        .Where(static line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
        .Any(line => Regex.IsMatch(line, $@"\b{type}\b"));

    /// <summary>
    /// A method says everything about itself in its descriptor: who chooses, plans or judges asks that, and not for a
    /// name. `klar train` and `bench train` name trainings, of which some are no methods; a model's file says by which
    /// training it was made.
    /// </summary>
    [Fact]
    public void Nobody_asks_for_the_name_of_a_method()
    {
        string[] ofTrainings = ["TrainCommand.cs", "BenchTrainCommand.cs", "TrainedModel.cs"];
        string names = string.Join('|', MethodCatalogue.All.Select(static method => method.Name)
            .Where(static name => name is not "auto")); // which is also the word for «as it is measured»
        var compared = new Regex($"""(?:[=!]=|\bis(?: not)?|\bor|\bcase)\s*\(?"(?:{names})"(?!\s*=>)""");
        Assert.Matches(compared, "if (method.Name == \"bm3d\")");
        Assert.Matches(compared, "name is \"klar\" or \"lichi\"");
        IEnumerable<string> files = Directory.EnumerateFiles(
            Path.Combine(Repository.Folder, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !ofTrainings.Contains(Path.GetFileName(file)));
        Assert.DoesNotContain(files, file => compared.IsMatch(File.ReadAllText(file)));
    }

    /// <summary>What methods share stands beside their folders, or among trained models.</summary>
    [Theory]
    [InlineData("Filters", new string[0])]
    [InlineData("NonLocal", new string[0])]
    [InlineData("SelfSupervised", new[] { "Trained" })]
    public void Methods_do_not_know_each_other(string family, string[] shared)
    {
        string root = Path.Combine(Repository.Folder, "src", "Klar", family);
        Dictionary<string, string> methods = TypesOfTheRootInFolders(root);
        var wrong = new List<string>();
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string own = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)[0];
            string text = File.ReadAllText(file);
            wrong.AddRange(Regex.Matches(text, $@"\bKlar\.{family}\.(\w+)")
                .Select(static match => match.Groups[1].Value)
                .Concat(methods.Where(type => Names(text, type.Key)).Select(type => type.Value))
                .Where(other => other != own && !shared.Contains(other))
                .Select(other => $"{Path.GetRelativePath(root, file)} uses {other}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Numerics_knows_neither_images_nor_threads()
    {
        foreach (string file in Directory.EnumerateFiles(
            Path.Combine(Repository.Folder, "src", "Klar", "Numerics"), "*.cs"))
        {
            Assert.DoesNotMatch(@"using Klar\.(Imaging|Scheduling)", File.ReadAllText(file));
        }
    }

    [Fact]
    public void Only_Scheduling_uses_threads()
    {
        string root = Path.Combine(Repository.Folder, "src", "Klar");
        IEnumerable<string> others = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(root, file).StartsWith("Scheduling", StringComparison.Ordinal));
        Assert.DoesNotContain(
            others,
            static file => Regex.IsMatch(File.ReadAllText(file), @"\bParallel\.|ThreadPool|new Thread\(|Task\.Run"));
    }

    [Fact]
    public void The_library_depends_on_the_framework_alone() =>
        Assert.All(
            typeof(Plane).Assembly.GetReferencedAssemblies(),
            static reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));

    [Theory]
    [InlineData("Klar", new string[0])]
    [InlineData("Klar.Formats", new[] { "Klar" })]
    [InlineData("Klar.Reports", new[] { "Klar.Formats" })]
    [InlineData("Klar.Web", new[] { "Klar.Reports" })]
    [InlineData("Klar.Cli", new[] { "Klar.Reports", "Klar.Web" })]
    public void Projects_refer_along_the_arrows(string project, string[] expected)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Folder, "src", project, project + ".csproj"));
        Assert.Equal(expected, References().Matches(text).Select(static match => match.Groups[1].Value));
    }

    /// <summary>
    /// Files are opened by processes of their own, so that no decoder takes the server down; and libvips, which
    /// brings a SQLite of the system's, crashes in one process with the SQLite of the jobs.
    /// </summary>
    [Fact]
    public void The_server_opens_no_image_itself() => Assert.All(
        Directory.EnumerateFiles(
            Path.Combine(Repository.Folder, "src", "Klar.Web"), "*.cs", SearchOption.AllDirectories),
        static file => Assert.DoesNotMatch(
            @"\bImageStack\b|\bImageFile\.(?!HasImageName\b|IsImageFolder\b)|\bNetVips\b|\bIDenoiser\b",
            File.ReadAllText(file)));

    [GeneratedRegex(@"(?:^using |\bglobal::|(?<![\w./""])(?<!namespace ))Klar\.(\w+)[.;]", RegexOptions.Multiline)]
    private static partial Regex Uses();

    [GeneratedRegex("ProjectReference Include=\".*/([\\w.]+)\\.csproj\"")]
    private static partial Regex References();
}
