package dev.keelson.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import dev.keelson.api.auth.AuthProto;
import dev.keelson.api.election.ElectionProto;
import dev.keelson.api.etcd.AuthServiceProto;
import dev.keelson.api.etcd.ClusterProto;
import dev.keelson.api.etcd.HeaderProto;
import dev.keelson.api.etcd.KvServiceProto;
import dev.keelson.api.etcd.LeaseProto;
import dev.keelson.api.etcd.MaintenanceProto;
import dev.keelson.api.etcd.WatchProto;
import dev.keelson.api.lock.LockProto;
import dev.keelson.api.mvcc.KvProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Compares every name and number of our definitions with those that etcd 3.7.1 itself carries.
 *
 * <p>The expectation was written out from the descriptors in etcd's own binaries; it holds facts of the wire only.
 */
final class EtcdDescriptorTest {

    private static final List<FileDescriptor> FILES = List.of(
            KvProto.getDescriptor(),
            AuthProto.getDescriptor(),
            HeaderProto.getDescriptor(),
            KvServiceProto.getDescriptor(),
            WatchProto.getDescriptor(),
            LeaseProto.getDescriptor(),
            ClusterProto.getDescriptor(),
            MaintenanceProto.getDescriptor(),
            AuthServiceProto.getDescriptor(),
            LockProto.getDescriptor(),
            ElectionProto.getDescriptor());

    @Test
    void everyServiceMessageFieldAndEnumIsThatOfEtcd() throws IOException {
        List<String> expected;
        try (var golden = getClass().getResourceAsStream("/etcd-3.7.1-descriptors.txt")) {
            expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }

        List<String> ours = describe();

        assertThat(ours).containsExactlyElementsOf(expected);
    }

    private static List<String> describe() {
        var lines = new ArrayList<String>();
        for (FileDescriptor file : FILES) {
            file.getEnumTypes().forEach(type -> describe(type, lines));
            file.getMessageTypes().forEach(type -> describe(type, lines));
            file.getServices().forEach(service -> service.getMethods().forEach(call -> describe(call, lines)));
        }
        lines.sort(null);
        return lines;
    }

    private static void describe(EnumDescriptor type, List<String> lines) {
        type.getValues()
                .forEach(value ->
                        lines.add("enum " + type.getFullName() + " " + value.getNumber() + " " + value.getName()));
    }

    private static void describe(Descriptor message, List<String> lines) {
        lines.add("message " + message.getFullName());
        message.getEnumTypes().forEach(type -> describe(type, lines));
        for (FieldDescriptor field : message.getFields()) {
            lines.add("field " + message.getFullName() + " " + field.getNumber() + " " + field.getName() + " "
                    + typeOf(field) + (field.isRepeated() ? " repeated" : "")
                    + (field.getContainingOneof() == null
                            ? ""
                            : " oneof " + field.getContainingOneof().getName())
                    + " json " + field.getJsonName());
        }
    }

    private static String typeOf(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case ENUM -> field.getEnumType().getFullName();
            case MESSAGE -> field.getMessageType().getFullName();
            case BOOLEAN, BYTE_STRING, DOUBLE, FLOAT, INT, LONG, STRING ->
                field.getType().name().toLowerCase(java.util.Locale.ROOT);
        };
    }

    private static void describe(MethodDescriptor call, List<String> lines) {
        lines.add("rpc " + call.getService().getFullName() + "/" + call.getName() + " "
                + (call.isClientStreaming() ? "stream " : "")
                + call.getInputType().getFullName() + " returns "
                + (call.isServerStreaming() ? "stream " : "")
                + call.getOutputType().getFullName());
    }
}
