/**
 * Frames: what a session shows of its world. Plain data, structured-cloneable; panels are functions of these.
 * Addresses and register words are unsigned numbers, times are cycles of the machine's clock.
 */
import type { Diagnostic } from '../base/diagnostics.ts';

/** A field of a register or status word with its meaning, for panels to explain on focus. */
export interface FieldView {
  readonly name: string;
  readonly value: string;
  /** Key of the explanation in the panels' dictionaries. */
  readonly explain: string;
}

export interface RegisterView {
  readonly name: string;
  readonly value: string; // as the manual prints it
  readonly fields?: readonly FieldView[];
}

/** Registers in groups, e.g. general, floating-point, control, PSW; one set for each processor that is looked at. */
export interface RegistersView {
  readonly title: string;
  readonly groups: readonly { readonly name: string; readonly registers: readonly RegisterView[] }[];
}

/** One line of disassembly, with the source line it came from when there is one. */
export interface CodeLine {
  readonly address: number;
  readonly bytes: string;
  readonly text: string;
  /** 1-based line of the source, or null. */
  readonly line: number | null;
  readonly privileged: boolean;
  /** The line of a guest's own sources whose first instruction this is. */
  readonly source?: SourceLineView;
}

/** One line of a guest's sources. */
export interface SourceLineView {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

/** The code around the instruction address of the processor or virtual machine that is looked at. */
export interface CodeView {
  readonly instructionAddress: number;
  /** 1-based source line of the next instruction, or null. */
  readonly line: number | null;
  readonly lines: readonly CodeLine[];
}

export interface StorageView {
  readonly address: number;
  readonly bytes: Uint8Array;
  /** Addresses that changed since the last frame. */
  readonly changed: readonly number[];
  /** Size of the address space shown. */
  readonly size: number;
}

/** One translation table as rows; `steps` walk one address through it. */
export interface TranslationView {
  readonly tables: readonly {
    readonly title: string; // e.g. "guest", "shadow", "real"
    readonly origin: number;
    readonly rows: readonly {
      readonly virtual: number;
      readonly real: number | null; // null: invalid
      readonly note: string;
      readonly key: string | null;
    }[];
  }[];
  readonly steps: readonly { readonly text: string; readonly address: number; readonly value: string }[];
}

/** A stretch of time in which one account was charged. `layer`, `reason`: words of the accounting vocabulary. */
export interface StrataSegment {
  readonly from: number;
  readonly cycles: number;
  readonly layer: string;
  /** Monitors beneath the layer. */
  readonly level: number;
  readonly reason: string;
}

/** Something that happened, as data; the panels put it into words in the reader's language. */
export interface EventView {
  readonly clock: number;
  /** e.g. "program-interruption", "svc", "io-start", "io-interruption", "simulate", "reflect", "dispatch", "page-in". */
  readonly kind: string;
  readonly layer: string;
  readonly level: number;
  /** The virtual machine or program concerned, '' for the machine itself. */
  readonly subject: string;
  readonly address: number | null;
  /** 1-based source line, when the address belongs to the source shown. */
  readonly line: number | null;
  /** Words to fill in: mnemonic, code, device, cycles … */
  readonly detail: Readonly<Record<string, string | number>>;
}

export interface LedgerRowView {
  readonly layer: string;
  readonly level: number;
  readonly reason: string;
  readonly count: number;
  readonly cycles: number;
}

export interface TerminalView {
  readonly id: string;
  readonly title: string;
  /** All text so far (bounded); lines end in \n. */
  readonly text: string;
  /** A program or CP is waiting for a line. */
  readonly wantsInput: boolean;
  /** Its keyboard is locked until a program reads, and has a key that asks for attention, as a 3215 has. */
  readonly locks: boolean;
  /** Set where the text is a screen of fixed size, line by line, and not what has been typed so far. */
  readonly screen?: {
    readonly columns: number;
    readonly rows: number;
    readonly cursor: { readonly column: number; readonly row: number } | null;
  };
}

export interface DeviceView {
  readonly address: string;
  readonly type: string;
  readonly state: string;
  readonly detail: string;
}

/** A virtual machine or process, as the scheduler sees it. */
export interface TaskView {
  readonly name: string;
  readonly state: string;
  readonly queue: string;
  readonly cycles: number;
  readonly detail: string;
}

/** What a frame of memory is used as, in the order of the numbers in `frameTypes`. */
export const FRAME_USES = ['plain', 'table', 'directory', 'descriptors', 'writable'] as const;

/** The books of a hypervisor: its domains, what they asked for, and every frame of memory. */
export interface HypervisorView {
  readonly domains: readonly {
    readonly id: number;
    readonly name: string;
    readonly state: string;
    /** Why it stopped, or ''. */
    readonly reason: string;
    readonly pages: number;
    readonly weight: number;
    readonly cycles: number;
    /** What it has written to a console of its own; absent where the hypervisor's is everybody's. */
    readonly console?: string;
  }[];
  readonly calls: readonly { readonly name: string; readonly count: number }[];
  /** The latest ones, oldest first: the check that said no, and what it found. */
  readonly refusals: readonly { readonly domain: number; readonly check: string; readonly detail: string }[];
  /** Network interfaces of domains, as the bridge counts them: frames from and to each, and those dropped by the reason. */
  readonly interfaces: readonly {
    readonly domain: number;
    readonly station: string;
    readonly address: string;
    readonly counts: Readonly<Record<string, number>>;
  }[];
  /** Disks of domains that domain 0 serves, with the requests that it refused by the reason. */
  readonly disks: readonly {
    readonly domain: number;
    /** The device or partition of domain 0. */
    readonly disk: string;
    readonly counts: Readonly<Record<string, number>>;
  }[];
  /** By frame: number of the domain, −1 for nobody, −2 for the hypervisor; and an index into `FRAME_USES`. */
  readonly frameOwners: Int16Array;
  readonly frameTypes: Uint8Array;
}

/** The kernel that containers share: who runs, what each sees, what each may use. */
export interface KernelView {
  readonly processes: readonly {
    /** Its number as the host sees it, and as it sees itself. */
    readonly pid: number;
    readonly inside: number;
    readonly parent: number;
    readonly name: string;
    /** R running, S waiting, T stopped, Z ended and not yet asked for. */
    readonly state: string;
    readonly pages: number;
    readonly cycles: number;
    readonly group: string;
    /** Path of its root directory within the file system that it lies in, which for a container’s files is the host’s. */
    readonly root: string;
    /** By kind, as /proc/PID/ns has them: the same number is the same namespace. */
    readonly namespaces: Readonly<Record<string, number>>;
    readonly capabilities: number;
  }[];
  readonly groups: readonly {
    readonly path: string;
    readonly pids: number;
    /** Limits are null where there are none. */
    readonly pidsMax: number | null;
    readonly refused: number;
    readonly bytes: number;
    readonly bytesMax: number | null;
    readonly peak: number;
    readonly killed: number;
    readonly weight: number;
    readonly cycles: number;
    /** Share of the processor that it may have, and how often it was held back. */
    readonly quota: number | null;
    readonly throttled: number;
    readonly frozen: boolean;
  }[];
  /** File systems that are made of layers. Absent where there are none. */
  readonly overlays?: readonly OverlayView[];
  readonly calls: readonly { readonly name: string; readonly count: number }[];
  /** Numbers of calls that this kernel does not have. */
  readonly unknown: readonly { readonly number: number; readonly count: number }[];
}

/** A file system that shows layers one over the other, and what has been changed in it. */
export interface OverlayView {
  /** Where the host has it. */
  readonly at: string;
  /** The topmost first: that for changes, then those that never change. */
  readonly layers: readonly { readonly path: string; readonly files: number; readonly bytes: number }[];
  /** Files that were copied up, over all. */
  readonly copied: { readonly files: number; readonly bytes: number };
  /** What the layer for changes has; of long lists the beginning. */
  readonly changes: readonly {
    readonly path: string;
    readonly kind: 'new' | 'over' | 'gone';
    readonly bytes: number;
    /** Place in `layers` of the one whose file it covers; null where there is none. */
    readonly covers: number | null;
  }[];
}

/** A unit of translated code beside the guest's instructions that it stands for. */
export interface UnitView {
  readonly address: number;
  readonly guest: readonly {
    readonly address: number;
    readonly bytes: string;
    readonly text: string;
    /** 1-based line of the source, or null. */
    readonly line: number | null;
    /** "identical", "inline", "control", "call-out". */
    readonly treatment: string;
    /** Index of the first line of its translation, and of the first that is none of it any more. */
    readonly from: number;
    readonly to: number;
  }[];
  /** What checks the address of an indirect jump comes first. */
  readonly code: readonly { readonly address: number; readonly bytes: string; readonly text: string }[];
  /** Where the unit leads, and whether it goes there without the monitor. */
  readonly exits: readonly { readonly target: number; readonly chained: boolean }[];
}

/** What a binary translator has made, and how its guest runs right now. */
export interface TranslatorView {
  readonly running: 'direct' | 'translated' | 'interpreted';
  /** The unit that runs, or the one that was made last. */
  readonly unit: UnitView | null;
  /** Index of the next line of the unit's code; −1 where no translated code runs. */
  readonly next: number;
  readonly cache: {
    readonly units: number;
    readonly used: number;
    readonly size: number;
    /** Bytes of the guest's code that units were made from, and bytes of their code. */
    readonly guestBytes: number;
    readonly codeBytes: number;
    readonly exits: number;
    readonly chained: number;
    /** Where each unit stands: offset and length in bytes, one after the other. */
    readonly places: readonly number[];
    /** Offset of the unit that runs, or −1. */
    readonly current: number;
  };
  /** Instructions executed so far, of each kind. */
  readonly executed: { readonly direct: number; readonly translated: number; readonly interpreted: number };
}

/** VT-x on a processor that has it: the current VMCS, what exited, and one address through the tables. */
export interface VmxView {
  /** Outside of VMX operation, as a host, or as a guest. */
  readonly operation: 'off' | 'root' | 'guest';
  /** Address of the current VMCS, or null. */
  readonly vmcs: number | null;
  readonly fields: readonly {
    readonly name: string;
    readonly encoding: number;
    readonly kind: 'control' | 'read-only' | 'guest' | 'host';
    /** Hexadecimal, in the field's width. */
    readonly value: string;
  }[];
  /** By number: how often, and cycles from the exit until the guest went on. */
  readonly exits: readonly {
    readonly number: number;
    readonly name: string;
    readonly count: number;
    readonly cycles: number;
  }[];
  /** References that walks made: to tables of the guest's, and to extended ones. */
  readonly references: { readonly guest: number; readonly host: number };
  /** Of the wanted address or the next instruction's; null where no guest with paging runs. */
  readonly walk: NestedWalkView | null;
  /** Absent where nobody asked whose work the guest's disk is. */
  readonly disk?: DiskWorkView;
}

/** What the guest's disk has cost: who does its work, and what was gone through for its requests. */
export interface DiskWorkView {
  /** Name of the division of labour. */
  readonly path: string;
  /** Requests that ended, and bytes that were to be moved. */
  readonly requests: number;
  readonly bytes: number;
  /** From the end of the request before to the end of the last one; and all such stretches together. */
  readonly last: DiskStretch;
  readonly all: DiskStretch;
}
export interface DiskStretch {
  readonly cycles: number;
  /** In the order in which they first happened: VM exits by reason, steps by name. */
  readonly rows: readonly {
    readonly name: string;
    readonly kind: 'exit' | 'step';
    /** Whose work it is. */
    readonly layer: string;
    readonly count: number;
    readonly cycles: number;
  }[];
}

/** One entry of a table that a walk reads. */
export interface WalkReference {
  readonly address: number;
  readonly value: string;
}

/** A walk in two dimensions. */
export interface NestedWalkView {
  readonly linear: number;
  /** Levels of the guest's tables, and of the extended ones on the longest way; 0: there are none. */
  readonly levels: { readonly guest: number; readonly host: number };
  /** The guest's entries in turn, and the data last. */
  readonly rows: readonly {
    readonly what: 'directory' | 'table' | 'data';
    readonly guestPhysical: number;
    /** Extended tables that this guest-physical address goes through, from the top. */
    readonly host: readonly WalkReference[];
    /** Where it lies; null: the walk ends here, by a fault of the guest's or a VM exit. */
    readonly physical: number | null;
    /** The guest's entry there; '' for the data. */
    readonly value: string;
  }[];
}

/** How the processes of an operating system share its processor, its core and its drum. */
export interface SharingView {
  /** Who is ready or running, by the rank at which the discipline has put him; the lowest runs first. */
  readonly queues: readonly { readonly rank: string; readonly tasks: readonly string[] }[];
  /** Who holds each page frame, '' nobody. */
  readonly core: readonly string[];
  readonly reads: number;
  readonly writes: number;
  /** Cycles from command to answer of the simulated users, in the order in which they ended. */
  readonly responses: readonly number[];
  /** Cycles of a second of the users. */
  readonly second: number;
}

export type StopView =
  | { readonly kind: 'running' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'wait'; readonly disabled: boolean; readonly address: number }
  | { readonly kind: 'breakpoint'; readonly reason: string }
  | { readonly kind: 'exit'; readonly code: number } // the program switched the machine off
  | { readonly kind: 'limit' }
  | { readonly kind: 'check'; readonly reason: string };

/** What one frame carries. Parts that no visible panel asked for are null. */
export interface Frame {
  readonly clock: number;
  readonly instructions: number;
  /** Nanoseconds of the simulated machine's time that the clock stands for. */
  readonly nanoseconds: number;
  readonly stop: StopView;
  /** Earliest and latest cycle that can be sought. */
  readonly span: readonly [number, number];
  /** Layer that executes next. */
  readonly layer: { readonly layer: string; readonly level: number; readonly reason: string };
  readonly registers: readonly RegistersView[] | null;
  readonly code: CodeView | null;
  readonly storage: StorageView | null;
  readonly translation: TranslationView | null;
  readonly strata: {
    readonly window: readonly [number, number];
    readonly segments: readonly StrataSegment[];
  } | null;
  readonly events: readonly EventView[] | null;
  readonly ledger: readonly LedgerRowView[] | null;
  readonly terminals: readonly TerminalView[] | null;
  readonly devices: readonly DeviceView[] | null;
  readonly tasks: readonly TaskView[] | null;
  readonly printer: string | null;
  /** Absent or null where no hypervisor keeps such books. */
  readonly hypervisor?: HypervisorView | null;
  /** Absent or null where no kernel is shared. */
  readonly kernel?: KernelView | null;
  /** Absent or null where nothing is translated. */
  readonly units?: TranslatorView | null;
  /** Absent or null where the processor has no VT-x. */
  readonly vmx?: VmxView | null;
  /** Absent where no operating system of ours shares the machine. */
  readonly sharing?: SharingView | null;
}

/** Which parts the page wants, and how they are to be cut. */
export interface View {
  readonly parts: readonly FramePart[];
  /** Virtual machine or processor to look at; '' is the innermost guest. */
  readonly subject: string;
  readonly storageAt: number;
  readonly storageLength: number;
  /** Address to walk through the translation tables, or null. */
  readonly walk: number | null;
  /** Stretch of time that the strata diagram shows; null follows the clock with `strataCycles`. */
  readonly strataWindow: readonly [number, number] | null;
  readonly strataCycles: number;
  /** Segments shorter than this are merged before they are sent. */
  readonly strataGrain: number;
  /** Most events wanted, latest first kept. */
  readonly events: number;
}
export type FramePart =
  | 'registers'
  | 'code'
  | 'storage'
  | 'translation'
  | 'strata'
  | 'events'
  | 'ledger'
  | 'terminals'
  | 'devices'
  | 'tasks'
  | 'printer'
  | 'hypervisor'
  | 'kernel'
  | 'units'
  | 'vmx'
  | 'sharing';

/** What a lab offers to choose from, in the words of its own dictionary keys. */
export interface LabOffer {
  readonly workloads: readonly string[];
  readonly techniques: readonly string[];
  /** Workloads that only some of the techniques are offered for, and those. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
  /** A workload to be run under every technique with an option from 1 to `most`, and the figures to be drawn. */
  readonly sweep?: {
    readonly workload: string;
    readonly option: string;
    readonly most: number;
    readonly figures: readonly string[];
  };
  /** Figures of a workload as they were published, in the unit of its own: under a technique and one to hold it against. */
  readonly published?: {
    readonly workload: string;
    readonly source: string;
    readonly technique: string;
    readonly against: string;
    readonly figures: Readonly<Record<string, readonly [technique: number, against: number]>>;
  };
  /** Its machines have an operator's keys: interrupt, restart, and what no key did, a failure. */
  readonly operatorKeys?: true;
  /** Workloads whose program can also be a file in machine code, as `Setup.image`. */
  readonly images?: readonly string[];
  /** Machines that the lab's runs can be moved to, by the option `machine` of a setup: its place in the list. */
  readonly machines?: readonly {
    readonly name: string;
    /** In which it could first be bought. */
    readonly year: number;
    /** Cycles per second. */
    readonly frequency: number;
    /** Techniques that it has what they need for. */
    readonly techniques: readonly string[];
  }[];
  /** Names and values of the cost constants that may be changed. */
  readonly constants: readonly {
    readonly name: string;
    readonly value: number;
    readonly source: string;
    readonly certainty: string;
    /** Least and most that the sources give it, on any machine of the lab; absent: they do not differ, or there is none. */
    readonly range?: readonly [least: number, most: number];
  }[];
}

/** The techniques that a lab offers for a workload. */
export const techniquesFor = (offer: LabOffer, workload: string): readonly string[] =>
  offer.only?.[workload] ?? offer.techniques;

/** The configuration that, with the inputs, determines a run to the cycle. */
export interface Setup {
  readonly workload: string;
  readonly technique: string;
  /** Guest source as edited, or null for the workload's own. */
  readonly source: string | null;
  /** A program in machine code in place of the source: an ELF file, in base64url. */
  readonly image?: string;
  readonly constants: Readonly<Record<string, number>>;
  readonly seed: number;
  /** What an exercise fixes or leaves to the student beyond the technique, e.g. `frames`: as the chapter's world reads it. */
  readonly options?: Readonly<Record<string, number | boolean>>;
  /** Pieces of the monitor as a student wrote them, in JavaScript, by the name of what they replace, e.g. `STNSM`. */
  readonly pieces?: Readonly<Record<string, string>>;
}

/** What can fail in a processor, in the words of its machine-check interruption. */
export const DAMAGES = [
  'system',
  'instruction-processing',
  'system-recovery',
  'interval-timer',
  'timing-facility',
  'external',
  'degradation',
  'warning',
] as const;
export type Damage = (typeof DAMAGES)[number];

/** External input: stamped with the cycle at which it takes effect, it is part of the recording. */
export type Input =
  | { readonly kind: 'type'; readonly terminal: string; readonly text: string } // a line, without its end
  | { readonly kind: 'keys'; readonly terminal: string; readonly text: string } // characters as they are typed
  | { readonly kind: 'attention'; readonly terminal: string }
  | { readonly kind: 'interrupt-key' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'machine-check'; readonly damage: Damage }
  | { readonly kind: 'store'; readonly address: number; readonly bytes: readonly number[] }
  | { readonly kind: 'set-register'; readonly register: number; readonly value: number }
  | { readonly kind: 'cards'; readonly text: string };

export interface Breakpoints {
  readonly addresses: readonly number[];
  /** Event kinds that stop the run. */
  readonly events: readonly string[];
  /** Storage bytes whose change stops the run. */
  readonly storage: readonly number[];
  /** Registers of the innermost guest, by name, whose change stops the run. */
  readonly registers: readonly string[];
}

/** What came of loading a setup. */
export type Loaded =
  | { readonly ok: true; readonly source: string; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly source: string; readonly diagnostics: readonly Diagnostic[] };
