package dev.windlass.error;

/**
 * What went wrong, for programs. A name, once released, keeps its meaning. The messages beside it
 * are for people and may change.
 */
public enum ErrorCode {
  /** The text is not a JSON object of the expected form. */
  MALFORMED(Type.USER, false),
  /** The same name, key or edge stands twice. */
  DUPLICATE(Type.USER, false),
  /** Something is larger, deeper or more than is allowed. */
  LIMIT(Type.USER, false),
  /** A value has the wrong JSON type. */
  TYPE(Type.USER, false),
  /** A number lies outside its range. */
  RANGE(Type.USER, false),
  /** The format has no such field. */
  UNKNOWN_FIELD(Type.USER, false),
  /** Something that must be given is missing or empty. */
  REQUIRED(Type.USER, false),
  /** A name breaks its rule. */
  NAME(Type.USER, false),
  /** A name refers to something that is not there. */
  REFERENCE(Type.USER, false),
  /** The dependencies form a cycle. */
  CYCLE(Type.USER, false),
  /** A store URI is malformed, or no storage serves its scheme. */
  URI(Type.USER, false),
  /** A path is malformed or leads where it must not. */
  PATH(Type.USER, false),
  /** Two parts of a request contradict each other. */
  CONFLICT(Type.USER, false),
  /** The host's configuration forbids it. */
  POLICY(Type.USER, false),
  /** No cluster or executor at hand could ever do it. */
  UNSATISFIABLE(Type.USER, false),
  /** There is no such job, task or instance. */
  NOT_FOUND(Type.USER, false),
  /** The operation is not allowed in the present state, which the message names. */
  STATE_CONFLICT(Type.USER, false),
  /** The request token was used before with another description. */
  TOKEN_MISMATCH(Type.USER, false),
  /** The events were purged; {@link EventsPurgedException#oldest()} tells what is still there. */
  EVENTS_PURGED(Type.USER, false),
  /** A description has faults; {@link ValidationException#faults()} lists them. */
  INVALID(Type.USER, false),

  /** The engine is closed or closing. */
  ENGINE_CLOSED(Type.INTERNAL, false),
  /** Another engine owns the directory. */
  DIRECTORY_IN_USE(Type.INTERNAL, true),
  /** The engine's directory cannot be created, read or written. */
  DIRECTORY_UNUSABLE(Type.INTERNAL, false),
  /**
   * The state store cannot take or give anything at present; nothing of the request was accepted.
   */
  STORE_UNAVAILABLE(Type.INTERNAL, true),
  /** The state file is damaged or is not one. */
  STORE_CORRUPT(Type.INTERNAL, false),
  /** The state file was written by a newer version. */
  STORE_TOO_NEW(Type.INTERNAL, false),
  /** A defect of the engine. */
  INTERNAL(Type.INTERNAL, false),

  /** The executor has no room at present; the attempt certainly did not start. */
  NO_CAPACITY(Type.EXECUTOR, true),
  /** The executor cannot do what the attempt needs; it certainly did not start. */
  UNSUPPORTED(Type.EXECUTOR, false),
  /**
   * The program cannot be started: not found, not executable, arguments too long. It certainly did
   * not start.
   */
  CANNOT_START(Type.EXECUTOR, false),
  /** The executor could not do its part. */
  EXECUTOR_FAILED(Type.EXECUTOR, true),

  /** A secret is needed to mask what is shown, and the host's provider does not give it. */
  SECRET_UNAVAILABLE(Type.INTERNAL, true),

  /** A storage could not do its part. */
  STORAGE_FAILED(Type.STORAGE, true);

  /** Whose matter it is. */
  public enum Type {
    /** The request must change. */
    USER,
    /** An executor, or what lies behind it. */
    EXECUTOR,
    /** A storage, or what lies behind it. */
    STORAGE,
    /** The engine, its directory or its store. */
    INTERNAL
  }

  private final Type type;
  private final boolean retryable;

  ErrorCode(Type type, boolean retryable) {
    this.type = type;
    this.retryable = retryable;
  }

  /**
   * Whose matter it is.
   *
   * @return the type
   */
  public Type type() {
    return type;
  }

  /**
   * Says whether the same request may succeed later unchanged.
   *
   * @return true if trying again can help
   */
  public boolean isRetryable() {
    return retryable;
  }
}
