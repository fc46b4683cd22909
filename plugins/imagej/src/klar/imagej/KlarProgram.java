package klar.imagej;

import ij.IJ;
import ij.Prefs;
import java.awt.GraphicsEnvironment;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program {@code klar}: where it is, and a run of it with progress and Esc. */
final class KlarProgram {
    /** The preference that says where the program is. */
    static final String PREFERENCE = "klar.program";

    private static final Pattern FRACTION = Pattern.compile("\"fraction\":([0-9.eE+-]+)");
    private static final long GRACE_SECONDS = 5;
    private static final long LOOK_MILLISECONDS = 100;

    private final String path;

    private KlarProgram(String path) {
        this.path = path;
    }

    /** By the preference, on the PATH, or next to the plug-in; else the user is asked, where there is a screen. */
    static KlarProgram find() throws KlarException {
        List<File> places = new ArrayList<>();
        String preferred = Prefs.get(PREFERENCE, "");
        if (!preferred.isEmpty()) {
            places.add(new File(preferred));
        }

        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            places.add(new File(folder, name()));
        }

        places.add(new File(folderOfJar(), name()));
        places.add(new File(new File(folderOfJar(), "klar"), name()));
        for (File place : places) {
            if (place.isFile() && place.canExecute()) {
                return new KlarProgram(place.getAbsolutePath());
            }
        }

        String chosen = GraphicsEnvironment.isHeadless() || ij.Macro.getOptions() != null
            ? null : IJ.getFilePath("Where is the program " + name() + "?");
        if (chosen == null) {
            throw new KlarException("the program " + name() + " is neither on the PATH nor next to the plug-in;"
                + " the preference " + PREFERENCE + " says where else it is");
        }

        Prefs.set(PREFERENCE, chosen);
        Prefs.savePreferences();
        return new KlarProgram(chosen);
    }

    /** Runs a command and returns what it prints. Esc ends it within seconds. */
    String run(List<String> arguments) throws KlarException, IOException {
        List<String> line = new ArrayList<>();
        line.add(path);
        line.addAll(arguments);
        line.add("--attached");
        Process process = new ProcessBuilder(line).start();
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
        CompletableFuture<String> failure = CompletableFuture.supplyAsync(() -> follow(process.getErrorStream()));
        boolean cancelled = wait(process);
        if (cancelled) {
            throw new KlarException("cancelled");
        }

        if (process.exitValue() != 0) {
            String said = failure.join();
            throw new KlarException(said.isEmpty() ? "klar ended with code " + process.exitValue() : said);
        }

        return output.join();
    }

    private static boolean wait(Process process) throws IOException {
        IJ.resetEscape();
        boolean cancelled = false;
        try {
            while (!process.waitFor(cancelled ? GRACE_SECONDS * 1000 : LOOK_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                if (cancelled) {
                    process.destroyForcibly();
                } else if (IJ.escapePressed()) {
                    // klar ends by itself when its input is closed.
                    cancelled = true;
                    process.getOutputStream().close();
                }
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return true;
        }

        return cancelled;
    }

    // Progress goes to ImageJ, warnings to the log; what is left is why it failed.
    private static String follow(InputStream stream) {
        String failure = "";
        for (String line : text(stream, KlarProgram::showProgress).split("\n")) {
            String said = line.trim();
            if (said.startsWith("warning: ")) {
                IJ.log("Klar: " + said.substring("warning: ".length()));
            } else if (said.startsWith("klar: ") && failure.isEmpty()) {
                failure = said.substring("klar: ".length()).replaceFirst("^\\S*klar-imagej-\\S*: ", "");
            }
        }

        return failure;
    }

    private static void showProgress(String line) {
        Matcher fraction = FRACTION.matcher(line);
        if (fraction.find()) {
            IJ.showProgress(Double.parseDouble(fraction.group(1)));
        }
    }

    private static String text(InputStream stream) {
        return text(stream, line -> { });
    }

    private static String text(InputStream stream, java.util.function.Consumer<String> onLine) {
        StringBuilder all = new StringBuilder();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                onLine.accept(line);
                all.append(line).append('\n');
            }
        } catch (IOException ended) {
            // The program has gone; what it said so far is what there is.
            return all.toString();
        }

        return all.toString();
    }

    private static String name() {
        return IJ.isWindows() ? "klar.exe" : "klar";
    }

    private static File folderOfJar() {
        try {
            return new File(KlarProgram.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .getParentFile();
        } catch (URISyntaxException noFile) {
            return new File(".");
        }
    }
}
