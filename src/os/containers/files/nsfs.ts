/** Namespaces as files: what /proc/PID/ns leads to, and what setns(2) is given. namespaces(7), "The /proc/pid/ns/ directory". */
import { fail } from '../abi/errno.ts';
import { namespacesOf } from '../process/namespaces.ts';
import type { Process } from '../process/process.ts';
import { Directory, RegularFile, type FileSystem, type Inode } from './inode.ts';
import type { Mount, Place } from './mounts.ts';
import { MagicLink } from './walk.ts';

/** Holds its namespace: as long as somebody has it open, the namespace stays. */
export class NamespaceFile extends RegularFile {
  readonly kind: string;
  readonly namespace: { readonly number: number };
  constructor(filesystem: FileSystem, kind: string, namespace: { readonly number: number }) {
    super(filesystem, 0o444);
    [this.kind, this.namespace] = [kind, namespace];
  }
  read(): Uint8Array {
    return fail('EINVAL');
  }
  write(): void {
    fail('EINVAL');
  }
  truncate(): void {
    fail('EINVAL');
  }
}

/** The same text is the same namespace. */
export class NamespaceLink extends MagicLink {
  private readonly process: Process;
  private readonly kind: string;
  constructor(filesystem: FileSystem, process: Process, kind: string) {
    super(filesystem, '');
    [this.process, this.kind] = [process, kind];
  }
  private get namespace(): { readonly number: number } {
    return namespacesOf(this.process).get(this.kind) ?? fail('ENOENT');
  }
  override get target(): string {
    return `${this.kind}:[${this.namespace.number}]`;
  }
  /** A place in no tree: a mount of its own, as nsfs has it. */
  follow(): Place {
    const node = new NamespaceFile(this.filesystem, this.kind, this.namespace);
    const mount: Mount = {
      number: 0,
      root: node,
      parent: null,
      at: null,
      flags: 0,
      source: 'nsfs',
      locked: true,
    };
    return { mount, node };
  }
}

export class NamespaceDirectory extends Directory {
  private readonly process: Process;
  constructor(filesystem: FileSystem, process: Process) {
    super(filesystem, 0o511);
    this.process = process;
  }
  find(name: string): Inode | null {
    return namespacesOf(this.process).has(name)
      ? new NamespaceLink(this.filesystem, this.process, name)
      : null;
  }
  *entries(): Generator<readonly [string, Inode]> {
    for (const name of namespacesOf(this.process).keys()) yield [name, this.find(name)!];
  }
}
