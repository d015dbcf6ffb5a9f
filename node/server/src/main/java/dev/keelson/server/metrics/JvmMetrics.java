package dev.keelson.server.metrics;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.concurrent.TimeUnit;

/** What the virtual machine says of itself, under the names that Prometheus' own Java client gives. */
public final class JvmMetrics implements MetricSource {

    @Override
    public void collect(Exposition out) {
        memory(out);
        collectors(out);
        out.gauge(
                "jvm_threads_current",
                "Threads that live.",
                ManagementFactory.getThreadMXBean().getThreadCount());
        out.gauge(
                "jvm_classes_currently_loaded",
                "Classes that are loaded.",
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
        out.samples("jvm_runtime_info", Exposition.Type.GAUGE, "1 for the virtual machine.")
                .add(
                        Labels.of("runtime", System.getProperty("java.runtime.name", ""))
                                .and("vendor", System.getProperty("java.vm.vendor", ""))
                                .and("version", System.getProperty("java.runtime.version", "")),
                        1);
    }

    private static void memory(Exposition out) {
        var memory = ManagementFactory.getMemoryMXBean();
        area("heap", memory.getHeapMemoryUsage(), out);
        area("nonheap", memory.getNonHeapMemoryUsage(), out);
        var pools = out.samples("jvm_buffer_pool_used_bytes", Exposition.Type.GAUGE, "Memory outside the heap in use.");
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .sorted((a, b) -> a.getName().compareTo(b.getName()))
                .forEach(pool -> pools.add(Labels.of("pool", pool.getName()), pool.getMemoryUsed()));
    }

    private static void area(String name, MemoryUsage usage, Exposition out) {
        Labels area = Labels.of("area", name);
        out.samples("jvm_memory_used_bytes", Exposition.Type.GAUGE, "Memory in use.")
                .add(area, usage.getUsed());
        out.samples("jvm_memory_committed_bytes", Exposition.Type.GAUGE, "Memory taken from the system.")
                .add(area, usage.getCommitted());
        out.samples("jvm_memory_max_bytes", Exposition.Type.GAUGE, "Memory that may be taken, -1 without a bound.")
                .add(area, usage.getMax());
    }

    private static void collectors(Exposition out) {
        var pauses =
                out.samples("jvm_gc_collection_seconds", Exposition.Type.SUMMARY, "Time spent collecting garbage.");
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            double seconds = collector.getCollectionTime() / (double) TimeUnit.SECONDS.toMillis(1);
            pauses.add(Labels.of("gc", collector.getName()), seconds, collector.getCollectionCount());
        }
    }
}
