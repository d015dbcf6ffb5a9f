package dev.keelson.sim.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultAtlasTest {

    @Test
    void aMinorityMayBeDamagedAndNoMore() {
        var atlas = new FaultAtlas(List.of(1L, 2L, 3L, 4L, 5L));
        atlas.damaged(2);
        atlas.damaged(5);

        assertThat(atlas.mayDamage(1)).isFalse();
        assertThat(atlas.mayDamage(2)).as("more damage to one that is damaged").isTrue();
        assertThatIllegalStateException().isThrownBy(() -> atlas.damaged(1)).withMessageContaining("[2, 5]");

        atlas.restored(5);

        assertThat(atlas.mayDamage(1)).isTrue();
    }

    @Test
    void noneOfOneOrTwoMayBeDamaged() {
        assertThat(new FaultAtlas(List.of(1L)).mayDamage(1)).isFalse();
        assertThat(new FaultAtlas(List.of(1L, 2L)).mayDamage(2)).isFalse();
        assertThat(new FaultAtlas(List.of(1L, 2L, 3L, 4L)).mayDamage(2)).isTrue();
    }

    @Test
    void theDisksShareIt() {
        var atlas = new FaultAtlas(List.of(1L, 2L, 3L));

        assertThat(atlas.budget(1).claim()).isTrue();
        assertThat(atlas.budget(2).claim()).isFalse();
        assertThat(atlas.isWhole(1)).isFalse();

        atlas.removed(1);

        assertThat(atlas.budget(2).claim()).as("somebody may still count on 1").isFalse();

        atlas.configure(List.of(2L, 3L, 4L), List.of());

        assertThat(atlas.budget(2).claim()).isTrue();
    }

    @Test
    void twoSetsThatDecideTogetherMustBothKeepAMajority() {
        var atlas = new FaultAtlas(List.of(1L, 2L, 3L));
        atlas.configure(List.of(3L, 4L, 5L), List.of(1L, 2L, 3L));
        atlas.damaged(1);

        assertThat(atlas.mayDamage(2)).isFalse();
        assertThat(atlas.mayDamage(3)).isFalse();
        assertThat(atlas.mayDamage(4)).isTrue();
    }

    @Test
    void aDamagedMemberWithoutVoteCountsAsIfItHadOne() {
        var atlas = new FaultAtlas(List.of(1L, 2L, 3L));
        atlas.damaged(9);

        assertThat(atlas.mayDamage(1)).isFalse();
    }
}
