package dev.keelson.operator.api;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/** Where members may run. */
public record SchedulingSpec(
        @Default("Required") Preference hostAntiAffinity,
        @Default("Preferred") Preference zoneSpread,
        @Size(max = 32) Map<String, String> nodeSelector,
        @Size(max = 32) List<Toleration> tolerations,
        @Size(max = 253) String priorityClassName) {

    static final SchedulingSpec DEFAULTS =
            new SchedulingSpec(Preference.Required, Preference.Preferred, Map.of(), List.of(), "");

    public SchedulingSpec {
        hostAntiAffinity = Absent.or(hostAntiAffinity, Preference.Required);
        zoneSpread = Absent.or(zoneSpread, Preference.Preferred);
        nodeSelector = Absent.orEmpty(nodeSelector);
        tolerations = Absent.orEmpty(tolerations);
        priorityClassName = Absent.or(priorityClassName, "");
    }

    /** How much a rule of placement counts. */
    public enum Preference {
        Required,
        Preferred,
        None
    }
}
