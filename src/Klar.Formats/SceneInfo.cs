namespace Klar.Formats;

/// <summary>One of the images of a file.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Name">The name that the file gives it; empty for none.</param>
/// <param name="Info">What it holds.</param>
/// <param name="Axes">What its pages are.</param>
public sealed record SceneInfo(int Number, string Name, ImageFileInfo Info, StackAxes Axes);
