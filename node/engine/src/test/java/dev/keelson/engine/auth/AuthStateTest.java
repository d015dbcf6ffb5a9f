package dev.keelson.engine.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keelson.engine.auth.Permission.Kind;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What etcd 3.7.1 answers to the same callers. */
class AuthStateTest {

    private static final byte[] NOTHING = {};

    private AuthState state = AuthState.OPEN;

    @BeforeEach
    void enable() {
        change(new AuthChange.AddUser("root", NOTHING, true));
        change(new AuthChange.AddUser("alice", NOTHING, true));
        change(new AuthChange.AddRole("root"));
        change(new AuthChange.AddRole("reader"));
        change(new AuthChange.AddRole("other"));
        change(new AuthChange.GrantRole("root", "root"));
        change(new AuthChange.GrantRole("alice", "reader"));
        change(new AuthChange.GrantPermission("reader", new Permission(Kind.READ, bytes("a"), bytes("c"))));
        change(new AuthChange.GrantPermission("reader", new Permission(Kind.WRITE, bytes("w"), NOTHING)));
        change(new AuthChange.Enable());
    }

    private void change(AuthChange change) {
        state = AuthChanges.apply(state, change);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable StoreError refusal(Runnable check) {
        var refused = catchThrowableOfType(StoreException.class, check::run);
        return refused == null ? null : refused.error();
    }

    private @Nullable StoreError read(Principal caller, String key, String rangeEnd) {
        return refusal(() -> state.requireRead(caller, bytes(key), bytes(rangeEnd)));
    }

    private @Nullable StoreError write(Principal caller, String key) {
        return refusal(() -> state.requireWrite(caller, bytes(key), NOTHING));
    }

    private @Nullable StoreError root(Principal caller) {
        return refusal(() -> state.requireRoot(caller));
    }

    private Principal alice() {
        return state.principal("alice");
    }

    @Test
    void readingAndWritingAreGrantedApart() {
        assertThat(read(alice(), "a", "c")).isNull();
        assertThat(write(alice(), "a")).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(write(alice(), "w")).isNull();
        assertThat(read(alice(), "w", "")).isEqualTo(StoreError.PERMISSION_DENIED);
    }

    @Test
    void rootMayDoEverything() {
        Principal root = state.principal("root");

        assertThat(read(root, "\0", "\0")).isNull();
        assertThat(write(root, "x")).isNull();
        assertThat(root(root)).isNull();
    }

    @Test
    void nobodyHasNoName() {
        assertThat(read(Principal.NOBODY, "a", "")).isEqualTo(StoreError.USER_EMPTY);
        assertThat(root(Principal.NOBODY)).isEqualTo(StoreError.USER_EMPTY);
        assertThat(refusal(() -> state.requireUser(Principal.NOBODY))).isEqualTo(StoreError.USER_EMPTY);
        assertThat(refusal(() -> state.requireUser(alice()))).isNull();
    }

    @Test
    void whoWasKnownBeforeTheLastChangeIsSentBackEvenRoot() {
        Principal before = state.principal("root");
        change(new AuthChange.AddRole("new"));

        assertThat(read(before, "a", "")).isEqualTo(StoreError.AUTH_OLD_REVISION);
        assertThat(write(before, "a")).isEqualTo(StoreError.AUTH_OLD_REVISION);
        assertThat(root(before)).isNull();
    }

    @Test
    void aUserThatIsGoneMayDoNothing() {
        Principal gone = state.principal("nobody");

        assertThat(read(gone, "a", "")).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(root(gone)).isEqualTo(StoreError.USER_NOT_FOUND);
    }

    @Test
    void aRoleThatIsTakenAwayGrantsNothingAnyMore() {
        assertThat(read(alice(), "a", "c")).isNull();

        change(new AuthChange.RevokeRole("alice", "reader"));

        assertThat(read(alice(), "a", "c")).isEqualTo(StoreError.PERMISSION_DENIED);
    }

    @Test
    void rolesAreShownToRootAndToTheUserItself() {
        assertThat(state.rolesOf(alice(), "alice")).containsExactly("reader");
        assertThat(state.rolesOf(state.principal("root"), "alice")).containsExactly("reader");
        assertThat(refusal(() -> state.rolesOf(alice(), "root"))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(() -> state.rolesOf(alice(), "nobody"))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(() -> state.rolesOf(Principal.NOBODY, "alice"))).isEqualTo(StoreError.USER_EMPTY);
    }

    @Test
    void permissionsAreShownToRootAndToThoseWhoHaveTheRole() {
        assertThat(state.permissionsOf(alice(), "reader")).hasSize(2);
        assertThat(refusal(() -> state.permissionsOf(alice(), "other"))).isEqualTo(StoreError.PERMISSION_DENIED);
        assertThat(refusal(() -> state.permissionsOf(state.principal("root"), "nothing")))
                .isEqualTo(StoreError.ROLE_NOT_FOUND);
        Permission all = state.permissionsOf(state.principal("root"), "root").getFirst();
        assertThat(all.kind()).isEqualTo(Kind.READWRITE);
        assertThat(all.key()).isEmpty();
        assertThat(all.rangeEnd()).containsExactly(0);
    }

    @Test
    void whileDisabledNobodyIsAsked() {
        change(new AuthChange.Disable());

        assertThat(read(Principal.NOBODY, "x", "\0")).isNull();
        assertThat(root(Principal.NOBODY)).isNull();
        assertThat(state.userNames(Principal.NOBODY)).containsExactly("alice", "root");
    }
}
