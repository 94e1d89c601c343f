package dev.windlass.executor.docker;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Makes the container of an attempt, up to the point from where it can be started. */
final class ContainerLaunch implements Launch {

  private final AttemptSpec spec;
  private final ImageChoice image;
  private final Tools tools;
  private final OwnContainer place;

  /**
   * The launch of an attempt.
   *
   * @param image in which it is to run
   * @param place where it is to run
   */
  ContainerLaunch(AttemptSpec spec, ImageChoice image, OwnContainer place, Tools tools) {
    this.spec = spec;
    this.image = image;
    this.place = place;
    this.tools = tools;
  }

  @Override
  public CompletableFuture<Supplier<Optional<Outcome>>> prepare() {
    return tools.images().prepare(image).thenApply(ready -> () -> make(ready));
  }

  /**
   * Makes the container, unless it is there.
   *
   * @return why it cannot be started; empty if it can
   * @throws DaemonSilentException if it is to be tried again; that is harmless
   */
  private Optional<Outcome> make(Images.Ready ready) {
    try {
      ContainerPlan.makeMountPoints(spec);
      OutputFiles output = OutputFiles.prepare(spec);
      place.writesTo(output);
      tools.daemon().create(ready.id(), command -> tools.plan().apply(command, spec, output));
    } catch (ConflictException e) {
      Optional<Outcome> stranger = stranger(e);
      if (stranger.isPresent()) {
        return stranger;
      }
    } catch (NotFoundException e) {
      tools.images().forget(image);
      return Optional.of(
          refused("the image '" + image.reference() + "' is gone: " + e.getMessage(), true));
    } catch (DockerException e) {
      boolean itsFault = e.getHttpStatus() >= 500;
      return Optional.of(refused("the Docker engine refused it: " + e.getMessage(), itsFault));
    } catch (IOException e) {
      return Optional.of(refused("it cannot be prepared: " + e, true));
    }
    Optional<Outcome> missing = fill();
    if (missing.isPresent()) {
      return missing;
    }
    return tools
        .programs()
        .objection(spec, place.name(), ready.id(), ready.path())
        .map(why -> refused(why, false));
  }

  /** Brings the files of the attempt into the container, where they cannot be bound. */
  private Optional<Outcome> fill() {
    if (tools.plan().bindsFiles()) {
      return Optional.empty();
    }
    try {
      tools.copies().in(place.name(), spec, place::isUnwanted);
      return Optional.empty();
    } catch (NotFoundException e) {
      return Optional.of(refused("its container was removed before it began", true));
    } catch (DockerException e) {
      return Optional.of(
          refused("its files cannot be copied into the container: " + e.getMessage(), true));
    } catch (IOException e) {
      return Optional.of(refused("its files cannot be read: " + e, true));
    }
  }

  /** A container of that name is there: ours, if the answer to an earlier create was lost. */
  private Optional<Outcome> stranger(ConflictException taken) {
    if (place.state().phase() != ContainerState.Phase.ABSENT) {
      return Optional.empty();
    }
    return Optional.of(
        refused("the container name is taken by somebody else: " + taken.getMessage(), false));
  }

  private static Outcome refused(String why, boolean retryable) {
    return new Outcome.Refused(why, retryable);
  }
}
