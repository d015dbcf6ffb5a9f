package dev.keelson.operator.status;

/** A part of a pass that was not done, and why. */
public record Failure(Kind kind, String part, String message) {
    /** What the part is about; users look in different places for each. */
    public enum Kind {
        /** What protects connections. */
        CERTIFICATES,
        /** What stands around the members: Services, budget, what applications read. */
        SURROUNDINGS,
        /** A step of the plan. */
        STEP,
        /** A member that does not run, in the words of its kubelet or of the scheduler. */
        MEMBER,
        /** What is shown to users. */
        REPORT
    }

    @Override
    public String toString() {
        return part + ": " + message;
    }
}
