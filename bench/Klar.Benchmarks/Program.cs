using BenchmarkDotNet.Running;
using Klar.Benchmarks;

if (args is ["convergence" or "convergence-direct", var output, var sigmas, .. var images])
{
    ZsN2nConvergence.Run(output, sigmas, images, winograd: args[0] == "convergence");
}
else if (args is ["filters", var side])
{
    FilterTimes.Run(int.Parse(side, System.Globalization.CultureInfo.InvariantCulture));
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(ZsN2nConvergence).Assembly).Run(args);
}
