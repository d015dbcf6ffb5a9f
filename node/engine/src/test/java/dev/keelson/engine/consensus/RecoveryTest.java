package dev.keelson.engine.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.engine.Member;
import dev.keelson.engine.apply.AppliedPoint;
import dev.keelson.engine.consensus.Recovery.InconsistentStateException;
import dev.keelson.engine.world.MemoryLog;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryTest {

    private static final ConfState THREE = ConfState.ofVoters(List.of(1L, 2L, 3L));

    private static MemoryLog logOf(HardState state, long... terms) {
        var log = new MemoryLog();
        for (int i = 0; i < terms.length; i++) {
            log.append(null, List.of(new Entry(terms[i], i + 1L, EntryType.NORMAL, new byte[0])));
        }
        log.append(state, List.of());
        return log;
    }

    @Test
    void aLogThatReachesTheStoreIsLeftAlone() {
        var log = logOf(new HardState(2, 1, 2), 1, 2, 2);

        Recovery.reconcile(log, new AppliedPoint(2, 2), THREE);

        assertThat(log.lastIndex()).isEqualTo(3);
    }

    @Test
    void aSnapshotThatWasPutInPlaceBeforeACrashIsCompletedInTheLog() {
        var log = logOf(new HardState(5, 1, 9), 1, 1);

        Recovery.reconcile(log, new AppliedPoint(9, 5), THREE);

        assertThat(log.start()).isEqualTo(new SnapshotMetadata(9, 5, THREE));
        assertThat(log.hardState()).isEqualTo(new HardState(5, 1, 9));
    }

    @Test
    void aLogThatContradictsTheSnapshotGivesWay() {
        var log = logOf(new HardState(5, 1, 1), 1, 2, 2, 2);

        Recovery.reconcile(log, new AppliedPoint(3, 5), THREE);

        assertThat(log.start()).isEqualTo(new SnapshotMetadata(3, 5, THREE));
        assertThat(log.lastIndex()).isEqualTo(3);
        assertThat(log.hardState()).isEqualTo(new HardState(5, 1, 3));
    }

    @Test
    void aLogThatLostItsEndIsRefused() {
        var log = logOf(new HardState(1, 1, 2), 1, 1);

        assertThatThrownBy(() -> Recovery.reconcile(log, new AppliedPoint(9, 5), THREE))
                .isInstanceOf(InconsistentStateException.class)
                .hasMessageContaining("wal/ was lost");
    }

    @Test
    void aStoreThatWasLostIsRefused() {
        var log = new MemoryLog();
        log.reset(new SnapshotMetadata(7, 3, THREE), new HardState(3, 1, 7));

        assertThatThrownBy(() -> Recovery.reconcile(log, AppliedPoint.NONE, THREE))
                .isInstanceOf(InconsistentStateException.class)
                .hasMessageContaining("db/ was lost");
    }

    @Test
    void aTornBootstrapIsFreshAndAnElectionIsNot() {
        var members = List.of(
                new Member(1, "", List.of("http://a"), List.of(), false),
                new Member(2, "", List.of("http://b"), List.of(), false));
        var log = new MemoryLog();
        assertThat(Recovery.isFresh(log, AppliedPoint.NONE, 2)).isTrue();

        Recovery.bootstrap(log, members);

        assertThat(log.lastIndex()).isEqualTo(2);
        assertThat(Recovery.isFresh(log, AppliedPoint.NONE, 2)).isFalse();
        assertThat(Recovery.isFresh(logOf(new HardState(1, 0, 2), 1), AppliedPoint.NONE, 2))
                .isTrue();
        assertThat(Recovery.isFresh(logOf(new HardState(2, 1, 0)), AppliedPoint.NONE, 2))
                .isFalse();
    }
}
