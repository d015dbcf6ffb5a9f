package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import dev.keelson.api.auth.Permission;
import dev.keelson.api.etcd.AuthRoleGetRequest;
import dev.keelson.api.etcd.AuthRoleGetResponse;
import java.util.ArrayList;
import java.util.List;

/** What a role permits, as etcdctl shows it. */
final class RoleForm {

    private static final String ROOT = "root";
    private static final ByteString OPEN = ByteString.copyFromUtf8(", <open ended>");

    private RoleForm() {}

    /** Asks for a role and prints it. */
    static void print(Connection connection, String role) {
        AuthRoleGetRequest request =
                AuthRoleGetRequest.newBuilder().setRole(role).build();
        AuthRoleGetResponse answer = connection.ask(member -> member.auth().roleGet(request));
        if (connection.isJson()) {
            System.out.println(ProtoJson.of(answer));
        } else {
            lines(role, answer).forEach(Print::bytes);
        }
    }

    /** Keys are bytes, so lines are. */
    static List<ByteString> lines(String role, AuthRoleGetResponse answer) {
        boolean all = role.equals(ROOT) && answer.getPermCount() == 0;
        List<Permission> permissions = all ? List.of(everything()) : answer.getPermList();
        var lines = new ArrayList<ByteString>();
        lines.add(ByteString.copyFromUtf8("Role " + role));
        lines.add(ByteString.copyFromUtf8("KV Read:"));
        add(lines, permissions, Permission.Type.READ);
        lines.add(ByteString.copyFromUtf8("KV Write:"));
        add(lines, permissions, Permission.Type.WRITE);
        return lines;
    }

    private static Permission everything() {
        return Permission.newBuilder()
                .setPermType(Permission.Type.READWRITE)
                .setRangeEnd(KeyArguments.ZERO)
                .build();
    }

    private static void add(List<ByteString> lines, List<Permission> permissions, Permission.Type type) {
        ByteString tab = ByteString.copyFromUtf8("\t");
        permissions.stream()
                .filter(permission ->
                        permission.getPermType() == type || permission.getPermType() == Permission.Type.READWRITE)
                .forEach(permission -> lines.add(tab.concat(line(permission))));
    }

    private static ByteString line(Permission permission) {
        ByteString key = permission.getKey();
        ByteString end = permission.getRangeEnd();
        if (end.isEmpty()) {
            return key;
        }
        ByteString range = range(key, end);
        return !key.isEmpty() && KeyArguments.after(key).equals(end)
                ? range.concat(ByteString.copyFromUtf8(" (prefix ")).concat(key).concat(ByteString.copyFromUtf8(")"))
                : range;
    }

    /** Half open, or without an end. */
    static ByteString range(ByteString key, ByteString end) {
        ByteString begin = ByteString.copyFromUtf8("[").concat(key);
        return end.equals(KeyArguments.ZERO)
                ? begin.concat(OPEN)
                : begin.concat(ByteString.copyFromUtf8(", ")).concat(end).concat(ByteString.copyFromUtf8(")"));
    }
}
