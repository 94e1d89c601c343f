package dev.windlass.core.store;

import dev.windlass.Manifest;
import dev.windlass.PublishedObject;
import dev.windlass.core.job.Change;
import dev.windlass.core.store.SqliteReader.TaskKey;
import dev.windlass.job.AttemptId;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** How manifests stand in rows. Both directions side by side. */
final class ManifestRows {
  static final String INSERT = "INSERT OR REPLACE INTO manifest VALUES (?, ?, ?, ?, ?, ?)";
  static final String INSERT_OBJECT =
      "INSERT OR REPLACE INTO published_object VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String OF_ATTEMPT = " WHERE job = ? AND task = ? AND idx = ? AND number = ?";

  private ManifestRows() {}

  static void insert(
      Change.OutputsPublished published, PreparedStatement row, PreparedStatement objects)
      throws SQLException {
    setAttempt(row, published);
    row.setLong(5, published.manifest().count());
    row.setLong(6, published.manifest().bytes());
    row.executeUpdate();
    int place = 0;
    for (PublishedObject object : published.manifest().objects()) {
      setAttempt(objects, published);
      objects.setInt(5, place++);
      objects.setString(6, object.uri());
      objects.setLong(7, object.bytes());
      objects.setString(8, object.version());
      objects.executeUpdate();
    }
  }

  private static void setAttempt(PreparedStatement statement, Change.OutputsPublished published)
      throws SQLException {
    statement.setLong(1, published.sequence());
    statement.setInt(2, published.ordinal());
    statement.setInt(3, published.index());
    statement.setInt(4, published.attempt());
  }

  static Manifest read(SqliteReader reader, AttemptId attempt, TaskKey key) throws SQLException {
    Object[] arguments = {
      key.sequence(), key.ordinal(), attempt.instance().index(), attempt.number()
    };
    List<PublishedObject> objects =
        reader.all(
            "SELECT * FROM published_object" + OF_ATTEMPT + " ORDER BY place",
            row ->
                new PublishedObject(
                    row.getString("uri"), row.getLong("bytes"), row.getString("version")),
            arguments);
    return reader
        .first(
            "SELECT * FROM manifest" + OF_ATTEMPT,
            row -> new Manifest(objects, row.getLong("objects"), row.getLong("bytes")),
            arguments)
        .orElse(Manifest.empty());
  }
}
