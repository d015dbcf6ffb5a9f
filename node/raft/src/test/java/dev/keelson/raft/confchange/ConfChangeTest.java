package dev.keelson.raft.confchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.raft.InvariantViolation;
import dev.keelson.raft.confchange.ConfChange.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConfChangeTest {

    private static final ConfState BEFORE = new ConfState(List.of(1L, 2L, 3L), List.of(), List.of(4L));

    @ParameterizedTest
    @CsvSource({
        "NONE, 1, '1 2 3', '4'",
        "UPDATE, 4, '1 2 3', '4'",
        "ADD_VOTER, 5, '1 2 3 5', '4'",
        "ADD_VOTER, 4, '1 2 3 4', ''",
        "ADD_VOTER, 2, '1 2 3', '4'",
        "ADD_LEARNER, 5, '1 2 3', '4 5'",
        "ADD_LEARNER, 2, '1 3', '2 4'",
        "REMOVE, 2, '1 3', '4'",
        "REMOVE, 4, '1 2 3', ''",
        "REMOVE, 9, '1 2 3', '4'",
    })
    void aChangeMovesAtMostOneMember(Kind kind, long id, String voters, String learners) {
        ConfState after = ConfChanger.apply(BEFORE, new ConfChange(kind, id, new byte[0]));
        assertThat(after).isEqualTo(new ConfState(ids(voters), List.of(), ids(learners)));
    }

    private static List<Long> ids(String text) {
        return text.isEmpty()
                ? List.of()
                : List.of(text.split(" ")).stream().map(Long::valueOf).toList();
    }

    @Test
    void theLastVoterCanNeitherLeaveNorBecomeALearner() {
        ConfState alone = ConfState.ofVoters(List.of(1L));
        assertThatThrownBy(() -> ConfChanger.apply(alone, new ConfChange(Kind.REMOVE, 1, new byte[0])))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> ConfChanger.apply(alone, new ConfChange(Kind.ADD_LEARNER, 1, new byte[0])))
                .isInstanceOf(InvariantViolation.class);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anEncodedChangeReadsBack(Kind kind) {
        var change = new ConfChange(kind, -7L, "urls".getBytes(StandardCharsets.UTF_8));
        ConfChange read = ConfChange.decode(change.encode());
        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.id()).isEqualTo(-7L);
        assertThat(read.context()).isEqualTo(change.context());
    }

    @Test
    void damagedBytesAreRefused() {
        assertThatThrownBy(() -> ConfChange.decode(new byte[8])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ConfChange.decode(new byte[] {99, 0, 0, 0, 0, 0, 0, 0, 1}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
