package dev.windlass.testkit.executor;

import dev.windlass.error.ErrorCode;
import dev.windlass.executor.Executor;
import dev.windlass.executor.FunctionExecutor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FunctionExecutorContractTest extends ExecutorContract {

  @Override
  protected Executor create() {
    return FunctionExecutor.builder("functions")
        .function("script", FunctionExecutorContractTest::runScript)
        .build();
  }

  private static int runScript(FunctionExecutor.FunctionRun run) throws Exception {
    List<String> given = run.arguments();
    return ScriptInterpreter.run(
        Script.decode(given.get(0), given.subList(1, given.size())),
        new ScriptInterpreter.Surroundings(
            run.workDirectory(), run.environment(), run.stdout(), run.stderr()));
  }

  @Override
  protected List<String> command(Script script) {
    return Stream.concat(Stream.of("script", script.encode()), script.arguments().stream())
        .toList();
  }

  @Test
  void aFunctionThatIsNotThereIsRefused() {
    Attempt attempt = rig().launch(rig().attempt(List.of("unknown")));
    assertRefused(attempt, "there is no such function", ErrorCode.CANNOT_START);
  }
}
