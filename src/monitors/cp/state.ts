/** What CP remembers of a virtual machine, as plain data: the VMBLOK and what hangs from it. */
import type { Psw } from '../../machines/s370/psw.ts';

/** One 4 K page of a virtual machine's storage. */
export interface PageState {
  /** Real address of its frame, or −1. */
  frame: number;
  /** Slot on the paging device that holds a copy, or −1. */
  slot: number;
  /** Virtual storage keys of its two 2 K blocks, with the reference and change bits the frame no longer shows. */
  keys: [number, number];
  /** Real frames may not be taken away: channel programs in flight, or storage locked. */
  locks: number;
  /** A transfer from the paging device is under way. */
  arriving: boolean;
  /** Changed since it was last written out, as far as the frame's change bits no longer tell. */
  changed: boolean;
}

/** What a virtual machine waits for in CP, to be taken up again when its pages have come. */
export type Deferred =
  | { readonly kind: 'simulate' }
  | { readonly kind: 'program'; readonly code: number; readonly address: number }
  | { readonly kind: 'svc'; readonly code: number };

/** A virtual device; `type` names what CP does with it. */
export type VirtualDevice = ConsoleDevice | SpooledDevice | DiskDevice;

interface DeviceBase {
  readonly address: number;
  /** Ending status waiting to be presented: key, address and status as the two words of a CSW, or null. */
  pending: readonly [number, number] | null;
  /** A channel program of the guest is under way. */
  busy: boolean;
  /** Sense bytes that CP keeps for the guest's next SENSE. */
  sense: number[];
}
export interface ConsoleDevice extends DeviceBase {
  readonly type: 'console';
  /** Channel program suspended at a read until a line comes. */
  waiting: SimulatedProgram | null;
}
export interface SpooledDevice extends DeviceBase {
  readonly type: 'reader' | 'punch' | 'printer';
  /** Cards to read, or records written so far (EBCDIC, first byte of a printer record is its command code). */
  records: number[][];
  /** Spooling class, as SPOOL sets it. */
  spoolClass: string;
}
export interface DiskDevice extends DeviceBase {
  readonly type: 'disk';
  /** Real device that holds it. */
  readonly real: number;
  /** First cylinder and number of cylinders: the minidisk's extent. */
  readonly start: number;
  readonly cylinders: number;
  readonly readOnly: boolean;
  /** The translated channel program on the real device, or null. */
  program: TranslatedProgram | null;
}

/** Where a simulated channel program stands. */
export interface SimulatedProgram {
  readonly key: number;
  /** Guest address of the CCW to execute next. */
  readonly next: number;
  /** Guest pages locked for as long as it lasts. */
  readonly pages: readonly number[];
}

/** A channel program translated into real storage. */
export interface TranslatedProgram {
  /** CAW key of the guest. */
  readonly key: number;
  /** Real address where channel execution begins. */
  readonly start: number;
  /** Real address of the translated CCWs. */
  readonly at: number;
  /** Guest address of each CCW, in the order of the real ones. */
  readonly origins: readonly number[];
  /** Bytes of free storage to give back. */
  readonly areas: readonly { readonly at: number; readonly length: number }[];
  /** Guest pages that were locked. */
  readonly pages: readonly number[];
  /** Started on the real device, or still queued behind another's. */
  started: boolean;
}

export interface ShadowState {
  /** Real address of the shadow segment table. */
  readonly origin: number;
  /** Real addresses of shadow page tables by segment, 0 where there is none. */
  readonly pageTables: number[];
  /** Guest CR0 format and CR1 that these tables shadow. */
  format: number;
  table: number;
}

export interface VirtualMachineState {
  readonly name: string;
  /** Index of the user's terminal, or −1 when disconnected. */
  readonly terminal: number;
  readonly storageSize: number;
  psw: Psw;
  /** Length in bytes of the instruction that caused the last interruption, and its address. */
  instructionBytes: number;
  instructionAddress: number;
  readonly gr: Int32Array;
  readonly fpr: Uint32Array;
  readonly cr: Int32Array;
  readonly pages: PageState[];
  /** Real address of the segment table that maps virtual storage while the guest's own translation is off. */
  readonly segmentTable: number;
  shadow: ShadowState | null;
  readonly devices: VirtualDevice[];
  deferred: Deferred | null;
  /** Page it waits for, or −1. */
  waitPage: number;
  /** CP mode: stopped until BEGIN. */
  stopped: boolean;
  loggedOn: boolean;
  /** Cycles executed by the virtual machine itself, and of those in the virtual supervisor state. */
  virtualCycles: number;
  dispatchedAt: number;
  /** Clock since when it has been in the virtual wait state, or −1. */
  waitingSince: number;
  /** 0: on the eligible list. */
  queue: 0 | 1 | 2;
  /** Cycles left of its stay in the queue. */
  sliceLeft: number;
  /** Pages resident when it last left a queue: what it will need again. */
  workingSet: number;
  /** Virtual CPU timer at `virtualCycles` = 0, in clock units. */
  timerOffset: bigint;
  comparator: bigint;
  intervalPending: boolean;
  keyPending: boolean;
  /** Clock at which the virtual interval timer was last brought up to date. */
  intervalAt: number;
  /** Terminal lines typed ahead, and whether CP holds the terminal. */
  lines: string[];
  /** Program interruptions reflected in a row from the same place: a loop in the making. */
  sameInterruption: number;
  /** Account that host software in this machine has opened; −1 for an ordinary guest, whose PSW decides. */
  hostAccount: number;
  /** Simulated privileged operations, by mnemonic. */
  readonly simulated: Record<string, number>;
}

/** A frame of real storage that CP hands out, by index from the first pageable frame. */
export interface FrameState {
  /** Index of the owner among the virtual machines, −1 while free. */
  owner: number;
  page: number;
}
