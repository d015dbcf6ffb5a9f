package dev.keelson.log.file;

import dev.keelson.log.file.CrashFileSystem.Loss;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A directory: the names that all see, the durable ones, and the changes that lie between.
 *
 * <p>Thread rule: one thread.
 */
final class CrashFileSystemDirectory implements CrashFileSystemNode {

    private final TreeMap<String, CrashFileSystemNode> durable = new TreeMap<>();
    private final TreeMap<String, CrashFileSystemNode> present = new TreeMap<>();
    private final List<Change> pending = new ArrayList<>();

    /** One name that comes, one that goes, or both at once. */
    private record Change(
            @Nullable String removed,
            @Nullable String added,
            @Nullable CrashFileSystemNode node) {
        void apply(Map<String, CrashFileSystemNode> names) {
            if (removed != null) {
                names.remove(removed);
            }
            if (added != null && node != null) {
                names.put(added, node);
            }
        }
    }

    @Nullable
    CrashFileSystemNode get(String name) {
        return present.get(name);
    }

    SortedMap<String, CrashFileSystemNode> names() {
        return present;
    }

    void add(String name, CrashFileSystemNode node) {
        perform(new Change(null, name, node));
    }

    void remove(String name) {
        perform(new Change(name, null, null));
    }

    void rename(String from, String to, CrashFileSystemNode node) {
        perform(new Change(from, to, node));
    }

    private void perform(Change change) {
        change.apply(present);
        pending.add(change);
    }

    void sync() {
        pending.forEach(change -> change.apply(durable));
        pending.clear();
    }

    void syncInPart(RandomGenerator random) {
        List<Change> first = pending.subList(0, random.nextInt(pending.size() + 1));
        first.forEach(change -> change.apply(durable));
        first.clear();
    }

    /** Loses changes of this directory and then whatever is left under it loses its own. */
    void lose(Loss loss, RandomGenerator random) {
        switch (loss) {
            case EVERYTHING -> {}
            case NOTHING -> sync();
            case ALL_BUT_A_PREFIX -> syncInPart(random);
            case ANY_SUBSET ->
                pending.stream().filter(_ -> random.nextBoolean()).forEach(change -> change.apply(durable));
        }
        pending.clear();
        present.clear();
        present.putAll(durable);
        for (CrashFileSystemNode node : present.values()) {
            switch (node) {
                case CrashFileSystemDirectory directory -> directory.lose(loss, random);
                case CrashFileSystemInode inode -> inode.lose(loss, random);
            }
        }
    }

    /** A copy of all that is reachable; {@code copied} holds what was met already, for a file may have two names. */
    CrashFileSystemDirectory copy(IdentityHashMap<CrashFileSystemNode, CrashFileSystemNode> copied) {
        var copy = new CrashFileSystemDirectory();
        copied.put(this, copy);
        durable.forEach((name, node) -> copy.durable.put(name, copy(node, copied)));
        present.forEach((name, node) -> copy.present.put(name, copy(node, copied)));
        for (Change change : pending) {
            CrashFileSystemNode node = change.node();
            copy.pending.add(new Change(change.removed(), change.added(), node == null ? null : copy(node, copied)));
        }
        return copy;
    }

    private static CrashFileSystemNode copy(
            CrashFileSystemNode node, IdentityHashMap<CrashFileSystemNode, CrashFileSystemNode> copied) {
        CrashFileSystemNode known = copied.get(node);
        if (known != null) {
            return known;
        }
        CrashFileSystemNode copy = switch (node) {
            case CrashFileSystemDirectory directory -> directory.copy(copied);
            case CrashFileSystemInode inode -> inode.copy();
        };
        copied.put(node, copy);
        return copy;
    }
}
