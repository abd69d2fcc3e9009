/** What a System/370 world is built from: with the inputs it determines a run to the cycle. */
import type { AssistLevel } from '../../machines/s370/assist/vm-assist.ts';
import type { Model } from '../../machines/s370/models.ts';
import type { Settings } from '../../os/timesharing/settings.ts';
import type { Command } from '../../os/timesharing/users.ts';
import type { Pieces } from './piece.ts';

/** Bytes that are in storage when the run begins. */
export interface CoreImage {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** How the guest gets into the machine and begins. */
export type Program =
  /** Assembler source. It begins at the PSW given, else at the PSW its data puts at location 0, else at its entry. */
  | {
      readonly kind: 'source';
      readonly text: string;
      readonly file: string;
      readonly psw?: readonly [number, number];
      readonly copy?: (name: string) => string | null;
    }
  | { readonly kind: 'core'; readonly images: readonly CoreImage[]; readonly psw: readonly [number, number] }
  /** The load key with this device address. */
  | { readonly kind: 'ipl'; readonly device: number };

/** A control program that stands between the machine and the guest. */
export interface MonitorChoice {
  readonly name: 'cp';
  /** Lowest level only: VM assist that its machine has; absent: none. */
  readonly assist?: AssistLevel;
  /** Lowest level only: pages of its virtual machine that are resident at a time; absent: all. */
  readonly frames?: number;
  /** Lowest level only: its machine is in the virtual=real area; absent: it has pages like any other. */
  readonly virtualReal?: boolean;
  /** … and has said SET NOTRANS ON. */
  readonly noTranslation?: boolean;
}

/** A direct-access device and what is on it. */
export interface Dasd {
  readonly address: number;
  readonly type: '3330' | '2305';
  /** A packed image (see devices/ckd-image.ts); without one the medium is empty, a drum formatted in pages. */
  readonly image?: Uint8Array;
}

/** Another user of the topmost control program, with a machine and a terminal of his own. */
export interface Fellow {
  readonly name: string;
  /** Assembler source of his guest. */
  readonly source: string;
  /** Bytes of his machine's storage. */
  readonly storage: number;
}

/** A program in the library of a time-sharing system. */
export interface Job {
  readonly name: string;
  /** Assembler source: a program that runs wherever it is put. */
  readonly source: string;
  /** How often simulated users choose it, against the others. */
  readonly weight: number;
  readonly priority?: number;
}

/** A time-sharing supervisor on the machine; `program` is what its operator has started. */
export interface TimesharingChoice {
  readonly settings: Settings;
  readonly jobs: readonly Job[];
  /** How often simulated users choose `program`. */
  readonly weight: number;
  /** The one command of each user, in the place of what simulated users would think of; the operator then starts none. */
  readonly script?: readonly Command[];
}

export interface S370Configuration {
  readonly model?: Model;
  /** Bytes of main storage; under monitors, of the innermost virtual machine. */
  readonly storage?: number;
  readonly program: Program;
  /** Cards in the hopper of the reader, each of 80 bytes. */
  readonly cards?: readonly Uint8Array[];
  /** Disks and drums; the standard ones if not given. */
  readonly dasd?: readonly Dasd[];
  /** Who logs on beside the guest; under one control program. At most as many as there are terminals for. */
  readonly fellows?: readonly Fellow[];
  /** Name of the guest's virtual machine. */
  readonly user?: string;
  /** Instead of `under`: many users in one operating system. */
  readonly timesharing?: TimesharingChoice;
  /** Lowest level first. */
  readonly under?: readonly MonitorChoice[];
  /** Pieces of the highest monitor that a student wrote. */
  readonly pieces?: Pieces;
  /** Cost constants changed by the learner: cycles by class. */
  readonly constants?: Readonly<Record<string, number>>;
}

export const DEFAULT_STORAGE = 0x100000;

/** Device addresses as VM/370 installations and CMS virtual machines had them (GC20-1807, GC20-1819). */
export const CONSOLE_ADDRESS = 0x009;
export const READER_ADDRESS = 0x00c;
export const PUNCH_ADDRESS = 0x00d;
export const PRINTER_ADDRESS = 0x00e;
export const DISK_ADDRESS = 0x190;
export const WORK_DISK_ADDRESS = 0x191;
export const DRUM_ADDRESS = 0x2a0;
/** Terminals of fellow users, and the pack with their minidisks. */
export const FELLOW_CONSOLES: readonly number[] = [0x01f, 0x020, 0x021];
export const FELLOW_DISK_ADDRESS = 0x330;
/** The drum to which CP itself pages, where it does. */
export const CP_DRUM_ADDRESS = 0x2b0;
/** The disk with the files of a time-sharing system. */
export const FILE_DISK_ADDRESS = 0x340;

/** A system disk, perhaps with `image` on it, a work disk and a drum. */
/** Name of the guest's machine where the configuration gives none. */
export const GUEST = 'GUEST';

export const standardDasd = (image?: Uint8Array): readonly Dasd[] => [
  { address: DISK_ADDRESS, type: '3330', ...(image ? { image } : {}) },
  { address: WORK_DISK_ADDRESS, type: '3330' },
  { address: DRUM_ADDRESS, type: '2305' },
];
