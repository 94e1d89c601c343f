package dev.windlass.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class DevicesTest {

  @Test
  void theFirstFreeOnesAreTaken() {
    Devices devices = new Devices(3);
    assertThat(devices.take(2)).containsExactly(0, 1);
    devices.giveBack(List.of(0));
    assertThat(devices.take(2)).containsExactly(0, 2);
    assertThatThrownBy(() -> devices.take(1)).isInstanceOf(AssertionError.class);
  }

  /** Too rare for the simulator: seeds that show it are thousands apart. */
  @Test
  void aDeviceThatTwoHoldIsFreeWhenBothHaveGivenItBack() {
    Devices devices = new Devices(2);
    devices.hold(List.of(0));
    devices.hold(List.of(0));
    devices.giveBack(List.of(0));
    assertThat(devices.take(1)).containsExactly(1);
    devices.giveBack(List.of(0));
    assertThat(devices.take(1)).containsExactly(0);
  }
}
