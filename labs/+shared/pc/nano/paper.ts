/** What Adams and Agesen measured with these nanobenchmarks, on a 3.8 GHz Pentium 4 672: cycles of one operation. */
import type { PublishedFigure } from '../../../../src/lab/published.ts';
import type { Operation } from './nano.ts';

export const SOURCE = 'K. Adams, O. Agesen, ASPLOS 2006, section 6.3';
type Reading = PublishedFigure['reading'];
type Figure = readonly [cycles: number, reading: Reading];

/** Columns of the paper's figure 5, and the monitor of this lab that each is held against. */
export const TECHNIQUES = ['bare', 'translator', 'vmx-shadow'] as const;
export type Technique = (typeof TECHNIQUES)[number];

// prettier-ignore
export const CYCLES: Readonly<Record<Operation, Readonly<Record<Technique, Figure>>>> = {
  syscall:  { bare: [242, 'recalled'],  translator: [2308, 'recalled'], 'vmx-shadow': [242, 'recalled'] },
  in:       { bare: [3209, 'seen'],     translator: [214, 'derived'],   'vmx-shadow': [15826, 'seen'] },
  cr8wr:    { bare: [140, 'derived'],   translator: [35, 'seen'],       'vmx-shadow': [140, 'derived'] },
  callret:  { bare: [11, 'seen'],       translator: [51, 'seen'],       'vmx-shadow': [11, 'seen'] },
  pgfault:  { bare: [1093, 'seen'],     translator: [3927, 'seen'],     'vmx-shadow': [11242, 'seen'] },
  divzero:  { bare: [889, 'seen'],      translator: [3223, 'seen'],     'vmx-shadow': [1014, 'seen'] },
  ptemod:   { bare: [1, 'seen'],        translator: [391, 'seen'],      'vmx-shadow': [12733, 'seen'] },
};
