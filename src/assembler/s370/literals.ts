/** Literals: pooled where LTORG or END stands, equal ones once, longest boundaries first (GC33-4010, "Literals"). */
import type { SizedConstant } from './constants/sizing.ts';
import type { Item } from './module.ts';

export interface Literal {
  /** The symbol under which its address is known; no source can spell it. */
  readonly name: string;
  readonly text: string;
  readonly constant: SizedConstant;
  /** The statement that uses it first. */
  readonly user: Item;
}

const bytesOf = ({ bits, duplication }: SizedConstant): number =>
  (duplication * bits.reduce((sum, b) => sum + b, 0)) / 8;

/** Doublewords, fullwords, halfwords, and the rest: so no gaps are needed for boundaries. */
const groupOf = (constant: SizedConstant): number => {
  const bytes = bytesOf(constant);
  return [8, 4, 2].findIndex((size) => bytes % size === 0);
};

export class LiteralPools {
  #pool: Literal[] = [];
  #number = 0;

  /** The name of the literal with that text in the pool to come; `unique` literals are never shared. */
  add(text: string, constant: SizedConstant, user: Item, unique: boolean): string {
    const spelled = text.replace(/'(?:[^']|'')*'|[^']+/g, (part) =>
      part.startsWith("'") && /^=\d*C/i.test(text) ? part : part.toUpperCase(),
    );
    const name = `${spelled} ${this.#number}${unique ? ` ${this.#pool.length}` : ''}`;
    if (!this.#pool.some((literal) => literal.name === name)) this.#pool.push({ name, text, constant, user });
    return name;
  }

  /** The literals so far, in the order in which they are placed; the next pool begins. */
  flush(): Literal[] {
    const pool = this.#pool;
    this.#pool = [];
    this.#number++;
    const rank = (literal: Literal): number => (groupOf(literal.constant) + 4) % 4;
    return [0, 1, 2, 3].flatMap((group) => pool.filter((literal) => rank(literal) === group));
  }
}
