/** English words of the classroom. */
import { compose } from './en-compose.ts';
import { saving } from './en-saving.ts';

export const en = { compose, saving };
