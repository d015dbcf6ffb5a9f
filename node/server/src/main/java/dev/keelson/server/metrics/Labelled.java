package dev.keelson.server.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * One figure for each set of labels, made when it is first asked for.
 *
 * <p>Whoever counts often keeps the figure it was given. Labels that a client could make up must not come here unbounded.
 *
 * <p>Thread rule: any thread.
 */
final class Labelled<T> {

    private final Map<Labels, T> figures = new ConcurrentHashMap<>();
    private final Supplier<T> make;

    Labelled(Supplier<T> make) {
        this.make = make;
    }

    T with(Labels labels) {
        return figures.computeIfAbsent(labels, _ -> make.get());
    }

    /** In the order of the labels. */
    void forEach(BiConsumer<Labels, T> action) {
        new TreeMap<>(figures).forEach(action);
    }
}
