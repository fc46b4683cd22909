package klar.imagej;

/** What the user should know, in one line. */
final class KlarException extends Exception {
    private static final long serialVersionUID = 1;

    KlarException(String line) {
        super(line);
    }
}
