package dev.windlass.cli;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: finds the command that is meant, and says how it ended. */
@Command(
    name = "windlass",
    description = "Runs batch workflows on this host.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = Main.Version.class,
    subcommands = {
      RunCommand.class,
      ResumeCommand.class,
      OperationCommand.Stop.class,
      OperationCommand.Pause.class,
      OperationCommand.Restart.class,
      OperationCommand.Priority.class,
      OperationCommand.Delete.class,
      JobsCommand.class,
      JobCommand.class,
      HistoryCommand.class,
      EventsCommand.class,
      WhyCommand.class,
      LogCommand.class,
      ReportCommand.class,
      ReservedCommand.class,
      ReleaseCommand.class,
      ClustersCommand.class,
      ValidateCommand.class,
      GraphCommand.class
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "    0  done; for jobs: all have finished",
      "    1  a job did not finish, or a description has faults (validate)",
      "    2  refused: wrong usage, a faulty description, no such job",
      "    3  the engine could not do its part",
      "  130  left by a second Ctrl-C, or as the terminal closed; the jobs go on",
    })
final class Main implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /**
   * The entry of the JVM.
   *
   * @param args the words of the command line
   */
  public static void main(String[] args) {
    int code = execute(args);
    System.out.flush();
    System.exit(code);
  }

  private static int execute(String[] args) {
    boolean json = List.of(args).contains("--json");
    CommandLine line = new CommandLine(new Main());
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Terminal.helpColors()));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    Failures failures = new Failures(json);
    line.setParameterExceptionHandler((e, given) -> failures.usage(explain(e)));
    line.setExecutionExceptionHandler((e, command, parsed) -> failures.handle(e));
    return line.execute(args);
  }

  private static String explain(CommandLine.ParameterException e) {
    CommandLine command = e.getCommandLine();
    String hint = "; see '" + command.getCommandSpec().qualifiedName() + " --help'";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      hint = "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }
    return e.getMessage() + hint;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
  }

  /** Tells the version of the jar this class came in. */
  static final class Version implements CommandLine.IVersionProvider {
    private static final String PROPERTIES = "/META-INF/maven/dev.windlass/cli/pom.properties";

    @Override
    public String[] getVersion() throws IOException {
      Properties properties = new Properties();
      try (InputStream in = Main.class.getResourceAsStream(PROPERTIES)) {
        if (in != null) {
          properties.load(in);
        }
      }
      return new String[] {"windlass " + properties.getProperty("version", "(not packaged)")};
    }
  }

  /** Says what went wrong: a line on standard error, or an object on standard output. */
  private record Failures(boolean json) {

    int usage(String message) {
      return say(new EngineException(ErrorCode.MALFORMED, "", message), "USAGE", ExitCode.REFUSED);
    }

    int handle(Exception e) {
      if (e instanceof UsageException) {
        return usage(Objects.requireNonNullElse(e.getMessage(), "wrong usage"));
      }
      if (e instanceof EngineException known) {
        boolean users = known.code().type() == ErrorCode.Type.USER;
        return say(known, known.code().name(), users ? ExitCode.REFUSED : ExitCode.ENGINE_FAILED);
      }
      if (!json) {
        e.printStackTrace(System.err);
      }
      EngineException defect = new EngineException(ErrorCode.INTERNAL, "", e.toString(), e);
      return say(defect, defect.code().name(), ExitCode.ENGINE_FAILED);
    }

    private int say(EngineException e, String code, int exitCode) {
      if (json) {
        Json.print(System.out, Json.error(code, e));
      } else {
        System.err.println("windlass: " + e.getMessage());
      }
      return exitCode;
    }
  }
}
