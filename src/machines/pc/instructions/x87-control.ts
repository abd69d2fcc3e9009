/** x87 control: initialization, control and status words, environments, whole states. SDM vol. 1, section 8.3.11. */
import { EAX } from '../registers.ts';
import {
  loadEnvironment,
  restoreAll,
  restoreExtended,
  saveAll,
  saveExtended,
  storeEnvironment,
} from '../x87/environment.ts';
import { C1 } from '../x87/unit.ts';
import { offsetOf, setE16 } from './operands.ts';
import { row, type Execute, type Row } from './row.ts';
import { control, place, unwaiting, wait, waiting } from './x87-frame.ts';

const move =
  (by: number): Execute =>
  ({ x87 }) => {
    x87.top = (x87.top + by) & 7;
    x87.conditions(C1, 0);
  };
const nothing: Execute = () => undefined;
const free: Execute = ({ x87 }, i) => {
  x87.free(i.rm);
  x87.conditions(C1, 0);
};
const freeAndPop: Execute = ({ x87 }, i) => {
  x87.free(i.rm);
  x87.conditions(C1, 0);
  x87.pop();
};

const X87 = { x87: true } as const;
const ALIAS = { ...X87, alias: true } as const;
const STATE = 'float-state';

export const X87_CONTROL: readonly Row[] = [
  row('9B', 'WAIT', 'Wait for pending x87 exceptions', '', 'plain', wait),
  row(
    'DB E3',
    'FNINIT',
    'Initialize the unit',
    '',
    STATE,
    unwaiting((cpu) => cpu.x87.initialize()),
    X87,
  ),
  row(
    'DB E2',
    'FNCLEX',
    'Clear exceptions',
    '',
    'float',
    unwaiting((cpu) => cpu.x87.clearExceptions()),
    X87,
  ),
  row(
    'D9 /5',
    'FLDCW',
    'Load control word',
    'Mw',
    'float',
    control((cpu, i) => {
      cpu.x87.control = cpu.load16(i.segment, offsetOf(cpu, i));
    }),
    X87,
  ),
  row(
    'D9 /7',
    'FNSTCW',
    'Store control word',
    'Mw',
    'float',
    unwaiting((cpu, i) => setE16(cpu, i, cpu.x87.control)),
    X87,
  ),
  row(
    'DD /7',
    'FNSTSW',
    'Store status word',
    'Mw',
    'float',
    unwaiting((cpu, i) => setE16(cpu, i, cpu.x87.status)),
    X87,
  ),
  row(
    'DF E0',
    'FNSTSW',
    'Store status word',
    'AX',
    'float',
    unwaiting((cpu) => {
      cpu.halves[EAX << 1] = cpu.x87.status;
    }),
    X87,
  ),
  row(
    'D9 /6',
    'FNSTENV',
    'Store environment',
    'M',
    STATE,
    unwaiting((cpu, i) => storeEnvironment(cpu, place(cpu, i), i.wide)),
    X87,
  ),
  row(
    'D9 /4',
    'FLDENV',
    'Load environment',
    'M',
    STATE,
    control((cpu, i) => loadEnvironment(cpu, place(cpu, i), i.wide)),
    X87,
  ),
  row(
    'DD /6',
    'FNSAVE',
    'Store state and initialize',
    'M',
    STATE,
    unwaiting((cpu, i) => saveAll(cpu, place(cpu, i), i.wide)),
    X87,
  ),
  row(
    'DD /4',
    'FRSTOR',
    'Restore state',
    'M',
    STATE,
    control((cpu, i) => restoreAll(cpu, place(cpu, i), i.wide)),
    X87,
  ),
  row(
    '0F AE /0',
    'FXSAVE',
    'Save x87 state',
    'M',
    STATE,
    unwaiting((cpu, i) => saveExtended(cpu, place(cpu, i))),
    {
      since: 'fxsr',
    },
  ),
  row(
    '0F AE /1',
    'FXRSTOR',
    'Restore x87 state',
    'M',
    STATE,
    unwaiting((cpu, i) => restoreExtended(cpu, place(cpu, i))),
    {
      since: 'fxsr',
    },
  ),
  row('D9 F6', 'FDECSTP', 'Decrement stack-top pointer', '', 'float', waiting(move(-1)), X87),
  row('D9 F7', 'FINCSTP', 'Increment stack-top pointer', '', 'float', waiting(move(1)), X87),
  row('DD C0+i', 'FFREE', 'Free a register', 'STi', 'float', waiting(free), X87),
  row('DF C0+i', 'FFREEP', 'Free a register and pop', 'STi', 'float', waiting(freeAndPop), ALIAS),
  row('D9 D0', 'FNOP', 'No operation', '', 'float', waiting(nothing), X87),
  row(
    'DB E0',
    'FNENI',
    'Enable interrupts of the 8087: no operation',
    '',
    'float',
    unwaiting(nothing),
    ALIAS,
  ),
  row(
    'DB E1',
    'FNDISI',
    'Disable interrupts of the 8087: no operation',
    '',
    'float',
    unwaiting(nothing),
    ALIAS,
  ),
  row(
    'DB E4',
    'FNSETPM',
    'Protected mode of the 80287: no operation',
    '',
    'float',
    unwaiting(nothing),
    ALIAS,
  ),
];
