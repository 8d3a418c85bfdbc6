/** Keeps reports by name. */
export interface ReportStore {
  /** @throws {ReportNotStoredError} when nobody knows */
  has(name: string, signal: AbortSignal): Promise<boolean>;
  /**
   * Stores a report, unless there is one of that name already.
   * @throws {ReportNotStoredError}
   */
  put(report: StoredReport, signal: AbortSignal): Promise<'written' | 'existing'>;
}

export interface StoredReport {
  /** Such as `sla/2026-03.json`. */
  readonly name: string;
  readonly contentType: string;
  readonly text: string;
}
