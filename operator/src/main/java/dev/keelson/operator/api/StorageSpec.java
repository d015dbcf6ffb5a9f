package dev.keelson.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The volume of each member, and what becomes of it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.storageClassName) == has(oldSelf.storageClassName)"
                + " && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
        message = "the storage class of a cluster cannot change; make a new cluster and move the data")
@ValidationRule(
        value = "quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0",
        message = "a volume cannot shrink; leave its size as it is, or make it larger",
        fieldPath = ".size")
public record StorageSpec(
        @Default("8Gi") @Size(max = 24) @Pattern("^[1-9][0-9]*(\\.[0-9]+)?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$")
        String size,

        @Size(max = 253) @Nullable String storageClassName,
        @Default("Delete") Fate onScaleIn,
        @Default("Retain") Fate onClusterDeletion) {

    static final StorageSpec DEFAULTS = new StorageSpec("8Gi", null, Fate.Delete, Fate.Retain);

    public StorageSpec {
        size = Absent.or(size, "8Gi");
        onScaleIn = Absent.or(onScaleIn, Fate.Delete);
        onClusterDeletion = Absent.or(onClusterDeletion, Fate.Retain);
    }

    /** What becomes of a volume that nobody uses any longer. */
    public enum Fate {
        Delete,
        Retain
    }
}
