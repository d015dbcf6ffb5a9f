package dev.keelson.operator.execute;

import dev.keelson.operator.api.Labels;
import dev.keelson.operator.dependent.SpecHash;
import dev.keelson.operator.observe.MemberObservation;
import dev.keelson.operator.observe.MemberObservation.Trouble;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads out of a Pod what the kubelet and the scheduler say about it. */
final class PodReading {
    private static final Set<String> IMAGE = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "CreateContainerConfigError",
            "CreateContainerError");

    private PodReading() {}

    static MemberObservation.Pod pod(Pod pod) {
        String phase = Objects.requireNonNullElse(status(pod).getPhase(), "");
        PodCondition ready = condition(pod, "Ready");
        Map<String, String> annotations =
                Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
        return new MemberObservation.Pod(
                pod.getMetadata().getUid(),
                status(pod).getPodIP(),
                phase.equals("Failed") || phase.equals("Succeeded"),
                pod.getMetadata().getDeletionTimestamp() != null,
                ready != null && "True".equals(ready.getStatus()),
                trouble(pod),
                SpecHash.parse(annotations.getOrDefault(Labels.HASH, "")),
                pod.getMetadata().getLabels().getOrDefault(Labels.ROLE, ""),
                version(pod));
    }

    /** Whether the member serves, in the eyes of its kubelet. */
    static boolean isReady(Pod pod) {
        PodCondition ready = condition(pod, "Ready");
        return ready != null && "True".equals(ready.getStatus()) && status(pod).getPodIP() != null;
    }

    /** The tag of the image, by which the operator made the Pod. */
    private static String version(Pod pod) {
        String image = pod.getSpec().getContainers().getFirst().getImage();
        return image.substring(image.lastIndexOf(':') + 1);
    }

    /** Since when the Pod has not been ready, or has been on its way out. */
    static @Nullable Instant unreadySince(Pod pod) {
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return Instant.parse(pod.getMetadata().getDeletionTimestamp());
        }
        PodCondition ready = condition(pod, "Ready");
        if (ready == null) {
            String created = pod.getMetadata().getCreationTimestamp();
            return created == null ? null : Instant.parse(created);
        }
        boolean isReady = "True".equals(ready.getStatus());
        return isReady || ready.getLastTransitionTime() == null ? null : Instant.parse(ready.getLastTransitionTime());
    }

    private static Trouble trouble(Pod pod) {
        if ("NodeLost".equals(status(pod).getReason())) {
            return Trouble.NODE_LOST;
        }
        PodCondition scheduled = condition(pod, "PodScheduled");
        if (scheduled != null && "Unschedulable".equals(scheduled.getReason())) {
            return Trouble.UNSCHEDULABLE;
        }
        List<ContainerStatus> containers =
                Objects.requireNonNullElse(status(pod).getContainerStatuses(), List.of());
        for (ContainerStatus container : containers) {
            Trouble trouble = trouble(container);
            if (trouble != Trouble.NONE) {
                return trouble;
            }
        }
        PodCondition ready = condition(pod, "Ready");
        boolean silent = ready != null && "Unknown".equals(ready.getStatus());
        return silent ? Trouble.NODE_LOST : Trouble.NONE;
    }

    private static Trouble trouble(ContainerStatus container) {
        ContainerState now = container.getState();
        ContainerState before = container.getLastState();
        String waits =
                now == null || now.getWaiting() == null ? "" : now.getWaiting().getReason();
        boolean tooLarge = before != null
                && before.getTerminated() != null
                && "OOMKilled".equals(before.getTerminated().getReason());
        if (waits != null && IMAGE.contains(waits)) {
            return Trouble.IMAGE;
        }
        if ("CrashLoopBackOff".equals(waits)) {
            return tooLarge ? Trouble.OUT_OF_MEMORY : Trouble.CRASH;
        }
        return Trouble.NONE;
    }

    /** Why the Pod does not run, in the words of the scheduler or the kubelet; null while nothing keeps it from running. */
    static @Nullable String complaint(Pod pod) {
        PodCondition scheduled = condition(pod, "PodScheduled");
        if (scheduled != null && "Unschedulable".equals(scheduled.getReason())) {
            return "no node takes it: " + scheduled.getMessage();
        }
        List<ContainerStatus> containers =
                Objects.requireNonNullElse(status(pod).getContainerStatuses(), List.of());
        return containers.stream()
                .filter(container -> trouble(container) != Trouble.NONE)
                .map(container -> container.getState().getWaiting())
                .map(waiting -> waiting.getReason() + ": " + waiting.getMessage())
                .findFirst()
                .orElse(null);
    }

    /** A Pod that was just made may have none yet. */
    private static PodStatus status(Pod pod) {
        return Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
    }

    private static @Nullable PodCondition condition(Pod pod, String type) {
        List<PodCondition> conditions = Objects.requireNonNullElse(status(pod).getConditions(), List.of());
        return conditions.stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElse(null);
    }
}
