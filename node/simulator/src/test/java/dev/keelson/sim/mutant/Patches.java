package dev.keelson.sim.mutant;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/** What a mutant does to a method; the bodies are copied into it, so they use nothing but the JDK. */
@SuppressWarnings("UnusedVariable") // an assignment changes the method's argument or answer
final class Patches {

    private Patches() {}

    /** The method does nothing; one that answers says false, 0 or null. */
    static final class Nothing {
        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean skip() {
            return true;
        }
    }

    /** The method does nothing and says true. */
    static final class True {
        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean skip() {
            return true;
        }

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean result) {
            result = true;
        }
    }

    /** The method lets its second argument, a member, be promoted when it is done with it. */
    static final class Promoting {
        @Advice.OnMethodExit
        static void exit(
                @Advice.This Object membership,
                @Advice.Argument(value = 0, typing = Assigner.Typing.DYNAMIC) Object batch,
                @Advice.Argument(value = 1, typing = Assigner.Typing.DYNAMIC) Object old)
                throws ReflectiveOperationException {
            Object id = old.getClass().getMethod("id").invoke(old);
            Object updated = membership.getClass().getMethod("find", long.class).invoke(membership, id);
            Object member = updated.getClass().getMethod("orElseThrow").invoke(updated);
            for (Method method : membership.getClass().getDeclaredMethods()) {
                if (method.getName().equals("promote") && member.toString().contains("learner=true")) {
                    method.setAccessible(true);
                    method.invoke(membership, batch, member);
                }
            }
        }
    }

    /** The method's first argument is the largest number. */
    static final class Endless {
        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false) long argument) {
            argument = Long.MAX_VALUE;
        }
    }

    /** The method's first argument is missing. */
    static final class Missing {
        @Advice.OnMethodEnter
        static void enter(
                @Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC) @Nullable
                        Object argument) {
            argument = null;
        }
    }

    /** The method's answer is larger by one. */
    static final class OneMore {
        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) long result) {
            result++;
        }
    }

    /** The method's answer is larger by one; for a smaller type of number. */
    static final class OneMoreInt {
        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) int result) {
            result++;
        }
    }

    /** The method's first argument is larger by one. */
    static final class FromOneLater {
        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false) long argument) {
            argument++;
        }
    }

    /** The method's second argument is smaller by three, where it can be. */
    static final class FromEarlier {
        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 1, readOnly = false) long argument) {
            argument = Math.max(1, argument - 3);
        }
    }

    /** The method's first argument is 0. */
    static final class Zero {
        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false) long argument) {
            argument = 0;
        }
    }

    /** The method's second argument is the largest number. */
    static final class Newest {
        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 1, readOnly = false) long argument) {
            argument = Long.MAX_VALUE;
        }
    }

    /** The method answers its first argument. */
    static final class WhateverIsAsked {
        @Advice.OnMethodExit
        static void exit(@Advice.Argument(0) boolean asked, @Advice.Return(readOnly = false) boolean result) {
            result = asked;
        }
    }

    /** The method says no as soon as anything has been counted. */
    static final class FullAtOnce {
        @Advice.OnMethodExit
        static void exit(@Advice.FieldValue("bytes") long bytes, @Advice.Return(readOnly = false) boolean result) {
            result &= bytes == 0;
        }
    }

    /** The first number of the bytes that the method answers is larger by one. */
    static final class OneMoreInBytes {
        @Advice.OnMethodExit
        static void exit(@Advice.Return byte[] result) {
            ByteBuffer bytes = ByteBuffer.wrap(result);
            bytes.putLong(0, bytes.getLong(0) + 1);
        }
    }

    /** The first number of the bytes that the method answers is smaller by one, where it can be. */
    static final class OneLessInBytes {
        @Advice.OnMethodExit
        static void exit(@Advice.Return byte[] result) {
            ByteBuffer bytes = ByteBuffer.wrap(result);
            bytes.putLong(0, Math.max(1, bytes.getLong(0) - 1));
        }
    }
}
