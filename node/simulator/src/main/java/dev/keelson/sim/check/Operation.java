package dev.keelson.sim.check;

/**
 * One request of a client and what became of it, as the client saw it.
 *
 * @param client whose it was; a client has one request under way at a time
 * @param session the client's connection to one member, within which serializable reads must not go back; 0 for none
 * @param invoked when it was sent, on the one clock of the history
 * @param returned when its outcome was known; {@link Long#MAX_VALUE} when it never was
 */
public record Operation(int client, long session, long invoked, long returned, Request request, Outcome outcome) {}
