namespace Klar;

/// <summary>An image that a method cannot take, whatever its settings; the message says why in one sentence.</summary>
public class UnsuitableImageException : ArgumentException
{
    /// <summary>An image that a method cannot take.</summary>
    public UnsuitableImageException()
        : this("The image cannot be denoised.")
    {
    }

    /// <summary>An image that a method cannot take.</summary>
    /// <param name="message">Why not.</param>
    public UnsuitableImageException(string message)
        : base(message)
    {
    }

    /// <summary>An image that a method cannot take.</summary>
    /// <param name="message">Why not.</param>
    /// <param name="inner">What was found first.</param>
    public UnsuitableImageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
