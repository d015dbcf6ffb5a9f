package dev.keelson.engine.read;

import dev.keelson.engine.Reply;
import dev.keelson.engine.Requests;
import dev.keelson.engine.Worker;
import dev.keelson.engine.auth.Auth;
import dev.keelson.engine.auth.Principal;
import dev.keelson.mvcc.KeyValue;
import dev.keelson.mvcc.RangeChunk;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.ReadView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range that is read chunk by chunk, all of it at the revision that its first chunk finds.
 *
 * <p>Each chunk has a view of its own, so a reader that takes its time pins nothing; a compaction in between refuses the
 * next chunk. Whether the caller may read the range is asked anew for each. Only the first chunk waits for a read index: the others stay at its revision.
 *
 * <p>Chunks have as many keys as make about the bytes aimed at, and none goes on after more than twice as many: what is
 * held in memory does not depend on the range.
 *
 * <p>Thread rule: {@link #next} from any thread, but only once the former chunk was answered.
 */
public final class RangeStream {

    private static final long FIRST_KEYS = 10;
    private static final int TOO_LARGE = 2;

    private final Requests requests;
    private final Worker reads;
    private final Auth auth;
    private final Principal caller;
    private final RangeRequest asked;
    private final long bytesAimedAt;
    private RangeRequest rest;
    private long keys = FIRST_KEYS;
    private long count;
    private long revision;

    /**
     * @param kvs the next keys
     * @param end what is known once these were the last, null before
     */
    public record Chunk(List<KeyValue> kvs, @Nullable End end) {}

    /**
     * @param revision the store's revision when the first chunk was read
     * @param more whether the limit left keys out
     * @param count keys in the range, those beyond the limit too
     */
    public record End(long revision, boolean more, long count) {}

    /** Who asks for what. */
    public record Asked(Principal caller, RangeRequest range) {}

    /** @param bytesAimedAt what a chunk should take on the wire */
    public RangeStream(Requests requests, Worker reads, Auth auth, Asked asked, long bytesAimedAt) {
        this.requests = requests;
        this.reads = reads;
        this.auth = auth;
        this.caller = asked.caller();
        this.asked = asked.range();
        this.bytesAimedAt = bytesAimedAt;
        this.rest = asked.range();
    }

    /** Reads the next chunk, on the reads worker; not to be called after the one that carries the end. */
    public void next(Reply<Chunk> reply) {
        if (revision == 0 && !asked.serializable()) {
            requests.readLinearizable(this::read, reply);
        } else {
            reads.execute(() -> requests.read(this::read, reply));
        }
    }

    private Chunk read(ReadView view) {
        auth.checkRead(view, caller, asked);
        Chunk chunk = chunk(view);
        auth.requireUnchanged(caller);
        return chunk;
    }

    private Chunk chunk(ReadView view) {
        if (asked.countOnly()) {
            return new Chunk(List.of(), new End(view.revision(), false, view.count(asked)));
        }
        RangeChunk chunk = view.chunk(rest.limitedTo(Math.min(keys, wanted())), TOO_LARGE * bytesAimedAt);
        if (revision == 0) {
            revision = chunk.revision();
            rest = asked.revision() > 0 ? rest : rest.at(revision);
        }
        count += chunk.kvs().size();
        byte[] next = chunk.next();
        if (next != null) {
            rest = rest.from(next);
            if (wanted() > 0) {
                adjust(chunk.bytes());
                return new Chunk(chunk.kvs(), null);
            }
            count += view.count(rest);
        }
        return new Chunk(chunk.kvs(), new End(revision, next != null, count));
    }

    private long wanted() {
        return asked.limit() <= 0 ? Long.MAX_VALUE : asked.limit() - count;
    }

    private void adjust(long lastBytes) {
        if (lastBytes < bytesAimedAt / 2) {
            keys *= 2;
        } else if (lastBytes > TOO_LARGE * bytesAimedAt) {
            keys = Math.max(1, keys / 2);
        }
    }
}
