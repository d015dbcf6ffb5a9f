package dev.keelson.server.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keelson.api.etcd.Member;
import dev.keelson.api.etcd.MemberAddRequest;
import dev.keelson.api.etcd.MemberAddResponse;
import dev.keelson.api.etcd.MemberListRequest;
import dev.keelson.api.etcd.MemberPromoteRequest;
import dev.keelson.api.etcd.MemberRemoveRequest;
import dev.keelson.api.etcd.MemberUpdateRequest;
import dev.keelson.api.etcd.MoveLeaderRequest;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.server.member.GrowingCluster.Node;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole members that join a cluster, get a vote and leave, over real links. */
class JoiningTest {

    private static final long END_SECONDS_MAX = 30;
    private static final String UNCHECKED = "--strict-reconfig-check=false";

    @TempDir
    Path directory;

    private GrowingCluster cluster;
    private Node first;

    @BeforeEach
    void foundCluster() throws InterruptedException {
        cluster = new GrowingCluster(directory);
        first = cluster.node();
        // Whether peers have been connected for long is StrictChecksTest's matter.
        first.start("new", List.of(first), UNCHECKED);
        first.awaitReady();
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    private MemberAddResponse add(String peerUrl, boolean learner) {
        return first.cluster()
                .memberAdd(MemberAddRequest.newBuilder()
                        .addPeerURLs(peerUrl)
                        .setIsLearner(learner)
                        .build());
    }

    private Node join(boolean learner, List<Node> others) throws InterruptedException {
        Node joining = cluster.node();
        add(joining.peerUrl, learner);
        var all = new ArrayList<>(others);
        all.add(joining);
        joining.start("existing", all, UNCHECKED);
        joining.awaitReady();
        return joining;
    }

    private static long id(Node node) {
        return node.maintenance()
                .status(StatusRequest.getDefaultInstance())
                .getHeader()
                .getMemberId();
    }

    private List<Member> members() {
        return first.cluster()
                .memberList(MemberListRequest.newBuilder().setLinearizable(true).build())
                .getMembersList();
    }

    private static Status refusal(Runnable request) {
        return catchThrowableOfType(StatusRuntimeException.class, request::run).getStatus();
    }

    private static void assertRefused(Runnable request, Status.Code code, String text) {
        Status refusal = refusal(request);
        assertThat(refusal.getDescription()).isEqualTo("etcdserver: " + text);
        assertThat(refusal.getCode()).isEqualTo(code);
    }

    @Test
    void aClusterGrowsToThreeAndAMemberOfItComesBackByItsData() throws InterruptedException {
        Node second = join(false, List.of(first));
        Node third = join(false, List.of(first, second));

        assertThat(members()).extracting(Member::getName).containsExactlyInAnyOrder("m0", "m1", "m2");
        long id = id(third);
        third.stop();
        third.start("existing", List.of(first, second, third), UNCHECKED);
        assertThat(id(third)).isEqualTo(id);
    }

    @Test
    void aLearnerJoinsAndIsPromotedAndTheLeadMovesToIt() throws InterruptedException {
        Node learner = join(true, List.of(first));
        assertThat(learner.maintenance()
                        .status(StatusRequest.getDefaultInstance())
                        .getIsLearner())
                .isTrue();
        assertRefused(() -> moveLeader(first, id(learner)), Status.Code.FAILED_PRECONDITION, "bad leader transferee");

        first.cluster()
                .memberPromote(
                        MemberPromoteRequest.newBuilder().setID(id(learner)).build());

        assertThat(members()).noneMatch(Member::getIsLearner);
        assertRefused(() -> moveLeader(learner, id(learner)), Status.Code.FAILED_PRECONDITION, "not leader");
        moveLeader(first, id(learner));
        assertThat(learner.maintenance()
                        .status(StatusRequest.getDefaultInstance())
                        .getLeader())
                .isEqualTo(id(learner));
    }

    private static void moveLeader(Node asked, long target) {
        asked.maintenance()
                .moveLeader(MoveLeaderRequest.newBuilder().setTargetID(target).build());
    }

    @Test
    void aRemovedMemberStopsAndDoesNotComeBackUnderItsId() throws Exception {
        Node second = join(false, List.of(first));

        first.cluster()
                .memberRemove(MemberRemoveRequest.newBuilder().setID(id(second)).build());

        assertThat(second.end.get(END_SECONDS_MAX, TimeUnit.SECONDS)).contains("removed from the cluster");
        assertThat(members()).hasSize(1);
        second.stop();
        assertThatThrownBy(() -> second.start("existing", List.of(first, second)))
                .hasMessageContaining("permanently removed from the cluster");
    }

    @Test
    void whoeverIsNotExpectedIsTurnedAwayAndLeavesNothingBehind() {
        Node stranger = cluster.node();

        assertThatThrownBy(() -> stranger.start("existing", List.of(first, stranger)))
                .hasMessageContaining("member count is unequal");
        add("http://127.0.0.1:1", true);
        assertThatThrownBy(() -> stranger.start("existing", List.of(first, stranger)))
                .hasMessageContaining("no match found for existing member");
        assertThat(directory.resolve("m1").resolve("identity")).doesNotExist();
    }

    @Test
    void nobodyJoinsAClusterThatDoesNotAnswer() {
        Node joining = cluster.node();
        Node absent = cluster.node();

        assertThatThrownBy(() -> joining.start("existing", List.of(joining, absent)))
                .hasMessageStartingWith("cannot fetch cluster info from peer urls");
    }

    @Test
    void requestsThatMakeNoSenseAreRefusedInEtcdsWords() {
        var update = MemberUpdateRequest.newBuilder().setID(7).addPeerURLs("http://127.0.0.1:1");
        var promote = MemberPromoteRequest.newBuilder();
        var remove = MemberRemoveRequest.newBuilder().setID(7);

        assertRefused(() -> add("127.0.0.1:1", false), Status.Code.INVALID_ARGUMENT, "given member URLs are invalid");
        assertRefused(
                () -> first.cluster().memberAdd(MemberAddRequest.getDefaultInstance()),
                Status.Code.INVALID_ARGUMENT,
                "given member URLs are invalid");
        assertRefused(() -> add(first.peerUrl, false), Status.Code.FAILED_PRECONDITION, "Peer URLs already exists");
        assertRefused(() -> first.cluster().memberUpdate(update.build()), Status.Code.NOT_FOUND, "member not found");
        assertRefused(() -> first.cluster().memberRemove(remove.build()), Status.Code.NOT_FOUND, "member not found");
        assertRefused(
                () -> first.cluster().memberPromote(promote.setID(7).build()),
                Status.Code.NOT_FOUND,
                "member not found");
        assertRefused(
                () -> first.cluster().memberPromote(promote.setID(id(first)).build()),
                Status.Code.FAILED_PRECONDITION,
                "can only promote a learner member");
        long learner = add("http://127.0.0.1:1", true).getMember().getID();
        assertRefused(
                () -> add("http://127.0.0.1:2", true),
                Status.Code.FAILED_PRECONDITION,
                "too many learner members in cluster");
        assertRefused(
                () -> first.cluster().memberPromote(promote.setID(learner).build()),
                Status.Code.FAILED_PRECONDITION,
                "can only promote a learner member which is in sync with leader");
    }

    @Test
    void aChangeOfUrlsReachesTheMembersAndRepliesHaveNoRevision() {
        MemberAddResponse added = add(" http://127.0.0.1:1 ", true);

        first.cluster()
                .memberUpdate(MemberUpdateRequest.newBuilder()
                        .setID(added.getMember().getID())
                        .addPeerURLs("http://127.0.0.1:2")
                        .build());

        assertThat(added.getMember().getPeerURLsList()).containsExactly("http://127.0.0.1:1");
        assertThat(added.getHeader().getRevision()).isZero();
        assertThat(added.getMembersList()).hasSize(2);
        assertThat(members())
                .filteredOn(Member::getIsLearner)
                .flatExtracting(Member::getPeerURLsList)
                .containsExactly("http://127.0.0.1:2");
    }
}
