package dev.keelson.server.log;

/**
 * When a log file gives way to a new one, and what becomes of the old ones.
 *
 * @param bytesMax size that no file passes, unless a single line does
 * @param daysMax age from which on an old one is deleted, 0 for never
 * @param backupsMax how many old ones are kept, 0 for all
 * @param localTime whether old ones are named by the time of this place, else by UTC
 * @param compressed whether old ones are packed with gzip
 */
public record Rotation(long bytesMax, int daysMax, int backupsMax, boolean localTime, boolean compressed) {}
