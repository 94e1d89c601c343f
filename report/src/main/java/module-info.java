/** What became of a job, as one HTML file or JSON. */
module dev.windlass.report {
  requires transitive dev.windlass.api;
  requires com.fasterxml.jackson.core;
  requires static org.jspecify;

  exports dev.windlass.report;
  exports dev.windlass.report.page;
}
