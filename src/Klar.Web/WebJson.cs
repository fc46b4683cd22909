using System.Text.Json.Serialization;
using Klar.Web.Files;
using Klar.Web.Jobs;

namespace Klar.Web;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ErrorView))]
[JsonSerializable(typeof(FileView))]
[JsonSerializable(typeof(IReadOnlyList<FileView>))]
[JsonSerializable(typeof(FolderView))]
[JsonSerializable(typeof(IReadOnlyList<MethodView>))]
[JsonSerializable(typeof(ServerView))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(IReadOnlyList<JobView>))]
[JsonSerializable(typeof(NewsView))]
[JsonSerializable(typeof(OpenRequest))]
[JsonSerializable(typeof(JobRequest))]
[JsonSerializable(typeof(PreviewRequest))]
[JsonSerializable(typeof(StoredFile))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(AnswerHead))]
internal sealed partial class WebJson : JsonSerializerContext;
