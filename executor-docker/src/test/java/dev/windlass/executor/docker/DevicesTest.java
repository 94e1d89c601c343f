package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.DeviceRequest;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Resources;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which GPUs a container is shown. Needs no Docker engine. */
class DevicesTest {

  private static List<DeviceRequest> devices(int gpus, List<Integer> numbers) {
    AttemptId id = AttemptId.parse("job-" + "0".repeat(32) + "/t/0/1");
    return ContainerPlan.devices(
        AttemptSpec.builder(id, Path.of("/attempt"), List.of("prog"))
            .resources(Resources.cpus(1).withGpus(gpus))
            .gpuDevices(numbers)
            .build());
  }

  @Test
  void exactlyTheBookedDevicesAreShown() {
    assertThat(devices(2, List.of(0, 2)))
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.getDeviceIds()).containsExactly("0", "2");
              assertThat(request.getCount()).isNull();
            });
  }

  @Test
  void whereTheNumbersAreNotKnownTheirNumberIs() {
    assertThat(devices(2, List.of()))
        .singleElement()
        .satisfies(request -> assertThat(request.getCount()).isEqualTo(2));
  }

  @Test
  void withoutDevicesNoneAreAskedFor() {
    assertThat(devices(0, List.of())).isEmpty();
  }
}
