/**
 * CP's messages: a module's name, a number, a severity, a text, as GC20-1808 (System Messages) lists them.
 * SET EMSG chooses whether code, text, both or nothing is typed.
 */
import type { UserSettings } from './state.ts';

export const AT_LOGON: UserSettings = {
  messages: true,
  information: true,
  errors: 'ON',
  run: false,
  assist: true,
  assistSvc: true,
  assistTimer: true,
};

/** The message `code` `text` in the form that the user has chosen. */
export function messageFor(settings: UserSettings | undefined, code: string, text: string): string {
  switch ((settings ?? AT_LOGON).errors) {
    case 'OFF':
      return '';
    case 'CODE':
      return code;
    case 'TEXT':
      return text;
    case 'ON':
      return `${code} ${text}`;
  }
}
