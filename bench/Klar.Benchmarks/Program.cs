using System.Globalization;
using BenchmarkDotNet.Running;
using Klar.Benchmarks;

if (args is ["convergence" or "convergence-direct", var output, var sigmas, .. var images])
{
    ZsN2nConvergence.Run(output, sigmas, images, winograd: args[0] == "convergence");
}
else if (args is ["filters", var side])
{
    FilterTimes.Run(int.Parse(side, CultureInfo.InvariantCulture));
}
else if (args is ["generated", var sheet, var first, var across, var down])
{
    GeneratedSheet.Run(sheet, ulong.Parse(first, CultureInfo.InvariantCulture),
        int.Parse(across, CultureInfo.InvariantCulture), int.Parse(down, CultureInfo.InvariantCulture));
}
else if (args is ["prior-curve", var model, var curve, var data])
{
    PriorCurve.Run(model, curve, data);
}
else if (args is ["prior-speed", var steps, var batch, var size])
{
    PriorCurve.Speed(int.Parse(steps, CultureInfo.InvariantCulture), int.Parse(batch, CultureInfo.InvariantCulture),
        int.Parse(size, CultureInfo.InvariantCulture));
}
else if (args is ["prior-try", var some, var rate, var into])
{
    PriorCurve.Try(int.Parse(some, CultureInfo.InvariantCulture), double.Parse(rate, CultureInfo.InvariantCulture),
        into);
}
else if (args is ["prior-invents", var trained])
{
    PriorInventions.Run(trained);
}
else if (args is ["prior-set", var weights, var sigmaList, var folder])
{
    PriorCurve.Set(weights, sigmaList, folder);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(ZsN2nConvergence).Assembly).Run(args);
}
