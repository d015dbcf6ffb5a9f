package dev.keelson.engine.maintenance;

/** What is wrong when an alarm is raised; stored by name, and in the log by place. */
public enum AlarmType {
    /** Nothing in particular: asks for alarms of every kind, and is never raised. */
    NONE,
    /** A member has no room for more data. */
    NOSPACE,
    /** A member's data differ from those of the others. */
    CORRUPT
}
