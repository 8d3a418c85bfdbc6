import type { ReportStore, StoredReport } from './report-store.ts';

export class MemoryReportStore implements ReportStore {
  /** Texts by name. */
  readonly reports = new Map<string, string>();

  async has(name: string): Promise<boolean> {
    return this.reports.has(name);
  }

  async put({ name, text }: StoredReport): Promise<'written' | 'existing'> {
    if (this.reports.has(name)) return 'existing';
    this.reports.set(name, text);
    return 'written';
  }
}
