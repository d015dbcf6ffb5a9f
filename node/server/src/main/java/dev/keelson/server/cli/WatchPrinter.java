package dev.keelson.server.cli;

import dev.keelson.api.etcd.WatchResponse;
import dev.keelson.api.mvcc.Event;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Prints what one watcher hears as etcdctl does, and runs the command that is to be run for each event.
 *
 * @param json whether answers are printed as JSON
 * @param command what to run, empty for nothing
 */
record WatchPrinter(boolean json, List<String> command) {

    private static final String COMPACTED = "etcdserver: mvcc: required revision has been compacted";
    private static final String NO_REASON = "etcdserver: mvcc: required revision is a future revision";

    void print(WatchResponse answer) {
        if (answer.getCanceled()) {
            System.err.println("watch was canceled (" + reason(answer) + ")");
        } else if (answer.getEventsCount() == 0) {
            System.out.println("progress notify: " + answer.getHeader().getRevision());
        }
        if (json) {
            System.out.println(json(answer));
        } else {
            answer.getEventsList().forEach(WatchPrinter::print);
        }
        System.out.flush();
        if (!command.isEmpty()) {
            answer.getEventsList()
                    .forEach(event -> run(event, answer.getHeader().getRevision()));
        }
    }

    private static String reason(WatchResponse answer) {
        if (answer.getCompactRevision() != 0) {
            return COMPACTED;
        }
        return answer.getCancelReason().isEmpty() ? NO_REASON : answer.getCancelReason();
    }

    private static void print(Event event) {
        System.out.println(event.getType());
        if (event.hasPrevKv()) {
            Print.keyValue(event.getPrevKv(), false);
        }
        Print.keyValue(event.getKv(), false);
    }

    /** In the form of Go's encoding of the client's own type; of a refusal it keeps the fact alone. */
    private static String json(WatchResponse answer) {
        boolean refused = answer.getCreated();
        String events = answer.getEventsCount() == 0
                ? "null"
                : answer.getEventsList().stream().map(ProtoJson::of).collect(Collectors.joining(",", "[", "]"));
        return "{\"Header\":" + (refused ? "{}" : ProtoJson.of(answer.getHeader()))
                + ",\"Events\":" + events
                + ",\"CompactRevision\":" + answer.getCompactRevision()
                + ",\"Canceled\":" + answer.getCanceled()
                + ",\"Created\":false,\"CancelReason\":\"\"}";
    }

    private void run(Event event, long revision) {
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("ETCD_WATCH_REVISION", Long.toString(revision));
        builder.environment().put("ETCD_WATCH_EVENT_TYPE", "\"" + event.getType() + "\"");
        builder.environment()
                .put("ETCD_WATCH_KEY", GoText.quoted(event.getKv().getKey().toByteArray()));
        builder.environment()
                .put("ETCD_WATCH_VALUE", GoText.quoted(event.getKv().getValue().toByteArray()));
        String failure;
        try {
            int exitCode = builder.start().waitFor();
            failure = exitCode == 0 ? "" : "exit status " + exitCode;
        } catch (IOException notThere) {
            failure = String.valueOf(notThere.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            failure = "interrupted";
        }
        if (!failure.isEmpty()) {
            String words = command.stream().map(word -> "\"" + word + "\"").collect(Collectors.joining(" ", "[", "]"));
            // Told here, since etcdctl does not begin this one with "Error".
            System.err.println("command " + words + " error (" + failure + ")");
            throw new CommandFailure("", CommandFailure.ERROR);
        }
    }
}
