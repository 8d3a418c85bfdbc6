/** So little of the month was measured that a report would mislead. */
export class TooLittleDataError extends Error {
  override readonly name = 'TooLittleDataError';
}

/** Prometheus did not answer, or not what was asked. */
export class TrafficUnavailableError extends Error {
  override readonly name = 'TrafficUnavailableError';
}

/** The API did not take the report. */
export class ReportNotStoredError extends Error {
  override readonly name = 'ReportNotStoredError';
}
