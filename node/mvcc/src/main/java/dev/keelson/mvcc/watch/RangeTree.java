package dev.keelson.mvcc.watch;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Groups by their ranges, none of them empty: a balanced tree (Adelson-Velsky and Landis) in the order of the beginnings,
 * in which every node knows the last end below it, so that the ranges around a key are found without a look at the others.
 *
 * <p>Thread rule: the watch worker only.
 */
final class RangeTree {

    private @Nullable Node root;

    private static final class Node {

        final WatchGroup group;

        @Nullable
        Node left;

        @Nullable
        Node right;

        int height = 1;

        /** The last end of the ranges below, its own included; null when one of them has none. */
        byte @Nullable [] lastHi;

        Node(WatchGroup group) {
            this.group = group;
            this.lastHi = group.hi;
        }
    }

    /** The group of exactly this range, or null. */
    @Nullable
    WatchGroup get(byte[] lo, byte @Nullable [] hi) {
        Node node = root;
        while (node != null) {
            int order = compare(lo, hi, node.group);
            if (order == 0) {
                return node.group;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    /** Takes in a group whose range is not there yet. */
    void add(WatchGroup group) {
        root = add(root, group);
    }

    private static Node add(@Nullable Node node, WatchGroup group) {
        if (node == null) {
            return new Node(group);
        }
        if (compare(group.lo, group.hi, node.group) < 0) {
            node.left = add(node.left, group);
        } else {
            node.right = add(node.right, group);
        }
        return balanced(node);
    }

    void remove(WatchGroup group) {
        root = remove(root, group);
    }

    private static @Nullable Node remove(@Nullable Node node, WatchGroup group) {
        if (node == null) {
            return null;
        }
        int order = compare(group.lo, group.hi, node.group);
        if (order < 0) {
            node.left = remove(node.left, group);
        } else if (order > 0) {
            node.right = remove(node.right, group);
        } else if (node.right == null) {
            return node.left;
        } else {
            Node next = first(node.right);
            next.right = withoutFirst(node.right);
            next.left = node.left;
            return balanced(next);
        }
        return balanced(node);
    }

    private static Node first(Node node) {
        Node first = node;
        while (first.left != null) {
            first = first.left;
        }
        return first;
    }

    private static @Nullable Node withoutFirst(Node node) {
        if (node.left == null) {
            return node.right;
        }
        node.left = withoutFirst(node.left);
        return balanced(node);
    }

    /** Adds every group whose range the key lies in. */
    void around(byte[] key, List<WatchGroup> found) {
        around(root, key, found);
    }

    private static void around(@Nullable Node top, byte[] key, List<WatchGroup> found) {
        Node node = top;
        while (node != null && isBefore(key, node.lastHi)) {
            around(node.left, key, found);
            if (Arrays.compareUnsigned(node.group.lo, key) > 0) {
                return;
            }
            if (isBefore(key, node.group.hi)) {
                found.add(node.group);
            }
            node = node.right;
        }
    }

    private static boolean isBefore(byte[] key, byte @Nullable [] hi) {
        return hi == null || Arrays.compareUnsigned(key, hi) < 0;
    }

    private static int compare(byte[] lo, byte @Nullable [] hi, WatchGroup group) {
        int order = Arrays.compareUnsigned(lo, group.lo);
        return order != 0 ? order : compareEnds(hi, group.hi);
    }

    private static int compareEnds(byte @Nullable [] one, byte @Nullable [] other) {
        if (one == null || other == null) {
            return Boolean.compare(one == null, other == null);
        }
        return Arrays.compareUnsigned(one, other);
    }

    private static Node balanced(Node node) {
        update(node);
        int lean = height(node.left) - height(node.right);
        if (lean > 1 && node.left != null) {
            if (lean(node.left) < 0) {
                node.left = rotateLeft(node.left);
            }
            return rotateRight(node);
        }
        if (lean < -1 && node.right != null) {
            if (lean(node.right) > 0) {
                node.right = rotateRight(node.right);
            }
            return rotateLeft(node);
        }
        return node;
    }

    private static Node rotateLeft(Node node) {
        Node up = node.right;
        if (up == null) {
            return node;
        }
        node.right = up.left;
        up.left = node;
        update(node);
        update(up);
        return up;
    }

    private static Node rotateRight(Node node) {
        Node up = node.left;
        if (up == null) {
            return node;
        }
        node.left = up.right;
        up.right = node;
        update(node);
        update(up);
        return up;
    }

    private static void update(Node node) {
        node.height = 1 + Math.max(height(node.left), height(node.right));
        byte[] last = node.group.hi;
        last = node.left == null ? last : later(last, node.left.lastHi);
        node.lastHi = node.right == null ? last : later(last, node.right.lastHi);
    }

    private static byte @Nullable [] later(byte @Nullable [] one, byte @Nullable [] other) {
        return compareEnds(one, other) >= 0 ? one : other;
    }

    int height() {
        return height(root);
    }

    private static int lean(Node node) {
        return height(node.left) - height(node.right);
    }

    private static int height(@Nullable Node node) {
        return node == null ? 0 : node.height;
    }
}
