package dev.keelson.sim.mutant;

/**
 * A bug in one method of the production code.
 *
 * @param bug what is wrong, with the number of the etcd issue it is like
 * @param type the class, below {@code dev.keelson}
 * @param method its name
 * @param parameters how many parameters it has
 * @param patch one of {@link Patches}
 * @param first the seed to begin with
 */
record Mutant(String bug, String type, String method, int parameters, Class<?> patch, long first) {

    @Override
    public String toString() {
        return bug;
    }
}
