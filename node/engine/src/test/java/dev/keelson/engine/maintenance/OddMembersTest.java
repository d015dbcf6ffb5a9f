package dev.keelson.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.mvcc.HashKvResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OddMembersTest {

    /** @param text a letter for each member, the leader's first: equal letters for equal hashes, - for one who cannot be compared */
    private static List<Long> odd(String text, int membersTotal) {
        var others = new HashMap<Long, HistoryHash>();
        for (int at = 1; at < text.length(); at++) {
            char letter = text.charAt(at);
            others.put((long) at + 1, letter == '-' ? hash('A', 3) : hash(letter, 5));
        }
        return OddMembers.find(Map.entry(1L, hash(text.charAt(0), 5)), others, membersTotal);
    }

    private static HistoryHash hash(char letter, long compactRevision) {
        return new HistoryHash(new HashKvResult(letter, compactRevision, 9), 9);
    }

    @ParameterizedTest
    @CsvSource({
        "A,     1, ''",
        "AA,    2, ''",
        "AAA,   3, ''",
        "A-A,   3, ''",
        "A,     3, ''",
        "AB,    2, 0",
        "AAB,   3, 3",
        "ABB,   3, 1",
        "ABC,   3, 0",
        "A-B,   3, 0",
        "AABB-, 5, 0",
        "AAABC, 5, '4,5'",
        "ABBBC, 5, '1,5'",
        "AB,    5, 0",
    })
    void theMinorityIsOddAndWithoutAMajorityAnybodyMayBe(String hashes, int membersTotal, String odd) {
        assertThat(String.join(
                        ",",
                        odd(hashes, membersTotal).stream().map(String::valueOf).toList()))
                .isEqualTo(odd);
    }
}
