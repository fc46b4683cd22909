using System.Reflection;
using System.Runtime.CompilerServices;
using Klar.Tests.Support;

namespace Klar.Tests.House;

/// <summary>
/// The library's public surface, as <c>PublicApi.approved.txt</c> has it; a change shows up in review.
/// </summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_approved_one()
    {
        string actual = string.Join(
            '\n', typeof(Plane).Assembly.GetExportedTypes().SelectMany(Lines).Order(StringComparer.Ordinal)) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") == "1")
        {
            File.WriteAllText(Source(), actual);
        }

        Assert.Equal(File.ReadAllText(Source()), actual);
    }

    private static IEnumerable<string> Lines(Type type)
    {
        yield return $"{type.FullName}";
        const BindingFlags Own =
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (MemberInfo member in type.GetMembers(Own))
        {
            // Accessors come with their properties; a record's machinery is the same for all.
            bool generated = member.IsDefined(typeof(CompilerGeneratedAttribute))
                || member is MethodInfo { IsSpecialName: true };
            if (!generated && member is not Type)
            {
                yield return $"{type.FullName}: {member}";
            }
        }
    }

    private static string Source() =>
        Path.Combine(Repository.Folder, "tests", "Klar.Tests", "House", "PublicApi.approved.txt");
}
