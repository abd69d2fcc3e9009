/**
 * Numbers of the Xen 3 interface for 32-bit x86 guests without PAE, as guests of others are compiled against them.
 * Source: the public headers xen.h, arch-x86/xen-x86_32.h, elfnote.h, sched.h, event_channel.h, memory.h, version.h.
 */

/** Hypercalls by number. */
export const HYPERCALLS: Readonly<Record<number, string>> = {
  0: 'set_trap_table',
  1: 'mmu_update',
  2: 'set_gdt',
  3: 'stack_switch',
  4: 'set_callbacks',
  5: 'fpu_taskswitch',
  6: 'sched_op_compat',
  10: 'update_descriptor',
  12: 'memory_op',
  13: 'multicall',
  14: 'update_va_mapping',
  15: 'set_timer_op',
  16: 'event_channel_op_compat',
  17: 'xen_version',
  18: 'console_io',
  19: 'physdev_op_compat',
  20: 'grant_table_op',
  21: 'vm_assist',
  22: 'update_va_mapping_otherdomain',
  23: 'iret',
  24: 'vcpu_op',
  26: 'mmuext_op',
  29: 'sched_op',
  32: 'event_channel_op',
  33: 'physdev_op',
  36: 'domctl',
};
export const IRET = 23;
/** Vector of the hypercall instruction, and that of system calls, which Xen lets pass directly. */
export const HYPERCALL_VECTOR = 0x82;
export const SYSTEM_CALL_VECTOR = 0x80;

/** Answers of hypercalls: numbers of Xen's errno.h, negative. */
export const EPERM = -1;
export const ESRCH = -3;
export const E2BIG = -7;
export const ENOMEM = -12;
export const EACCES = -13;
export const EFAULT = -14;
export const EBUSY = -16;
export const EINVAL = -22;
export const ENOSPC = -28;
export const ENOSYS = -38;

export const DOMID_SELF = 0x7ff0;

/** Where guests end: the table of pseudo-physical numbers by machine frame stands there, read-only; above is Xen. */
export const HYPERVISOR_START = 0xfc000000;
export const M2P_END = 0xfc400000;

// Selectors of Xen's own part of every global descriptor table.
export const FLAT_KERNEL_CS = 0xe019;
export const FLAT_KERNEL_DS = 0xe021;
export const FLAT_USER_CS = 0xe02b;
export const FLAT_USER_DS = 0xe033;
/** Frames of the table that are a guest's own, and entries in them. */
export const GUEST_GDT_FRAMES = 14;
export const GUEST_GDT_ENTRIES = GUEST_GDT_FRAMES * 512;
export const LDT_ENTRIES = 8192;

// struct start_info.
export const START_INFO = {
  magic: 0,
  pages: 32,
  sharedInfo: 36,
  flags: 40,
  storeFrame: 44,
  storePort: 48,
  consoleFrame: 52,
  consolePort: 56,
  pageTable: 60,
  pageTableFrames: 64,
  frameList: 68,
  moduleStart: 72,
  moduleLength: 76,
  commandLine: 80,
} as const;
export const COMMAND_LINE_BYTES = 1024;
export const SIF_PRIVILEGED = 1;
export const SIF_INITDOMAIN = 2;

// struct shared_info; the first of its processors is the only one here.
export const SHARED_INFO = {
  upcallPending: 0,
  upcallMask: 1,
  pendingSelector: 4,
  cr2: 8,
  time: { version: 32, timeStamp: 40, systemTime: 48, multiplier: 56, shift: 60 },
  pending: 2048,
  mask: 2176,
  wallClock: { version: 2304, seconds: 2308, nanoseconds: 2312 },
  maxFrame: 2316,
} as const;
export const EVENT_PORTS = 1024;

export const VIRQ_TIMER = 0;
export const VIRQ_DEBUG = 1;
export const VIRQ_CONSOLE = 2;
export const VIRQS = 24;

/** Why a domain says that it stops. */
export const SHUTDOWN_REASONS = ['poweroff', 'reboot', 'suspend', 'crash', 'watchdog'] as const;

/** Types of vm_assist. */
export const ASSIST_WRITABLE_PAGE_TABLES = 2;
/** XENFEAT bits of submap 0: writable page tables, and updates that keep accessed and dirty bits. */
export const FEATURES = (1 << 0) | (1 << 5);

/** Notes of a kernel's file. */
export const NOTES = {
  1: 'ENTRY',
  2: 'HYPERCALL_PAGE',
  3: 'VIRT_BASE',
  4: 'PADDR_OFFSET',
  5: 'XEN_VERSION',
  6: 'GUEST_OS',
  7: 'GUEST_VERSION',
  8: 'LOADER',
  9: 'PAE_MODE',
  10: 'FEATURES',
  15: 'INIT_P2M',
  18: 'PHYS32_ENTRY',
} as const;
