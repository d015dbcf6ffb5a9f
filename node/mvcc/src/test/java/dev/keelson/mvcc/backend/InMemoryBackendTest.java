package dev.keelson.mvcc.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InMemoryBackendTest extends BackendConformance {

    private static final byte[] ROW = {1};

    @Override
    protected Backend open() {
        return new InMemoryBackend();
    }

    @Override
    protected Backend reopen(Backend backend) {
        InMemoryBackend memory = (InMemoryBackend) backend;
        return memory.crash(memory.unflushedWrites());
    }

    private static void write(InMemoryBackend backend, int value) {
        backend.write(batch -> {
            batch.put(Family.META, ROW, new byte[] {(byte) value});
            batch.put(Family.KEYS, ROW, new byte[] {(byte) value});
        });
    }

    @Test
    void aCrashFallsBackToTheEndOfAnEarlierWrite() {
        var backend = new InMemoryBackend();
        for (int value = 1; value <= 4; value++) {
            write(backend, value);
        }
        for (int lost = 0; lost < 4; lost++) {
            InMemoryBackend left = backend.crash(lost);
            assertThat(left.get(Family.META, ROW)).containsExactly(4 - lost);
            assertThat(left.get(Family.KEYS, ROW)).containsExactly(4 - lost);
            assertThat(left.unflushedWrites()).isZero();
        }
        assertThat(backend.crash(4).get(Family.META, ROW)).isNull();
    }

    @Test
    void aCrashDoesNotLoseWhatWasFlushed() {
        var backend = new InMemoryBackend();
        write(backend, 1);
        backend.flush();
        write(backend, 2);
        assertThat(backend.unflushedWrites()).isEqualTo(1);
        assertThat(backend.durable(Family.META, ROW)).containsExactly(1);
        assertThat(backend.crash(1).get(Family.META, ROW)).containsExactly(1);
        assertThatThrownBy(() -> backend.crash(2)).hasMessage("a crash cannot lose 2 writes: 1 are not flushed");
    }

    @Test
    void aCopyGoesItsOwnWay() {
        var backend = new InMemoryBackend();
        write(backend, 1);
        InMemoryBackend copy = backend.copy();
        write(backend, 2);
        write(copy, 3);
        assertThat(backend.get(Family.META, ROW)).containsExactly(2);
        assertThat(copy.get(Family.META, ROW)).containsExactly(3);
        assertThat(copy.durable(Family.META, ROW)).containsExactly(1);
    }
}
