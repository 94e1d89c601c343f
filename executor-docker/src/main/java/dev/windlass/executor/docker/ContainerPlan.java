package dev.windlass.executor.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.DeviceRequest;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.RestartPolicy;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.NodeSpec;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.Resources;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From a specification to a container: what it may do, what it sees, what it gets. */
final class ContainerPlan {

  /** Docker refuses less. */
  private static final long LEAST_MEMORY_BYTES = 6 << 20;

  /** Docker refuses less than a hundredth of a processor. */
  private static final long LEAST_NANO_CPUS = 10_000_000;

  private static final long NANO_CPUS_PER_MILLI = 1_000_000;

  private final DockerExecutorConfig config;
  private final Labels labels;
  private final Accounting accounting;
  private final long mostNanoCpus;
  private final boolean sharedFiles;

  /**
   * Plans for containers of an executor.
   *
   * @param processors how many the Docker engine has
   * @param sharedFiles true if files of this host are bound into containers; otherwise they are
   *     copied
   */
  ContainerPlan(
      DockerExecutorConfig config,
      Labels labels,
      Accounting accounting,
      int processors,
      boolean sharedFiles) {
    this.sharedFiles = sharedFiles;
    this.config = config;
    this.labels = labels;
    this.accounting = accounting;
    this.mostNanoCpus = processors * 1_000_000_000L;
  }

  /** True if files of this host are bound into containers, false if they are to be copied. */
  boolean bindsFiles() {
    return sharedFiles;
  }

  /** Fills in everything but the image. */
  CreateContainerCmd apply(CreateContainerCmd command, AttemptSpec spec, OutputFiles output) {
    config.user().or(Host::user).ifPresent(command::withUser);
    return command
        .withName(labels.name(spec.id()))
        .withLabels(labels.of(spec, output, sharedFiles ? List.of() : Returning.of(spec)))
        // Both, so that nothing of the image's own command is left.
        .withEntrypoint(spec.arguments())
        .withCmd(List.of())
        .withEnv(variables(spec.environment()))
        .withWorkingDir(spec.workDirectory().toString())
        .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
        .withHostConfig(host(spec));
  }

  /** Fills in everything for a node but the image and its command. */
  CreateContainerCmd apply(CreateContainerCmd command, NodeSpec spec, List<Path> shown) {
    config.user().or(Host::user).ifPresent(command::withUser);
    HostConfig host =
        host(shown.stream().map(path -> bind(path, path, false)).toList())
            .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE));
    limit(host, spec.capacity());
    return command
        .withName(labels.node(spec.name()))
        .withEntrypoint(NodeProgram.KEEP)
        .withCmd(List.of())
        .withLabels(labels.ofNode(spec.name()))
        .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
        .withHostConfig(host);
  }

  private HostConfig host(AttemptSpec spec) {
    List<Mount> mounts = sharedFiles ? mounts(spec) : List.of();
    HostConfig host = host(mounts).withLogConfig(Output.driver(config.outputLimitBytes()));
    accounting.parent(spec.id()).ifPresent(host::withCgroupParent);
    limit(host, spec.resources());
    host.withDeviceRequests(devices(spec));
    return host;
  }

  private HostConfig host(List<Mount> mounts) {
    HostConfig host =
        HostConfig.newHostConfig()
            .withPrivileged(false)
            .withCapDrop(Capability.ALL)
            .withSecurityOpts(List.of("no-new-privileges"))
            .withPidsLimit(config.pidsLimit())
            // An init as pid 1: the kernel shields pid 1 from signals that it does not handle.
            .withInit(true)
            .withAutoRemove(false)
            .withRestartPolicy(RestartPolicy.noRestart())
            .withReadonlyRootfs(config.readOnlyRoot())
            .withMounts(mounts);
    if (config.readOnlyRoot()) {
      host.withTmpFs(Map.of("/tmp", "rw,nosuid,nodev,mode=1777"));
    }
    config.network().ifPresent(host::withNetworkMode);
    return host;
  }

  private void limit(HostConfig host, Resources booked) {
    if (booked.memoryBytes() > 0) {
      long bytes = Math.max(LEAST_MEMORY_BYTES, booked.memoryBytes());
      // The sum of memory and swap: equal means no swap.
      host.withMemory(bytes).withMemorySwap(bytes);
    }
    if (booked.cpuMillis() > 0) {
      long nanos = booked.cpuMillis() * NANO_CPUS_PER_MILLI;
      host.withNanoCPUs(Math.min(mostNanoCpus, Math.max(LEAST_NANO_CPUS, nanos)));
    }
  }

  /**
   * Shows the container the devices that were booked, and no others. It numbers them from 0 on, so
   * nothing needs to tell it which of the host's they are.
   */
  static List<DeviceRequest> devices(AttemptSpec spec) {
    if (spec.resources().gpus() == 0) {
      return List.of();
    }
    DeviceRequest request = new DeviceRequest().withCapabilities(List.of(List.of("gpu")));
    List<String> ids = spec.gpuDevices().stream().map(String::valueOf).toList();
    return List.of(
        ids.isEmpty() ? request.withCount(spec.resources().gpus()) : request.withDeviceIds(ids));
  }

  private static List<String> variables(Map<String, String> environment) {
    return environment.entrySet().stream()
        .map(variable -> variable.getKey() + "=" + variable.getValue())
        .toList();
  }

  private static List<Mount> mounts(AttemptSpec spec) {
    List<Mount> mounts = new ArrayList<>();
    mounts.add(bind(spec.workDirectory(), spec.workDirectory(), false));
    for (PathBinding binding : spec.bindings()) {
      mounts.add(bind(binding.host(), Returning.target(spec, binding), binding.readOnly()));
    }
    return mounts;
  }

  /** A mount and not one of the older binds, which make a directory where the source is missing. */
  private static Mount bind(Path source, Path target, boolean readOnly) {
    return new Mount()
        .withType(MountType.BIND)
        .withSource(source.toString())
        .withTarget(target.toString())
        .withReadOnly(readOnly);
  }

  /**
   * Makes the places below the working directory over which something is bound. Docker would make
   * them too, but as root, and a host that is not root could not remove them.
   *
   * @throws IOException if one cannot be made, or leads out of the working directory
   */
  static void makeMountPoints(AttemptSpec spec) throws IOException {
    Path work = spec.workDirectory();
    for (PathBinding binding : spec.bindings()) {
      Path target = work.resolve(binding.program());
      if (target.startsWith(work) && !target.equals(work)) {
        Path place = work;
        for (Path part : work.relativize(target)) {
          place = place.resolve(part);
          if (Files.isSymbolicLink(place)) {
            throw new FileSystemException(
                place.toString(), null, "a symbolic link cannot be bound over");
          }
          boolean last = place.equals(target);
          makeMountPoint(place, last && !Files.isDirectory(binding.host()));
        }
      }
    }
  }

  private static void makeMountPoint(Path place, boolean asFile) throws IOException {
    if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      if (asFile) {
        Files.createFile(place);
      } else {
        Files.createDirectory(place);
      }
    }
  }
}
