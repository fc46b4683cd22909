namespace Klar.Reports.Field;

/// <summary>How the picture is stored, or what it is instead of a noisy one.</summary>
public enum FieldFile
{
    /// <summary>Whole numbers up to 65535.</summary>
    Bits16,

    /// <summary>Whole numbers up to 255.</summary>
    Bits8,

    /// <summary>Whole numbers up to 1023.</summary>
    Bits10,

    /// <summary>Whole numbers up to 4095.</summary>
    Bits12,

    /// <summary>Whole numbers up to 16383.</summary>
    Bits14,

    /// <summary>Floats of about 0 to 1.</summary>
    Float,

    /// <summary>Whole numbers up to 255 that went through JPEG compression.</summary>
    Jpeg,

    /// <summary>The labels of a segmentation: nothing is to be done.</summary>
    Labels,

    /// <summary>A picture without noise: nothing is to be done.</summary>
    Clean,
}
