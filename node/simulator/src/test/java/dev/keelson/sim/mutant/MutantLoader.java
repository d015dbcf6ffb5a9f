package dev.keelson.sim.mutant;

import dev.keelson.sim.world.Journal;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/** Loads everything of Keelson anew, one method of it changed. */
final class MutantLoader extends ClassLoader {

    private static final String OURS = "dev.keelson.";

    private final Mutant mutant;
    private final ClassFileLocator classFiles = ClassFileLocator.ForClassLoader.of(MutantLoader.class.getClassLoader());

    MutantLoader(Mutant mutant) {
        super(MutantLoader.class.getClassLoader());
        this.mutant = mutant;
    }

    /** Runs a seed on the changed code; what was violated, null when nothing was. */
    @Nullable
    Throwable run(long seed) throws ReflectiveOperationException {
        Class<?> journal = loadClass(Journal.class.getName());
        Object none = journal.getField("NONE").get(null);
        try {
            Object result = loadClass("dev.keelson.sim.Simulation")
                    .getMethod("run", long.class, journal)
                    .invoke(null, seed, none);
            return result == null ? new IllegalStateException("no result") : null;
        } catch (InvocationTargetException violation) {
            return violation.getCause();
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            if (!name.startsWith(OURS)) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try {
            byte[] bytes = name.equals(OURS + mutant.type()) ? mutated(name) : original(name);
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException failure) {
            throw new ClassNotFoundException(name, failure);
        }
    }

    private byte[] original(String name) throws IOException, ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        }
    }

    private byte[] mutated(String name) {
        TypeDescription type = TypePool.Default.of(classFiles).describe(name).resolve();
        var method = ElementMatchers.<net.bytebuddy.description.method.MethodDescription>named(mutant.method())
                .and(ElementMatchers.takesArguments(mutant.parameters()));
        if (type.getDeclaredMethods().filter(method).isEmpty()) {
            throw new IllegalArgumentException("no method " + mutant.method() + " in " + name);
        }
        return new ByteBuddy()
                .redefine(type, classFiles)
                .visit(Advice.to(mutant.patch()).on(method))
                .make()
                .getBytes();
    }
}
