/** Processes and their threads, as plain data; what happens to them is in the files beside this one. */
import type { X87State } from '../../../machines/pc/x87/unit.ts';
import type { Directory } from '../files/inode.ts';
import type { Place } from '../files/mounts.ts';
import type { OpenFile } from '../files/open-file.ts';
import type { Terminal } from '../files/tty.ts';
import type { AddressSpace } from '../memory/address-space.ts';
import type { UserMemory } from '../memory/user.ts';
import type { SeccompFilter } from './seccomp.ts';
import type { ControlGroup, Entity } from './cgroup.ts';
import type { Credentials } from './credentials.ts';
import type { FileTable } from './file-table.ts';
import type { Namespaces, PidNamespace } from './namespaces.ts';
import type { SignalAction, SignalInfo } from './signals.ts';

/** Registers of a program while the kernel runs. */
export interface Registers {
  /** EAX … EDI in the order of their encoding. */
  readonly general: Int32Array;
  eip: number;
  flags: number;
  /** Selectors of DS, ES, FS, GS. */
  segments: [number, number, number, number];
}

/** What a system call can wait for; each kind is a class in `calls/waits.ts`. */
export interface Condition {
  /** Whether the call would get on if it were tried again. */
  ready(): boolean;
}

/** Why a system call has not returned yet. */
export interface Waiting {
  readonly on: Condition;
  /** Clock at which it is tried again anyway, or Infinity. */
  readonly deadline: number;
  /** A signal's handler that asks for it makes the call begin anew (SA_RESTART). */
  readonly restarts: boolean;
}

export interface FileSystemContext {
  root: Place;
  cwd: Place;
  umask: number;
}

export interface Session {
  readonly leader: Process;
  /** Its controlling terminal. */
  terminal?: Terminal | null;
}
export interface ProcessGroup {
  readonly leader: Process;
  readonly session: Session;
}

export class Thread implements Entity {
  readonly process: Process;
  /** Its number in each namespace that sees it. */
  readonly numbers = new Map<PidNamespace, number>();
  registers: Registers;
  float: X87State | null = null;
  /** Descriptors of thread-local storage, low and high words of three. */
  tls = new Int32Array(6);
  waiting: Waiting | null = null;
  /** Register EAX at the entry of the call under way: it is tried again with this. */
  call: number | null = null;
  /** The deadline of a call that is tried again, set by its first try. */
  deadline: number | null = null;
  /** A pipe's end that open(2) under way has, and waits with for the other. */
  opening: OpenFile | null = null;
  ended = false;
  mask = 0n;
  /** The mask to come back after a call that set another for its duration. */
  savedMask: bigint | null = null;
  pending: SignalInfo[] = [];
  alternateStack = { address: 0, size: 0, flags: 2 };
  clearChildTid = 0;
  robustList = 0;
  name = '';
  /** Floating-point registers as they were when handlers began, by address of their frames. */
  readonly floatsBelow: { readonly frame: number; readonly state: X87State | null }[] = [];
  virtual = 0;
  stamp = 0;
  readonly used = { user: 0, system: 0 };
  noNewPrivileges = false;
  filters: readonly SeccompFilter[] = [];
  /** Mode 1 of seccomp: read, write, exit and sigreturn only. */
  strict = false;
  nice = 0;
  /** The child of a vfork that this thread waits for: until it has executed a program or ended. */
  vforkChild: Thread | null = null;

  constructor(process: Process, registers: Registers) {
    [this.process, this.registers] = [process, registers];
  }
  /** A call that opened something and was broken off gives it up. */
  abandonOpening(): void {
    this.opening?.closed();
    this.opening = null;
  }
  numberIn(namespace: PidNamespace): number {
    return this.numbers.get(namespace) ?? 0;
  }
}

export type Limit = readonly [soft: number, hard: number];

export class Process {
  leader!: Thread;
  threads: Thread[] = [];
  parent: Process | null;
  readonly children = new Set<Process>();
  group!: ProcessGroup;
  space!: AddressSpace;
  memory!: UserMemory;
  files!: FileTable;
  fs!: FileSystemContext;
  actions!: Map<number, SignalAction>;
  credentials!: Credentials;
  namespaces!: Namespaces;
  cgroup!: ControlGroup;
  pending: SignalInfo[] = [];
  /** The status that wait(2) reports, once it has ended. */
  status: number | null = null;
  /** The signal that its parent hears of its end. */
  exitSignal = 17;
  stopped = 0;
  /** What the parent has not heard of yet. */
  news: 'stopped' | 'continued' | null = null;
  executable: Place | null = null;
  command: readonly string[] = [];
  limits: Map<number, Limit> = new Map();
  /** Clock of the next SIGALRM and its period, in cycles. */
  alarm = { at: Infinity, every: 0 };
  /** Pages that it may not touch belong to a vfork parent. */
  hasExecuted = false;
  readonly started: number;
  childTimes = { user: 0, system: 0 };
  deadTimes = { user: 0, system: 0 };
  subreaper = false;
  dumpable = 1;
  parentDeathSignal = 0;
  oomScoreAdjustment = 0;
  faults = 0;
  /** Its directory under each root of /proc that has been asked for it. */
  readonly shownAs = new Map<Directory, Directory>();

  constructor(parent: Process | null, started: number) {
    [this.parent, this.started] = [parent, started];
    parent?.children.add(this);
  }
  pidIn(namespace: PidNamespace): number {
    return this.leader.numberIn(namespace);
  }
  /** Its number as it sees itself. */
  get pid(): number {
    return this.pidIn(this.namespaces.pid);
  }
  get session(): Session {
    return this.group.session;
  }
  get name(): string {
    return this.leader.name;
  }
  used(): { user: number; system: number } {
    return this.threads.reduce(
      (sum, { used }) => ({ user: sum.user + used.user, system: sum.system + used.system }),
      this.deadTimes,
    );
  }
  file(descriptor: number): OpenFile {
    return this.files.get(descriptor);
  }
}
