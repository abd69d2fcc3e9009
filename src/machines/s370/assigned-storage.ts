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
