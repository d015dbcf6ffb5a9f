package dev.keelson.e2e.harness;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.keelson.api.election.ElectionGrpc;
import dev.keelson.api.etcd.AuthGrpc;
import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.LeaseGrpc;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.lock.LockGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The calls that etcd's services offer, by service and method, with requests in protobuf's text format. */
public final class Rpcs {

    private static final List<ServiceDescriptor> SERVICES = List.of(
            KVGrpc.getServiceDescriptor(),
            WatchGrpc.getServiceDescriptor(),
            LeaseGrpc.getServiceDescriptor(),
            ClusterGrpc.getServiceDescriptor(),
            MaintenanceGrpc.getServiceDescriptor(),
            AuthGrpc.getServiceDescriptor(),
            LockGrpc.getServiceDescriptor(),
            ElectionGrpc.getServiceDescriptor());

    private static final Map<String, MethodDescriptor<Message, Message>> METHODS = methods();

    private Rpcs() {}

    @SuppressWarnings("unchecked") // All of them are generated, and messages.
    private static Map<String, MethodDescriptor<Message, Message>> methods() {
        var methods = new TreeMap<String, MethodDescriptor<Message, Message>>();
        for (ServiceDescriptor service : SERVICES) {
            for (MethodDescriptor<?, ?> method : service.getMethods()) {
                methods.put(shortName(method), (MethodDescriptor<Message, Message>) method);
            }
        }
        return methods;
    }

    private static String shortName(MethodDescriptor<?, ?> method) {
        String name = method.getFullMethodName();
        return name.substring(name.indexOf('.') + 1);
    }

    /** All there are, as in {@code KV/Range}. */
    public static List<String> names() {
        return List.copyOf(METHODS.keySet());
    }

    static MethodDescriptor<Message, Message> method(String name) {
        MethodDescriptor<Message, Message> method = METHODS.get(name);
        if (method == null) {
            throw new IllegalArgumentException("no call " + name);
        }
        return method;
    }

    static Message request(String rpc, String text) {
        var marshaller =
                (MethodDescriptor.PrototypeMarshaller<Message>) method(rpc).getRequestMarshaller();
        Message prototype = marshaller.getMessagePrototype();
        if (prototype == null) {
            throw new IllegalArgumentException("no prototype of the requests of " + rpc);
        }
        Message.Builder builder = prototype.newBuilderForType();
        try {
            TextFormat.merge(text, builder);
        } catch (TextFormat.ParseException wrong) {
            throw new IllegalArgumentException(rpc + " | " + text + ": " + wrong.getMessage(), wrong);
        }
        return builder.build();
    }
}
