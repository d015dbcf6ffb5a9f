package dev.keelson.server.config;

/** The list of all flags, grouped, for people. */
public final class Help {

    private static final String USAGE = """
            Usage:

              keelson [flags]            run a member, with etcd's flags
              keelson local              run a whole cluster on this machine
              keelson get|put|del|txn|compaction|lease|lock|elect|member|endpoint ...
                                         talk to a cluster, in etcdctl's words
              keelson snapshot save|status|verify|restore
                                         save a cluster's data in etcd's file format, look at such a file, make a
                                         member's data directory of one
              keelson backup create|archive|list|verify|prune
                                         keep a cluster's data in a directory or a bucket, and every change after it
              keelson restore            make a member's data directory of that, as it was at a revision or a time
              keelson version            show the version

            Every flag can be given as ETCD_<NAME> in the environment instead, or all of them in a file of YAML that
            --config-file names: flags by their names, those about certificates under client-transport-security and
            peer-transport-security, durations in nanoseconds.
            Flags marked * are accepted and have no effect here; those marked ! are refused.
            """;

    private Help() {}

    /** The text of {@code --help}. */
    public static String text() {
        var text = new StringBuilder(USAGE);
        String group = "";
        for (Flag flag : FlagTable.ALL) {
            if (!flag.group().equals(group)) {
                group = flag.group();
                text.append('\n').append(group).append(":\n");
            }
            text.append(line(flag)).append('\n');
        }
        return text.toString();
    }

    private static String line(Flag flag) {
        char mark = switch (flag.effect()) {
            case WORKS -> ' ';
            case NONE -> '*';
            case REFUSED -> '!';
        };
        String name = "--" + flag.name() + (flag.standard().isEmpty() ? "" : "=" + flag.standard());
        return "%c %-52s  %s".formatted(mark, name, flag.about());
    }
}
