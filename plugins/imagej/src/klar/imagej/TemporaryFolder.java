package klar.imagej;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for the files that go to klar and come from it, gone when the command ends. */
final class TemporaryFolder implements AutoCloseable {
    private final Path path;

    TemporaryFolder() throws IOException {
        path = Files.createTempDirectory("klar-imagej-");
    }

    String file(String name) {
        return path.resolve(name).toString();
    }

    @Override
    public void close() {
        File[] files = path.toFile().listFiles();
        for (File file : files == null ? new File[0] : files) {
            file.delete();
        }

        path.toFile().delete();
    }
}
