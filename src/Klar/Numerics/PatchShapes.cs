namespace Klar.Numerics;

// The patches and steps that methods use; the names are patch and step.
internal readonly struct Patch6By3 : IPatchShape
{
    public static int Step => 3;

    public static int Whole => 2;

    public static int Rest => 0;
}

internal readonly struct Patch8By3 : IPatchShape
{
    public static int Step => 3;

    public static int Whole => 2;

    public static int Rest => 2;
}

internal readonly struct Patch11By3 : IPatchShape
{
    public static int Step => 3;

    public static int Whole => 3;

    public static int Rest => 2;
}

internal readonly struct Patch7By4 : IPatchShape
{
    public static int Step => 4;

    public static int Whole => 1;

    public static int Rest => 3;
}

internal readonly struct Patch8By4 : IPatchShape
{
    public static int Step => 4;

    public static int Whole => 2;

    public static int Rest => 0;
}

internal readonly struct Patch9By4 : IPatchShape
{
    public static int Step => 4;

    public static int Whole => 2;

    public static int Rest => 1;
}

internal readonly struct Patch11By4 : IPatchShape
{
    public static int Step => 4;

    public static int Whole => 2;

    public static int Rest => 3;
}
