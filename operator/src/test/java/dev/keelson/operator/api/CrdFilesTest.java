package dev.keelson.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files in {@code crds/} are what the records say. {@code -Dcrds.rewrite=true} writes them anew; a difference is committed
 * only when it can be explained.
 */
final class CrdFilesTest {
    private static final Path FILES = Path.of("..", "crds");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS));

    /** Lists whose items have a key of their own, which the generator cannot say. */
    private static final Map<String, String> KEYED = Map.of("conditions", "type", "memberStatuses", "name");

    private static final List<String> COLUMNS = List.of(
            "Cluster",
            "Ready",
            "Id",
            "Role",
            "Healthy",
            "Leaving",
            "Wanted",
            "Members",
            "Version",
            "Leader",
            "Phase",
            "Age",
            "Next step",
            "Waits for");

    @TempDir
    private Path generated;

    @Test
    void theFilesAreWhatTheRecordsSay() throws IOException {
        new CRDGenerator()
                .customResourceClasses(KeelsonCluster.class, KeelsonMember.class)
                .forCRDVersions("v1")
                .inOutputDir(generated.toFile())
                .detailedGenerate();
        for (String plural : List.of("keelsonclusters", "keelsonmembers")) {
            String text = finished(generated.resolve(plural + ".keelson.dev-v1.yml"));
            Path file = FILES.resolve(plural + ".keelson.dev.yaml");
            if (Boolean.getBoolean("crds.rewrite")) {
                Files.writeString(file, text);
            }
            assertThat(Files.readString(file)).as(file.toString()).isEqualTo(text);
        }
    }

    private static String finished(Path raw) throws IOException {
        JsonNode crd = YAML.readTree(raw.toFile());
        for (JsonNode version : crd.at("/spec/versions")) {
            ordered((ArrayNode) version.get("additionalPrinterColumns"));
            keyed(version.at("/schema/openAPIV3Schema/properties/status/properties"));
        }
        return "# Generated from the records in operator/src/main/java; see CrdFilesTest.\n"
                + YAML.writeValueAsString(crd);
    }

    /** As a reader wants them; the generator sorts them by path. */
    private static void ordered(ArrayNode columns) {
        List<JsonNode> sorted = new ArrayList<>();
        columns.forEach(sorted::add);
        sorted.sort(Comparator.comparingInt(
                column -> COLUMNS.indexOf(column.get("name").asText())));
        columns.removeAll().addAll(sorted);
    }

    private static void keyed(JsonNode properties) {
        KEYED.forEach((list, key) -> {
            if (properties.get(list) instanceof ObjectNode schema) {
                schema.put("x-kubernetes-list-type", "map");
                schema.putArray("x-kubernetes-list-map-keys").add(key);
                ObjectNode items = (ObjectNode) schema.get("items");
                ArrayNode required = items.putArray("required");
                required.add(key);
            }
        });
    }
}
