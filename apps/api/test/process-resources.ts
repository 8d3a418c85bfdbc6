import { readdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** How much a process takes, as Linux tells in /proc (proc_pid_status(5), proc_pid_io(5)). */
export class ProcessResources {
  readonly #pid: number;

  constructor(pid: number) {
    this.#pid = pid;
  }

  residentBytes(): Promise<number> {
    return this.#statusBytes('VmRSS');
  }

  /** Begins a new measurement of the highest resident memory. */
  async resetPeak(): Promise<void> {
    await writeFile(`/proc/${this.#pid}/clear_refs`, '5');
  }

  peakBytes(): Promise<number> {
    return this.#statusBytes('VmHWM');
  }

  async openFiles(): Promise<number> {
    return (await readdir(`/proc/${this.#pid}/fd`)).length;
  }

  /** Resolves when the process reads next to nothing any more, neither files nor sockets. */
  async untilItStopsReading(): Promise<void> {
    for (let quiet = 0; quiet < 4;) {
      const before = await this.#readBytes();
      await delay(250);
      quiet = (await this.#readBytes()) - before < 64 * 1024 ? quiet + 1 : 0;
    }
  }

  async #statusBytes(field: string): Promise<number> {
    const status = await readFile(`/proc/${this.#pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  }

  async #readBytes(): Promise<number> {
    const io = await readFile(`/proc/${this.#pid}/io`, 'utf8');
    return Number(/^rchar: (\d+)$/m.exec(io)?.[1]);
  }
}
