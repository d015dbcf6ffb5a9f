package dev.keelson.server.member;

import dev.keelson.server.port.BindFailedException;
import dev.keelson.server.port.ListenAddress;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.stream.Stream;

/** Looks whether the addresses of a member are free, without keeping them. */
final class PortCheck {

    private PortCheck() {}

    /** @throws BindFailedException naming the first address that is taken */
    static void requireFree(MemberConfig.Addresses addresses) {
        Stream.of(addresses.peer(), addresses.client(), addresses.metrics())
                .flatMap(List::stream)
                .forEach(address -> requireFree(address, addresses.shared()));
    }

    private static void requireFree(ListenAddress address, boolean shared) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            if (shared) {
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            socket.bind(address.resolve());
        } catch (IOException cause) {
            throw BindFailedException.of(address, cause);
        }
    }
}
