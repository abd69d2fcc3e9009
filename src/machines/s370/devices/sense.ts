/** Sense byte 0, whose meaning all devices share, and the sense register of the simple ones. GA22-7000, "Sense". */
import { CHANNEL_END, DEVICE_END, UNIT_CHECK } from '../channels/csw.ts';
import { ended, type Reply } from './device.ts';

export const COMMAND_REJECT = 0x80;
export const INTERVENTION_REQUIRED = 0x40;
export const BUS_OUT_CHECK = 0x20;
export const EQUIPMENT_CHECK = 0x10;
export const DATA_CHECK = 0x08;
export const OVERRUN = 0x04;

export const NO_OPERATION = 0x03;
export const SENSE = 0x04;

/** Channel end and device end together: the command is over in every respect. */
export const DONE = CHANNEL_END | DEVICE_END;

/** The command was not begun; sense says why. */
export const REJECTED: Reply = ended(UNIT_CHECK);

/** `bytes` of sense at `perByte` cycles. */
export const senseReply = (bytes: Uint8Array, perByte: number): Reply => ({
  kind: 'input',
  data: bytes,
  wait: 0,
  perByte,
  runsOn: false,
  end: { status: DONE },
});
