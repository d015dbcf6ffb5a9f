package dev.keelson.backup.archive;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a segment says, so that a list of names tells how far an archive reaches.
 *
 * @param sequence 0 for the first of its chain
 * @param lo the first revision in it
 * @param hi the first revision behind it; {@code lo} when nothing changed in its time
 * @param end until when nothing is missing
 * @param object the whole name
 */
public record SegmentName(ChainId chain, long sequence, long lo, long hi, Instant end, String object) {

    private static final String ENDING = ".segment";
    private static final Pattern FORM = Pattern.compile("archive/([0-9a-f]{1,16})/([A-Za-z0-9-]+)/([0-9a-f]+)/"
            + "(\\d{10})-(\\d{1,19})-(\\d{1,19})-(\\d{1,15})\\" + ENDING + "(\\.sealed)?");

    /** The name without what sealing adds to it. */
    static String plain(ChainId chain, long sequence, long lo, long hi, Instant end) {
        return chain.folder() + String.format("%010d-%d-%d-%d", sequence, lo, hi, end.toEpochMilli()) + ENDING;
    }

    /** Reads a name, null if it is none of a segment. */
    static @Nullable SegmentName parse(String object) {
        Matcher parts = FORM.matcher(object);
        if (!parts.matches()) {
            return null;
        }
        try {
            return new SegmentName(
                    new ChainId(Long.parseUnsignedLong(parts.group(1), 16), parts.group(2), parts.group(3)),
                    Long.parseLong(parts.group(4)),
                    Long.parseLong(parts.group(5)),
                    Long.parseLong(parts.group(6)),
                    Instant.ofEpochMilli(Long.parseLong(parts.group(7))),
                    object);
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }
}
