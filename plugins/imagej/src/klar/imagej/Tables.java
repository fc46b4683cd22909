package klar.imagej;

import ij.IJ;
import ij.measure.ResultsTable;
import java.awt.GraphicsEnvironment;

/** Tables of results: a window, or the log where there is no screen. */
final class Tables {
    private Tables() {
    }

    static void show(ResultsTable table, String title) {
        if (!GraphicsEnvironment.isHeadless()) {
            table.show(title);
            return;
        }

        IJ.log(table.getColumnHeadings());
        for (int row = 0; row < table.size(); row++) {
            IJ.log(table.getRowAsString(row));
        }
    }
}
