/** The ways to a guest's disk: `io` with few blocks, under every division of labour. */
import { WESTMERE } from '../../src/machines/pc/models/westmere.ts';
import type { Model } from '../../src/machines/pc/models/classes.ts';
import type { DiskPathName } from '../../src/monitors/vmx/disk-paths.ts';
import type { PcMonitorName } from '../../src/worlds/pc/monitors/table.ts';
import type { PcWorld } from '../../src/worlds/pc/world.ts';
import { varveWorld } from '../+shared/pc/varve-world.ts';

export interface Technique {
  readonly model: Model;
  readonly under?: PcMonitorName;
  /** Whose work the disk is. */
  readonly diskBy?: DiskPathName;
  /** The processor moves the disk's words itself. */
  readonly byProcessor?: true;
}

export const DISK = 'disk';
const BLOCKS = 24;
export const DISK_EXPECTED = new RegExp(
  `^io: ${BLOCKS} blocks written, ${BLOCKS} read, crc [0-9a-f]+: ok$`,
  'm',
);

const by = (diskBy: DiskPathName): Technique => ({ model: WESTMERE, under: 'vmx', diskBy });

export const WAYS: Readonly<Record<string, Technique>> = {
  'ata-pio': { ...by('emulated'), byProcessor: true },
  'ata-dma': by('emulated'),
  virtio: by('virtio'),
  vhost: by('vhost'),
  direct: by('direct'),
  exitless: by('exitless'),
  'hyperv-emulated': by('hyperv-emulated'),
  'hyperv-vmbus': by('hyperv-vmbus'),
  'xen-emulated': by('xen-emulated'),
  'xen-split': by('xen-split'),
};

/** Varve with a disk that is driven in one of these ways. */
export const diskWorld = ({ byProcessor, ...options }: Technique): PcWorld =>
  varveWorld('io', {
    ...options,
    words: [String(BLOCKS)],
    ...(byProcessor ? {} : { kernelOptions: 'disk=dma' }),
  });
