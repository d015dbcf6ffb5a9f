package dev.keelson.engine;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes sure that a unit of work runs once more after each {@link #request}, without queueing it more than once.
 *
 * <p>The flag is lowered before the unit looks at its queues, so an item that arrives while it runs asks for another
 * turn; lowering it afterwards would lose the item that came between the last look and the lowering.
 *
 * <p>Thread rule: {@link #request} from any thread; the unit runs on the worker only.
 */
public final class Turn {

    private final Worker worker;
    private final Runnable unit;
    private final AtomicBoolean requested = new AtomicBoolean();

    public Turn(Worker worker, Runnable work) {
        this.worker = worker;
        this.unit = () -> {
            requested.set(false);
            work.run();
        };
    }

    /** Asks for one more run; cheap when one is already due. */
    public void request() {
        if (!requested.get() && requested.compareAndSet(false, true)) {
            worker.execute(unit);
        }
    }
}
