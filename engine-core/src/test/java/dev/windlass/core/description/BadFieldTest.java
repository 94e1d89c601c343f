package dev.windlass.core.description;

import static dev.windlass.core.description.Documents.assertFault;
import static dev.windlass.core.description.Documents.faultsOf;
import static dev.windlass.core.description.Documents.withDag;
import static dev.windlass.core.description.Documents.withField;
import static dev.windlass.core.description.Documents.withTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.core.graph.FieldPath;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadFieldTest {

  private static final Set<ErrorCode> REFUSALS = Set.of(ErrorCode.TYPE, ErrorCode.REQUIRED);

  @Test
  void anUnknownFieldIsRefusedWithTheNearestName() {
    List<Fault> faults = faultsOf(withField("\"Timout\":1,\"zzzzzzzzz\":{\"secret\":1}"));
    assertThat(faults).extracting(Fault::code).containsOnly(ErrorCode.UNKNOWN_FIELD);
    assertThat(faults.get(0).rule()).contains("did you mean 'Timeout'?");
    assertThat(faults.get(1).rule()).doesNotContain("did you mean");
    assertThat(faults.get(1).value()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$.X",
        "$.DAG.X",
        "$.DAG.Tasks.one.X",
        "$.DAG.Tasks.one.Parameters.X",
        "$.DAG.Tasks.one.Parameters.Command.X",
        "$.DAG.Tasks.one.Parameters.Command.Docker.X",
        "$.DAG.Tasks.one.Parameters.InputMappingConfig.X",
        "$.DAG.Tasks.one.Mounts.X",
        "$.DAG.Tasks.one.AutoCluster.X",
        "$.DAG.Tasks.one.AutoCluster.Configs.X",
        "$.DAG.Tasks.one.AutoCluster.Configs.Disks.SystemDisk.X",
        "$.Notification.Topic.X",
        "$.DAG.Tasks.one.CredentialConfig.X",
        "$.DAG.Tasks.two.windlass.X",
        "$.DAG.Tasks.two.windlass.resources.X",
        "$.DAG.Tasks.two.windlass.retry.X"
      })
  void anUnknownFieldIsRefusedEverywhere(String path) {
    String document = Documents.resource("every-field.json");
    String changed = Trees.with(document, path, new JsonValue.NullValue());
    assertFault(changed, ErrorCode.UNKNOWN_FIELD, path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$.Name",
        "$.Type",
        "$.DAG",
        "$.DAG.Tasks",
        "$.DAG.Tasks.one.Parameters",
        "$.DAG.Tasks.one.Parameters.Command",
        "$.DAG.Tasks.one.Parameters.Command.CommandLine",
        "$.DAG.Tasks.one.Parameters.Command.Docker.Image",
        "$.DAG.Tasks.one.AutoCluster.InstanceType",
        "$.DAG.Tasks.one.Mounts.Entries[0].Source"
      })
  void whatIsRequiredIsThereAndNeitherNullNorEmpty(String path) {
    String document = Documents.resource("every-field.json");
    assertFault(Trees.without(document, path), ErrorCode.REQUIRED, path);
    assertFault(Trees.with(document, path, new JsonValue.NullValue()), ErrorCode.REQUIRED, path);
    assertFault(
        Trees.with(document, path, new JsonValue.StringValue("")), ErrorCode.REQUIRED, path);
  }

  /** Every value in every place of the format is replaced by values of all other types. */
  @Test
  void aValueOfAnotherTypeIsRefusedEverywhere() {
    String document = Documents.resource("every-field.json");
    for (String path : Trees.paths(document)) {
      boolean free = path.contains(".VPC.Later") || path.equals("$");
      for (JsonValue other : free ? List.<JsonValue>of() : Trees.othersThan(document, path)) {
        String changed = Trees.with(document, path, other);
        assertThat(faultsOf(changed))
            .as("%s at %s", other, path)
            .anyMatch(fault -> REFUSALS.contains(fault.code()) && fault.path().equals(path));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/b", ".", "-a", "1a", "a b", "a\\u0007", "ä"})
  void namesKeepToTheirAlphabet(String name) {
    String job = Documents.minimal().replace("\"j\"", "\"" + name + "\"");
    assertThat(faultsOf(job)).extracting(Fault::code).containsExactly(ErrorCode.NAME);
    String task = withDag("{\"Tasks\":{\"" + name + "\":" + Documents.TASK + "}}");
    assertThat(faultsOf(task)).extracting(Fault::code).containsExactly(ErrorCode.NAME);
  }

  @Test
  void aNameHasABoundedLengthAndIsNotEmpty() {
    for (String name : List.of("", "a".repeat(300))) {
      String job = Documents.minimal().replace("\"j\"", "\"" + name + "\"");
      assertThat(faultsOf(job)).hasSize(1).extracting(Fault::path).containsExactly("$.Name");
      String task = withDag("{\"Tasks\":{\"" + name + "\":" + Documents.TASK + "}}");
      assertThat(faultsOf(task)).extracting(Fault::code).containsExactly(ErrorCode.NAME);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-v", "--privileged", "a b", "a\\u000ab", "LONG"})
  void anImageNameIsOneWord(String name) {
    String path = "$.DAG.Tasks.one.Parameters.Command.Docker.Image";
    String image = name.replace("LONG", "x".repeat(10_000)).replace("\\u000a", "\n");
    String document =
        Trees.with(Documents.resource("every-field.json"), path, new JsonValue.StringValue(image));
    assertFault(document, ErrorCode.NAME, path);
  }

  @Test
  void aRefusedTaskIsNotReportedAgainWhereItIsNamed() {
    String document =
        withDag(
            "{\"Tasks\":{\"a\":"
                + Documents.TASK
                + ",\"1b\":"
                + Documents.TASK
                + "},\"Dependencies\":{\"a\":[\"1b\"],\"1b\":[]}}");
    assertFault(document, ErrorCode.NAME, "$.DAG.Tasks.1b");
  }

  @Test
  void aDependencyIsGivenOnce() {
    String document =
        withDag(
            "{\"Tasks\":{\"a\":"
                + Documents.TASK
                + ",\"b\":"
                + Documents.TASK
                + "},\"Dependencies\":{\"a\":[\"b\",\"b\"]}}");
    assertFault(document, ErrorCode.DUPLICATE, "$.DAG.Dependencies.a[1]");
  }

  @ParameterizedTest
  @CsvSource({"App,UNSATISFIABLE", "Dag,RANGE"})
  void aJobIsADag(String type, ErrorCode code) {
    assertFault(Documents.minimal().replace("\"DAG\",", "\"" + type + "\","), code, "$.Type");
  }

  @Test
  void anAppJobIsNotAskedForADag() {
    String document = "{\"Name\":\"j\",\"Type\":\"App\",\"App\":{\"AppName\":\"a\"}}";
    assertFault(document, ErrorCode.UNSATISFIABLE, "$.Type");
  }

  @Test
  void contradictionsAreConflicts() {
    assertFault(
        withField("\"ClusterId\":\"c\",\"AutoCluster\":{\"InstanceType\":\"i\"}"),
        ErrorCode.CONFLICT,
        "$.DAG.Tasks.t.AutoCluster");
    assertFault(
        withField("\"windlass\":{\"argv\":[\"true\"]}"),
        ErrorCode.CONFLICT,
        "$.DAG.Tasks.t.Parameters.Command.CommandLine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[\"\"]"})
  void argumentsNameAProgram(String argv) {
    assertFault(
        withTask("{\"windlass\":{\"argv\":" + argv + "}}"),
        ErrorCode.REQUIRED,
        "$.DAG.Tasks.t.windlass.argv");
  }

  @Test
  void aCommandLineIsNotBlank() {
    assertFault(
        withTask("{\"Parameters\":{\"Command\":{\"CommandLine\":\" \"}}}"),
        ErrorCode.REQUIRED,
        "$.DAG.Tasks.t.Parameters.Command.CommandLine");
  }

  @ParameterizedTest
  @CsvSource({
    "resources.cpus,0,RANGE",
    "resources.cpus,-1,RANGE",
    "resources.cpus,1e3,TYPE",
    "resources.cpus,0.0001,TYPE",
    "resources.cpus,9999999999999999999999999999,RANGE",
    "resources.memoryBytes,-1,RANGE",
    "resources.memoryBytes,1.5,TYPE",
    "resources.gpus,-1,RANGE",
    "resources.diskBytes,-1,RANGE",
    "resources.diskBytes,1.5,TYPE",
    "resources.named,1,TYPE",
    "retry.delaySeconds,'\"1\"',TYPE",
    "retry.delaySeconds,1.0000000001,TYPE"
  })
  void numbersOfTheExtensionHaveARange(String path, String value, ErrorCode code) {
    int dot = path.indexOf('.');
    String field =
        "{\"" + path.substring(0, dot) + "\":{\"" + path.substring(dot + 1) + "\":" + value + "}}";
    assertFault(withField("\"windlass\":" + field), code, "$.DAG.Tasks.t.windlass." + path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"delaySeconds\":-1",
        "\"delaySeconds\":2,\"maxDelaySeconds\":1",
        "\"maxDelaySeconds\":86401",
        "\"maxLosses\":1001",
        "\"delaySeconds\":99999999999999999999999"
      })
  void aRetryPolicyIsInItsRanges(String retry) {
    assertFault(
        withField("\"windlass\":{\"retry\":{" + retry + "}}"),
        ErrorCode.RANGE,
        "$.DAG.Tasks.t.windlass.retry");
  }

  @ParameterizedTest
  @CsvSource({
    "licence-x,0,RANGE",
    "licence-x,-1,RANGE",
    "licence-x,1000000001,RANGE",
    "licence-x,1.5,TYPE",
    "1x,1,NAME",
    "a b,1,NAME"
  })
  void namedResourcesHaveNamesAndNumbers(String name, String count, ErrorCode code) {
    String named = "{\"" + name + "\":" + count + "}";
    assertFault(
        withField("\"windlass\":{\"resources\":{\"named\":" + named + "}}"),
        code,
        "$.DAG.Tasks.t.windlass.resources.named"
            + FieldPath.ROOT.field(name).toString().substring(1));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "rules\":[{\"exitCodes\":[0],\"action\":\"fail\"}]|RANGE|rules[0]",
        "rules\":[{\"exitCodes\":[256],\"action\":\"fail\"}]|RANGE|rules[0]",
        "rules\":[{\"exitCodes\":[3,3],\"action\":\"fail\"}]|DUPLICATE|rules[0].exitCodes[1]",
        "rules\":[{\"exitCodes\":[3]}]|REQUIRED|rules[0].action",
        "rules\":[{\"exitCodes\":[3],\"action\":\"panic\"}]|RANGE|rules[0].action",
        "rules\":[{\"action\":\"fail\"}]|RANGE|rules[0]",
        "rules\":[{\"outcomes\":[\"lost\",\"lost\"],\"action\":\"fail\"}]"
            + "|DUPLICATE|rules[0].outcomes[1]",
        "rules\":[{\"outcomes\":[\"died\"],\"action\":\"fail\"}]|RANGE|rules[0].outcomes[0]",
        "rules\":[{\"exitCodes\":[3],\"action\":\"fail\",\"maxRetries\":1}]|RANGE|rules[0]",
        "rules\":[{\"exitCodes\":[3],\"action\":\"retry\",\"delaySeconds\":-1}]|RANGE|rules[0]",
        "rules\":[{\"exitCodes\":[3],\"action\":\"retry\",\"maxRetries\":1001}]|RANGE|rules[0]",
        "rules\":[3]|TYPE|rules[0]",
        "memory\":{\"growthPercent\":0}|RANGE|memory",
        "memory\":{\"maxRetries\":0}|RANGE|memory",
        "memory\":{\"maxBytes\":0}|RANGE|memory"
      })
  void aRetryRuleIsInItsRanges(String retry, ErrorCode code, String path) {
    assertFault(
        withField("\"windlass\":{\"retry\":{\"" + retry + "}}"),
        code,
        "$.DAG.Tasks.t.windlass.retry." + path);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "0|{}|REQUIRED|resources.memoryBytes",
        "4096|{\"maxBytes\":4095}|RANGE|retry.memory.maxBytes",
        "4096|{\"factor\":2}|UNKNOWN_FIELD|retry.memory.factor"
      })
  void whoWantsMoreMemorySaysHowMuchItIsAtFirst(
      int first, String memory, ErrorCode code, String path) {
    assertFault(
        withField(
            "\"windlass\":{\"resources\":{\"memoryBytes\":"
                + first
                + "},\"retry\":{\"memory\":"
                + memory
                + "}}"),
        code,
        "$.DAG.Tasks.t.windlass." + path);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "\"maxRunning\":0|RANGE|maxRunning",
        "\"tolerate\":{\"instances\":-1}|RANGE|tolerate",
        "\"tolerate\":{\"percent\":101}|RANGE|tolerate",
        "\"tolerate\":3|TYPE|tolerate",
        "\"after\":{\"t\":\"perhaps\"}|RANGE|after.t",
        "\"after\":{\"9\":\"always\"}|NAME|after.9",
        "\"after\":{\"t\":\"always\"}|REFERENCE|after.t",
        "\"secrets\":[]|TYPE|secrets",
        "\"secrets\":{\"A\":3}|TYPE|secrets.A",
        "\"secrets\":{\"A\":\" \"}|NAME|secrets.A",
        "\"secrets\":{\"1A\":\"s\"}|NAME|secrets.1A",
        "\"secrets\":{\"WINDLASS_X\":\"s\"}|NAME|secrets.WINDLASS_X",
        "\"perInstance\":\"t\"|TYPE|perInstance",
        "\"perInstance\":[3]|TYPE|perInstance[0]",
        "\"perInstance\":[\"9\"]|NAME|perInstance[0]",
        "\"perInstance\":[\"t\"]|REFERENCE|perInstance[0]"
      })
  void whatATaskSaysBeyondTheFormatIsInItsRanges(String fields, ErrorCode code, String path) {
    assertFault(withField("\"windlass\":{" + fields + "}"), code, "$.DAG.Tasks.t.windlass." + path);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      value = {
        "\"owner\":\" \"|LIMIT|owner",
        "\"weight\":0|RANGE|weight",
        "\"weight\":1000001|RANGE|weight",
        "\"maxRunning\":0|RANGE|maxRunning",
        "\"onFailure\":\"stop\"|RANGE|onFailure",
        "\"finalTask\":\"9\"|NAME|finalTask",
        "\"finalTask\":\"unknown\"|REFERENCE|finalTask",
        "\"colour\":1|UNKNOWN_FIELD|colour"
      })
  void whatAJobSaysBeyondTheServiceIsInItsRanges(String fields, ErrorCode code, String path) {
    String document =
        Documents.minimal()
            .replaceFirst("\\{", "{\"windlass\":{" + fields.replace("\\", "") + "},");
    assertFault(document, code, "$.windlass." + path);
  }

  @Test
  void whatLetsFinishFails() {
    assertFault(
        Documents.minimal()
            .replaceFirst(
                "\\{",
                "{\"JobFailOnInstanceFail\":false,\"windlass\":{\"onFailure\":\"finish-running\"},"),
        ErrorCode.CONFLICT,
        "$.windlass.onFailure");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a=b", "WINDLASS_X", "BATCH_COMPUTE_DAG_JOB_ID"})
  void variablesAreNotTheEnginesOwnAndTheirValuesNotShown(String name) {
    String document =
        withTask(
            "{\"Parameters\":{\"Command\":{\"CommandLine\":\"true\",\"EnvVars\":{\""
                + name
                + "\":\"hunter2\"}}}}");
    List<Fault> faults = faultsOf(document);
    assertThat(faults).extracting(Fault::code).containsExactly(ErrorCode.NAME);
    assertThat(faults.toString()).doesNotContain("hunter2");
  }

  @Test
  void secretsOfTheWrongTypeAreNotShown() {
    String document = Documents.resource("every-field.json");
    for (String path :
        List.of(
            "$.DAG.Tasks.one.Parameters.Command.EnvVars.A",
            "$.DAG.Tasks.one.Parameters.Command.CommandLine",
            "$.DAG.Tasks.one.AutoCluster.UserData.k",
            "$.DAG.Tasks.one.Mounts.OSS.AccessKeySecret",
            "$.DAG.Tasks.two.windlass.argv[1]")) {
      String changed = Trees.with(document, path, new JsonValue.NumberValue("4711"));
      assertThat(faultsOf(changed).toString()).contains("[TYPE]").doesNotContain("4711");
    }
  }

  @Test
  void credentialsInAUriAreShownNeitherInValueNorPath() {
    String uri = "oss://user:hunter2@bucket/x";
    String document =
        withTask(
            "{\"InputMapping\":{\""
                + uri
                + "\":\"/data/x\"},\"OutputMapping\":{\"/data/y\":\""
                + uri
                + "\"},\"Parameters\":{\"StdoutRedirectPath\":\""
                + uri
                + "\","
                + "\"Command\":{\"CommandLine\":\"true\",\"PackagePath\":\""
                + uri
                + "\"}}}");
    List<Fault> faults = faultsOf(document);
    assertThat(faults).hasSize(4).extracting(Fault::code).containsOnly(ErrorCode.URI);
    assertThat(faults.toString()).doesNotContain("hunter2").contains("oss://***");
  }

  @Test
  void entriesThatATemporaryClusterWouldMountAreNotLostInSilence() {
    assertFault(
        withField(
            "\"AutoCluster\":{\"InstanceType\":\"i\",\"Configs\":{\"Mounts\":{\"Entries\":[{}]}}}"),
        ErrorCode.UNSATISFIABLE,
        "$.DAG.Tasks.t.AutoCluster.Configs.Mounts.Entries");
  }
}
