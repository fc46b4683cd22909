using Microsoft.Data.Sqlite;

namespace Klar.Web;

/// <summary>Documents by key, in two tables of one SQLite file. What was written is there after a kill.</summary>
internal sealed class Database : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();

    public Database(string path)
    {
        _connection =
            new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE IF NOT EXISTS files(id TEXT "
            + "PRIMARY KEY, document TEXT NOT NULL); CREATE TABLE IF NOT EXISTS jobs(id INTEGER PRIMARY KEY "
            + "AUTOINCREMENT, document TEXT NOT NULL)");
    }

    /// <summary>All documents of a table, in the order in which they came.</summary>
    public IReadOnlyList<string> All(string table)
    {
        lock (_lock)
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = $"SELECT document FROM {Known(table)} ORDER BY rowid";
            using SqliteDataReader reader = command.ExecuteReader();
            var documents = new List<string>();
            while (reader.Read())
            {
                documents.Add(reader.GetString(0));
            }

            return documents;
        }
    }

    /// <summary>A number for a new row; numbers are not used again.</summary>
    public long NewKey(string table)
    {
        lock (_lock)
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = $"INSERT INTO {Known(table)}(document) VALUES('') RETURNING id";
            return (long)command.ExecuteScalar()!;
        }
    }

    public void Put(string table, object id, string document) =>
        Execute($"INSERT INTO {Known(table)}(id, document) VALUES($id, $document) ON CONFLICT(id) DO UPDATE SET "
            + $"document = excluded.document", ("$id", id), ("$document", document));

    public void Remove(string table, object id) => Execute($"DELETE FROM {Known(table)} WHERE id = $id", ("$id", id));

    public void Dispose() => _connection.Dispose();

    private static string Known(string table) => table is "files" or "jobs"
        ? table
        : throw new ArgumentOutOfRangeException(nameof(table), table, "There is no such table.");

    private void Execute(string text, params (string Name, object Value)[] parameters)
    {
        lock (_lock)
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = text;
            foreach ((string name, object value) in parameters)
            {
                command.Parameters.AddWithValue(name, value);
            }

            command.ExecuteNonQuery();
        }
    }
}
