/** Schemas of the small things that assignments and hand-ins have in common. */
import { z } from 'zod';
import { MOST } from './limits.ts';

/** A chapter's folder under labs/. */
export const chapter = z.string().regex(/^\d{1,3}-[a-z0-9-]{1,60}$/, 'not NN-slug');

/** An exercise's whole name, `CHAPTER/FOLDER`. */
export const exercise = z
  .string()
  .regex(/^\d{1,3}-[a-z0-9-]{1,60}\/\d{1,3}-[a-z0-9-]{1,60}$/, 'not NN-slug/NN-slug');

/** A word of ours: a panel, a control, a technique … */
export const word = z.string().regex(/^[a-z0-9-]{1,60}$/, 'not a word');

export const wholeNumber = z.int().min(0);

export const student = z.string().trim().min(1).max(MOST.name);

/** What a schema's result is once nobody may change it. */
export type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;
