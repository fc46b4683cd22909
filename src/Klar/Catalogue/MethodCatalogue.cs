namespace Klar.Catalogue;

/// <summary>Every method by its name.</summary>
public static class MethodCatalogue
{
    /// <summary>All methods, simple ones first.</summary>
    public static IReadOnlyList<Method> All { get; } =
        [.. FilterMethods.All, .. PatchMethods.All, .. NetworkMethods.All, .. ComposedMethods.All];

    /// <summary>
    /// The methods that are compared unasked: those that do not choose among others, and do not train for a minute.
    /// </summary>
    public static IReadOnlyList<Method> Comparable { get; } =
        [.. All.Where(static method => !method.ChoosesAmongMethods && method.Training != TrainingLength.Long)];

    /// <summary>The method of that name, or null.</summary>
    public static Method? Find(string name) => All.FirstOrDefault(method => method.Name == name);
}
