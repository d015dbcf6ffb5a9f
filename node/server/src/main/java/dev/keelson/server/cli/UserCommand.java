package dev.keelson.server.cli;

import dev.keelson.api.auth.UserAddOptions;
import dev.keelson.api.etcd.AuthUserAddRequest;
import dev.keelson.api.etcd.AuthUserChangePasswordRequest;
import dev.keelson.api.etcd.AuthUserDeleteRequest;
import dev.keelson.api.etcd.AuthUserGetRequest;
import dev.keelson.api.etcd.AuthUserGetResponse;
import dev.keelson.api.etcd.AuthUserGrantRoleRequest;
import dev.keelson.api.etcd.AuthUserListRequest;
import dev.keelson.api.etcd.AuthUserListResponse;
import dev.keelson.api.etcd.AuthUserRevokeRoleRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "user", description = "User related commands", mixinStandardHelpOptions = true)
final class UserCommand {

    private static final String NAME = "<user name>";
    private static final String NAME_MISSING = " command requires user name as its argument";
    private static final String TWO_NAMES = "<user name> <role name>";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Command(name = "add", description = "Adds a new user", mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "<user name or user:password>", arity = "0..*") List<String> words,
            @Option(
                            names = "--interactive",
                            arity = "0..1",
                            defaultValue = "true",
                            fallbackValue = "true",
                            description = "Read password from stdin instead of interactive terminal")
                    boolean interactive,
            @Option(
                            names = "--new-user-password",
                            defaultValue = "",
                            description = "Supply password from the command line flag")
                    String password,
            @Option(names = "--no-password", description = "Create a user without password (CN based auth only)")
                    boolean noPassword) {
        String word = Words.of(words, 1, "user add" + NAME_MISSING).getFirst();
        int colon = noPassword || !password.isEmpty() ? -1 : word.indexOf(':');
        String name = colon < 0 ? word : word.substring(0, colon);
        if (colon == 0) {
            throw new CommandFailure("empty user name is not allowed", CommandFailure.BAD_ARGUMENTS);
        }
        var request = AuthUserAddRequest.newBuilder()
                .setName(name)
                .setOptions(UserAddOptions.newBuilder().setNoPassword(noPassword));
        if (!password.isEmpty()) {
            request.setPassword(noPassword ? "" : password);
        } else if (colon >= 0) {
            request.setPassword(word.substring(colon + 1));
        } else if (!noPassword) {
            request.setPassword(interactive ? Secret.askTwice(name) : Secret.word());
        }
        return client.connection.change(member -> member.auth().userAdd(request.build()), "User " + name + " created");
    }

    @Command(name = "delete", description = "Deletes a user", mixinStandardHelpOptions = true)
    int delete(@Parameters(paramLabel = NAME, arity = "0..*") List<String> words) {
        String name = Words.of(words, 1, "user delete" + NAME_MISSING).getFirst();
        AuthUserDeleteRequest request =
                AuthUserDeleteRequest.newBuilder().setName(name).build();
        return client.connection.change(member -> member.auth().userDelete(request), "User " + name + " deleted");
    }

    @Command(name = "get", description = "Gets detailed information of a user", mixinStandardHelpOptions = true)
    int get(
            @Parameters(paramLabel = NAME, arity = "0..*") List<String> words,
            @Option(names = "--detail", description = "Show permissions of roles granted to the user") boolean detail) {
        String name = Words.of(words, 1, "user get" + NAME_MISSING).getFirst();
        Connection connection = client.connection;
        connection.refuseTable();
        AuthUserGetRequest request =
                AuthUserGetRequest.newBuilder().setName(name).build();
        AuthUserGetResponse answer = connection.ask(member -> member.auth().userGet(request));
        if (detail) {
            System.out.println("User: " + name);
            for (String role : answer.getRolesList()) {
                System.out.println();
                RoleForm.print(connection, role);
            }
        } else if (connection.isJson()) {
            System.out.println(ProtoJson.of(answer));
        } else {
            System.out.println("User: " + name);
            System.out.println("Roles:"
                    + String.join(
                            "",
                            answer.getRolesList().stream()
                                    .map(role -> " " + role)
                                    .toList()));
        }
        return 0;
    }

    @Command(name = "list", description = "Lists all users", mixinStandardHelpOptions = true)
    int list(@Parameters(hidden = true, arity = "0..*") List<String> words) {
        Words.of(words, 0, "user list command requires no arguments");
        client.connection.refuseTable();
        AuthUserListResponse answer =
                client.connection.ask(member -> member.auth().userList(AuthUserListRequest.getDefaultInstance()));
        if (client.connection.isJson()) {
            System.out.println(ProtoJson.of(answer));
        } else {
            answer.getUsersList().forEach(System.out::println);
        }
        return 0;
    }

    @Command(name = "passwd", description = "Changes password of user", mixinStandardHelpOptions = true)
    int changePassword(
            @Parameters(paramLabel = NAME, arity = "0..*") List<String> words,
            @Option(
                            names = "--interactive",
                            arity = "0..1",
                            defaultValue = "true",
                            fallbackValue = "true",
                            description = "If true, read password from stdin instead of interactive terminal")
                    boolean interactive) {
        String name = Words.of(words, 1, "user passwd" + NAME_MISSING).getFirst();
        AuthUserChangePasswordRequest request = AuthUserChangePasswordRequest.newBuilder()
                .setName(name)
                .setPassword(interactive ? Secret.askTwice(name) : Secret.word())
                .build();
        return client.connection.change(member -> member.auth().userChangePassword(request), "Password updated");
    }

    @Command(name = "grant-role", description = "Grants a role to a user", mixinStandardHelpOptions = true)
    int grantRole(@Parameters(paramLabel = TWO_NAMES, arity = "0..*") List<String> words) {
        Words.of(words, 2, "user grant command requires user name and role name as its argument");
        AuthUserGrantRoleRequest request = AuthUserGrantRoleRequest.newBuilder()
                .setUser(words.getFirst())
                .setRole(words.getLast())
                .build();
        return client.connection.change(
                member -> member.auth().userGrantRole(request),
                "Role " + words.getLast() + " is granted to user " + words.getFirst());
    }

    @Command(name = "revoke-role", description = "Revokes a role from a user", mixinStandardHelpOptions = true)
    int revokeRole(@Parameters(paramLabel = TWO_NAMES, arity = "0..*") List<String> words) {
        Words.of(words, 2, "user revoke-role requires user name and role name as its argument");
        AuthUserRevokeRoleRequest request = AuthUserRevokeRoleRequest.newBuilder()
                .setName(words.getFirst())
                .setRole(words.getLast())
                .build();
        return client.connection.change(
                member -> member.auth().userRevokeRole(request),
                "Role " + words.getLast() + " is revoked from user " + words.getFirst());
    }
}
