package dev.keelson.backup.full;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.keelson.backup.full.Manifest.Blob;
import dev.keelson.backup.full.Manifest.History;
import dev.keelson.backup.seal.KeyRing;
import dev.keelson.backup.seal.SealKey;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Manifests as JSON for people and programs to read. The last line says the SHA-256 of all before it, and where the backup
 * is sealed the signature of its key.
 */
final class ManifestJson {

    static final int BYTES_MAX = 64 << 10;

    private static final JsonFactory JSON = new JsonFactory();
    private static final String SUM_MARK = "sha256 ";
    private static final String SIGNATURE_MARK = " signed ";

    private ManifestJson() {}

    static byte[] write(Manifest manifest, @Nullable SealKey key) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeNumberField("format", Manifest.FORMAT);
            json.writeStringField("id", manifest.id());
            json.writeStringField("cluster", manifest.clusterHex());
            json.writeStringField("created", manifest.created().toString());
            json.writeNumberField("term", manifest.term());
            json.writeNumberField("revision", manifest.history().revision());
            json.writeNumberField("compactRevision", manifest.history().compactRevision());
            json.writeNumberField(
                    "hash", Integer.toUnsignedLong(manifest.history().hash()));
            json.writeNumberField("keys", manifest.history().keys());
            json.writeNumberField("changes", manifest.history().changes());
            Long compared = manifest.comparedWith();
            json.writeStringField("comparedWithMember", compared == null ? "" : Long.toHexString(compared));
            json.writeNumberField("snapshotBytes", manifest.content().bytes());
            json.writeStringField("snapshotSha256", manifest.content().sha256());
            json.writeStringField("object", manifest.object().name());
            json.writeNumberField("objectBytes", manifest.object().bytes());
            json.writeStringField("objectSha256", manifest.object().sha256());
            json.writeStringField("version", manifest.version());
            json.writeEndObject();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        String end = SUM_MARK + sum(body) + (key == null ? "" : SIGNATURE_MARK + hex(key.sign(body))) + "\n";
        byte[] whole = Arrays.copyOf(body, body.length + end.length());
        System.arraycopy(end.getBytes(StandardCharsets.US_ASCII), 0, whole, body.length, end.length());
        return whole;
    }

    /**
     * Reads a manifest.
     *
     * @throws BackupRefusedException when it is none, or was changed
     */
    static Manifest read(String object, byte[] whole, KeyRing keys) {
        int end = endOfBody(object, whole);
        byte[] body = Arrays.copyOf(whole, end);
        String line = new String(whole, end, whole.length - end, StandardCharsets.US_ASCII);
        String expected = SUM_MARK + sum(body);
        boolean signed = line.startsWith(expected + SIGNATURE_MARK) && line.endsWith("\n");
        if (!signed && !line.equals(expected + "\n")) {
            throw refused(object, "its last line does not match what is above it");
        }
        Manifest manifest = parse(object, body);
        if (signed) {
            requireSigned(
                    object,
                    keys,
                    body,
                    line.substring((expected + SIGNATURE_MARK).length()).strip());
        } else if (keys.first() != null) {
            throw refused(
                    object, "it is not signed, and a key was given; leave out --key-file to take it all the same");
        }
        return manifest;
    }

    private static int endOfBody(String object, byte[] whole) {
        for (int i = whole.length - 2; i >= 0; i--) {
            if (whole[i] == '\n') {
                return i + 1;
            }
        }
        throw refused(object, "it has no lines");
    }

    /** Without a key the list of backups is still to be had; nothing can be restored then anyway. */
    private static void requireSigned(String object, KeyRing keys, byte[] body, String signature) {
        if (keys.first() == null) {
            return;
        }
        try {
            byte[] claimed = HexFormat.of().parseHex(signature);
            if (keys.keys().stream().noneMatch(key -> key.isSigned(body, claimed))) {
                throw refused(object, "it is not signed by any of the keys given with --key-file");
            }
        } catch (IllegalArgumentException malformed) {
            throw refused(object, "its signature is none");
        }
    }

    private static Manifest parse(String object, byte[] body) {
        var fields = new LinkedHashMap<String, String>();
        try (JsonParser json = JSON.createParser(body)) {
            require(object, json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                require(object, json.nextToken().isScalarValue());
                require(object, fields.put(name, json.getText()) == null);
            }
            require(object, json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null);
            return manifest(object, fields);
        } catch (IOException | NumberFormatException | DateTimeException malformed) {
            throw new BackupRefusedException(
                    "manifest " + object + " is refused: " + malformed.getMessage(), malformed);
        }
    }

    private static Manifest manifest(String object, Map<String, String> fields) {
        long format = number(object, fields, "format");
        if (format != Manifest.FORMAT) {
            throw refused(object, "it has format " + format + ", and this version knows only " + Manifest.FORMAT);
        }
        String compared = text(object, fields, "comparedWithMember");
        return new Manifest(
                text(object, fields, "id"),
                Long.parseUnsignedLong(text(object, fields, "cluster"), 16),
                Instant.parse(text(object, fields, "created")),
                number(object, fields, "term"),
                new History(
                        number(object, fields, "revision"),
                        number(object, fields, "compactRevision"),
                        Integer.parseUnsignedInt(text(object, fields, "hash")),
                        number(object, fields, "keys"),
                        number(object, fields, "changes")),
                compared.isEmpty() ? null : (Long) Long.parseUnsignedLong(compared, 16),
                new Blob("", number(object, fields, "snapshotBytes"), text(object, fields, "snapshotSha256")),
                new Blob(
                        text(object, fields, "object"),
                        number(object, fields, "objectBytes"),
                        text(object, fields, "objectSha256")),
                text(object, fields, "version"));
    }

    private static long number(String object, Map<String, String> fields, String name) {
        return Long.parseLong(text(object, fields, name));
    }

    private static String text(String object, Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw refused(object, "it does not say " + name);
        }
        return value;
    }

    private static void require(String object, boolean sound) {
        if (!sound) {
            throw refused(object, "it is no flat object of JSON");
        }
    }

    private static BackupRefusedException refused(String object, String what) {
        return new BackupRefusedException("manifest " + object + " is refused: " + what);
    }

    private static String sum(byte[] body) {
        return hex(dev.keelson.backup.store.Digests.sha256().digest(body));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
