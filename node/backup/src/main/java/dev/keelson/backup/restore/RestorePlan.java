package dev.keelson.backup.restore;

import dev.keelson.backup.archive.Stretch;
import dev.keelson.backup.full.Manifest;

/**
 * How to come to a moment.
 *
 * @param base the full backup to begin with
 * @param stretch what leads on from it
 * @param end where to stop; below the revision of the backup to cut its own history off
 */
public record RestorePlan(Manifest base, Stretch stretch, Stretch.End end) {}
