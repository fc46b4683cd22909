package klar.imagej;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON: objects as maps, arrays as lists, numbers as doubles. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Object parse(String text) throws KlarException {
        try {
            return new Json(text).value();
        } catch (IndexOutOfBoundsException | IllegalArgumentException malformed) {
            throw new KlarException("klar printed something that is not JSON");
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    private Object value() {
        char first = next();
        switch (first) {
            case '{':
                return members();
            case '[':
                return items();
            case '"':
                return string();
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        while (next() != '}') {
            String name = string();
            expect(':');
            members.put(name, value());
            separator('}');
        }

        at++;
        return members;
    }

    private List<Object> items() {
        List<Object> items = new ArrayList<>();
        at++;
        while (next() != ']') {
            items.add(value());
            separator(']');
        }

        at++;
        return items;
    }

    private String string() {
        expect('"');
        StringBuilder characters = new StringBuilder();
        while (text.charAt(at) != '"') {
            char one = text.charAt(at++);
            characters.append(one == '\\' ? escaped() : one);
        }

        at++;
        return characters.toString();
    }

    private char escaped() {
        char one = text.charAt(at++);
        switch (one) {
            case 'n':
                return '\n';
            case 't':
                return '\t';
            case 'r':
                return '\r';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'u':
                at += 4;
                return (char) Integer.parseInt(text.substring(at - 4, at), 16);
            default:
                return one;
        }
    }

    private Double number() {
        int start = at;
        while (at < text.length() && "+-0123456789.eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }

        return Double.valueOf(text.substring(start, at));
    }

    private Object word(String word, Object meaning) {
        if (!text.startsWith(word, at)) {
            throw new IllegalArgumentException(word);
        }

        at += word.length();
        return meaning;
    }

    private void separator(char end) {
        if (next() == ',') {
            at++;
        } else if (next() != end) {
            throw new IllegalArgumentException();
        }
    }

    private void expect(char character) {
        if (next() != character) {
            throw new IllegalArgumentException();
        }

        at++;
    }

    private char next() {
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }

        return text.charAt(at);
    }
}
