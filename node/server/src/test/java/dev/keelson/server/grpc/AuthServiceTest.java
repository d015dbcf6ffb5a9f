package dev.keelson.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.keelson.api.auth.Permission;
import dev.keelson.api.auth.UserAddOptions;
import dev.keelson.api.election.ElectionGrpc;
import dev.keelson.api.election.LeaderRequest;
import dev.keelson.api.etcd.AlarmRequest;
import dev.keelson.api.etcd.AuthDisableRequest;
import dev.keelson.api.etcd.AuthEnableRequest;
import dev.keelson.api.etcd.AuthGrpc;
import dev.keelson.api.etcd.AuthGrpc.AuthBlockingStub;
import dev.keelson.api.etcd.AuthRoleAddRequest;
import dev.keelson.api.etcd.AuthRoleGetRequest;
import dev.keelson.api.etcd.AuthRoleGrantPermissionRequest;
import dev.keelson.api.etcd.AuthRoleListRequest;
import dev.keelson.api.etcd.AuthRoleRevokePermissionRequest;
import dev.keelson.api.etcd.AuthStatusRequest;
import dev.keelson.api.etcd.AuthUserAddRequest;
import dev.keelson.api.etcd.AuthUserChangePasswordRequest;
import dev.keelson.api.etcd.AuthUserDeleteRequest;
import dev.keelson.api.etcd.AuthUserGetRequest;
import dev.keelson.api.etcd.AuthUserGrantRoleRequest;
import dev.keelson.api.etcd.AuthUserListRequest;
import dev.keelson.api.etcd.AuthenticateRequest;
import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.CompactionRequest;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.LeaseGrantRequest;
import dev.keelson.api.etcd.LeaseGrpc;
import dev.keelson.api.etcd.LeaseKeepAliveRequest;
import dev.keelson.api.etcd.LeaseKeepAliveResponse;
import dev.keelson.api.etcd.LeaseLeasesRequest;
import dev.keelson.api.etcd.LeaseRevokeRequest;
import dev.keelson.api.etcd.LeaseTimeToLiveRequest;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.MemberListRequest;
import dev.keelson.api.etcd.MemberRemoveRequest;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.SnapshotRequest;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.api.etcd.WatchCreateRequest;
import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.etcd.WatchRequest;
import dev.keelson.api.etcd.WatchResponse;
import dev.keelson.api.lock.LockGrpc;
import dev.keelson.api.lock.LockRequest;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every expectation here is what etcd 3.7.1 answered to the same. Alice may read [r, s) and write [w, x). */
final class AuthServiceTest {

    private static final ClientInterceptor NOBODY = MetadataUtils.newAttachHeadersInterceptor(new Metadata());

    @TempDir
    Path directory;

    private ServedMember member;
    private ClientInterceptor root;
    private ClientInterceptor alice;

    @BeforeEach
    void start() throws Exception {
        member = new ServedMember(directory.resolve("data"));
        addUser("root");
        addUser("alice");
        auth(NOBODY).roleAdd(AuthRoleAddRequest.newBuilder().setName("root").build());
        auth(NOBODY).roleAdd(AuthRoleAddRequest.newBuilder().setName("role").build());
        grantRole("root", "root");
        grantRole("alice", "role");
        grant(NOBODY, Permission.Type.READ, "r", "s");
        grant(NOBODY, Permission.Type.WRITE, "w", "x");
        auth(NOBODY).authEnable(AuthEnableRequest.getDefaultInstance());
        root = logIn("root", "root");
        alice = logIn("alice", "alice");
    }

    @AfterEach
    void stop() {
        member.close();
    }

    private void addUser(String name) {
        auth(NOBODY)
                .userAdd(AuthUserAddRequest.newBuilder()
                        .setName(name)
                        .setPassword(name)
                        .build());
    }

    private void grantRole(String user, String role) {
        auth(NOBODY)
                .userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                        .setUser(user)
                        .setRole(role)
                        .build());
    }

    private void grant(ClientInterceptor caller, Permission.Type type, String key, String rangeEnd) {
        auth(caller)
                .roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                        .setName("role")
                        .setPerm(Permission.newBuilder()
                                .setPermType(type)
                                .setKey(bytes(key))
                                .setRangeEnd(bytes(rangeEnd)))
                        .build());
    }

    private ClientInterceptor logIn(String user, String password) {
        String token = auth(NOBODY)
                .authenticate(AuthenticateRequest.newBuilder()
                        .setName(user)
                        .setPassword(password)
                        .build())
                .getToken();
        return withToken(token);
    }

    private static ClientInterceptor withToken(String token) {
        var metadata = new Metadata();
        metadata.put(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER), token);
        return MetadataUtils.newAttachHeadersInterceptor(metadata);
    }

    private AuthBlockingStub auth(ClientInterceptor caller) {
        return AuthGrpc.newBlockingStub(member.channel).withInterceptors(caller);
    }

    private KVGrpc.KVBlockingStub kv(ClientInterceptor caller) {
        return KVGrpc.newBlockingStub(member.channel).withInterceptors(caller);
    }

    private LeaseGrpc.LeaseBlockingStub leases(ClientInterceptor caller) {
        return LeaseGrpc.newBlockingStub(member.channel).withInterceptors(caller);
    }

    private MaintenanceGrpc.MaintenanceBlockingStub maintenance(ClientInterceptor caller) {
        return MaintenanceGrpc.newBlockingStub(member.channel).withInterceptors(caller);
    }

    private ClusterGrpc.ClusterBlockingStub cluster(ClientInterceptor caller) {
        return ClusterGrpc.newBlockingStub(member.channel).withInterceptors(caller);
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static PutRequest put(String key) {
        return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes("v")).build();
    }

    private static RangeRequest get(String key) {
        return RangeRequest.newBuilder().setKey(bytes(key)).build();
    }

    private static void refused(Runnable call, Status.Code code, String text) {
        var refusal = catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(refusal).as(text).isNotNull();
        assertThat(refusal.getStatus().getDescription()).isEqualTo(text);
        assertThat(refusal.getStatus().getCode()).isEqualTo(code);
    }

    private static void denied(Runnable call) {
        refused(call, Status.Code.PERMISSION_DENIED, "etcdserver: permission denied");
    }

    private static void nameless(Runnable call) {
        refused(call, Status.Code.INVALID_ARGUMENT, "etcdserver: user name is empty");
    }

    @Test
    void readingAndWritingFollowThePermissions() {
        kv(alice).put(put("w"));
        assertThat(kv(alice).range(get("r")).getCount()).isZero();

        denied(() -> kv(alice).put(put("r")));
        denied(() -> kv(alice).range(get("w")));
        nameless(() -> kv(NOBODY).put(put("w")));
        nameless(() -> kv(NOBODY).range(get("r")));
        kv(root).put(put("anything"));
    }

    @Test
    void aBadTokenIsWorseThanNone() {
        ClientInterceptor bad = withToken("abcdefghijklmnop.1");
        refused(() -> kv(bad).range(get("r")), Status.Code.UNAUTHENTICATED, "etcdserver: invalid auth token");
        refused(
                () -> auth(bad).authStatus(AuthStatusRequest.getDefaultInstance()),
                Status.Code.UNAUTHENTICATED,
                "etcdserver: invalid auth token");
        assertThat(auth(NOBODY)
                        .authStatus(AuthStatusRequest.getDefaultInstance())
                        .getEnabled())
                .isTrue();
    }

    /** It may have been given out by a member that is ahead; this one catches up, and knows it no better. */
    @Test
    void aTokenOfTheFutureIsLookedAtAgainAndRefused() {
        refused(
                () -> kv(withToken("abcdefghijklmnopqrstuvwx.999999999")).range(get("r")),
                Status.Code.UNAUTHENTICATED,
                "etcdserver: invalid auth token");
    }

    @Test
    void logInsThatFailSayWhy() {
        refused(
                () -> logIn("alice", "wrong"),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: authentication failed, invalid user ID or password");
        refused(
                () -> logIn("nobody", "x"),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: authentication failed, invalid user ID or password");
        auth(root)
                .userAdd(AuthUserAddRequest.newBuilder()
                        .setName("robot")
                        .setOptions(UserAddOptions.newBuilder().setNoPassword(true))
                        .build());
        refused(
                () -> logIn("robot", "x"),
                Status.Code.UNKNOWN,
                "auth: authentication failed, password was given for no password user");
        auth(root).authDisable(AuthDisableRequest.getDefaultInstance());
        refused(
                () -> logIn("alice", "alice"),
                Status.Code.FAILED_PRECONDITION,
                "etcdserver: authentication is not enabled");
    }

    @Test
    void anotherPasswordVoidsTheTokens() {
        auth(root)
                .userChangePassword(AuthUserChangePasswordRequest.newBuilder()
                        .setName("alice")
                        .setPassword("new")
                        .build());

        refused(() -> kv(alice).range(get("r")), Status.Code.UNAUTHENTICATED, "etcdserver: invalid auth token");
        assertThat(kv(logIn("alice", "new")).range(get("r")).getCount()).isZero();
        auth(root)
                .userDelete(AuthUserDeleteRequest.newBuilder().setName("alice").build());
        refused(
                () -> logIn("alice", "new"),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: authentication failed, invalid user ID or password");
    }

    @Test
    void whatConcernsTheClusterIsRoots() {
        denied(() -> kv(alice).compact(CompactionRequest.getDefaultInstance()));
        denied(() -> cluster(alice)
                .memberRemove(MemberRemoveRequest.newBuilder().setID(5).build()));
        denied(() -> maintenance(alice)
                .snapshot(SnapshotRequest.getDefaultInstance())
                .next());
        denied(() -> maintenance(alice)
                .alarm(AlarmRequest.newBuilder()
                        .setAction(AlarmRequest.AlarmAction.DEACTIVATE)
                        .build()));
        denied(() -> auth(alice).userList(AuthUserListRequest.getDefaultInstance()));
        denied(() -> auth(alice).roleList(AuthRoleListRequest.getDefaultInstance()));
        denied(() ->
                auth(alice).userAdd(AuthUserAddRequest.newBuilder().setName("x").build()));
        nameless(() -> auth(NOBODY).userList(AuthUserListRequest.getDefaultInstance()));
        assertThat(auth(root).userList(AuthUserListRequest.getDefaultInstance()).getUsersList())
                .containsExactly("alice", "root");
    }

    @Test
    void whatConcernsAllIsEveryUsers() {
        assertThat(cluster(alice)
                        .memberList(MemberListRequest.getDefaultInstance())
                        .getMembersCount())
                .isEqualTo(1);
        assertThat(maintenance(alice).status(StatusRequest.getDefaultInstance()).getVersion())
                .isNotEmpty();
        assertThat(maintenance(alice).alarm(AlarmRequest.getDefaultInstance()).getAlarmsCount())
                .isZero();
        nameless(() -> cluster(NOBODY).memberList(MemberListRequest.getDefaultInstance()));
        nameless(() -> maintenance(NOBODY).status(StatusRequest.getDefaultInstance()));
        nameless(() -> maintenance(NOBODY).alarm(AlarmRequest.getDefaultInstance()));
        nameless(() -> leases(NOBODY)
                .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(60).build()));
    }

    @Test
    void aUserSeesItselfAndItsRoles() {
        assertThat(auth(alice)
                        .userGet(
                                AuthUserGetRequest.newBuilder().setName("alice").build())
                        .getRolesList())
                .containsExactly("role");
        assertThat(auth(alice)
                        .roleGet(AuthRoleGetRequest.newBuilder().setRole("role").build())
                        .getPermCount())
                .isEqualTo(2);
        denied(() -> auth(alice)
                .userGet(AuthUserGetRequest.newBuilder().setName("root").build()));
        denied(() -> auth(alice)
                .roleGet(AuthRoleGetRequest.newBuilder().setRole("root").build()));
    }

    @Test
    void aLeaseWithKeysOfOthersIsShownAndKeptByThoseOnlyWhoMayReadAndWriteThem() throws Exception {
        leases(alice)
                .leaseGrant(LeaseGrantRequest.newBuilder().setID(7).setTTL(60).build());
        kv(root).put(PutRequest.newBuilder().setKey(bytes("k")).setLease(7).build());
        var time = LeaseTimeToLiveRequest.newBuilder().setID(7);

        denied(() -> leases(alice).leaseTimeToLive(time.setKeys(true).build()));
        denied(() -> leases(alice).leaseLeases(LeaseLeasesRequest.getDefaultInstance()));
        denied(() -> leases(alice)
                .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(7).build()));
        assertThat(leases(alice).leaseTimeToLive(time.setKeys(false).build()).getGrantedTTL())
                .isEqualTo(60);
        assertThat(leases(root).leaseTimeToLive(time.setKeys(true).build()).getKeysList())
                .containsExactly(bytes("k"));
        assertThat(renew(alice).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(renew(NOBODY).getDescription()).isEqualTo("etcdserver: user name is empty");
        assertThat(renew(root).isOk()).isTrue();
    }

    private Status renew(ClientInterceptor caller) throws Exception {
        var answers = new Answers<LeaseKeepAliveRequest, LeaseKeepAliveResponse>(true);
        var requests =
                LeaseGrpc.newStub(member.channel).withInterceptors(caller).leaseKeepAlive(answers);
        requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(7).build());
        requests.onCompleted();
        return answers.end();
    }

    private WatchResponse watch(ClientInterceptor caller, String key, String rangeEnd) throws Exception {
        var answers = new Answers<WatchRequest, WatchResponse>(true);
        WatchGrpc.newStub(member.channel)
                .withInterceptors(caller)
                .watch(answers)
                .onNext(WatchRequest.newBuilder()
                        .setCreateRequest(WatchCreateRequest.newBuilder()
                                .setKey(bytes(key))
                                .setRangeEnd(bytes(rangeEnd)))
                        .build());
        WatchResponse answer = answers.next();
        answers.cancel();
        return answer;
    }

    @Test
    void aWatchNeedsTheRightToReadAllOfItsRange() throws Exception {
        assertThat(watch(alice, "r", "s").getCanceled()).isFalse();
        for (WatchResponse refused : new WatchResponse[] {watch(alice, "r", "\0"), watch(alice, "w", "")}) {
            assertThat(refused.getCreated() && refused.getCanceled()).isTrue();
            assertThat(refused.getWatchId()).isEqualTo(-1);
            assertThat(refused.getCancelReason())
                    .isEqualTo("rpc error: code = PermissionDenied desc = etcdserver: permission denied");
        }
        assertThat(watch(NOBODY, "r", "").getCancelReason())
                .isEqualTo("rpc error: code = InvalidArgument desc = etcdserver: user name is empty");
        assertThat(watch(withToken("x.1"), "r", "").getCancelReason())
                .isEqualTo("rpc error: code = Unauthenticated desc = etcdserver: invalid auth token");
    }

    /** A stream that was opened before outlives the change. */
    @Test
    void aStreamThatWasOpenedWhileNobodyWasAskedIsAskedNow() throws Exception {
        auth(root).authDisable(AuthDisableRequest.getDefaultInstance());
        var answers = new Answers<WatchRequest, WatchResponse>(true);
        var watches = WatchGrpc.newStub(member.channel).watch(answers);
        var create = WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(bytes("k")))
                .build();
        watches.onNext(create);
        assertThat(answers.next().getCanceled()).isFalse();
        auth(NOBODY).authEnable(AuthEnableRequest.getDefaultInstance());

        watches.onNext(create);

        assertThat(answers.next().getCanceled()).isTrue();
    }

    @Test
    void locksAndElectionsActForTheirCaller() {
        var lock = LockGrpc.newBlockingStub(member.channel);
        refused(
                () -> lock.withInterceptors(alice)
                        .lock(LockRequest.newBuilder().setName(bytes("l")).build()),
                Status.Code.UNKNOWN,
                "etcdserver: permission denied");
        refused(
                () -> lock.lock(LockRequest.newBuilder().setName(bytes("l")).build()),
                Status.Code.UNKNOWN,
                "etcdserver: user name is empty");
        assertThat(lock.withInterceptors(root)
                        .lock(LockRequest.newBuilder().setName(bytes("l")).build())
                        .getKey()
                        .isEmpty())
                .isFalse();
        refused(
                () -> ElectionGrpc.newBlockingStub(member.channel)
                        .withInterceptors(alice)
                        .leader(LeaderRequest.newBuilder().setName(bytes("e")).build()),
                Status.Code.UNKNOWN,
                "etcdserver: permission denied");
    }

    @Test
    void theGatewayAsksToo() throws Exception {
        assertThat(post("/v3/kv/range", "{\"key\":\"cg==\"}", null)).contains("user name is empty");
        String token = auth(NOBODY)
                .authenticate(AuthenticateRequest.newBuilder()
                        .setName("alice")
                        .setPassword("alice")
                        .build())
                .getToken();

        assertThat(post("/v3/kv/range", "{\"key\":\"cg==\"}", token)).contains("header");
        assertThat(post("/v3/kv/range", "{\"key\":\"dw==\"}", token)).contains("permission denied");
        assertThat(post("/v3/auth/authenticate", "{\"name\":\"alice\",\"password\":\"alice\"}", null))
                .contains("\"token\"");
    }

    private String post(String path, String body, @org.jspecify.annotations.Nullable String token) throws Exception {
        var request = java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + member.port + path))
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", token);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void theRevisionGrowsWithEachChange() {
        long before = revision();
        grant(root, Permission.Type.READ, "z", "");
        assertThat(revision()).isEqualTo(before + 1);
        auth(root)
                .roleRevokePermission(AuthRoleRevokePermissionRequest.newBuilder()
                        .setRole("role")
                        .setKey(bytes("z"))
                        .build());
        assertThat(revision()).isEqualTo(before + 2);
        auth(root).authDisable(AuthDisableRequest.getDefaultInstance());
        assertThat(revision()).isEqualTo(before + 3);
    }

    private long revision() {
        return auth(NOBODY).authStatus(AuthStatusRequest.getDefaultInstance()).getAuthRevision();
    }

    @Test
    void aPermissionMustBeGivenAndNameKeys() {
        refused(
                () -> auth(root)
                        .roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                                .setName("role")
                                .build()),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: permission not given");
        refused(
                () -> grant(root, Permission.Type.READ, "b", "a"),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: invalid auth management");
    }
}
