package dev.keelson.raft.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {

    private final Progress progress = new Progress(11, new Inflights(2, 1000));

    @Test
    void aProbeSendsOneAppendAndWaits() {
        progress.sent(1, 10, 0);
        assertThat(progress.isPaused()).isTrue();
        assertThat(progress.next()).isEqualTo(11);
    }

    @Test
    void aProbeThatIsAnsweredBecomesReplication() {
        progress.sent(1, 10, 0);
        progress.acknowledged(11);
        assertThat(progress.state()).isEqualTo(ProgressState.REPLICATE);
        assertThat(progress.next()).isEqualTo(12);
    }

    @Test
    void replicationRunsAheadOfTheAnswersUntilTheWindowIsFull() {
        progress.acknowledged(10);
        progress.sent(3, 10, 0);
        assertThat(progress.next()).isEqualTo(14);
        assertThat(progress.isPaused()).isFalse();
        progress.sent(1, 10, 0);
        assertThat(progress.isPaused()).isTrue();
        progress.acknowledged(13);
        assertThat(progress.isPaused()).isFalse();
    }

    @Test
    void aFullWindowLetsOneEmptyAppendThroughForEachSignOfLife() {
        progress.acknowledged(10);
        progress.sent(1, 10, 0);
        progress.sent(1, 10, 0);
        progress.heartbeatAnswered();
        assertThat(progress.isPaused()).isFalse();
        assertThat(progress.hasRoom()).isFalse();
        progress.sent(0, 0, 0);
        assertThat(progress.isPaused()).isTrue();
    }

    @Test
    void aRefusalInReplicationFallsBackToAProbeAtMatch() {
        progress.acknowledged(10);
        progress.sent(5, 10, 0);
        assertThat(progress.rejected(15, 12)).isTrue();
        assertThat(progress.state()).isEqualTo(ProgressState.PROBE);
        assertThat(progress.next()).isEqualTo(11);
    }

    @Test
    void aLateRefusalIsIgnored() {
        progress.acknowledged(10);
        assertThat(progress.rejected(9, 3)).isFalse();
        var probing = new Progress(11, new Inflights(2, 1000));
        assertThat(probing.rejected(7, 3)).isFalse();
    }

    @Test
    void aRefusedProbeGoesToTheHintButNeverBelowMatch() {
        assertThat(progress.rejected(10, 4)).isTrue();
        assertThat(progress.next()).isEqualTo(5);
        var matched = new Progress(11, new Inflights(2, 1000));
        matched.acknowledged(8);
        matched.becomeProbe();
        assertThat(matched.rejected(8, 2)).isTrue();
        assertThat(matched.next()).isEqualTo(9);
    }

    @Test
    void nothingIsSentWhileASnapshotIsPending() {
        progress.becomeSnapshot();
        progress.heartbeatAnswered();
        assertThat(progress.isPaused()).isTrue();
    }

    @Test
    void aDeliveredSnapshotIsProbedAtTheBeginningOfTheLogNotSentAgain() {
        progress.becomeSnapshot();
        progress.snapshotFinished(true, 40);
        assertThat(progress.state()).isEqualTo(ProgressState.PROBE);
        assertThat(progress.next()).isEqualTo(40);
        assertThat(progress.isPaused()).isTrue();
    }

    @Test
    void aFailedSnapshotStartsOverAfterASignOfLife() {
        progress.becomeSnapshot();
        progress.snapshotFinished(false, 40);
        assertThat(progress.next()).isEqualTo(1);
        assertThat(progress.isPaused()).isTrue();
        progress.heartbeatAnswered();
        assertThat(progress.isPaused()).isFalse();
    }

    @Test
    void aSnapshotEndsWhenTheLogConnects() {
        progress.becomeSnapshot();
        progress.acknowledged(38);
        progress.connectTo(40);
        assertThat(progress.state()).isEqualTo(ProgressState.SNAPSHOT);
        progress.acknowledged(39);
        progress.connectTo(40);
        assertThat(progress.state()).isEqualTo(ProgressState.REPLICATE);
    }
}
