package dev.windlass.core.description;

import dev.windlass.error.ErrorCode;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Placement;
import java.util.Optional;

/**
 * Reads where a task runs: {@code ClusterId} or {@code AutoCluster}. Clients send an empty string
 * and an empty object for the one not used; if both are empty the engine's default cluster is
 * meant.
 */
final class PlacementReader {

  private final Fields task;

  PlacementReader(Fields task) {
    this.task = task;
  }

  Optional<Placement> read() {
    Optional<ClusterName> cluster =
        task.nonEmpty("ClusterId")
            .flatMap(
                name ->
                    task.faults()
                        .accept(
                            ErrorCode.NAME,
                            task.path().field("ClusterId"),
                            name,
                            () -> new ClusterName(name)));
    Optional<Fields> auto = task.object("AutoCluster").filter(fields -> !fields.isEmpty());
    if (auto.isEmpty()) {
      return cluster.map(Placement.OnCluster::new);
    }
    if (cluster.isPresent()) {
      String rule = "a task has either a ClusterId or an AutoCluster, not both";
      task.faults().add(ErrorCode.CONFLICT, auto.get().path(), "", rule);
    }
    return readAuto(auto.get());
  }

  private static Optional<Placement> readAuto(Fields auto) {
    Optional<String> type = auto.required("InstanceType");
    Optional<String> image = auto.nonEmpty("ImageId");
    Optional<String> ecsImage = auto.nonEmpty("ECSImageId");
    boolean reserve = auto.flag("ReserveOnFail").orElse(false);
    var kept = auto.keep(ServiceFields.AUTO_CLUSTER);
    auto.finish();
    return type.map(name -> new Placement.AutoCluster(name, image, ecsImage, reserve, kept));
  }
}
