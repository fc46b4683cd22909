import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.macro.Interpreter;
import ij.process.LUT;
import java.awt.Color;
import java.io.File;
import java.util.ArrayList;
import java.util.List;

/**
 * PluginTest FOLDER: the plug-in's commands without a screen, as a batch macro runs them, against the command line.
 * Prints what differs; nothing where all is well.
 */
public final class PluginTest {
    private static final List<String> WRONG = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        Interpreter.batchMode = true;
        // ImageJ gives a command's options to the thread of the macro that runs it, which has such a name.
        Thread.currentThread().setName("Run$_test");
        String folder = arguments[0];
        for (ImagePlus image : images()) {
            denoise(image, folder);
        }

        tables();
        escape();
        WRONG.forEach(System.out::println);
        System.exit(WRONG.isEmpty() ? 0 : 1);
    }

    private static List<ImagePlus> images() {
        ImagePlus bytes = IJ.createImage("bytes", "8-bit ramp", 64, 48, 1);
        bytes.setLut(LUT.createLutFromColor(Color.GREEN));
        ImagePlus colours = IJ.createImage("colours", "RGB ramp", 64, 48, 1);
        ImagePlus floats = IJ.createImage("floats", "32-bit ramp", 64, 48, 1);
        ImagePlus movie = IJ.createImage("movie", "16-bit ramp", 64, 48, 5);
        movie.setDimensions(1, 1, 5);
        CompositeImage hyperstack = (CompositeImage) IJ.createHyperStack("cells", 64, 48, 2, 3, 1, 16);
        hyperstack.setMode(CompositeImage.COMPOSITE);
        hyperstack.setLuts(new LUT[] {LUT.createLutFromColor(Color.RED), LUT.createLutFromColor(Color.CYAN)});
        List<ImagePlus> all = List.of(bytes, colours, floats, movie, hyperstack);
        long seed = 1;
        for (ImagePlus image : all) {
            for (int page = 1; page <= image.getStackSize(); page++) {
                if (image == hyperstack) {
                    image.getStack().getProcessor(page).add(900);
                }

                image.getStack().getProcessor(page).setSnapshotCopyMode(false);
                image.getStack().getProcessor(page).noise(image == floats ? 0.1 : image.getBitDepth() == 16 ? 200 : 20);
                image.getStack().setSliceLabel("page " + page, page);
            }

            image.getCalibration().setUnit("um");
            image.getCalibration().pixelWidth = 0.108;
            image.getCalibration().pixelHeight = 0.108;
            image.setOverlay(new Overlay(new Roi(5, 6, 7, 8)));
            image.setProperty("Info", "kept = yes");
        }

        return all;
    }

    private static void denoise(ImagePlus image, String folder) throws Exception {
        String input = folder + "/" + image.getTitle() + ".tif", output = folder + "/clean.tif";
        if (image.getStackSize() > 1) {
            new ij.io.FileSaver(image.duplicate()).saveAsTiffStack(input);
        } else {
            new ij.io.FileSaver(image.duplicate()).saveAsTiff(input);
        }

        int code = new ProcessBuilder("klar", "denoise", input, "-o", output, "-m", "median", "--overwrite", "--quiet",
            "--output-type", "same").inheritIO().start().waitFor();
        check(code == 0, image, "the command line ends with " + code);
        ImagePlus expected = IJ.openImage(output);
        String title = image.getTitle();
        boolean changes = image.changes;
        ImagePlus result = run(image, "klar.imagej.Denoise", "method=median");
        check(result != image, image, "no result");
        check(result.getBitDepth() == image.getBitDepth(), image, "bit depth");
        boolean differs = false;
        for (int page = 1; page <= image.getStackSize(); page++) {
            check(equal(result.getStack().getPixels(page), expected.getStack().getPixels(page)), image,
                "pixels of page " + page);
            differs |= !equal(result.getStack().getPixels(page), image.getStack().getPixels(page));
            check(("page " + page).equals(result.getStack().getSliceLabel(page)), image, "label of page " + page);
        }

        check(differs, image, "nothing was denoised");
        check(title.equals(image.getTitle()) && changes == image.changes, image, "the input has changed");
        check((title + "_denoised").equals(result.getTitle()), image, "title " + result.getTitle());
        check(result.getCalibration().equals(image.getCalibration()), image, "calibration");
        check(result.getOverlay() != null && result.getOverlay().size() == 1
            && result.getOverlay().get(0).getBounds().equals(image.getOverlay().get(0).getBounds()), image, "overlay");
        check("kept = yes".equals(result.getProperty("Info")), image, "info");
        check(java.util.Arrays.equals(result.getDimensions(), image.getDimensions()), image, "dimensions");
        check(result.isComposite() == image.isComposite(), image, "composite");
        for (int i = 0; i < image.getLuts().length; i++) {
            check(java.util.Arrays.equals(result.getLuts()[i].getBytes(), image.getLuts()[i].getBytes()), image,
                "LUT " + i);
        }
    }

    private static void tables() {
        ImagePlus image = images().get(0);
        check(run(image, "klar.imagej.Compare", "methods=median,bm3d") == image, image, "compare changes the image");
        check(run(image, "klar.imagej.EstimateNoise", "") == image, image, "estimate changes the image");
        run(image, "klar.imagej.Denoise", "method=unknown");
        run(null, "klar.imagej.Denoise", "method=median");
    }

    private static void escape() {
        ImagePlus image = IJ.createImage("large", "16-bit noise", 1024, 1024, 1);
        Thread key = new Thread(() -> {
            for (int i = 0; i < 40; i++) {
                IJ.wait(250);
                IJ.setKeyDown(java.awt.event.KeyEvent.VK_ESCAPE);
            }
        });
        key.setDaemon(true);
        key.start();
        check(run(image, "klar.imagej.Denoise", "method=zs-n2n") == image, image, "Esc is not heard");
    }

    private static ImagePlus run(ImagePlus image, String command, String options) {
        WindowManager.setTempCurrentImage(image);
        Macro.setOptions(options + " ");
        IJ.runPlugIn(command, "");
        return WindowManager.getCurrentImage();
    }

    private static boolean equal(Object one, Object other) {
        return java.util.Objects.deepEquals(one, other);
    }

    private static void check(boolean holds, ImagePlus image, String what) {
        if (!holds) {
            WRONG.add("WRONG " + image.getTitle() + ": " + what);
        }
    }
}
