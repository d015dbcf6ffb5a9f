package dev.keelson.mvcc.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DueQueueTest {

    @Test
    void itAgreesWithASortedSetWhateverIsPutMovedAndRemoved() {
        var random = new Random(11);
        var queue = new DueQueue();
        var model = new TreeSet<HeldLease>(Comparator.comparingLong((HeldLease lease) -> lease.queuedMillis)
                .thenComparingLong(lease -> lease.id));
        List<HeldLease> leases = new ArrayList<>();
        for (int id = 0; id < 300; id++) {
            leases.add(new HeldLease(random.nextLong(), 0, 0));
        }
        for (int step = 0; step < 100_000; step++) {
            HeldLease lease = leases.get(random.nextInt(leases.size()));
            model.remove(lease);
            if (random.nextInt(3) == 0) {
                queue.remove(lease);
            } else {
                queue.put(lease, random.nextInt(50));
                model.add(lease);
            }
            assertThat(queue.size()).isEqualTo(model.size());
            assertThat(queue.first()).isSameAs(model.isEmpty() ? null : model.first());
        }
        while (!model.isEmpty()) {
            HeldLease first = Objects.requireNonNull(queue.first());
            assertThat(first).isSameAs(model.pollFirst());
            queue.remove(first);
        }
        assertThat(queue.first()).isNull();
    }

    @Test
    void aClearedQueueTakesLeasesAnew() {
        var queue = new DueQueue();
        for (int id = 0; id < 100; id++) {
            queue.put(new HeldLease(id, 0, 0), id);
        }
        queue.clear();
        assertThat(queue.first()).isNull();

        var lease = new HeldLease(1, 0, 0);
        queue.put(lease, 5);
        assertThat(queue.first()).isSameAs(lease);
    }
}
