// What the reference pages print: plain data that the build collects from the tables of the engines.
// Words in English are those of the tables; what is said of them in each language is in words-*.ts and notes-ja.ts.

export type Support = 'supported' | 'partial' | 'absent';

/** Where a number comes from, and how far it can be trusted. */
export interface Sourced {
  readonly source: string;
  readonly certainty: string;
}

/** A run of bits of an instruction: what stands there, or '' where the bits are ignored. */
export interface BitField {
  readonly text: string;
  readonly at: number;
  readonly width: number;
}

export interface InstructionEntry {
  readonly mnemonic: string;
  readonly title: string;
  /** Hexadecimal, two or four digits. */
  readonly opcode: string;
  readonly operands: string;
  readonly format: string;
  readonly fields: readonly BitField[];
  readonly privileged: boolean;
  readonly sensitive: 'control' | 'behaviour' | null;
  /** Meanings of condition codes 0 to 3, '--' where a code is not set; null when the code stays. */
  readonly conditionCodes: readonly string[] | null;
  readonly costClass: string;
  /** One figure for each model, in their order. */
  readonly cycles: readonly number[];
  readonly partial: string | null;
}

export interface InstructionGroup {
  readonly id: string;
  readonly instructions: readonly InstructionEntry[];
}

/** One way in which instructions are laid out, and those that are so. */
export interface Format {
  readonly name: string;
  readonly operands: string;
  readonly bits: number;
  /** The opcode's field says how wide it is, and bears no value. */
  readonly fields: readonly BitField[];
  readonly mnemonics: readonly string[];
}

export interface Code {
  readonly code: number;
  readonly name: string;
}

export interface Location {
  readonly address: number;
  readonly bytes: number;
  readonly name: string;
  readonly extendedControl: boolean;
}

export interface Feature {
  readonly name: string;
  readonly support: Support;
  readonly note: string | null;
}

export interface CodedFeature extends Feature {
  readonly code: number;
}

export interface DeviceFigure extends Sourced {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

export interface DeviceEntry {
  readonly model: string;
  readonly name: string;
  readonly commands: readonly CodedFeature[];
  /** Model of an earlier device that has the very same commands. */
  readonly commandsAs: string | null;
  readonly figures: readonly DeviceFigure[];
  readonly simplified: readonly string[];
}

export interface ModelEntry {
  readonly id: string;
  readonly name: string;
  readonly cycleNanoseconds: number;
  readonly translationBufferEntries: number;
  readonly averageInstruction: Sourced & { readonly cycles: number };
}

export interface CostEntry extends Sourced {
  readonly name: string;
  readonly cycles: readonly number[];
}

export interface PathEntry extends Sourced {
  readonly name: string;
  readonly instructions: number;
  readonly reason: string;
}

export interface SimulatedEntry {
  readonly mnemonic: string;
  readonly title: string;
  /** The path of CP that it takes; null where CP refuses it with an operation exception. */
  readonly path: string | null;
}

export interface CommandEntry extends Feature {
  /** Letters that are enough. */
  readonly shortest: number;
  /** Privilege classes that may give it; '' for every user. */
  readonly classes: string;
}

export interface S370Reference {
  readonly groups: readonly InstructionGroup[];
  readonly formats: readonly Format[];
  readonly counts: { readonly all: number; readonly privileged: number; readonly sensitive: number };
  /** Mnemonics of what is sensitive and not privileged: what would defeat trap and emulate. */
  readonly sensitiveUnprivileged: readonly string[];
  readonly programInterruptions: readonly Code[];
  readonly externalInterruptions: readonly Code[];
  readonly assignedStorage: readonly Location[];
  readonly devices: readonly DeviceEntry[];
  readonly channels: readonly Feature[];
  readonly channelFigures: readonly DeviceFigure[];
  readonly models: readonly ModelEntry[];
  readonly costs: readonly CostEntry[];
}

/** What the PC has, in part or not: processor, chipset and devices, ways for programs to come in. */
export interface PcReference {
  readonly processor: readonly Feature[];
  readonly devices: readonly Feature[];
  readonly loaders: readonly Feature[];
  readonly counts: { readonly rows: number; readonly mnemonics: number };
  readonly models: readonly { readonly name: string; readonly features: readonly string[] }[];
}

export interface CpReference {
  readonly paths: readonly PathEntry[];
  readonly simulated: readonly SimulatedEntry[];
  readonly diagnose: readonly CodedFeature[];
  readonly commands: readonly CommandEntry[];
}

/** A rule of the translator, with one instruction and what comes of it. */
export interface TranslationRule {
  readonly instructions: string;
  readonly treatment: 'identical' | 'inline' | 'control' | 'call-out';
  readonly guest: string;
  readonly code: readonly string[];
}

export interface TranslationReference {
  /** In the order in which they are tried. */
  readonly rules: readonly TranslationRule[];
  /** What every unit begins with. */
  readonly prologue: readonly string[];
  /** Words of the monitor's memory that the code works on. */
  readonly state: readonly { readonly address: number; readonly name: string }[];
  readonly most: number;
}

export type ControlWord = 'pin' | 'primary' | 'secondary' | 'exit' | 'entry';
export type EntryChecks = 'controls' | 'host' | 'guest' | 'link';

/** What the processor's tables of VT-x say. */
export interface VmxReference {
  readonly exits: readonly { readonly number: number; readonly name: string }[];
  readonly errors: readonly { readonly number: number; readonly says: string }[];
  readonly fields: readonly {
    readonly encoding: number;
    readonly name: string;
    readonly width: 16 | 32 | 64 | 'natural';
    readonly kind: 'control' | 'read-only' | 'guest' | 'host';
    readonly needs: string | null;
  }[];
  readonly controls: readonly {
    readonly word: ControlWord;
    readonly bit: number;
    readonly name: string;
    /** First model that lets the bit be 1; null: none does. */
    readonly since: string | null;
  }[];
  readonly checks: readonly { readonly list: EntryChecks; readonly says: readonly string[] }[];
  /** What it costs on each model that has it. */
  readonly costs: readonly {
    readonly model: string;
    readonly entry: number;
    readonly exit: number;
    readonly access: number;
    readonly reference: number;
    readonly source: string;
  }[];
}

export interface Reference {
  readonly reasons: readonly string[];
  readonly s370: S370Reference;
  readonly cp: CpReference;
  readonly pc: PcReference;
  readonly translation: TranslationReference;
  readonly vmx: VmxReference;
}
