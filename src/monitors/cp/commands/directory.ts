/** The directory of users, as data: who may log on, with what machine. After GC20-1801, "Creating Your VM/370 Directory". */
import type { VirtualDevice } from '../state.ts';

export type DirectoryDevice =
  | {
      readonly type: 'console' | 'reader' | 'punch' | 'printer';
      readonly address: number;
      readonly spoolClass?: string;
    }
  | {
      readonly type: 'disk';
      readonly address: number;
      /** Real device, and the extent on it. */
      readonly real: number;
      readonly start: number;
      readonly cylinders: number;
      readonly readOnly?: boolean;
      /** Passwords that LINK asks of others; absent: no such link; ALL: none is asked. */
      readonly readPassword?: string;
      readonly writePassword?: string;
      readonly multiPassword?: string;
    };

export interface DirectoryEntry {
  readonly name: string;
  readonly password: string;
  /** Bytes of virtual storage at logon, and the most that DEFINE may ask for. */
  readonly storage: number;
  readonly mostStorage?: number;
  /** Privilege classes; absent: G. */
  readonly classes?: string;
  /** OPTION VIRT=REAL: has the virtual=real area when it logs on, and may SET NOTRANS. */
  readonly virtualReal?: boolean;
  readonly devices: readonly DirectoryDevice[];
  /** Device or saved system that is loaded at logon. */
  readonly ipl?: string;
}
export type Directory = readonly DirectoryEntry[];

export const entryOf = (directory: Directory, name: string): DirectoryEntry | undefined =>
  directory.find((entry) => entry.name === name);

export type DiskEntry = Extract<DirectoryDevice, { readonly type: 'disk' }>;

/** The virtual device that a directory entry describes, as it is at logon. */
export function virtualDevice(entry: DirectoryDevice): VirtualDevice {
  const base = { address: entry.address, pending: null, busy: false, sense: [] };
  switch (entry.type) {
    case 'console':
      return { ...base, type: 'console', waiting: null, typing: null };
    case 'disk': {
      const { real, start, cylinders } = entry;
      return {
        ...base,
        type: 'disk',
        real,
        start,
        cylinders,
        readOnly: entry.readOnly ?? false,
        program: null,
      };
    }
    default:
      return {
        ...base,
        type: entry.type,
        records: [],
        spoolClass: entry.spoolClass ?? (entry.type === 'reader' ? '*' : 'A'),
      };
  }
}

/** Console, reader, punch and printer where CMS expects them. */
export const UNIT_RECORD: readonly DirectoryDevice[] = [
  { type: 'console', address: 0x009 },
  { type: 'reader', address: 0x00c },
  { type: 'punch', address: 0x00d },
  { type: 'printer', address: 0x00e },
];
