/** What CP remembers of a virtual machine, as plain data: the VMBLOK and what hangs from it. */
import type { Ccw } from '../../machines/s370/channels/ccw.ts';
import type { Psw } from '../../machines/s370/psw.ts';

/** One 4 K page of a virtual machine's storage. */
export interface PageState {
  /** Real address of its frame, or −1. */
  frame: number;
  /** Slot on the paging device that holds a copy, or −1. */
  slot: number;
  /** Real frames may not be taken away: channel programs in flight, or storage locked. */
  locks: number;
  /** A transfer from the paging device is under way. */
  arriving: boolean;
}

/** What a virtual machine waits for in CP, to be taken up again when its pages have come. */
export type Deferred =
  | { readonly kind: 'simulate'; readonly events?: ProgramEvents }
  | {
      readonly kind: 'program';
      readonly code: number;
      readonly address: number;
      readonly events?: ProgramEvents;
    }
  | { readonly kind: 'svc'; readonly code: number; readonly events?: ProgramEvents }
  /** A channel program that DIAGNOSE started: the guest goes on when it has ended. */
  | { readonly kind: 'synchronous'; readonly io: SynchronousIo }
  /** Virtual IPL: loading from `device`, then the PSW at 0. */
  | {
      readonly kind: 'load';
      readonly device: number;
      /** What of its channel program has been executed. */
      readonly passes: readonly LoadPass[];
      /** The pass that is under way, and those of its CCWs behind which others have been read in; null: none yet. */
      readonly present: { readonly ccws: readonly PassedCcw[]; readonly cuts: readonly number[] } | null;
    };

/** A CCW of a load as it was when it was executed. */
export interface PassedCcw {
  readonly at: number;
  readonly ccw: Ccw;
  readonly command: boolean;
  readonly data: boolean;
  /** What it took from storage for the device. */
  readonly argument: readonly number[];
}
export interface LoadPass {
  readonly ccws: readonly PassedCcw[];
  /** Guest address of the CCW that read in others: the program goes on behind it with what is in storage then. */
  readonly cut: number;
}

/** What the processor left in CP's low storage beside the code of a program interruption. */
export interface ProgramEvents {
  /** PER code and address. */
  readonly per?: readonly [number, number];
  /** Class and code of a monitor call. */
  readonly monitor?: readonly [number, number];
}

export interface SynchronousIo {
  readonly code: 0x18 | 0x20;
  readonly device: number;
  readonly r1: number;
  readonly r3: number;
}

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
  /** Status that belongs to no channel program: attention, or device end after its channel end. */
  held?: number;
}
export interface ConsoleDevice extends DeviceBase {
  readonly type: 'console';
  /** Channel program suspended at a read until a line comes. */
  waiting: SimulatedProgram | null;
  /** Channel program whose write is still being typed, and how it goes on after that. */
  typing: (SimulatedProgram & CommandEnd) | null;
  /** Channel program that waits for a page. */
  running?: SimulatedProgram | null;
}
export interface SpooledDevice extends DeviceBase {
  readonly type: 'reader' | 'punch' | 'printer';
  /** Cards to read, or records written so far (EBCDIC, first byte of a printer record is its command code). */
  records: number[][];
  /** Spooling class, as SPOOL sets it. */
  spoolClass: string;
  /** Channel program that waits for a page. */
  running?: SimulatedProgram | null;
  /** What SPOOL has set; absent: as at logon. */
  settings?: SpoolSettings;
  /** Reader: the spool file that is being read, absent or null between files. */
  file?: SpoolFile | null;
  /** Reader: the buffer of its file that DIAGNOSE X'14' gives next, and the file whose block it gave last. */
  buffer?: number;
  seen?: number;
  /** Reader: the end of the present file has still to be told. */
  open?: boolean;
}

export interface SpoolSettings {
  readonly copies: number;
  readonly hold: boolean;
  /** Files do not end at CLOSE (punch, printer) or at the end of each file (reader). */
  readonly continuous: boolean;
  /** User into whose reader closed files go; null: the real device. */
  readonly to: string | null;
}

/** A closed spool file. */
export interface SpoolFile {
  readonly id: number;
  /** Device that made it. */
  readonly kind: 'reader' | 'punch' | 'printer';
  /** In whose queue it is, and whose reader, punch or printer queue that is. */
  readonly owner: string;
  readonly queue: 'reader' | 'punch' | 'printer';
  readonly origin: string;
  readonly spoolClass: string;
  readonly copies: number;
  readonly hold: boolean;
  readonly name: string;
  readonly type: string;
  readonly records: readonly (readonly number[])[];
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
  /** Where the virtual arm is: cylinder of the minidisk, and head. */
  position?: readonly [number, number];
  /** From another's directory entry: whose, and its address there. */
  link?: readonly [string, number];
}

/** Where a simulated channel program stands. */
export interface SimulatedProgram {
  readonly key: number;
  /** Guest address of the CCW to execute next. */
  readonly next: number;
  /** CCWs executed so far: bounds a program that loops. */
  readonly executed: number;
  /** Bytes that the command before had left of its count. */
  readonly residual?: number;
  /** Virtual IPL: the first CCW is not in storage. */
  readonly load?: boolean;
}

/** How a simulated command went. */
export interface CommandEnd {
  /** The program ends with this command. */
  readonly finished: boolean;
  /** Guest address of the CCW after it. */
  readonly next: number;
  readonly status: number;
  readonly residual: number;
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
  /** Channel end has been told; the mechanism still moves. */
  channelEnded?: boolean;
  /** Real address of a CCW and 24 bytes for CP's own SENSE. */
  readonly senseAt: number;
  /** Guest address of the first CCW. */
  readonly first: number;
  /** CP's own SENSE after this program's unit check: the CSW that the guest is to see, and whether it has begun. */
  sensing?: { readonly csw: readonly [number, number]; readonly begun: boolean };
  /** It is the guest's own program, in place. */
  untranslated?: true;
  /** The machine has been reset meanwhile: nobody wants to hear of the end. */
  abandoned?: boolean;
  /** Seeks of the program: index of the CCW, cylinder and head. */
  readonly seeks: readonly (readonly [number, number, number])[];
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
  terminal: number;
  storageSize: number;
  psw: Psw;
  /** Length in bytes of the instruction that caused the last interruption, and its address. */
  instructionBytes: number;
  instructionAddress: number;
  readonly gr: Int32Array;
  readonly fpr: Uint32Array;
  readonly cr: Int32Array;
  pages: PageState[];
  /** Real address of the block through which VM assist serves this machine. */
  readonly assistBlock: number;
  /** Real address of the segment table that maps virtual storage while the guest's own translation is off. */
  segmentTable: number;
  /** Real address of the swap table. */
  readonly swapTable: number;
  shadow: ShadowState | null;
  /** It has the virtual=real area; its channel programs are not translated (SET NOTRANS). */
  readonly virtualReal: boolean;
  noTranslation: boolean;
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
  /** Ticks of the machine's interval timer, since its power-on, that the virtual one has seen. */
  intervalTick: number;
  /** Terminal lines typed ahead, and whether CP holds the terminal. */
  lines: string[];
  /** A command of the user that waits for a page. */
  command?: string | null;
  /** Where ADSTOP has put its SVC, and what stood there. */
  addressStop?: { readonly address: number; readonly bytes: readonly [number, number] } | null;
  /** What TRACE types. */
  trace?: TraceSettings | null;
  /** What SET has changed; absent: as at logon. */
  settings?: UserSettings;
  /** Privilege classes of the user, from the directory; absent: G. */
  privileges?: string;
  /** Clock at logon. */
  loggedOnAt?: number;
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

export interface TraceSettings {
  readonly events: readonly TraceEvent[];
  /** The machine goes on after each line typed; else it stops in CP. */
  readonly run: boolean;
}
export type TraceEvent = 'SVC' | 'I/O' | 'PROGRAM' | 'EXTERNAL' | 'PRIV' | 'SIO' | 'BRANCH' | 'INSTRUCT';

export interface UserSettings {
  /** Messages of other users, CP's informational ones, and the form of error messages. */
  readonly messages: boolean;
  readonly information: boolean;
  readonly errors: 'ON' | 'OFF' | 'CODE' | 'TEXT';
  /** The machine goes on running while the user is in CP mode. */
  readonly run: boolean;
  /** Whether VM assist serves this machine, its SVCs, and its interval timer. */
  readonly assist: boolean;
  readonly assistSvc: boolean;
  readonly assistTimer: boolean;
}
