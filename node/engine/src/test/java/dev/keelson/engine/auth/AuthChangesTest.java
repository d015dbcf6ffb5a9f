package dev.keelson.engine.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keelson.engine.auth.Permission.Kind;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Every refusal and every step of the revision here is what etcd 3.7.1 answered to the same. */
class AuthChangesTest {

    private static final byte[] HASH = {1, 2, 3};

    private AuthState state = AuthState.OPEN;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Permission permission(Kind kind, String key, String rangeEnd) {
        return new Permission(kind, bytes(key), bytes(rangeEnd));
    }

    /** By how much the revision grew. */
    private long after(AuthChange change) {
        long before = state.revision();
        state = AuthChanges.apply(state, change);
        return state.revision() - before;
    }

    private void refused(AuthChange change, StoreError error) {
        var refusal = catchThrowableOfType(StoreException.class, () -> AuthChanges.apply(state, change));
        assertThat(refusal).as("%s", change).isNotNull();
        assertThat(refusal.error()).isEqualTo(error);
    }

    private User user(String name) {
        return Objects.requireNonNull(state.user(name));
    }

    private Role role(String name) {
        return Objects.requireNonNull(state.role(name));
    }

    private void enable() {
        after(new AuthChange.AddUser("root", HASH, false));
        after(new AuthChange.GrantRole("root", "root"));
        after(new AuthChange.Enable());
    }

    @Test
    void itBeginsOpenAtRevisionOne() {
        assertThat(state.enabled()).isFalse();
        assertThat(state.revision()).isEqualTo(1);
    }

    @Test
    void enablingNeedsRootWithItsRoleAndTakesNoRevision() {
        refused(new AuthChange.Enable(), StoreError.ROOT_USER_NOT_EXIST);
        after(new AuthChange.AddUser("root", HASH, false));
        refused(new AuthChange.Enable(), StoreError.ROOT_ROLE_NOT_EXIST);
        after(new AuthChange.GrantRole("root", "root"));

        assertThat(after(new AuthChange.Enable())).isZero();
        assertThat(state.enabled()).isTrue();
        assertThat(after(new AuthChange.Enable())).isZero();
    }

    @Test
    void disablingTakesARevisionOnce() {
        assertThat(after(new AuthChange.Disable())).isZero();
        enable();

        assertThat(after(new AuthChange.Disable())).isEqualTo(1);
        assertThat(state.enabled()).isFalse();
        assertThat(after(new AuthChange.Disable())).isZero();
    }

    @Test
    void aUserIsAddedOnceAndHasAName() {
        refused(new AuthChange.AddUser("", HASH, false), StoreError.USER_EMPTY);

        assertThat(after(new AuthChange.AddUser("alice", HASH, false))).isEqualTo(1);
        refused(new AuthChange.AddUser("alice", HASH, true), StoreError.USER_EXISTS);
    }

    @Test
    void aUserWithoutPasswordKeepsNone() {
        after(new AuthChange.AddUser("robot", HASH, true));

        assertThat(after(new AuthChange.ChangePassword("robot", HASH))).isEqualTo(1);
        assertThat(user("robot").password()).isEmpty();
        refused(new AuthChange.ChangePassword("nobody", HASH), StoreError.USER_NOT_FOUND);
    }

    @Test
    void aRoleThatIsHeldIsNotGrantedAgain() {
        after(new AuthChange.AddUser("alice", HASH, false));
        refused(new AuthChange.GrantRole("nobody", "reader"), StoreError.USER_NOT_FOUND);
        refused(new AuthChange.GrantRole("alice", "reader"), StoreError.ROLE_NOT_FOUND);
        after(new AuthChange.AddRole("writer"));
        after(new AuthChange.AddRole("reader"));

        assertThat(after(new AuthChange.GrantRole("alice", "writer"))).isEqualTo(1);
        assertThat(after(new AuthChange.GrantRole("alice", "reader"))).isEqualTo(1);
        assertThat(after(new AuthChange.GrantRole("alice", "reader"))).isZero();
        assertThat(user("alice").roles()).containsExactly("reader", "writer");
    }

    @Test
    void aRoleIsRevokedFromThoseWhoHaveIt() {
        after(new AuthChange.AddUser("alice", HASH, false));
        after(new AuthChange.AddRole("reader"));
        refused(new AuthChange.RevokeRole("nobody", "reader"), StoreError.USER_NOT_FOUND);
        refused(new AuthChange.RevokeRole("alice", "reader"), StoreError.ROLE_NOT_GRANTED);
        after(new AuthChange.GrantRole("alice", "reader"));

        assertThat(after(new AuthChange.RevokeRole("alice", "reader"))).isEqualTo(1);
        assertThat(user("alice").roles()).isEmpty();
    }

    @Test
    void aDeletedRoleIsTakenFromItsHolders() {
        after(new AuthChange.AddUser("alice", HASH, false));
        after(new AuthChange.AddRole("reader"));
        after(new AuthChange.AddRole("writer"));
        after(new AuthChange.GrantRole("alice", "reader"));
        after(new AuthChange.GrantRole("alice", "writer"));
        refused(new AuthChange.DeleteRole("nothing"), StoreError.ROLE_NOT_FOUND);

        assertThat(after(new AuthChange.DeleteRole("reader"))).isEqualTo(1);
        assertThat(user("alice").roles()).containsExactly("writer");
        assertThat(state.roles()).containsOnlyKeys("writer");
    }

    @Test
    void whileEnabledRootStaysRoot() {
        after(new AuthChange.AddRole("root"));
        enable();

        refused(new AuthChange.DeleteUser("root"), StoreError.INVALID_AUTH_MGMT);
        refused(new AuthChange.DeleteRole("root"), StoreError.INVALID_AUTH_MGMT);
        refused(new AuthChange.RevokeRole("root", "root"), StoreError.INVALID_AUTH_MGMT);
        after(new AuthChange.Disable());
        assertThat(after(new AuthChange.RevokeRole("root", "root"))).isEqualTo(1);
        assertThat(after(new AuthChange.DeleteUser("root"))).isEqualTo(1);
    }

    @Test
    void aRangeThatNamesNoKeyCannotBeGranted() {
        after(new AuthChange.AddRole("reader"));

        refused(new AuthChange.GrantPermission("reader", permission(Kind.READ, "", "")), StoreError.INVALID_AUTH_MGMT);
        refused(
                new AuthChange.GrantPermission("reader", permission(Kind.READ, "b", "a")),
                StoreError.INVALID_AUTH_MGMT);
        refused(
                new AuthChange.GrantPermission("reader", permission(Kind.READ, "b", "b")),
                StoreError.INVALID_AUTH_MGMT);
        refused(new AuthChange.GrantPermission("nobody", permission(Kind.READ, "a", "b")), StoreError.ROLE_NOT_FOUND);
        assertThat(after(new AuthChange.GrantPermission("reader", permission(Kind.READ, "b", "\0"))))
                .isEqualTo(1);
    }

    @Test
    void aGrantOfTheSameRangeReplacesTheFormer() {
        after(new AuthChange.AddRole("role"));
        after(new AuthChange.GrantPermission("role", permission(Kind.READWRITE, "k", "l")));
        after(new AuthChange.GrantPermission("role", permission(Kind.READ, "k", "")));
        after(new AuthChange.GrantPermission("role", permission(Kind.READ, "a", "")));

        after(new AuthChange.GrantPermission("role", permission(Kind.READ, "k", "l")));

        List<Permission> held = role("role").permissions();
        assertThat(held).hasSize(3);
        assertThat(held).noneMatch(permission -> permission.kind() == Kind.READWRITE);
        assertThat(held.getFirst().key()).isEqualTo(bytes("a"));
    }

    @Test
    void aPermissionIsRevokedByItsExactRange() {
        after(new AuthChange.AddRole("role"));
        after(new AuthChange.GrantPermission("role", permission(Kind.READ, "k", "l")));
        refused(new AuthChange.RevokePermission("nobody", bytes("k"), bytes("l")), StoreError.ROLE_NOT_FOUND);
        refused(new AuthChange.RevokePermission("role", bytes("k"), bytes("")), StoreError.PERMISSION_NOT_GRANTED);

        assertThat(after(new AuthChange.RevokePermission("role", bytes("k"), bytes("l"))))
                .isEqualTo(1);
        assertThat(role("role").permissions()).isEmpty();
    }

    @Test
    void aLogInCountsOnlyAtTheRevisionOfItsCheck() {
        refused(new AuthChange.LogIn("root", state.revision(), HASH), StoreError.AUTH_NOT_ENABLED);
        after(new AuthChange.AddUser("robot", HASH, true));
        enable();
        long checked = state.revision();
        refused(new AuthChange.LogIn("nobody", checked, HASH), StoreError.AUTH_FAILED);
        refused(new AuthChange.LogIn("robot", checked, HASH), StoreError.AUTH_FAILED);
        assertThat(after(new AuthChange.LogIn("root", checked, HASH))).isZero();

        after(new AuthChange.ChangePassword("root", HASH));

        refused(new AuthChange.LogIn("root", checked, HASH), StoreError.AUTH_OLD_REVISION);
    }

    @Test
    void namesAreShownInTheOrderOfTheirBytes() {
        after(new AuthChange.AddUser("\uFFFD", HASH, false));
        after(new AuthChange.AddUser("\uD83D\uDE00", HASH, false));
        after(new AuthChange.AddUser("z", HASH, false));

        assertThat(state.userNames(Principal.NOBODY)).containsExactly("z", "\uFFFD", "\uD83D\uDE00");
    }
}
