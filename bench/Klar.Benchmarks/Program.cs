using BenchmarkDotNet.Running;
using Klar.Benchmarks;

if (args is ["convergence", var output, var sigmas, .. var images])
{
    ZsN2nConvergence.Run(output, sigmas, images);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(ZsN2nConvergence).Assembly).Run(args);
}
