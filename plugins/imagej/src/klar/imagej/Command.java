package klar.imagej;

import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.plugin.PlugIn;
import java.io.IOException;

/** What the menu's commands have in common: the active image goes in, a failure becomes one line in the log. */
abstract class Command implements PlugIn {
    @Override
    public final void run(String argument) {
        ImagePlus image = WindowManager.getCurrentImage();
        try {
            if (image == null) {
                throw new KlarException("there is no open image");
            }

            Choices choices = ask(image);
            if (choices != null) {
                try (TemporaryFolder folder = new TemporaryFolder()) {
                    run(image, choices, KlarProgram.find(), folder);
                }
            }
        } catch (KlarException | IOException failure) {
            fail(failure.getMessage());
        } finally {
            IJ.showProgress(1.0);
            IJ.showStatus("");
        }
    }

    /** Asks in a dialog, or takes a macro's options; null where the user cancels. */
    abstract Choices ask(ImagePlus image);

    abstract void run(ImagePlus image, Choices choices, KlarProgram klar, TemporaryFolder folder)
            throws KlarException, IOException;

    // A macro must not go on with the image that was not denoised.
    private static void fail(String line) {
        IJ.log("Klar: " + line);
        if (Macro.getOptions() != null) {
            Macro.abort();
        }
    }
}
