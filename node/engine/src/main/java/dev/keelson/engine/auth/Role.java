package dev.keelson.engine.auth;

import java.util.List;

/** @param permissions in the order of their keys */
public record Role(String name, List<Permission> permissions) {

    public Role {
        permissions = List.copyOf(permissions);
    }
}
