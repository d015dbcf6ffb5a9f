package dev.keelson.operator.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Iterator;
import java.util.Map;

/** Compares what is there with what is wanted, blind to what the server added by itself. */
final class Containment {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Containment() {}

    /** Whether {@code found} says all that {@code wanted} says. */
    static boolean contains(HasMetadata found, HasMetadata wanted) {
        return contains(JSON.valueToTree(found), JSON.<JsonNode>valueToTree(wanted));
    }

    private static boolean contains(JsonNode found, JsonNode wanted) {
        if (wanted.isObject()) {
            Iterator<Map.Entry<String, JsonNode>> fields = wanted.fields();
            while (fields.hasNext()) {
                Map.Entry<String, JsonNode> field = fields.next();
                JsonNode value = field.getValue();
                if (!isEmpty(value) && !contains(found.path(field.getKey()), value)) {
                    return false;
                }
            }
            return true;
        }
        if (wanted.isArray()) {
            if (!found.isArray() || found.size() != wanted.size()) {
                return false;
            }
            for (int i = 0; i < wanted.size(); i++) {
                if (!contains(found.get(i), wanted.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return found.asText().equals(wanted.asText());
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isNull() || value.isContainerNode() && value.isEmpty();
    }
}
