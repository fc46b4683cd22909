package klar.imagej;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Plugins &gt; Klar &gt; Estimate noise…: level, gain and kind of the noise, a row for each channel. */
public final class EstimateNoise extends Command {
    private static final String[] NUMBERS = {"sigma255", "gain", "readNoise", "offset", "confidence"};

    @Override
    Choices ask(ImagePlus image) {
        return new Choices();
    }

    @Override
    void run(ImagePlus image, Choices choices, KlarProgram klar, TemporaryFolder folder)
            throws KlarException, IOException {
        String input = folder.file("image.tif");
        ImageFile.write(image, input);
        Map<String, Object> all = Json.object(Json.parse(klar.run(List.of("estimate", input, "--json"))));
        Object channels = all.get("channels");
        ResultsTable table = new ResultsTable();
        for (Object channel : channels instanceof List ? (List<?>) channels : List.of(all)) {
            Map<String, Object> noise = Json.object(channel);
            table.incrementCounter();
            table.addValue("Model", String.valueOf(noise.get("model")));
            for (String name : NUMBERS) {
                table.addValue(name, noise.get(name) instanceof Double ? (Double) noise.get(name) : Double.NaN);
            }

            table.addValue("Advice", String.valueOf(noise.get("advice")));
        }

        Tables.show(table, "Noise of " + image.getTitle());
    }
}
