package dev.windlass.system;

import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A job of 60 instances in four levels whose programs keep a ledger themselves: each writes a line
 * when it begins and when it ends, and takes a directory of its instance meanwhile, so that two at
 * once would be noticed.
 */
final class LedgerJob {
  static final int INSTANCES = 60;

  private static final String PROGRAM =
      """
      key=$BATCH_COMPUTE_DAG_TASK_ID.$BATCH_COMPUTE_DAG_INSTANCE_ID
      mkdir "$LEDGER/running.$key" || echo "double $key" >>"$LEDGER/ledger"
      echo "start $key" >>"$LEDGER/ledger"
      sleep 0.0$((BATCH_COMPUTE_DAG_INSTANCE_ID % 9 + 1))
      echo "said by $key"
      cat in/* 2>/dev/null | cksum >"out/$key"
      echo "end $key" >>"$LEDGER/ledger"
      rmdir "$LEDGER/running.$key"
      """;

  private LedgerJob() {}

  static JobDescription description(Path ledger) {
    JobDescription.Builder job = JobDescription.builder("ledger");
    int[] counts = {25, 20, 14, 1};
    for (int level = 0; level < counts.length; level++) {
      TaskDescription.Builder task =
          TaskDescription.builder(Command.shell(PROGRAM))
              .instances(counts[level])
              .retry(RetryPolicy.NONE)
              .environment("LEDGER", ledger.toString())
              .output("out/", "oss://bucket/level" + level + "/")
              .logs("oss://bucket/logs/", "oss://bucket/logs/");
      if (level > 0) {
        task.input("oss://bucket/level" + (level - 1) + "/", "in/");
        job.dependency("level" + (level - 1), "level" + level);
      }
      job.task("level" + level, task.build());
    }
    return job.build();
  }

  /** How often each instance began, by its own account. */
  static Map<String, Integer> starts(Path ledger) throws IOException {
    Map<String, Integer> starts = new TreeMap<>();
    for (String line : lines(ledger)) {
      if (line.startsWith("start ")) {
        starts.merge(line.substring("start ".length()), 1, Integer::sum);
      }
    }
    return starts;
  }

  /** What no ledger may hold. */
  static List<String> doubles(Path ledger) throws IOException {
    return lines(ledger).stream().filter(line -> line.startsWith("double")).toList();
  }

  private static List<String> lines(Path ledger) throws IOException {
    Path file = ledger.resolve("ledger");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** The published outputs: name to content. */
  static Map<String, String> outputs(Path store) throws IOException {
    Map<String, String> outputs = new TreeMap<>();
    for (int level = 0; level < 4; level++) {
      try (Stream<Path> files = Files.list(store.resolve("bucket/level" + level))) {
        for (Path file : files.toList()) {
          outputs.put(level + "/" + file.getFileName(), Files.readString(file));
        }
      }
    }
    return outputs;
  }

  /** Processes that carry the ledger in their environment. */
  static List<String> alive(Path ledger) throws IOException {
    List<String> alive = new ArrayList<>();
    String mark = "LEDGER=" + ledger;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (read(process.resolve("environ")).contains(mark)) {
          alive.add(process.getFileName() + " " + read(process.resolve("cmdline")));
        }
      }
    }
    return alive;
  }

  /** Empty if the process has just ended. */
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
