package dev.keelson.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The file of the operator's rights, which the chart takes over. */
final class RightsTest {
    @Test
    void secretsAreReadByNameAndNothingIsAllowedByAStar() throws IOException {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        List<JsonNode> rules = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                yaml.readerFor(JsonNode.class).readValues(Path.of("rbac.yaml").toFile())) {
            documents.forEachRemaining(document -> document.get("rules").forEach(rules::add));
        }

        assertThat(rules)
                .hasSizeGreaterThan(5)
                .noneMatch(rule -> rule.toString().contains("*"));
        assertThat(rules)
                .filteredOn(rule -> rule.get("resources").toString().contains("secrets"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.get("verbs").toString()).doesNotContain("list", "watch", "delete"));
    }
}
