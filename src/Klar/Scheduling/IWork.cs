namespace Klar.Scheduling;

/// <summary>Work in numbered, independent items. Which worker takes which item must not matter to the result.</summary>
internal interface IWork
{
    /// <summary>
    /// Does item <paramref name="item"/>; <paramref name="worker"/> says whose scratch memory may be used.
    /// </summary>
    void Run(int item, int worker);
}
