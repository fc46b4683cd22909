using Klar.Catalogue;

namespace Klar.Web.Files;

/// <summary>Models of <c>klar train</c> below the folders that may be opened: methods beside those of Klar.</summary>
internal sealed class ModelFiles(ServerSettings settings, RootFolders roots)
{
    private const string Pattern = "*.safetensors";
    private const int MaxDepth = 3;
    private const int MaxModels = 100;

    /// <summary>Models, by the place where they are; links are not followed.</summary>
    public IReadOnlyList<MethodView> List()
    {
        var options = new EnumerationOptions
        {
            IgnoreInaccessible = true,
            RecurseSubdirectories = true,
            MaxRecursionDepth = MaxDepth,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint,
        };
        return
        [
            .. settings.Roots.Select(Path.GetFullPath)
                .SelectMany(root => Directory.EnumerateFiles(root, Pattern, options).Select(file => (root, file)))
                .Take(MaxModels)
                .OrderBy(static model => model.file, StringComparer.OrdinalIgnoreCase)
                .Select(static model => View(model.root, model.file)),
        ];
    }

    /// <summary>What the program's <c>--method</c> takes: a method's name, or a model's file.</summary>
    /// <exception cref="RequestException">There is no such method.</exception>
    public string Known(string method)
    {
        if (MethodCatalogue.Find(method) is { } known)
        {
            return known.Name;
        }

        return method.EndsWith(Pattern[1..], StringComparison.Ordinal) && Path.IsPathFullyQualified(method)
            ? roots.Within(method)
            : throw RequestException.Bad("there is no such method");
    }

    private static MethodView View(string root, string file) => new(
        file, "A model that klar train made, for pictures like those it was trained on.", string.Empty, string.Empty,
        ModelsNoise: false, TakesEffort: false, Comparable: false, [])
    {
        Label = Path.GetRelativePath(root, file),
    };
}
