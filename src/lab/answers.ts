/** Answers as students type them. */

/** The number in an answer, however its digits are grouped or wide; NaN where there is none. */
export function numberIn(answer: string | undefined): number {
  const text = (answer ?? '').normalize('NFKC').replace(/[\s_,'’]/g, '');
  return /^[+-]?(\d+\.?\d*|\.\d+)%?$/.test(text) ? parseFloat(text) : NaN;
}

/** Whether the number is right within `tolerance`, a share of what is right. */
export const isNear = (found: number, right: number, tolerance: number): boolean =>
  Math.abs(found - right) <= Math.abs(right) * tolerance;
