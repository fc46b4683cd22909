using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Klar.Tests.Support;

namespace Klar.Web.Tests;

/// <summary>
/// <c>klar serve</c> as a user starts it: a process with a state folder of its own, which outlives it.
/// </summary>
internal sealed class RunningServer : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _options;
    private Process _process;

    public RunningServer(params string[] options)
    {
        _options = options;
        (_process, Address) = Start();
        Client = NewClient();
    }

    public string Address { get; private set; }

    public HttpClient Client { get; private set; }

    public string State => _folder["state"];

    public bool IsAlive => !_process.HasExited;

    /// <summary>Runs the program itself.</summary>
    public static (int Code, string Error) Klar(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error.Result);
    }

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Ends it as a power cut would, and starts it anew on the same state.</summary>
    public void KillAndRestart()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        Client.Dispose();
        (_process, Address) = Start();
        Client = NewClient();
    }

    /// <summary>Ends it as Ctrl-C does; its exit code.</summary>
    public int Interrupt()
    {
        using (Process kill = Process.Start("kill", ["-INT", $"{_process.Id}"]))
        {
            kill.WaitForExit();
        }

        Assert.True(_process.WaitForExit(180_000),
            "klar serve hangs (or these tests were started from a shell that ignores SIGINT, as with &)");
        return _process.ExitCode;
    }

    /// <summary>Sends bytes as they are, and returns all that comes back.</summary>
    public async Task<string> Raw(string request)
    {
        using var socket = new TcpClient("127.0.0.1", new Uri(Address).Port);
        NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    public async Task<JsonElement> Upload(string path, string? name = null)
    {
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(path));
        using HttpResponseMessage answer =
            await Client.PostAsync($"/api/files?name={Uri.EscapeDataString(name ?? Path.GetFileName(path))}", content);
        return await Json(answer);
    }

    public async Task<long> AddJob(string kind, string file, object settings)
    {
        using HttpResponseMessage answer = await Client.PostAsJsonAsync("/api/jobs", new { kind, file, settings });
        return (await Json(answer)).GetProperty("job").GetProperty("id").GetInt64();
    }

    public async Task<JsonElement> Job(long id) =>
        (await Client.GetFromJsonAsync<JsonElement>($"/api/jobs/{id}")).GetProperty("job");

    /// <summary>The job once it is in one of these states.</summary>
    public async Task<JsonElement> JobIn(long id, params string[] states)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(10);)
        {
            JsonElement job = await Job(id);
            string state = job.GetProperty("state").GetString()!;
            if (states.Contains(state))
            {
                return job;
            }

            Assert.True(state is "Queued" or "Running", $"the job is {state}: {job.GetProperty("failure")}");
            await Task.Delay(50);
        }

        throw new TimeoutException($"job {id} did not become {string.Join(" or ", states)}");
    }

    /// <summary>The number of the file that a job made in a role.</summary>
    public static string Result(JsonElement job, string role) =>
        job.GetProperty("results").EnumerateArray().First(
            result => result.GetProperty("role").GetString() == role).GetProperty("fileId").GetString()!;

    public static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        RemoveFolder();
    }

    /// <summary>A job's program ends within moments of its server, and may still write until then.</summary>
    private void RemoveFolder()
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            try
            {
                _folder.Dispose();
                return;
            }
            catch (IOException) when (waited.Elapsed < TimeSpan.FromMinutes(2))
            {
                Thread.Sleep(100);
            }
        }
    }

    private static Process Start(string[] arguments)
    {
        ProcessStartInfo start = ProgramUnderTest.With(arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        return Process.Start(start)!;
    }

    private HttpClient NewClient() => new() { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromMinutes(10) };

    private (Process Process, string Address) Start()
    {
        Process process = Start(["serve", "--port", "0", "--state", State, .. _options]);
        string? address = process.StandardOutput.ReadLine();
        return address is null ? throw new InvalidOperationException(process.StandardError.ReadToEnd()) : (
            process, address);
    }
}
