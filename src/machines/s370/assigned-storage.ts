/** Assigned storage locations and interruption codes, by the manual's names. GA22-7000, "Assigned Storage Locations". */

export const RESTART_NEW_PSW = 0x00;
export const RESTART_OLD_PSW = 0x08;
export const IPL_CCW1 = 0x08;
export const EXTERNAL_OLD_PSW = 0x18;
export const SVC_OLD_PSW = 0x20;
export const PROGRAM_OLD_PSW = 0x28;
export const MACHINE_CHECK_OLD_PSW = 0x30;
export const IO_OLD_PSW = 0x38;
export const CSW = 0x40;
export const CAW = 0x48;
export const INTERVAL_TIMER = 0x50;
export const EXTERNAL_NEW_PSW = 0x58;
export const SVC_NEW_PSW = 0x60;
export const PROGRAM_NEW_PSW = 0x68;
export const MACHINE_CHECK_NEW_PSW = 0x70;
export const IO_NEW_PSW = 0x78;
/** EC mode: CPU address (halfword) and external-interruption code (halfword). */
export const EXTERNAL_CODE = 0x84;
/** EC mode: 0, ILC, interruption code (halfword). */
export const SVC_CODE = 0x88;
export const PROGRAM_CODE = 0x8c;
export const TRANSLATION_EXCEPTION_ADDRESS = 0x90;
export const MONITOR_CLASS = 0x94;
export const PER_CODE = 0x96;
export const PER_ADDRESS = 0x98;
export const MONITOR_CODE = 0x9c;
export const CHANNEL_ID = 0xa8;
export const IO_ADDRESS = 0xb8;
/** Where a machine check saves what the processor holds, and says what failed. */
export const CPU_TIMER_SAVE = 0xd8;
export const CLOCK_COMPARATOR_SAVE = 0xe0;
export const MACHINE_CHECK_CODE = 0xe8;
export const FAILING_STORAGE_ADDRESS = 0xf8;
export const FLOATING_SAVE = 0x160;
export const GENERAL_SAVE = 0x180;
export const CONTROL_SAVE = 0x1c0;

export interface AssignedLocation {
  readonly address: number;
  readonly bytes: number;
  readonly name: string;
  /** In EC mode only; in BC mode the code is part of the old PSW. */
  readonly extendedControl?: true;
}
const location = (address: number, bytes: number, name: string): AssignedLocation => ({
  address,
  bytes,
  name,
});
const inExtendedControl = (address: number, bytes: number, name: string): AssignedLocation => ({
  ...location(address, bytes, name),
  extendedControl: true,
});

/** What this machine stores into or fetches from the first page by itself, by address. */
export const ASSIGNED_STORAGE: readonly AssignedLocation[] = [
  location(RESTART_NEW_PSW, 8, 'Restart new PSW; initial-program-loading PSW'),
  location(RESTART_OLD_PSW, 8, 'Restart old PSW; initial-program-loading CCW1'),
  location(IPL_CCW1 + 8, 8, 'Initial-program-loading CCW2'),
  location(EXTERNAL_OLD_PSW, 8, 'External old PSW'),
  location(SVC_OLD_PSW, 8, 'Supervisor-call old PSW'),
  location(PROGRAM_OLD_PSW, 8, 'Program old PSW'),
  location(MACHINE_CHECK_OLD_PSW, 8, 'Machine-check old PSW'),
  location(IO_OLD_PSW, 8, 'Input/output old PSW'),
  location(CSW, 8, 'Channel-status word (CSW)'),
  location(CAW, 4, 'Channel-address word (CAW)'),
  location(INTERVAL_TIMER, 4, 'Interval timer'),
  location(EXTERNAL_NEW_PSW, 8, 'External new PSW'),
  location(SVC_NEW_PSW, 8, 'Supervisor-call new PSW'),
  location(PROGRAM_NEW_PSW, 8, 'Program new PSW'),
  location(MACHINE_CHECK_NEW_PSW, 8, 'Machine-check new PSW'),
  location(IO_NEW_PSW, 8, 'Input/output new PSW'),
  inExtendedControl(EXTERNAL_CODE, 4, 'CPU address and external-interruption code'),
  inExtendedControl(SVC_CODE, 4, 'SVC-interruption identification'),
  inExtendedControl(PROGRAM_CODE, 4, 'Program-interruption identification'),
  location(TRANSLATION_EXCEPTION_ADDRESS, 4, 'Translation-exception address'),
  location(MONITOR_CLASS, 2, 'Monitor-class number'),
  inExtendedControl(PER_CODE, 2, 'PER code'),
  inExtendedControl(PER_ADDRESS, 4, 'PER address'),
  location(MONITOR_CODE, 4, 'Monitor code'),
  location(CHANNEL_ID, 4, 'Channel ID'),
  inExtendedControl(IO_ADDRESS, 4, 'I/O address'),
  location(CPU_TIMER_SAVE, 8, 'Machine-check CPU-timer save area'),
  location(CLOCK_COMPARATOR_SAVE, 8, 'Machine-check clock-comparator save area'),
  location(MACHINE_CHECK_CODE, 8, 'Machine-check interruption code'),
  location(FAILING_STORAGE_ADDRESS, 4, 'Failing-storage address'),
  location(FLOATING_SAVE, 32, 'Machine-check floating-point-register save area'),
  location(GENERAL_SAVE, 64, 'Machine-check general-register save area'),
  location(CONTROL_SAVE, 64, 'Machine-check control-register save area'),
];

/** Program-interruption codes. */
export const OPERATION = 0x01;
export const PRIVILEGED_OPERATION = 0x02;
export const EXECUTE = 0x03;
export const PROTECTION = 0x04;
export const ADDRESSING = 0x05;
export const SPECIFICATION = 0x06;
export const DATA = 0x07;
export const FIXED_POINT_OVERFLOW = 0x08;
export const FIXED_POINT_DIVIDE = 0x09;
export const DECIMAL_OVERFLOW = 0x0a;
export const DECIMAL_DIVIDE = 0x0b;
export const EXPONENT_OVERFLOW = 0x0c;
export const EXPONENT_UNDERFLOW = 0x0d;
export const SIGNIFICANCE = 0x0e;
export const FLOATING_POINT_DIVIDE = 0x0f;
export const SEGMENT_TRANSLATION = 0x10;
export const PAGE_TRANSLATION = 0x11;
export const TRANSLATION_SPECIFICATION = 0x12;
export const SPECIAL_OPERATION = 0x13;
export const MONITOR_EVENT = 0x40;
export const PER_EVENT = 0x80;

export const PROGRAM_INTERRUPTIONS: Readonly<Record<number, string>> = {
  [OPERATION]: 'operation',
  [PRIVILEGED_OPERATION]: 'privileged operation',
  [EXECUTE]: 'execute',
  [PROTECTION]: 'protection',
  [ADDRESSING]: 'addressing',
  [SPECIFICATION]: 'specification',
  [DATA]: 'data',
  [FIXED_POINT_OVERFLOW]: 'fixed-point overflow',
  [FIXED_POINT_DIVIDE]: 'fixed-point divide',
  [DECIMAL_OVERFLOW]: 'decimal overflow',
  [DECIMAL_DIVIDE]: 'decimal divide',
  [EXPONENT_OVERFLOW]: 'exponent overflow',
  [EXPONENT_UNDERFLOW]: 'exponent underflow',
  [SIGNIFICANCE]: 'significance',
  [FLOATING_POINT_DIVIDE]: 'floating-point divide',
  [SEGMENT_TRANSLATION]: 'segment translation',
  [PAGE_TRANSLATION]: 'page translation',
  [TRANSLATION_SPECIFICATION]: 'translation specification',
  [SPECIAL_OPERATION]: 'special operation',
  [MONITOR_EVENT]: 'monitor event',
  [PER_EVENT]: 'PER event',
};

/** External-interruption codes. */
export const INTERVAL_TIMER_CODE = 0x0080;
export const INTERRUPT_KEY_CODE = 0x0040;
export const CLOCK_COMPARATOR_CODE = 0x1004;
export const CPU_TIMER_CODE = 0x1005;

export const EXTERNAL_INTERRUPTIONS: Readonly<Record<number, string>> = {
  [INTERRUPT_KEY_CODE]: 'interrupt key',
  [INTERVAL_TIMER_CODE]: 'interval timer',
  [CLOCK_COMPARATOR_CODE]: 'clock comparator',
  [CPU_TIMER_CODE]: 'CPU timer',
};
