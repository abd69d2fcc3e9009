/**
 * Who does the work of the guest's disk, and what that costs beyond VM entries and exits: the ways of three
 * architectures, each as the steps that are gone through for an access to a register, a notification, a request and its
 * completion. Interrupt controllers and timer are in the kernel or the hypervisor with all of them, as in KVM since Linux
 * 2.6.24 (2008; from memory). SIMPLIFIED: all of it on the one processor; where there are more, other processors do parts of it.
 */
import type { Cost } from '../../accounting/cost.ts';
import { account, type Account } from '../../accounting/vocabulary.ts';
import { accountsAt, USER_SPACE } from './paths.ts';

/** The one who has the real machine: nobody else is asked whose work the disk is. */
const { devices: DEVICES, emulation: EMULATION } = accountsAt(0);
const SCHEDULING = account('host', 'scheduling');
const DEVICE_MODEL = account('host', 'emulation');

interface Step extends Cost {
  readonly account: Account;
}

const KVM_2017 = 'Linux commit b7ffc44d5b2e, kvm-unit-tests, 2017';
const DALL = 'C. Dall et al., ARM Virtualization, ISCA 2016, table II (Xen on a Xeon E5-2450)';
const guess = (who: Account, cycles: number, source: string): Step => ({
  account: who,
  cycles,
  source,
  certainty: 'estimate',
});

/** What a step costs and whose work it is. */
export const STEPS = {
  'user-space': {
    account: DEVICES,
    cycles: USER_SPACE,
    source: `inl_from_qemu less inl_from_kernel, 6856 − 2435; ${KVM_2017}`,
    certainty: 'derived',
  },
  'in-kernel': {
    account: EMULATION,
    cycles: 1240,
    source: `inl_from_kernel less vmcall, 2435 − 1195; ${KVM_2017}`,
    certainty: 'derived',
  },
  eventfd: {
    account: EMULATION,
    cycles: 207,
    source: `outl_to_kernel less vmcall, 1402 − 1195; ${KVM_2017}`,
    certainty: 'derived',
  },
  'vm-switch': {
    account: account('monitor', 'scheduling'),
    cycles: 10_534,
    source: `from one virtual machine to another; ${DALL}`,
    certainty: 'recalled',
  },
  hypercall: {
    account: EMULATION,
    cycles: 1228,
    source: `a hypercall, there and back; ${DALL}`,
    certainty: 'recalled',
  },
  process: guess(SCHEDULING, 3000, 'waking a process and switching to it'),
  thread: guess(SCHEDULING, 1500, 'waking a thread of the kernel and switching to it'),
  'device-model': guess(DEVICE_MODEL, 1000, 'a register of an emulated controller, looked up and acted on'),
  ring: guess(DEVICE_MODEL, 300, 'three descriptors and a header read, or an entry written'),
  submit: guess(DEVICES, 4000, 'a request through the block layer to the driver of the real disk'),
  'system-call': guess(DEVICES, 1000, 'a system call with a request in it'),
  'disk-interrupt': guess(DEVICES, 3000, 'handler of the real disk, and the end of the request'),
  inject: guess(EMULATION, 500, 'an interrupt for the guest is put down'),
} as const satisfies Readonly<Record<string, Step>>;

export type StepName = keyof typeof STEPS;
type Steps = readonly StepName[];

export interface DiskPath {
  /** What the guest must have: an ATA disk, or a virtio disk with its ring. */
  readonly disk: 'ata' | 'virtio';
  /** An access to a register: the way to the device model … */
  readonly model: Steps;
  /** … unless it is the one that says that there is something in the ring. */
  readonly notify: Steps;
  /** A request leaves for the real disk; it is done. */
  readonly request: Steps;
  readonly completion: Steps;
  /** The guest has the real disk's controller: its ports do not exit. */
  readonly direct?: true;
  /** Interrupts do not exit: they are delivered through the guest's own table. */
  readonly exitless?: true;
}

const NOTHING: Steps = [];
const qemu = { model: ['user-space'], request: ['system-call', 'submit'] } as const;
const TO_QEMU: Steps = ['disk-interrupt', 'process', 'system-call', 'inject'];
/** To the privileged virtual machine and back, with its device model's process in between. */
const WORKER: Steps = ['vm-switch', 'process', 'device-model', 'hypercall', 'vm-switch'];
/** What the driver of the real disk hears, it hears in the privileged virtual machine. */
const TO_WORKER: Steps = ['vm-switch', 'disk-interrupt', 'process', 'hypercall', 'vm-switch', 'inject'];
const TO_DRIVER: Steps = ['vm-switch', 'disk-interrupt', 'ring', 'hypercall', 'vm-switch', 'inject'];

export const DISK_PATHS = {
  /** KVM with the device model in user space: Linux 2.6.20 (2007). */
  emulated: { disk: 'ata', ...qemu, notify: NOTHING, completion: TO_QEMU },
  /** The ring read in user space: Linux 2.6.25 (2008). */
  virtio: { disk: 'virtio', ...qemu, notify: ['user-space', 'ring'], completion: [...TO_QEMU, 'ring'] },
  /** The ring read by a thread of the kernel. */
  vhost: {
    disk: 'virtio',
    model: ['user-space'],
    notify: ['eventfd', 'thread', 'ring'],
    request: ['submit'],
    completion: ['disk-interrupt', 'thread', 'ring', 'inject'],
  },
  /** The guest's own: interrupts come by the hypervisor. */
  direct: {
    disk: 'ata',
    model: ['user-space'],
    notify: NOTHING,
    request: NOTHING,
    completion: ['inject'],
    direct: true,
  },
  /** Nothing of the disk comes by the hypervisor: Gordon et al., ELI, ASPLOS 2012. */
  exitless: {
    disk: 'ata',
    model: ['user-space'],
    notify: NOTHING,
    request: NOTHING,
    completion: NOTHING,
    direct: true,
    exitless: true,
  },
  /** Hyper-V and a guest that knows nothing of it: the worker process in the root partition has the device model. */
  'hyperv-emulated': {
    disk: 'ata',
    model: WORKER,
    notify: NOTHING,
    request: ['system-call', 'submit'],
    completion: TO_WORKER,
  },
  /** An enlightened guest: a ring to the kernel of the root partition. SIMPLIFIED: virtio's ring plays that of VMBus. */
  'hyperv-vmbus': {
    disk: 'virtio',
    model: WORKER,
    notify: ['vm-switch', 'ring', 'submit', 'vm-switch'],
    request: NOTHING,
    completion: TO_DRIVER,
  },
  /** Xen 3 with a guest as it is: the device model is a process in domain 0, whose kernel ends interrupts by hypercall. */
  'xen-emulated': {
    disk: 'ata',
    model: WORKER,
    notify: NOTHING,
    request: ['system-call', 'submit'],
    completion: ['vm-switch', 'disk-interrupt', 'hypercall', 'process', 'hypercall', 'vm-switch', 'inject'],
  },
  /** With split drivers: domain 0 maps the guest's page for the request. SIMPLIFIED: virtio's ring plays Xen's. */
  'xen-split': {
    disk: 'virtio',
    model: WORKER,
    notify: ['vm-switch', 'ring', 'hypercall', 'submit', 'vm-switch'],
    request: NOTHING,
    completion: ['vm-switch', 'disk-interrupt', 'hypercall', 'ring', 'hypercall', 'vm-switch', 'inject'],
  },
} as const satisfies Readonly<Record<string, DiskPath>>;

export type DiskPathName = keyof typeof DISK_PATHS;
export const isDiskPath = (name: string): name is DiskPathName => Object.hasOwn(DISK_PATHS, name);
export const diskPath = (name: DiskPathName): DiskPath => DISK_PATHS[name];
