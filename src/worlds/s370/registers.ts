/** Registers and PSW of a subject, each field with the key of its explanation. */
import { hex } from '../../base/bits.ts';
import { packPsw, type Psw } from '../../machines/s370/psw.ts';
import { translationFormat } from '../../machines/s370/translation.ts';
import type { FieldView, RegistersView, RegisterView } from '../../protocol/frame.ts';
import type { Subject } from './subject.ts';

const bit = (on: boolean): string => (on ? '1' : '0');
const field = (name: string, value: string, explain: string): FieldView => ({ name, value, explain });

/** The fields of a PSW in the order in which they stand. */
export function pswFields(psw: Psw): FieldView[] {
  const mask = psw.systemMask;
  const head = psw.extendedControl
    ? [
        field('R', bit((mask & 0x40) !== 0), 'psw.per'),
        field('T', bit((mask & 0x04) !== 0), 'psw.dat'),
        field('I', bit((mask & 0x02) !== 0), 'psw.io'),
        field('E', bit((mask & 0x01) !== 0), 'psw.external'),
      ]
    : [
        field('CH', hex(mask >> 2, 2), 'psw.channel-masks'),
        field('I', bit((mask & 0x02) !== 0), 'psw.io'),
        field('E', bit((mask & 0x01) !== 0), 'psw.external'),
      ];
  const tail = psw.extendedControl
    ? []
    : [
        field('CODE', hex(psw.interruptionCode, 4), 'psw.ic'),
        field('ILC', String(psw.instructionLengthCode), 'psw.ilc'),
      ];
  return [
    ...head,
    field('KEY', hex(psw.key, 1), 'psw.key'),
    field('EC', bit(psw.extendedControl), 'psw.ec'),
    field('M', bit(psw.machineCheckMask), 'psw.machine-check'),
    field('W', bit(psw.wait), 'psw.wait'),
    field('P', bit(psw.problemState), 'psw.problem'),
    ...tail,
    field('CC', String(psw.conditionCode), 'psw.cc'),
    field('PM', psw.programMask.toString(2).padStart(4, '0'), 'psw.program-mask'),
    field('IA', hex(psw.instructionAddress, 6), 'psw.ia'),
  ];
}

export const pswText = (psw: Psw): string =>
  packPsw(psw)
    .map((word) => hex(word))
    .join(' ');

function controlFields(register: number, value: number): FieldView[] | undefined {
  const explain = `cr.${register}`;
  const flag = (name: string, mask: number): FieldView => field(name, bit((value & mask) !== 0), explain);
  switch (register) {
    case 0: {
      const format = translationFormat(value);
      return [
        flag('BMX', 0x8000_0000),
        flag('SSM', 0x4000_0000),
        field('PAGE', format ? `${2 ** (format.pageShift - 10)}K` : '-', explain),
        field('SEG', format ? `${2 ** (format.segmentShift - 10)}K` : '-', explain),
        flag('CKC', 0x800),
        flag('TIMER', 0x400),
        flag('INT', 0x80),
        flag('KEY', 0x40),
      ];
    }
    case 1:
      return [field('LEN', hex(value >>> 24, 2), explain), field('STO', hex(value & 0xffffc0, 6), explain)];
    case 6:
      return [
        flag('ON', 0x8000_0000),
        flag('P', 0x4000_0000),
        field('MICBLOK', hex(value & 0xfffff8, 6), explain),
      ];
    case 9:
      return [flag('B', 0x8000_0000), flag('F', 0x4000_0000), flag('S', 0x2000_0000), flag('G', 0x1000_0000)];
    default:
      return undefined;
  }
}

function controlRegister(register: number, value: number): RegisterView {
  const fields = controlFields(register, value);
  const view = { name: `C${register}`, value: hex(value) };
  return fields ? { ...view, fields } : view;
}

export function registersOf(subject: Subject): RegistersView {
  const { psw, gr, fpr, cr } = subject;
  const sixteen = Array.from({ length: 16 }, (_, i) => i);
  return {
    title: subject.name,
    groups: [
      { name: 'psw', registers: [{ name: 'PSW', value: pswText(psw), fields: pswFields(psw) }] },
      { name: 'general', registers: sixteen.map((r) => ({ name: `R${r}`, value: hex(gr[r] ?? 0) })) },
      { name: 'control', registers: sixteen.map((r) => controlRegister(r, cr[r] ?? 0)) },
      {
        name: 'floating',
        registers: [0, 2, 4, 6].map((r) => ({
          name: `F${r}`,
          value: `${hex(fpr[r] ?? 0)} ${hex(fpr[r + 1] ?? 0)}`,
        })),
      },
    ],
  };
}
