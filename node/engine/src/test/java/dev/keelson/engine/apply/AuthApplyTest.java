package dev.keelson.engine.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keelson.engine.auth.Auth;
import dev.keelson.engine.auth.AuthChange;
import dev.keelson.engine.auth.AuthListener;
import dev.keelson.engine.auth.AuthOutcome;
import dev.keelson.engine.auth.Permission;
import dev.keelson.engine.auth.Permission.Kind;
import dev.keelson.engine.auth.Principal;
import dev.keelson.engine.maintenance.AlarmType;
import dev.keelson.engine.maintenance.Alarms;
import dev.keelson.engine.maintenance.Downgrade;
import dev.keelson.engine.membership.Membership;
import dev.keelson.mvcc.Compare;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.backend.InMemoryBackend;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is judged where it is applied. Alice may read [r, s), write [w, x) and do both to [b, c). */
class AuthApplyTest {

    private static final byte[] NOTHING = {};

    private final InMemoryBackend backend = new InMemoryBackend();
    private final MvccStore store = MvccStore.open(backend);
    private final List<String> heard = new ArrayList<>();
    private final Auth auth = read(view -> new Auth(view, new Heard()));
    private final Applier applier =
            new Applier(read(Membership::load), auth, read(Alarms::load), read(Downgrade::load), _ -> {});
    private long index = 100;

    private final class Heard implements AuthListener {

        @Override
        public void loggedIn(String user, byte[] secret, long authRevision, long at) {
            heard.add("in " + user + " " + new String(secret, StandardCharsets.UTF_8) + " " + at);
        }

        @Override
        public void loggedOut(String user) {
            heard.add("out " + user);
        }

        @Override
        public void allLoggedOut() {
            heard.add("all out");
        }
    }

    private <T> T read(Function<ReadView, T> read) {
        try (ReadView view = store.view()) {
            return read.apply(view);
        }
    }

    private Object apply(Principal caller, Command command) {
        StoreBatch batch = store.begin();
        try {
            applier.check(batch, caller, command);
            return applier.apply(batch, command, new AppliedPoint(++index, 4));
        } finally {
            batch.commit();
        }
    }

    private @Nullable StoreError refusal(Principal caller, Command command) {
        var refused = catchThrowableOfType(StoreException.class, () -> apply(caller, command));
        return refused == null ? null : refused.error();
    }

    private @Nullable StoreError refusal(Operation operation) {
        return refusal(alice(), new Command.Write(operation));
    }

    private AuthOutcome change(AuthChange change) {
        return (AuthOutcome) apply(root(), new Command.ChangeAuth(change));
    }

    private Principal root() {
        return auth.state().principal("root");
    }

    private Principal alice() {
        return auth.state().principal("alice");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static PutRequest put(String key, long lease, boolean prevKv) {
        return new PutRequest(bytes(key), bytes("v"), lease, prevKv, false, false);
    }

    private static TxnRequest nested(Operation operation) {
        var inner = new TxnRequest(List.of(), List.of(), List.of(operation));
        return new TxnRequest(List.of(), List.of(inner), List.of());
    }

    @BeforeEach
    void enable() {
        change(new AuthChange.AddUser("root", bytes("hash"), false));
        change(new AuthChange.GrantRole("root", "root"));
        change(new AuthChange.AddUser("alice", bytes("hash"), false));
        change(new AuthChange.AddRole("role"));
        change(new AuthChange.GrantRole("alice", "role"));
        change(new AuthChange.GrantPermission("role", new Permission(Kind.READ, bytes("r"), bytes("s"))));
        change(new AuthChange.GrantPermission("role", new Permission(Kind.WRITE, bytes("w"), bytes("x"))));
        change(new AuthChange.GrantPermission("role", new Permission(Kind.READWRITE, bytes("b"), bytes("c"))));
        change(new AuthChange.Enable());
    }

    @Test
    void aPutNeedsTheRightToWriteAndForTheFormerValueToRead() {
        assertThat(refusal(put("w", 0, false))).isNull();
        assertThat(refusal(put("r", 0, false))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(put("w", 0, true))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(put("b", 0, true))).isNull();
    }

    /** etcd #22386. */
    @Test
    void whileThereIsNoSpaceEverybodyMayDoWhatHeMayButTakeSpace() {
        var noSpace = new Command.Alarm(Command.Alarm.Action.RAISE, AlarmType.NOSPACE, 1);
        apply(root(), noSpace);

        assertThat(refusal(put("w", 0, false))).isEqualTo(StoreError.NO_SPACE);
        assertThat(refusal(put("r", 0, false))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(nested(put("w", 0, true)))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(new DeleteRangeRequest(bytes("r"), NOTHING, false))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(alice(), new Command.ChangeAuth(new AuthChange.AddRole("more"))))
                .isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(Principal.NOBODY, new Command.Write(new DeleteRangeRequest(bytes("w"), NOTHING, false))))
                .isEqualTo(StoreError.USER_EMPTY);

        assertThat(refusal(new DeleteRangeRequest(bytes("w"), NOTHING, false))).isNull();
        assertThat(refusal(root(), new Command.Compact(1))).isNull();
        change(new AuthChange.AddRole("more"));
        apply(root(), new Command.Alarm(Command.Alarm.Action.CLEAR, AlarmType.NOSPACE, 1));
        assertThat(refusal(put("w", 0, false))).isNull();
    }

    @Test
    void aDeletionNeedsTheRightToWriteAllOfItsRange() {
        assertThat(refusal(new DeleteRangeRequest(bytes("w"), bytes("x"), false)))
                .isNull();
        assertThat(refusal(new DeleteRangeRequest(bytes("w"), bytes("y"), false)))
                .isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(new DeleteRangeRequest(bytes("w"), new byte[] {0}, false)))
                .isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(new DeleteRangeRequest(bytes("w"), NOTHING, true))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(new DeleteRangeRequest(bytes("b"), NOTHING, true))).isNull();
    }

    @Test
    void bothBranchesOfATransactionAreJudgedAndWhatIsNestedInThem() {
        var denied = put("r", 0, false);
        assertThat(refusal(new TxnRequest(List.of(), List.of(put("w", 0, false)), List.of(denied))))
                .isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(nested(denied))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(nested(put("w", 0, true)))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(nested(RangeRequest.of(bytes("w"), NOTHING)))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(nested(new DeleteRangeRequest(bytes("w"), NOTHING, true))))
                .isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(nested(put("b", 0, true)))).isNull();
    }

    @Test
    void aComparisonReads() {
        var compare = new Compare(Compare.Target.VERSION, Compare.Result.EQUAL, bytes("w"), NOTHING, 0, NOTHING);

        assertThat(refusal(new TxnRequest(List.of(compare), List.of(put("w", 0, false)), List.of())))
                .isEqualTo(StoreError.PERMISSION_DENIED);
    }

    @Test
    void aLeaseThatHoldsKeysOfOthersCannotBeUsedNorEnded() {
        apply(root(), new Command.LeaseGrant(7, 60));
        assertThat(refusal(put("w", 7, false))).isNull();
        apply(root(), new Command.Write(put("secret", 7, false)));

        assertThat(refusal(put("w", 7, false))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(nested(put("w", 7, false)))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(alice(), new Command.LeaseRevoke(7))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(root(), new Command.LeaseRevoke(7))).isNull();
        assertThat(refusal(alice(), new Command.LeaseRevoke(7))).isEqualTo(StoreError.LEASE_NOT_FOUND);
    }

    @Test
    void whatWasProposedBeforeAChangeIsRefusedBehindIt() {
        Principal before = alice();
        Principal rootBefore = root();
        change(new AuthChange.AddRole("new"));

        assertThat(refusal(before, new Command.Write(put("w", 0, false)))).isEqualTo(StoreError.AUTH_OLD_REVISION);
        assertThat(refusal(rootBefore, new Command.Write(put("w", 0, false)))).isEqualTo(StoreError.AUTH_OLD_REVISION);
    }

    @Test
    void changesAreRootsButForALogIn() {
        assertThat(refusal(alice(), new Command.ChangeAuth(new AuthChange.AddRole("new"))))
                .isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(Principal.NOBODY, new Command.ChangeAuth(new AuthChange.Disable())))
                .isEqualTo(StoreError.USER_EMPTY);
        var logIn = new AuthChange.LogIn("alice", auth.state().revision(), bytes("s"));
        assertThat(refusal(Principal.NOBODY, new Command.ChangeAuth(logIn))).isNull();
    }

    @Test
    void theStateSurvivesInTheStore() {
        var loaded = read(view -> new Auth(view, AuthListener.NONE)).state();

        assertThat(loaded.enabled()).isTrue();
        assertThat(loaded.revision()).isEqualTo(auth.state().revision());
        assertThat(loaded.users())
                .usingRecursiveComparison()
                .isEqualTo(auth.state().users());
        assertThat(loaded.roles())
                .usingRecursiveComparison()
                .isEqualTo(auth.state().roles());
        change(new AuthChange.DeleteRole("role"));
        change(new AuthChange.DeleteUser("alice"));
        var later = read(view -> new Auth(view, AuthListener.NONE)).state();
        assertThat(later.roles()).isEmpty();
        assertThat(later.users()).containsOnlyKeys("root");
    }

    @Test
    void aRefusedChangeLeavesNothing() {
        long revision = auth.state().revision();

        assertThat(refusal(root(), new Command.ChangeAuth(new AuthChange.AddRole("role"))))
                .isEqualTo(StoreError.ROLE_EXISTS);
        assertThat(auth.state().revision()).isEqualTo(revision);
    }

    @Test
    void everyMemberHearsWhoIsLetInAndWhoIsNotAnyMore() {
        change(new AuthChange.LogIn("alice", auth.state().revision(), bytes("s")));
        change(new AuthChange.ChangePassword("alice", bytes("other")));
        change(new AuthChange.DeleteUser("alice"));
        change(new AuthChange.Disable());

        assertThat(heard).containsExactly("in alice s 110", "out alice", "out alice", "all out");
    }

    @Test
    void anotherStoreBringsItsUsersAndVoidsTokens() {
        var other = MvccStore.open(new InMemoryBackend());
        try (ReadView view = other.view()) {
            auth.replaced(view);
        }

        assertThat(auth.state().enabled()).isFalse();
        assertThat(heard).containsExactly("all out");
    }
}
