package klar.imagej;

import ij.Macro;
import ij.gui.GenericDialog;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a command lets the user choose, in a dialog or in a macro's options. A macro is read without a dialog, so that
 * it also runs where there is no screen; the dialog records the same keys.
 */
final class Choices {
    private final Map<String, String[]> allowed = new LinkedHashMap<>();
    private final Map<String, String> values = new LinkedHashMap<>();

    /** One of several words; the first is the default. The key is the label in lower case. */
    Choices oneOf(String label, String... words) {
        allowed.put(label, words);
        values.put(label, words[0]);
        return this;
    }

    /** Any text. */
    Choices text(String label, String preset) {
        allowed.put(label, new String[0]);
        values.put(label, preset);
        return this;
    }

    /** Asks; null where the user cancels. */
    Choices ask(String title) {
        String options = Macro.getOptions();
        if (options != null) {
            values.replaceAll((label, preset) -> Macro.getValue(options, key(label), preset));
            return this;
        }

        GenericDialog dialog = new GenericDialog(title);
        allowed.forEach((label, words) -> {
            if (words.length == 0) {
                dialog.addStringField(label, values.get(label), 30);
            } else {
                dialog.addChoice(label, words, values.get(label));
            }
        });
        dialog.showDialog();
        if (dialog.wasCanceled()) {
            return null;
        }

        values.replaceAll((label, preset) ->
            allowed.get(label).length == 0 ? dialog.getNextString() : dialog.getNextChoice());
        return this;
    }

    String get(String label) {
        return values.get(label);
    }

    private static String key(String label) {
        return label.toLowerCase(java.util.Locale.ROOT);
    }
}
