package dev.keelson.operator.dependent;

import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;

/** Amounts as Kubernetes and etcd write them. */
public final class Amounts {
    private Amounts() {}

    public static long bytes(String quantity) {
        return Quantity.getAmountInBytes(Quantity.parse(quantity)).longValue();
    }

    /** A time of one number and one unit: {@code 100ms}, {@code 5m}. */
    public static Duration duration(String text) {
        return text.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                : Duration.parse("PT" + text);
    }
}
