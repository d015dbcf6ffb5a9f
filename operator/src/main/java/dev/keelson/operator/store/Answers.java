package dev.keelson.operator.store;

import dev.keelson.api.etcd.Member;
import dev.keelson.api.etcd.MemberListResponse;
import dev.keelson.api.etcd.StatusResponse;
import dev.keelson.operator.observe.MinorVersion;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.observe.StoreMember.Health;
import dev.keelson.operator.observe.StoreObservation;
import dev.keelson.operator.observe.StoreObservation.Agreement;
import java.net.URI;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Joins what members answered into what was seen of their store. */
final class Answers {
    private Answers() {}

    static StoreObservation joined(
            boolean quorate, MemberListResponse list, Collection<StatusResponse> statuses, boolean guarded) {
        Map<Long, StatusResponse> byId = new LinkedHashMap<>();
        statuses.forEach(status -> byId.put(status.getHeader().getMemberId(), status));
        List<StoreMember> members = list.getMembersList().stream()
                .map(member -> member(member, byId.get(member.getID())))
                .toList();
        return new StoreObservation(quorate, list.getHeader().getClusterId(), members, agreement(statuses, guarded));
    }

    /** As the member furthest ahead has it. */
    private static Agreement agreement(Collection<StatusResponse> statuses, boolean guarded) {
        return statuses.stream()
                .max(Comparator.comparingLong(StatusResponse::getRaftAppliedIndex))
                .map(status -> new Agreement(
                        MinorVersion.parse(status.getStorageVersion()),
                        status.getDowngradeInfo().getEnabled()
                                ? MinorVersion.parse(status.getDowngradeInfo().getTargetVersion())
                                : null,
                        guarded))
                .orElse(new Agreement(null, null, guarded));
    }

    private static StoreMember member(Member member, @Nullable StatusResponse status) {
        String host = member.getPeerURLsList().isEmpty()
                ? member.getName()
                : URI.create(member.getPeerURLs(0)).getHost();
        int dot = host.indexOf('.');
        return new StoreMember(
                member.getID(),
                member.getName(),
                dot < 0 ? host : host.substring(0, dot),
                member.getIsLearner(),
                status == null ? null : health(status));
    }

    private static Health health(StatusResponse status) {
        return new Health(
                status.getLeader(),
                status.getRaftIndex(),
                status.getRaftAppliedIndex(),
                status.getHeader().getRevision(),
                status.getVersion(),
                status.getDbSize(),
                status.getErrorsList());
    }
}
