/** The instruction table as the assembler sees it: by name, each form with its opcode bytes and operands. */
import type { Row } from '../../machines/pc/instructions/row.ts';
import { IA32_INSTRUCTIONS } from '../../machines/pc/instructions/table.ts';
import { ALIASES, CONDITION_CODES, namesOfCondition, SIZED_NAMES } from './names.ts';

export interface Form {
  readonly row: Row;
  /** As the table has them, strings' implied ones left out. */
  readonly operands: readonly string[];
  readonly opcode: readonly number[];
  /** WAIT stands before it: the x87 name without `N`. */
  readonly waits: boolean;
  /** ModRM.reg, or −1. */
  readonly digit: number;
  /** Operand size that the name stands for, or null. */
  readonly size: 2 | 4 | null;
  /** Address size that the name stands for, or null. */
  readonly addressSize: 2 | 4 | null;
}

const STRING = /^(MOVS|CMPS|STOS|LODS|SCAS|INS|OUTS)$/;

interface Name {
  readonly name: string;
  /** Added to the last opcode byte. */
  readonly add?: number;
  readonly size?: 2 | 4 | null;
  readonly address?: 2 | 4;
  readonly waits?: true;
}

/** Every name of `row`, each with what it adds to the opcode and says of sizes. */
function namesOf(row: Row): Name[] {
  const { mnemonic, opcode } = row;
  if (opcode.includes('+cc'))
    return CONDITION_CODES.map(([condition, add]) => ({ name: mnemonic + condition, add }));
  const condition = /^J(?!MP$|ECXZ$)(\w+)$/.exec(mnemonic)?.[1];
  if (condition) return namesOfCondition(condition).map((each) => ({ name: `J${each}` }));
  const sized = SIZED_NAMES[mnemonic];
  if (sized) return Object.entries(sized).map(([name, size]) => ({ name, size }));
  if (STRING.test(mnemonic))
    return row.operands.some((operand) => /^[XY]b$/.test(operand))
      ? [{ name: `${mnemonic}B` }]
      : [
          { name: `${mnemonic}W`, size: 2 },
          { name: `${mnemonic}D`, size: 4 },
        ];
  if (/^FN(?!OP)/.test(mnemonic)) return [{ name: mnemonic }, { name: `F${mnemonic.slice(2)}`, waits: true }];
  if (mnemonic === 'JECXZ')
    return [
      { name: 'JECXZ', address: 4 },
      { name: 'JCXZ', address: 2 },
    ];
  if (mnemonic === 'RET' && /^C[AB]$/.test(opcode)) return [{ name: 'RETF' }];
  if (mnemonic === 'RET') return [{ name: 'RET' }, { name: 'RETN' }];
  return [mnemonic, ...(ALIASES[mnemonic] ?? [])].map((name) => ({ name }));
}

/** Opcode bytes, digit and the rest of the notation of SDM vol. 2A, section 3.1.1. */
function encodingOf(opcode: string): Pick<Form, 'opcode' | 'digit'> {
  const bytes = [...opcode.matchAll(/(?<![/\w])([0-9A-F]{2})/g)].map(([, byte]) => parseInt(byte!, 16));
  const digit = /\/([0-7])/.exec(opcode)?.[1];
  return { opcode: bytes, digit: digit === undefined ? -1 : Number(digit) };
}

function build(): ReadonlyMap<string, readonly Form[]> {
  const forms = new Map<string, Form[]>();
  for (const row of IA32_INSTRUCTIONS.filter(({ alias }) => alias !== true)) {
    const encoding = encodingOf(row.opcode);
    const operands = STRING.test(row.mnemonic) ? [] : row.operands;
    for (const { name, add = 0, size = null, address = null, waits = false } of namesOf(row)) {
      const opcode = encoding.opcode.map((byte, i) => (i === encoding.opcode.length - 1 ? byte + add : byte));
      const list = forms.get(name) ?? [];
      list.push({
        row,
        operands,
        ...encoding,
        opcode,
        waits,
        size,
        addressSize: address,
      });
      forms.set(name, list);
    }
  }
  return forms;
}

const FORMS = build();

/** The forms of an instruction, in the order of the table; undefined for an unknown name. */
export const formsOf = (mnemonic: string): readonly Form[] | undefined => FORMS.get(mnemonic.toUpperCase());

/** Names of all instructions. */
export const mnemonics = (): Iterable<string> => FORMS.keys();
