package dev.keelson.e2e.harness;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Election;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.election.LeaderResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchResponse;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** jetcd in the words of tests: connected to members, waiting for answers, collecting streams. */
public final class Jetcd {

    private static final long ANSWER_SECONDS_MAX = 30;

    private Jetcd() {}

    public static Client connect(List<Member> members) {
        return Client.builder()
                .endpoints(members.stream()
                        .map(member -> "http://" + member.endpoint())
                        .toArray(String[]::new))
                .build();
    }

    public static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    public static GetOption prefix() {
        return GetOption.builder().isPrefix(true).build();
    }

    /** The answer; fails as the request did, or when none comes. */
    public static <T> T get(CompletableFuture<T> answer) {
        try {
            return answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Adds every answer of a stream; what ends it is for the test to notice. */
    public static <T> StreamObserver<T> collecting(List<T> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T answer) {
                answers.add(answer);
            }

            @Override
            public void onError(Throwable failure) {
                System.err.println("a stream of answers failed: " + failure);
            }

            @Override
            public void onCompleted() {}
        };
    }

    /** Hears every value that the key ever had and gets, in order. */
    public static Watch.Watcher collectValues(Client client, String key, Consumer<String> values) {
        var fromTheStart = WatchOption.builder().withRevision(1).build();
        return client.getWatchClient()
                .watch(
                        bytes(key),
                        fromTheStart,
                        (WatchResponse answer) -> answer.getEvents()
                                .forEach(event -> values.accept(
                                        event.getKeyValue().getValue().toString())));
    }

    public static Election.Listener observing(List<LeaderResponse> leaders) {
        return new Election.Listener() {
            @Override
            public void onNext(LeaderResponse leader) {
                leaders.add(leader);
            }

            @Override
            public void onError(Throwable failure) {
                System.err.println("observing an election failed: " + failure);
            }

            @Override
            public void onCompleted() {}
        };
    }
}
