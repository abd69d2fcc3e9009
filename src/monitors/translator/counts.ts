/** What the monitor counts, for reports: nothing of it changes how a guest runs. */
import type { Mode } from './state.ts';
import type { Translation } from './translate.ts';

export class Counts {
  values: Record<string, number> = {};

  add(name: string, by = 1): void {
    this.values[name] = (this.values[name] ?? 0) + by;
  }
  callOut(mnemonic: string): void {
    this.add(`call-outs: ${mnemonic}`);
    this.add('call-outs that emulate');
  }
  translated({ instructions, code }: Translation): void {
    this.add('units translated');
    this.add('guest instructions translated', instructions.length);
    this.add('bytes of translations', code.bytes.length);
    for (const { treatment } of instructions) this.add(`translated as ${treatment}`);
  }

  /** The guest goes on; the processor has executed `instructions` so far. */
  enter(instructions: number): void {
    this.values['entered at'] = instructions;
  }
  /** It has been left in this mode. */
  left(mode: Mode, instructions: number): void {
    if (mode !== 'interpreted') this.add(this.nameOf(mode), instructions - (this.values['entered at'] ?? 0));
    this.enter(instructions);
  }
  private nameOf(mode: Mode): string {
    return mode === 'direct' ? 'instructions executed directly' : 'instructions of translated code executed';
  }

  report(
    mode: Mode,
    instructions: number,
    interpreted: number,
    more: Readonly<Record<string, number>>,
  ): Readonly<Record<string, number>> {
    const { 'entered at': at = 0, ...values } = this.values;
    if (mode !== 'interpreted') {
      const name = this.nameOf(mode);
      values[name] = (values[name] ?? 0) + instructions - at;
    }
    return { ...values, 'instructions interpreted or emulated': interpreted, ...more };
  }
}
