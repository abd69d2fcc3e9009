/** Why a vector leaves part of the outcome open, or expects something else than was recorded. GA22-7000. */
export const REASONS = {
  terminated:
    'Protection, addressing and data exceptions terminate the instruction: result fields and condition code are unpredictable.',
  fetch:
    'The instruction itself could not be fetched: whether the instruction-length code is 1, 2 or 3 is unpredictable; the old PSW’s address less that length is the faulty one.',
  clock: 'The time of day.',
  page: 'The translation-exception address names segment and page; its rightmost 11 or 12 bits are unpredictable.',
  'execute-length':
    'MANUAL: an interruption by the subject of EX has the instruction-length code of EX, 2. Hercules 3.13 stores that of a subject of one halfword.',
  'monitor-fields':
    'MANUAL: the monitor class (148–149) and code (156–159) are stored in the BC mode too. Hercules 3.13 stores them in the EC mode only.',
  'key-block':
    'MANUAL: a storage key belongs to a block of 2 K. Hercules 3.13 lets RRB look at and reset the reference bits of 4 K.',
  'event-length':
    'MANUAL: the instruction-length code is that of the instruction executed. Hercules 3.13 sometimes stores 2 for a program event of LR.',
} as const;

export type Reason = keyof typeof REASONS;
