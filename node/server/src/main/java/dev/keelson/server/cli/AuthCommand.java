package dev.keelson.server.cli;

import dev.keelson.api.etcd.AuthDisableRequest;
import dev.keelson.api.etcd.AuthEnableRequest;
import dev.keelson.api.etcd.AuthRoleAddRequest;
import dev.keelson.api.etcd.AuthStatusRequest;
import dev.keelson.api.etcd.AuthStatusResponse;
import dev.keelson.api.etcd.AuthUserGrantRoleRequest;
import io.grpc.StatusRuntimeException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "auth", description = "Enable or disable authentication", mixinStandardHelpOptions = true)
final class AuthCommand {

    private static final String ROOT = "root";
    private static final String NO_ROOT_ROLE = "etcdserver: root user does not have root role";
    private static final String NO_ARGUMENTS = " command does not accept any arguments";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Command(name = "status", description = "Returns authentication status", mixinStandardHelpOptions = true)
    int status(@Parameters(hidden = true, arity = "0..*") List<String> words) {
        Words.of(words, 0, "auth status" + NO_ARGUMENTS);
        client.connection.refuseTable();
        AuthStatusResponse answer =
                client.connection.ask(member -> member.auth().authStatus(AuthStatusRequest.getDefaultInstance()));
        if (client.connection.isJson()) {
            System.out.println(ProtoJson.of(answer));
        } else {
            System.out.println("Authentication Status: " + answer.getEnabled());
            System.out.println("AuthRevision: " + Long.toUnsignedString(answer.getAuthRevision()));
        }
        return 0;
    }

    /** Gives the user root the role root where it lacks it. */
    @Command(name = "enable", description = "Enables authentication", mixinStandardHelpOptions = true)
    int enable(@Parameters(hidden = true, arity = "0..*") List<String> words) {
        Words.of(words, 0, "auth enable" + NO_ARGUMENTS);
        try {
            enable();
        } catch (StatusRuntimeException refused) {
            if (!NO_ROOT_ROLE.equals(refused.getStatus().getDescription())) {
                throw refused;
            }
            grantRoot();
            enable();
        }
        System.out.println("Authentication Enabled");
        return 0;
    }

    private void enable() {
        client.connection.ask(member -> member.auth().authEnable(AuthEnableRequest.getDefaultInstance()));
    }

    private void grantRoot() {
        AuthRoleAddRequest role = AuthRoleAddRequest.newBuilder().setName(ROOT).build();
        client.connection.ask(member -> member.auth().roleAdd(role));
        AuthUserGrantRoleRequest grant = AuthUserGrantRoleRequest.newBuilder()
                .setUser(ROOT)
                .setRole(ROOT)
                .build();
        client.connection.ask(member -> member.auth().userGrantRole(grant));
    }

    @Command(name = "disable", description = "Disables authentication", mixinStandardHelpOptions = true)
    int disable(@Parameters(hidden = true, arity = "0..*") List<String> words) {
        Words.of(words, 0, "auth disable" + NO_ARGUMENTS);
        client.connection.ask(member -> member.auth().authDisable(AuthDisableRequest.getDefaultInstance()));
        System.out.println("Authentication Disabled");
        return 0;
    }
}
