package klar.imagej;

import ij.ImagePlus;
import java.io.IOException;
import java.util.List;

/** Plugins &gt; Klar &gt; Denoise…: a new image without the noise of the active one. */
public final class Denoise extends Command {
    private static final String METHOD = "Method", EFFORT = "Effort", ACROSS = "Across";

    @Override
    Choices ask(ImagePlus image) {
        return new Choices()
            .oneOf(METHOD, "auto", "klar", "bm3d", "nl-ridge", "lichi", "prior", "noise2fast", "zs-n2n",
                "neighbor2neighbor", "gaussian", "median", "mean", "bilateral", "wiener")
            .oneOf(EFFORT, "normal", "fast", "best")
            .oneOf(ACROSS, "auto", "off", "t", "z")
            .ask("Klar: denoise");
    }

    @Override
    void run(ImagePlus image, Choices choices, KlarProgram klar, TemporaryFolder folder)
            throws KlarException, IOException {
        String input = folder.file("image.tif"), output = folder.file("denoised.tif");
        ImageFile.write(image, input);
        klar.run(List.of(
            "denoise", input, "-o", output, "--output-type", "same", "-m", choices.get(METHOD),
            "--effort", choices.get(EFFORT), "--across", choices.get(ACROSS)));
        ImageFile.read(output, image, title(image)).show();
    }

    private static String title(ImagePlus image) {
        return image.getShortTitle() + "_denoised";
    }
}
