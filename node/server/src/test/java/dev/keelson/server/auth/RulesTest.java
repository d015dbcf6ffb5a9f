package dev.keelson.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.api.election.ElectionGrpc;
import dev.keelson.api.etcd.AlarmRequest;
import dev.keelson.api.etcd.AuthGrpc;
import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.LeaseGrpc;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.lock.LockGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {

    private static final int RPCS = 49;

    private static final List<ServiceDescriptor> ETCDS = List.of(
            KVGrpc.getServiceDescriptor(),
            WatchGrpc.getServiceDescriptor(),
            LeaseGrpc.getServiceDescriptor(),
            ClusterGrpc.getServiceDescriptor(),
            MaintenanceGrpc.getServiceDescriptor(),
            AuthGrpc.getServiceDescriptor(),
            LockGrpc.getServiceDescriptor(),
            ElectionGrpc.getServiceDescriptor());

    private static List<String> methods(List<ServiceDescriptor> services) {
        return services.stream()
                .flatMap(service -> service.getMethods().stream())
                .map(MethodDescriptor::getFullMethodName)
                .toList();
    }

    @Test
    void thereIsARuleForEveryCallOfEtcds() {
        List<String> methods = methods(ETCDS);

        assertThat(methods).hasSize(RPCS);
        assertThat(methods)
                .allSatisfy(method -> assertThat(Rules.of(method)).as(method).isNotNull());
    }

    @Test
    void thereIsARuleForWhatIsServedBesideThem() {
        assertThat(methods(List.of(HealthGrpc.getServiceDescriptor(), ServerReflectionGrpc.getServiceDescriptor())))
                .allSatisfy(method -> assertThat(Rules.of(method)).as(method).isEqualTo(Rule.OPEN));
    }

    @Test
    void forACallThatNobodyThoughtOfThereIsNone() {
        assertThat(Rules.of("etcdserverpb.KV/Something")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"GET, ANY_USER", "ACTIVATE, ROOT", "DEACTIVATE, ROOT"})
    void anAlarmIsShownToUsersAndSetByRoot(AlarmRequest.AlarmAction action, Rule rule) {
        var request = AlarmRequest.newBuilder().setAction(action).build();

        assertThat(Rules.forRequest(Rule.ROOT_UNLESS_IT_ASKS, request)).isEqualTo(rule);
    }

    @Test
    void nothingButLoggingInIsOpenAmongEtcdsCalls() {
        assertThat(methods(ETCDS))
                .filteredOn(method -> Rules.of(method) == Rule.OPEN)
                .containsExactly("etcdserverpb.Auth/Authenticate");
    }
}
