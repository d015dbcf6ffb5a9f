import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.WatchOption;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/*
 * Dynamic configuration: every process has the newest soon, and none ever goes back to an older one.
 *
 *   java DynamicConfiguration.java http://a:2379,http://b:2379 KEY
 *
 * It reads the newest, from a majority, and watches from the next revision. Revisions order all changes, so the one that
 * it has tells whether what it hears is newer.
 */
static final long ANSWER_SECONDS = 10;

long revision;

void main(String[] args) throws InterruptedException {
    ByteSequence key = ByteSequence.from(args[1], StandardCharsets.UTF_8);
    try (Client client = Client.builder().endpoints(args[0].split(",")).build()) {
        while (true) {
            try {
                follow(client, key);
            } catch (ExecutionException | TimeoutException failure) {
                IO.println("again, after " + failure);
            }
        }
    }
}

void follow(Client client, ByteSequence key) throws InterruptedException, ExecutionException, TimeoutException {
    var newest = client.getKVClient().get(key, GetOption.DEFAULT).get(ANSWER_SECONDS, TimeUnit.SECONDS);
    newest.getKvs().forEach(this::configure);
    var ended = new CountDownLatch(1);
    var next = WatchOption.builder()
            .withRevision(newest.getHeader().getRevision() + 1)
            .withNoDelete(true)
            .build();
    try (var watcher = client.getWatchClient()
            .watch(
                    key,
                    next,
                    answer -> answer.getEvents().forEach(event -> configure(event.getKeyValue())),
                    _ -> ended.countDown())) {
        ended.await();
    }
}

synchronized void configure(KeyValue changed) {
    if (changed.getModRevision() <= revision) {
        return;
    }
    revision = changed.getModRevision();
    IO.println("configured " + revision + " " + changed.getValue());
}
