namespace Klar.NonLocal;

/// <summary>
/// Reference patches side by side: the first one's place, and how many there are in a row and in a column.
/// </summary>
internal readonly record struct GridTile(int X, int Y, int Columns, int Rows);
