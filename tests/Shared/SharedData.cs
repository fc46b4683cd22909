namespace Klar.Tests.Support;

/// <summary>The project's real images, which are not in the repository.</summary>
internal static class SharedData
{
    /// <summary>The folder <c>shared</c> beside the checkout; null where there is none.</summary>
    public static string? Folder { get; } = Find();

    public static string PathOf(string name) =>
        Path.Combine(Folder ?? throw new InvalidOperationException("no shared folder"), "data", name);

    private static string? Find()
    {
        string shared = Path.Combine(Path.GetDirectoryName(Repository.Folder)!, "shared");
        return Directory.Exists(Path.Combine(shared, "data")) ? shared : null;
    }
}

/// <summary>A test that needs the project's images; without them it is skipped, never passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute() => Skip = SharedData.Folder is null ? "needs the images in ../shared/data" : null;
}

/// <summary>A theory that needs the project's images; without them it is skipped, never passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute() => Skip = SharedData.Folder is null ? "needs the images in ../shared/data" : null;
}

/// <summary>A test that mounts a file system of its own; skipped where it may not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Environment.UserName == "root" ? null : "needs root to mount a small disk";
}
