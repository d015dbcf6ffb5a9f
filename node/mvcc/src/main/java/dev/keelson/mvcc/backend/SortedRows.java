package dev.keelson.mvcc.backend;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * An immutable ordered map of byte strings: a change makes a new map that shares all but a path with the old one, so that
 * keeping an old one costs nothing.
 *
 * <p>A treap: ordered by key and, as a heap, by a number mixed from the key. So its shape depends on its rows alone, not on
 * the order in which they came, and it is as deep as a random tree, unless somebody chooses keys to spoil it.
 */
final class SortedRows {

    static final SortedRows EMPTY = new SortedRows(null);

    private final @Nullable Node root;

    private SortedRows(@Nullable Node root) {
        this.root = root;
    }

    private record Node(
            byte[] key,
            byte[] value,
            int priority,
            @Nullable Node left,
            @Nullable Node right) {

        Node withLeft(@Nullable Node newLeft) {
            return new Node(key, value, priority, newLeft, right);
        }

        Node withRight(@Nullable Node newRight) {
            return new Node(key, value, priority, left, newRight);
        }
    }

    /** Two trees, every key of the first below every key of the second. */
    private record Parts(@Nullable Node below, @Nullable Node above) {}

    byte @Nullable [] get(byte[] key) {
        Node node = root;
        while (node != null) {
            int order = Arrays.compareUnsigned(key, node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    SortedRows with(byte[] key, byte[] value) {
        return new SortedRows(insert(root, new Node(key, value, mix(Arrays.hashCode(key)), null, null)));
    }

    SortedRows without(byte[] key) {
        return get(key) == null ? this : new SortedRows(remove(root, key));
    }

    /** Spreads the bits of a hash (the finalizer of MurmurHash3): hashes of similar keys are similar themselves. */
    private static int mix(int hash) {
        int mixed = (hash ^ hash >>> 16) * 0x85ebca6b;
        mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
        return mixed ^ mixed >>> 16;
    }

    private static Node insert(@Nullable Node node, Node added) {
        if (node == null) {
            return added;
        }
        int order = Arrays.compareUnsigned(added.key, node.key);
        if (order == 0) {
            return new Node(added.key, added.value, node.priority, node.left, node.right);
        }
        if (added.priority > node.priority) {
            // The same key has the same priority, so it cannot be further down.
            Parts parts = split(node, added.key);
            return new Node(added.key, added.value, added.priority, parts.below, parts.above);
        }
        return order < 0 ? node.withLeft(insert(node.left, added)) : node.withRight(insert(node.right, added));
    }

    private static Parts split(@Nullable Node node, byte[] key) {
        if (node == null) {
            return new Parts(null, null);
        }
        if (Arrays.compareUnsigned(node.key, key) < 0) {
            Parts parts = split(node.right, key);
            return new Parts(node.withRight(parts.below), parts.above);
        }
        Parts parts = split(node.left, key);
        return new Parts(parts.below, node.withLeft(parts.above));
    }

    private static @Nullable Node remove(@Nullable Node node, byte[] key) {
        if (node == null) {
            return null;
        }
        int order = Arrays.compareUnsigned(key, node.key);
        if (order == 0) {
            return merge(node.left, node.right);
        }
        return order < 0 ? node.withLeft(remove(node.left, key)) : node.withRight(remove(node.right, key));
    }

    private static @Nullable Node merge(@Nullable Node below, @Nullable Node above) {
        if (below == null) {
            return above;
        }
        if (above == null) {
            return below;
        }
        return below.priority > above.priority
                ? below.withRight(merge(below.right, above))
                : above.withLeft(merge(below, above.left));
    }

    Cursor ascend(byte[] lo, byte @Nullable [] hi) {
        return new Walk(root, true, lo, hi);
    }

    Cursor descend(byte[] lo, byte @Nullable [] hi) {
        return new Walk(root, false, lo, hi);
    }

    /** Keeps the nodes whose own row, and the rows behind it, are still to come. */
    private static final class Walk implements Cursor {

        private final Deque<Node> path = new ArrayDeque<>();
        private final boolean ascending;
        private final byte[] lo;
        private final byte @Nullable [] hi;

        Walk(@Nullable Node root, boolean ascending, byte[] lo, byte @Nullable [] hi) {
            this.ascending = ascending;
            this.lo = lo;
            this.hi = hi;
            descendFrom(root);
            stopOutside();
        }

        /** Goes to the first row of a subtree, past what lies before the bound the walk begins at. */
        private void descendFrom(@Nullable Node subtree) {
            Node node = subtree;
            while (node != null) {
                if (ascending) {
                    boolean inside = Arrays.compareUnsigned(node.key, lo) >= 0;
                    node = step(node, inside, node.left, node.right);
                } else {
                    boolean inside = hi == null || Arrays.compareUnsigned(node.key, hi) < 0;
                    node = step(node, inside, node.right, node.left);
                }
            }
        }

        private @Nullable Node step(Node node, boolean inside, @Nullable Node before, @Nullable Node behind) {
            if (inside) {
                path.push(node);
                return before;
            }
            return behind;
        }

        private void stopOutside() {
            Node node = path.peek();
            if (node == null) {
                return;
            }
            boolean inside = ascending
                    ? hi == null || Arrays.compareUnsigned(node.key, hi) < 0
                    : Arrays.compareUnsigned(node.key, lo) >= 0;
            if (!inside) {
                path.clear();
            }
        }

        @Override
        public boolean isValid() {
            return !path.isEmpty();
        }

        @Override
        public void next() {
            Node passed = path.pop();
            descendFrom(ascending ? passed.right : passed.left);
            stopOutside();
        }

        @Override
        public byte[] key() {
            return current().key;
        }

        @Override
        public byte[] value() {
            return current().value;
        }

        private Node current() {
            Node node = path.peek();
            if (node == null) {
                throw new NoSuchElementException("the cursor is behind its last row");
            }
            return node;
        }

        @Override
        public void close() {
            path.clear();
        }
    }
}
