package klar.imagej;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Plugins &gt; Klar &gt; Compare…: methods on the shown slice, ranked by the error that each is expected to make. */
public final class Compare extends Command {
    private static final String METHODS = "Methods";

    @Override
    Choices ask(ImagePlus image) {
        return new Choices().text(METHODS, "gaussian,median,bm3d,nl-ridge,klar").ask("Klar: compare methods");
    }

    @Override
    void run(ImagePlus image, Choices choices, KlarProgram klar, TemporaryFolder folder)
            throws KlarException, IOException {
        String input = folder.file("image.tif");
        ImageFile.write(new ImagePlus(image.getTitle(), image.getProcessor()), input);
        String printed = klar.run(List.of("compare", input, "--methods", choices.get(METHODS), "--json"));
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Object row : (List<?>) Json.object(Json.parse(printed)).get("rows")) {
            rows.add(Json.object(row));
        }

        rows.sort((one, other) -> Double.compare(psnr(other), psnr(one)));
        ResultsTable table = new ResultsTable();
        for (Map<String, Object> row : rows) {
            table.incrementCounter();
            table.addValue("Method", (String) row.get("method"));
            table.addValue("Expected PSNR", psnr(row));
            table.addValue("Seconds", (Double) row.get("seconds"));
        }

        Tables.show(table, "Klar: " + image.getTitle());
    }

    private static double psnr(Map<String, Object> row) {
        Object value = row.get("estimatedPsnr");
        return value instanceof Double ? (Double) value : Double.NaN;
    }
}
