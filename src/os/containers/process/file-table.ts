/** The file descriptors of a process; threads share one table. */
import { fail } from '../abi/errno.ts';
import type { OpenFile } from '../files/open-file.ts';

const MOST = 1024;

interface Entry {
  readonly file: OpenFile;
  closesOnExec: boolean;
}

export class FileTable {
  private entries = new Map<number, Entry>();
  /** Processes that share it. */
  users = 1;
  limit = MOST;

  get(descriptor: number): OpenFile {
    return this.entries.get(descriptor)?.file ?? fail('EBADF');
  }
  has(descriptor: number): boolean {
    return this.entries.has(descriptor);
  }
  closesOnExec(descriptor: number): boolean {
    return (this.entries.get(descriptor) ?? fail('EBADF')).closesOnExec;
  }
  setClosesOnExec(descriptor: number, closesOnExec: boolean): void {
    (this.entries.get(descriptor) ?? fail('EBADF')).closesOnExec = closesOnExec;
  }

  /** Enters under the lowest free number from `from` on. */
  add(file: OpenFile, closesOnExec = false, from = 0): number {
    let descriptor = from;
    while (this.entries.has(descriptor)) descriptor++;
    if (descriptor >= this.limit) {
      if (file.users === 0) file.closed();
      return fail('EMFILE');
    }
    this.put(descriptor, file, closesOnExec);
    return descriptor;
  }

  /** Enters under a number, closing what stood there. */
  put(descriptor: number, file: OpenFile, closesOnExec = false): void {
    if (descriptor < 0 || descriptor >= this.limit) fail('EBADF');
    file.users++;
    if (this.entries.has(descriptor)) this.close(descriptor);
    this.entries.set(descriptor, { file, closesOnExec });
  }

  close(descriptor: number): void {
    const { file } = this.entries.get(descriptor) ?? fail('EBADF');
    this.entries.delete(descriptor);
    if (--file.users === 0) file.closed();
  }

  get descriptors(): readonly number[] {
    return [...this.entries.keys()].sort((a, b) => a - b);
  }

  copy(): FileTable {
    const copy = new FileTable();
    copy.limit = this.limit;
    for (const [descriptor, { file, closesOnExec }] of this.entries) {
      file.users++;
      copy.entries.set(descriptor, { file, closesOnExec });
    }
    return copy;
  }

  closeForExec(): void {
    for (const descriptor of this.descriptors) if (this.closesOnExec(descriptor)) this.close(descriptor);
  }

  release(): void {
    if (--this.users > 0) return;
    for (const descriptor of this.descriptors) this.close(descriptor);
  }
}
