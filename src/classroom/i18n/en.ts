/** English words of the classroom. */
import { saving } from './en-saving.ts';

export const en = { saving };
