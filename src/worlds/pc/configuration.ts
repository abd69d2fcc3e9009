/** What a PC is built from: with the inputs it determines a run to the cycle. */
import type { Model } from '../../machines/pc/models/classes.ts';
import type { DiskPathName } from '../../monitors/vmx/disk-paths.ts';
import type { SchedulerName } from '../../monitors/xen/schedulers.ts';
import type { PcMonitorName } from './monitors/table.ts';

/** A file with the name by which a kernel is told of it: the words of its command line, the first its own name. */
export interface NamedFile {
  readonly file: Uint8Array;
  readonly name: string;
}

/** How the guest gets into the machine and begins. */
export type PcProgram =
  /** A multiboot 1 kernel with modules, or a Linux kernel with a RAM disk: the file says which. */
  | {
      readonly kind: 'kernel';
      readonly file: Uint8Array;
      readonly name: string;
      readonly append: string;
      readonly modules: readonly NamedFile[];
      readonly ramdisk: Uint8Array | null;
    }
  /** Guests of a hypervisor that runs several. */
  | {
      readonly kind: 'domains';
      readonly domains: readonly DomainConfiguration[];
      readonly scheduler?: SchedulerName;
    }
  /** From diskette or disk, by the firmware. */
  | { readonly kind: 'media' }
  /** Bytes at physical addresses. Below 1 M it begins in real-address mode, from there on in flat protected mode. */
  | {
      readonly kind: 'flat';
      readonly images: readonly { readonly at: number; readonly bytes: Uint8Array }[];
      readonly entry: number;
    };

/** A guest of a hypervisor, as an operator asks for it. */
export interface DomainConfiguration {
  readonly name: string;
  readonly kernel: Uint8Array;
  /** Its command line. */
  readonly append: string;
  readonly ramdisk: Uint8Array | null;
  /** Bytes, in whole pages; absent: all that is left. */
  readonly memory?: number;
  /** Its share of the processor against the others' (256), and the most percent of it that it gets (0: no limit). */
  readonly weight?: number;
  readonly cap?: number;
  /** Domain 0: it drives the machine's devices. Only the first can be. */
  readonly privileged?: true;
  /** A device or partition of domain 0, such as `hda2`, that is its disk by way of domain 0's back end. */
  readonly disk?: string;
  /** IPv4 address of its network interface, by way of domain 0's bridge, which lets it send from no other. */
  readonly address?: string;
  /** It is not there from the beginning: domain 0 asks for it (`xm create NAME`). */
  readonly later?: true;
  /** First and last ports of the machine that it may use. */
  readonly ioports?: readonly (readonly [number, number])[];
}

export interface PcConfiguration {
  readonly model?: Model;
  /** Bytes of memory. */
  readonly memory?: number;
  /** A BIOS instead of the one that comes with the machine. */
  readonly bios?: Uint8Array;
  /** Primary master and slave, secondary master and slave. */
  readonly disks?: readonly (Uint8Array | null)[];
  /**
   * Who does the work of the first disk under `vmx` or `vmx-shadow`, which also says what kind of disk it is. Elsewhere
   * `virtio` gives the machine a virtio disk; if nothing is said it is an ATA disk.
   */
  readonly diskBy?: DiskPathName;
  /**
   * Under `vmx` the pages that the guest writes are logged, in rounds of so many cycles; Infinity: whoever asks ends them.
   */
  readonly logDirty?: number;
  /** The diskette in drive A. */
  readonly diskette?: Uint8Array;
  /** How often the program may reset the machine; the next time ends the run. */
  readonly resetLimit?: number;
  /** Host software between machine and guest. */
  readonly under?: PcMonitorName;
  readonly program: PcProgram;
}
