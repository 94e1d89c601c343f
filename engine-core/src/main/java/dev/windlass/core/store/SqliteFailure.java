package dev.windlass.core.store;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failure of SQLite means to the engine. */
final class SqliteFailure {

  private SqliteFailure() {}

  static EngineException of(Path file, String attempted, SQLException cause) {
    SQLiteErrorCode code =
        cause instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.UNKNOWN_ERROR;
    boolean corrupt =
        switch (primary(code)) {
          case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT -> true;
          default -> false;
        };
    String what = "the state file " + file + " could not be " + attempted + ": ";
    return corrupt
        ? corrupt(file, String.valueOf(cause.getMessage()), cause)
        : new EngineException(
            ErrorCode.STORE_UNAVAILABLE, file.toString(), what + advice(code, cause), cause);
  }

  static EngineException corrupt(Path file, String detail, Throwable cause) {
    return new EngineException(
        ErrorCode.STORE_CORRUPT,
        file.toString(),
        "the state file "
            + file
            + " is damaged or is not a state file ("
            + detail
            + "). Nothing was changed; restore it from a copy, or move it away to begin anew",
        cause);
  }

  private static String advice(SQLiteErrorCode code, SQLException cause) {
    return switch (primary(code)) {
      case SQLITE_FULL -> "the disk is full; free some space (" + cause.getMessage() + ")";
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN ->
          "it cannot be written; check its owner and permissions (" + cause.getMessage() + ")";
      default -> String.valueOf(cause.getMessage());
    };
  }

  /** The result code without its extension, which is kept in the higher bits. */
  private static SQLiteErrorCode primary(SQLiteErrorCode code) {
    return code == SQLiteErrorCode.UNKNOWN_ERROR
        ? code
        : SQLiteErrorCode.getErrorCode(code.code & 0xff);
  }
}
