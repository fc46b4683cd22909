import ij.IJ;
import ij.ImagePlus;

/** Prints what ImageJ finds in files: sizes, pages, bits, and the sums of the first and the last page. */
public final class Opened {
    public static void main(String[] files) {
        for (String file : files) {
            ImagePlus image = IJ.openImage(file);
            if (image == null) {
                System.out.println("not opened");
                continue;
            }

            System.out.println(image.getWidth() + "x" + image.getHeight() + " " + image.getStackSize() + " pages "
                + image.getBitDepth() + " bits " + sum(image, 1) + " " + sum(image, image.getStackSize()));
        }
    }

    private static long sum(ImagePlus image, int page) {
        double sum = 0;
        var pixels = image.getStack().getProcessor(page);
        for (int i = 0; i < pixels.getPixelCount(); i++) {
            sum += pixels.getf(i);
        }

        return Math.round(sum);
    }
}
