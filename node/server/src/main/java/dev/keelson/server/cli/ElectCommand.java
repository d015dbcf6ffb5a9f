package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import dev.keelson.api.election.CampaignRequest;
import dev.keelson.api.election.ElectionGrpc;
import dev.keelson.api.election.LeaderKey;
import dev.keelson.api.election.LeaderRequest;
import dev.keelson.api.election.LeaderResponse;
import dev.keelson.api.election.ResignRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.RangeResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "elect", description = "Observes and participates in leader election", mixinStandardHelpOptions = true)
final class ElectCommand implements Callable<Integer> {

    private static final int SESSION_SECONDS = 60;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Parameters(
            paramLabel = "<election-name> [proposal]",
            arity = "0..*",
            description = "the election, and what to say as its leader, which one stays until Ctrl-C")
    List<String> words = List.of();

    @Option(
            names = {"-l", "--listen"},
            description = "observation mode")
    boolean listen;

    @Override
    public Integer call() {
        if (words.isEmpty() || words.size() > 2) {
            throw wrong("elect takes one election name argument and an optional proposal argument");
        }
        if (words.size() == 1 && !listen) {
            throw wrong("no proposal argument but -l not set");
        }
        if (words.size() == 2 && listen) {
            throw wrong("proposal given but -l is set");
        }
        client.connection.refuseTable();
        return listen ? client.connection.ask(this::observe) : campaign();
    }

    private static CommandFailure wrong(String complaint) {
        return new CommandFailure(complaint, CommandFailure.BAD_ARGUMENTS);
    }

    private int observe(Connection.Member member) {
        LeaderRequest request = LeaderRequest.newBuilder()
                .setName(ByteString.copyFromUtf8(words.getFirst()))
                .build();
        ClientCall<LeaderRequest, LeaderResponse> call =
                member.channel().newCall(ElectionGrpc.getObserveMethod(), CallOptions.DEFAULT);
        var lost = new CompletableFuture<Void>();
        ClientCalls.asyncServerStreamingCall(call, request, new StreamObserver<>() {
            @Override
            public void onNext(LeaderResponse leader) {
                Print.range(
                        RangeResponse.newBuilder()
                                .setHeader(leader.getHeader())
                                .addKvs(leader.getKv())
                                .build(),
                        client.connection.isJson());
            }

            @Override
            public void onError(Throwable failure) {
                lost.complete(null);
            }

            @Override
            public void onCompleted() {
                lost.complete(null);
            }
        });
        CompletableFuture.anyOf(lost, client.interruption.asked()).join();
        if (!client.interruption.asked().isDone()) {
            throw new CommandFailure("elect: observer lost", CommandFailure.ERROR);
        }
        return 0;
    }

    private int campaign() {
        try (Session session = Session.open(client.connection, SESSION_SECONDS)) {
            CampaignRequest request = CampaignRequest.newBuilder()
                    .setName(ByteString.copyFromUtf8(words.getFirst()))
                    .setLease(session.lease())
                    .setValue(ByteString.copyFromUtf8(words.getLast()))
                    .build();
            LeaderKey leader = client.connection
                    .ask(member -> Waiting.of(
                            member.channel(), ElectionGrpc.getCampaignMethod(), request, client.interruption.asked()))
                    .getLeader();
            return lead(leader, session);
        }
    }

    private int lead(LeaderKey leader, Session session) {
        RangeRequest request = RangeRequest.newBuilder().setKey(leader.getKey()).build();
        Print.range(client.connection.ask(member -> member.kv().range(request)), client.connection.isJson());
        CompletableFuture.anyOf(client.interruption.asked(), session.ended()).join();
        if (!client.interruption.asked().isDone()) {
            throw new CommandFailure("elect: session expired", CommandFailure.ERROR);
        }
        ResignRequest resignation = ResignRequest.newBuilder().setLeader(leader).build();
        client.connection.ask(member -> member.election().resign(resignation));
        return 0;
    }
}
