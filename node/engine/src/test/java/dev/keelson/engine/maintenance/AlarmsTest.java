package dev.keelson.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.engine.apply.Command;
import dev.keelson.engine.apply.Command.Alarm.Action;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.backend.InMemoryBackend;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlarmsTest {

    private static final PutRequest PUT = PutRequest.of(new byte[] {1}, new byte[] {2});
    private static final DeleteRangeRequest DELETE = new DeleteRangeRequest(new byte[] {1}, new byte[0], false);

    private final MvccStore store = MvccStore.open(new InMemoryBackend());
    private Alarms alarms = loaded();

    private Alarms loaded() {
        try (ReadView view = store.view()) {
            return Alarms.load(view);
        }
    }

    private List<RaisedAlarm> apply(Action action, AlarmType type, long member) {
        StoreBatch batch = store.begin();
        try {
            return alarms.apply(batch, new Command.Alarm(action, type, member));
        } finally {
            batch.commit();
        }
    }

    private static RaisedAlarm alarm(AlarmType type, long member) {
        return new RaisedAlarm(type, member);
    }

    @Test
    void whatIsRaisedStandsUntilItIsCleared() {
        assertThat(apply(Action.RAISE, AlarmType.NOSPACE, -5)).containsExactly(alarm(AlarmType.NOSPACE, -5));
        assertThat(apply(Action.RAISE, AlarmType.NOSPACE, -5)).containsExactly(alarm(AlarmType.NOSPACE, -5));
        assertThat(apply(Action.RAISE, AlarmType.CORRUPT, 0)).containsExactly(alarm(AlarmType.CORRUPT, 0));
        assertThat(apply(Action.LIST, AlarmType.NONE, 0))
                .containsExactly(alarm(AlarmType.NOSPACE, -5), alarm(AlarmType.CORRUPT, 0));
        assertThat(apply(Action.LIST, AlarmType.CORRUPT, 7)).containsExactly(alarm(AlarmType.CORRUPT, 0));

        assertThat(apply(Action.CLEAR, AlarmType.NOSPACE, 4))
                .as("of another member")
                .isEmpty();
        assertThat(apply(Action.CLEAR, AlarmType.NOSPACE, -5)).containsExactly(alarm(AlarmType.NOSPACE, -5));
        assertThat(alarms.isRaised(AlarmType.NOSPACE)).isFalse();
        assertThat(alarms.isRaised(AlarmType.CORRUPT)).isTrue();
    }

    @Test
    void nothingInParticularIsNeverRaised() {
        assertThat(apply(Action.RAISE, AlarmType.NONE, 3)).isEmpty();
        assertThat(alarms.all()).isEmpty();
    }

    @Test
    void theyAreInTheStore() {
        apply(Action.RAISE, AlarmType.CORRUPT, Long.MIN_VALUE);
        apply(Action.RAISE, AlarmType.NOSPACE, 1);
        apply(Action.RAISE, AlarmType.NOSPACE, 2);
        apply(Action.CLEAR, AlarmType.NOSPACE, 1);

        alarms = loaded();

        assertThat(alarms.all()).containsExactly(alarm(AlarmType.NOSPACE, 2), alarm(AlarmType.CORRUPT, Long.MIN_VALUE));
        assertThat(alarms.isRaised(AlarmType.NOSPACE)).isTrue();
    }

    @Test
    void theyAreNamedAsInEtcdsStatus() {
        assertThat(alarm(AlarmType.NOSPACE, -1).text()).isEqualTo("memberID:18446744073709551615 alarm:NOSPACE");
        assertThat(alarm(AlarmType.CORRUPT, 0).text()).isEqualTo("alarm:CORRUPT");
    }

    private static Command write(dev.keelson.mvcc.Operation operation) {
        return new Command.Write(operation);
    }

    private static Command txn(List<dev.keelson.mvcc.Operation> success, List<dev.keelson.mvcc.Operation> failure) {
        return write(new TxnRequest(List.of(), success, failure));
    }

    static Stream<Command> takingSpace() {
        return Stream.of(
                write(PUT),
                txn(List.of(PUT), List.of()),
                txn(List.of(DELETE), List.of(PUT)),
                txn(List.of(new TxnRequest(List.of(), List.of(), List.of(PUT))), List.of()),
                new Command.LeaseGrant(5, 60));
    }

    static Stream<Command> changingDataOtherwise() {
        return Stream.of(
                write(DELETE),
                txn(List.of(DELETE), List.of()),
                new Command.Compact(1),
                new Command.LeaseRevoke(5),
                new Command.LeaseExpire(5, 1, 1));
    }

    static Stream<Command> ofTheCluster() {
        return Stream.of(
                new Command.Alarm(Action.CLEAR, AlarmType.CORRUPT, 0),
                new Command.LeaseCheckpoint(1, List.of()),
                new Command.Publish(1, "m", List.of()),
                new Command.SetClusterVersion("3.7.0"),
                new Command.SetDowngrade(""));
    }

    @ParameterizedTest
    @MethodSource("takingSpace")
    void whatTakesSpaceIsRefusedWhenThereIsNone(Command command) {
        assertThatCode(() -> alarms.check(command)).doesNotThrowAnyException();
        apply(Action.RAISE, AlarmType.NOSPACE, 1);

        assertRefused(command, StoreError.NO_SPACE);
        apply(Action.CLEAR, AlarmType.NOSPACE, 1);
        assertThatCode(() -> alarms.check(command)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource({"changingDataOtherwise", "ofTheCluster"})
    void theRestGoesOnWhenThereIsNoSpace(Command command) {
        apply(Action.RAISE, AlarmType.NOSPACE, 1);

        assertThatCode(() -> alarms.check(command)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource({"takingSpace", "changingDataOtherwise"})
    void nothingTouchesDataThatDiffer(Command command) {
        apply(Action.RAISE, AlarmType.NOSPACE, 1);
        apply(Action.RAISE, AlarmType.CORRUPT, 1);

        assertRefused(command, StoreError.CORRUPT);
    }

    @ParameterizedTest
    @MethodSource("ofTheCluster")
    void theClusterGoesOnWhenDataDiffer(Command command) {
        apply(Action.RAISE, AlarmType.CORRUPT, 1);

        assertThatCode(() -> alarms.check(command)).doesNotThrowAnyException();
    }

    private void assertRefused(Command command, StoreError error) {
        assertThatThrownBy(() -> alarms.check(command))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(error));
    }

    @Test
    void theCostOfATransactionIsThatOfItsDearerBranch() {
        long put = RequestCost.of(write(PUT));
        assertThat(put).isEqualTo(256 + 2);
        assertThat(RequestCost.of(txn(List.of(PUT), List.of(PUT, PUT, DELETE)))).isEqualTo(2 * put);
        assertThat(RequestCost.of(txn(
                        List.of(new TxnRequest(List.of(), List.of(PUT), List.of(PUT, PUT)), PUT), List.of())))
                .isEqualTo(3 * put);
        assertThat(RequestCost.of(new Command.LeaseGrant(1, 1))).isEqualTo(64);
    }
}
