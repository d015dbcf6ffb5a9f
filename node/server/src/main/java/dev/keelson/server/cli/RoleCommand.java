package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.keelson.api.auth.Permission;
import dev.keelson.api.etcd.AuthRoleAddRequest;
import dev.keelson.api.etcd.AuthRoleDeleteRequest;
import dev.keelson.api.etcd.AuthRoleGrantPermissionRequest;
import dev.keelson.api.etcd.AuthRoleListRequest;
import dev.keelson.api.etcd.AuthRoleListResponse;
import dev.keelson.api.etcd.AuthRoleRevokePermissionRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "role", description = "Role related commands", mixinStandardHelpOptions = true)
final class RoleCommand {

    private static final String NAME = "<role name>";
    private static final String NAME_MISSING = " command requires role name as its argument";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Command(name = "add", description = "Adds a new role", mixinStandardHelpOptions = true)
    int add(@Parameters(paramLabel = NAME, arity = "0..*") List<String> words) {
        String name = Words.of(words, 1, "role add" + NAME_MISSING).getFirst();
        AuthRoleAddRequest request =
                AuthRoleAddRequest.newBuilder().setName(name).build();
        return client.connection.change(member -> member.auth().roleAdd(request), "Role " + name + " created");
    }

    @Command(name = "delete", description = "Deletes a role", mixinStandardHelpOptions = true)
    int delete(@Parameters(paramLabel = NAME, arity = "0..*") List<String> words) {
        String name = Words.of(words, 1, "role delete" + NAME_MISSING).getFirst();
        AuthRoleDeleteRequest request =
                AuthRoleDeleteRequest.newBuilder().setRole(name).build();
        return client.connection.change(member -> member.auth().roleDelete(request), "Role " + name + " deleted");
    }

    @Command(name = "get", description = "Gets detailed information of a role", mixinStandardHelpOptions = true)
    int get(@Parameters(paramLabel = NAME, arity = "0..*") List<String> words) {
        String name = Words.of(words, 1, "role get" + NAME_MISSING).getFirst();
        client.connection.refuseTable();
        RoleForm.print(client.connection, name);
        return 0;
    }

    @Command(name = "list", description = "Lists all roles", mixinStandardHelpOptions = true)
    int list(@Parameters(hidden = true, arity = "0..*") List<String> words) {
        Words.of(words, 0, "role list command requires no arguments");
        client.connection.refuseTable();
        AuthRoleListResponse answer =
                client.connection.ask(member -> member.auth().roleList(AuthRoleListRequest.getDefaultInstance()));
        if (client.connection.isJson()) {
            System.out.println(ProtoJson.of(answer));
        } else {
            answer.getRolesList().forEach(System.out::println);
        }
        return 0;
    }

    @Command(name = "grant-permission", description = "Grants a key to a role", mixinStandardHelpOptions = true)
    int grantPermission(
            @Parameters(paramLabel = "<role name> <permission type> <key> [endkey]", arity = "0..*") List<String> words,
            @Option(names = "--prefix", description = "grant a prefix permission") boolean prefix,
            @Option(
                            names = "--from-key",
                            description = "grant a permission of keys that are greater than or equal to the given key"
                                    + " using byte compare")
                    boolean fromKey) {
        Words.atLeast(
                words, 3, "role grant command requires role name, permission type, and key [endkey] as its argument");
        Permission.Type type = type(words.get(1));
        KeyArguments keys = keys(words.subList(2, words.size()), prefix, fromKey);
        AuthRoleGrantPermissionRequest request = AuthRoleGrantPermissionRequest.newBuilder()
                .setName(words.getFirst())
                .setPerm(Permission.newBuilder()
                        .setPermType(type)
                        .setKey(keys.key())
                        .setRangeEnd(keys.end()))
                .build();
        return client.connection.change(
                member -> member.auth().roleGrantPermission(request), "Role " + words.getFirst() + " updated");
    }

    private static Permission.Type type(String word) {
        String name = word.toUpperCase(Locale.ROOT);
        return Arrays.stream(Permission.Type.values())
                .filter(type -> type.name().equals(name) && type != Permission.Type.UNRECOGNIZED)
                .findFirst()
                .orElseThrow(() -> wrong("invalid permission type: " + word));
    }

    @Command(name = "revoke-permission", description = "Revokes a key from a role", mixinStandardHelpOptions = true)
    int revokePermission(
            @Parameters(paramLabel = "<role name> <key> [endkey]", arity = "0..*") List<String> words,
            @Option(names = "--prefix", description = "revoke a prefix permission") boolean prefix,
            @Option(
                            names = "--from-key",
                            description = "revoke a permission of keys that are greater than or equal to the given key"
                                    + " using byte compare")
                    boolean fromKey) {
        Words.atLeast(words, 2, "role revoke-permission command requires role name and key [endkey] as its argument");
        KeyArguments keys = keys(words.subList(1, words.size()), prefix, fromKey);
        AuthRoleRevokePermissionRequest request = AuthRoleRevokePermissionRequest.newBuilder()
                .setRole(words.getFirst())
                .setKey(keys.key())
                .setRangeEnd(keys.end())
                .build();
        client.connection.refuseTable();
        Message answer = client.connection.ask(member -> member.auth().roleRevokePermission(request));
        if (client.connection.isJson()) {
            System.out.println(ProtoJson.of(answer));
        } else {
            Print.bytes(revoked(ByteString.copyFromUtf8(words.get(1)), keys.end())
                    .concat(ByteString.copyFromUtf8(" is revoked from role " + words.getFirst())));
        }
        return 0;
    }

    private static ByteString revoked(ByteString key, ByteString end) {
        return end.isEmpty()
                ? ByteString.copyFromUtf8("Permission of key ").concat(key)
                : ByteString.copyFromUtf8("Permission of range ").concat(RoleForm.range(key, end));
    }

    /** The empty key stands for the smallest there is, and what follows it is not looked at. */
    private static KeyArguments keys(List<String> words, boolean prefix, boolean fromKey) {
        if (prefix && fromKey && (words.size() == 1 || words.getFirst().isEmpty())) {
            throw wrong("--from-key and --prefix flags are mutually exclusive");
        }
        if (words.getFirst().isEmpty()) {
            return new KeyArguments(KeyArguments.ZERO, prefix || fromKey ? KeyArguments.ZERO : ByteString.EMPTY);
        }
        if (words.size() > 1 && (prefix || fromKey)) {
            throw wrong("unexpected endkey argument with --" + (prefix ? "prefix" : "from-key") + " flag");
        }
        return KeyArguments.of(words.getFirst(), words.size() > 1 ? words.get(1) : "", prefix, fromKey);
    }

    private static CommandFailure wrong(String message) {
        return new CommandFailure(message, CommandFailure.BAD_ARGUMENTS);
    }
}
