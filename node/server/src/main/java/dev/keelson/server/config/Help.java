package dev.keelson.server.config;

import java.util.LinkedHashMap;

/** The list of all flags, grouped, for people. */
public final class Help {

    private Help() {}

    /** The text of {@code --help}. */
    public static String text() {
        var groups = new LinkedHashMap<String, StringBuilder>();
        for (Flag flag : FlagTable.ALL) {
            String standard = flag.standard().isEmpty() ? "''" : "'" + flag.standard() + "'";
            groups.computeIfAbsent(flag.group(), _ -> new StringBuilder())
                    .append("  --")
                    .append(flag.name())
                    .append(' ')
                    .append(standard)
                    .append(
                            flag.works()
                                    ? ""
                                    : FlagTable.NOT_YET.contains(flag.name())
                                            ? "  (refused so far)"
                                            : "  (no effect yet)")
                    .append('\n');
        }
        var text = new StringBuilder("""
                Usage:

                  keelson [flags]            run a member, with etcd's flags
                  keelson local              run a whole cluster on this machine
                  keelson get|put|del|txn|compaction|member|endpoint ...
                                             talk to a cluster, in etcdctl's words
                  keelson --version          show the version

                Every flag can be given as ETCD_<NAME> in the environment instead.
                """);
        groups.forEach(
                (group, lines) -> text.append('\n').append(group).append(":\n").append(lines));
        return text.toString();
    }
}
