package klar.imagej;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.io.FileInfo;
import ij.io.FileSaver;
import java.util.Properties;

/** An image as a TIFF file and back, with all that ImageJ knows about it. */
final class ImageFile {
    private ImageFile() {
    }

    /** Writes the image; it stays as it is, also its title and whether it has unsaved changes. */
    static void write(ImagePlus image, String path) throws KlarException {
        String title = image.getTitle();
        boolean changes = image.changes;
        FileInfo original = image.getOriginalFileInfo();
        boolean written = image.getStackSize() > 1
            ? new FileSaver(image).saveAsTiffStack(path)
            : new FileSaver(image).saveAsTiff(path);
        image.setTitle(title);
        image.changes = changes;
        image.setFileInfo(original);
        if (!written) {
            throw new KlarException("the image could not be written to " + path);
        }
    }

    /** Reads the samples of a file that klar made of the image; all else is the image's own. */
    static ImagePlus read(String path, ImagePlus like, String title) throws KlarException {
        ImagePlus samples = IJ.openImage(path);
        if (samples == null || samples.getStackSize() != like.getStackSize()
                || samples.getBitDepth() != like.getBitDepth()) {
            throw new KlarException("the result of klar could not be read");
        }

        ImageStack stack = samples.getStack();
        for (int page = 1; page <= stack.getSize(); page++) {
            stack.setSliceLabel(like.getStack().getSliceLabel(page), page);
        }

        ImagePlus result = new ImagePlus(title, stack);
        result.setDimensions(like.getNChannels(), like.getNSlices(), like.getNFrames());
        result.setCalibration(like.getCalibration().copy());
        result = withColours(result, like);
        result.setOpenAsHyperStack(like.isHyperStack());
        Overlay overlay = like.getOverlay();
        if (overlay != null) {
            result.setOverlay(overlay.duplicate());
        }

        Properties properties = like.getProperties();
        if (properties != null) {
            for (String name : properties.stringPropertyNames()) {
                result.setProperty(name, properties.getProperty(name));
            }
        }

        result.changes = true;
        return result;
    }

    private static ImagePlus withColours(ImagePlus result, ImagePlus like) {
        if (like instanceof CompositeImage) {
            CompositeImage composite = new CompositeImage(result, ((CompositeImage) like).getMode());
            composite.copyLuts(like);
            return composite;
        }

        if (like.getBitDepth() != 24) {
            result.getProcessor().setColorModel(like.getProcessor().getColorModel());
            result.getStack().setColorModel(like.getProcessor().getColorModel());
            result.setDisplayRange(like.getDisplayRangeMin(), like.getDisplayRangeMax());
        }

        return result;
    }
}
