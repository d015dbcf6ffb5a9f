package dev.keelson.sim.mutant;

import dev.keelson.sim.world.Journal;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/** Loads everything of Keelson anew, one method of it changed. */
final class MutantLoader extends ClassLoader {

    private static final String OURS = "dev.keelson.";

    private final Mutant mutant;
    private final ClassFileLocator classFiles = ClassFileLocator.ForClassLoader.of(MutantLoader.class.getClassLoader());

    /** @throws IllegalArgumentException when there is no such method: a mutant that is none would pass for one found */
    MutantLoader(Mutant mutant) {
        super(MutantLoader.class.getClassLoader());
        this.mutant = mutant;
        if (mutated().getDeclaredMethods().filter(method()).isEmpty()) {
            throw new IllegalArgumentException("no method " + mutant.method() + " in " + mutant.type());
        }
    }

    private TypeDescription mutated() {
        return TypePool.Default.of(classFiles).describe(OURS + mutant.type()).resolve();
    }

    private ElementMatcher<MethodDescription> method() {
        return ElementMatchers.<MethodDescription>named(mutant.method())
                .and(ElementMatchers.takesArguments(mutant.parameters()));
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
            byte[] bytes = name.equals(OURS + mutant.type()) ? changed() : original(name);
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

    private byte[] changed() {
        return new ByteBuddy()
                .redefine(mutated(), classFiles)
                .visit(Advice.to(mutant.patch()).on(method()))
                .make()
                .getBytes();
    }
}
