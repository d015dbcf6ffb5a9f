package dev.keelson.server.config;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The experimental features that etcd 3.7 lets be switched, and what the switch does here. */
public enum FeatureGate {
    STOP_GRPC_SERVICE_ON_DEFRAG("StopGRPCServiceOnDefrag", false, "defragmentation stops nothing"),
    INITIAL_CORRUPT_CHECK("InitialCorruptCheck", false, ""),
    COMPACT_HASH_CHECK("CompactHashCheck", false, ""),
    TXN_MODE_WRITE_WITH_SHARED_BUFFER("TxnModeWriteWithSharedBuffer", true, "transactions never copy a buffer"),
    LEASE_CHECKPOINT("LeaseCheckpoint", false, "leases are always checkpointed"),
    LEASE_CHECKPOINT_PERSIST("LeaseCheckpointPersist", false, "checkpoints of leases are always kept"),
    SET_MEMBER_LOCAL_ADDR("SetMemberLocalAddr", false, "the system chooses where connections to members come from"),
    FAST_LEASE_KEEP_ALIVE("FastLeaseKeepAlive", true, "renewals never wait for the store"),
    PRIORITY_REQUEST("PriorityRequest", false, "every request waits in the same queue");

    private static final String FLAG = "feature-gates";

    private final String flagName;
    private final boolean standard;
    private final String why;

    /** @param why the reason for which switching it does nothing, empty where it does something */
    FeatureGate(String flagName, boolean standard, String why) {
        this.flagName = flagName;
        this.standard = standard;
        this.why = why;
    }

    /** @throws FlagException for a gate that does not exist or a value that is neither true nor false */
    static Gates parse(FlagValues flags) {
        String given = flags.text(FLAG);
        var switches = new EnumMap<FeatureGate, Boolean>(FeatureGate.class);
        var named = new EnumMap<FeatureGate, Boolean>(FeatureGate.class);
        for (String each : given.split(",", -1)) {
            String pair = each.strip();
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw wrong(given, "missing bool value for " + pair + "; give " + pair + "=true or =false");
            }
            String name = pair.substring(0, equals).strip();
            boolean on = FlagValues.toggle(pair.substring(equals + 1).strip(), "--" + FLAG + ", " + name)
                    .equals("true");
            switch (name) {
                case "AllAlpha" -> setStage(switches, false, on);
                case "AllBeta" -> setStage(switches, true, on);
                default ->
                    named.put(
                            named(name)
                                    .orElseThrow(() -> wrong(
                                            given,
                                            "unrecognized feature gate: " + name + "; there are "
                                                    + Arrays.stream(values())
                                                            .map(gate -> gate.flagName)
                                                            .collect(Collectors.joining(", ")))),
                            on);
            }
        }
        switches.putAll(named);
        return Gates.of(switches);
    }

    /** The gates of a stage are those with its default: what is only being tried is off. */
    private static void setStage(Map<FeatureGate, Boolean> switches, boolean standard, boolean on) {
        Arrays.stream(values()).filter(gate -> gate.standard == standard).forEach(gate -> switches.put(gate, on));
    }

    private static Optional<FeatureGate> named(String name) {
        return Arrays.stream(values())
                .filter(gate -> gate.flagName.equals(name))
                .findFirst();
    }

    private static FlagException wrong(String given, String why) {
        return FlagException.syntax("invalid value \"" + given + "\" for --" + FLAG + ": " + why);
    }

    /**
     * @param on the gates that are open
     * @param warnings what is worth knowing about how they were set
     */
    public record Gates(Set<FeatureGate> on, List<String> warnings) {

        static Gates of(Map<FeatureGate, Boolean> switches) {
            Set<FeatureGate> on = Arrays.stream(values())
                    .filter(gate -> switches.getOrDefault(gate, gate.standard))
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(FeatureGate.class)));
            if (on.contains(LEASE_CHECKPOINT_PERSIST) && !on.contains(LEASE_CHECKPOINT)) {
                throw new FlagException("--" + FLAG + ": enabling feature gate LeaseCheckpointPersist requires enabling"
                        + " feature gate LeaseCheckpoint");
            }
            String idle = Arrays.stream(values())
                    .filter(gate -> !gate.why.isEmpty() && on.contains(gate) != gate.standard)
                    .map(gate -> gate.flagName + " (" + gate.why + ")")
                    .collect(Collectors.joining(", "));
            return new Gates(
                    Collections.unmodifiableSet(on),
                    idle.isEmpty() ? List.of() : List.of("feature gates without effect here: " + idle));
        }

        /** Whether a gate is open. */
        public boolean isOn(FeatureGate gate) {
            return on.contains(gate);
        }
    }
}
