import { describe, expect, test } from 'vitest';
import { EVERYTHING } from '../../ui/lab/host.ts';
import { lookOf } from '../look.ts';
import { problemInWords } from '../problem-words.ts';
import { OPTION_NAMES } from './names.ts';
import { OPTIONS, readOptions, toQuery } from './options.ts';

describe('the options of a widget', () => {
  test('are read from the query of its address', () => {
    const query =
      '?lang=ja&theme=dark&controls=basic&readonly&panels=code,registers&autoplay=1&paused=no&t=7130&speed=full' +
      '&seed=7&lock=source,speed&hide=share&workload=svc&technique=cp-assist';
    expect(readOptions(query)).toEqual({
      problems: [],
      options: {
        ...{ lang: 'ja', theme: 'dark', controls: 'basic', readonly: true, panels: ['code', 'registers'] },
        ...{ autoplay: true, paused: false, t: 7130, speed: 'full', seed: 7 },
        ...{ lock: ['source', 'speed'], hide: ['share'], workload: 'svc', technique: 'cp-assist' },
      },
    });
  });

  test.each([
    ['t=1e3', 't'],
    ['t=-1', 't'],
    ['seed=4294967296', 'seed'],
    ['speed=0', 'speed'],
    ['panels=code,nosuch', 'panels'],
    ['panels=', 'panels'],
    ['theme=Dark', 'theme'],
    ['workload=<b>', 'workload'],
    ['readonly=maybe', 'readonly'],
  ])('%s is refused, and has no effect', (query, name) => {
    const { options, problems } = readOptions(query);
    expect(problems).toMatchObject([{ kind: 'value', name }]);
    expect(options).toEqual({});
  });

  test.each([
    ['speeed=full', 'There is no option “speeed”; it has no effect. Did you mean “speed”?'],
    ['utm_source=mail', 'There is no option “utm_source”; it has no effect.'],
    ['constructor=1', 'There is no option “constructor”; it has no effect.'],
    ['theme=pink', 'The option “theme” cannot be “pink”. It takes one of these: auto, light, dark.'],
    ['seed=1&seed=2', 'The option “seed” stands there twice; the first one counts.'],
    ['autoplay&paused', 'The options “autoplay” and “paused” contradict each other; “paused” counts.'],
  ])('%s is told in words', (query, words) => {
    expect(readOptions(query).problems.map((problem) => problemInWords(problem, 'en'))).toEqual([words]);
  });

  test('every option is understood, and written back into an address it reads the same', () => {
    const texts = Object.fromEntries(
      OPTION_NAMES.map((name) => {
        const { takes } = OPTIONS[name];
        const first = 'names' in takes ? takes.names.slice(0, 2) : ['1'];
        return [name, takes.kind === 'list' ? first.join(',') : (first[0] ?? '')];
      }),
    );
    const query = toQuery(texts);
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual(texts);
    expect(Object.keys(readOptions(query).options)).toEqual([...OPTION_NAMES]);
  });
});

describe('what a widget shows', () => {
  test('is everything for a whole lab without options', () => {
    expect(lookOf('lab', {})).toEqual(EVERYTHING);
  });

  test('is one panel with few controls for a panel', () => {
    const look = lookOf('registers', {});
    expect([look.panels, look.controls, look.hide.has('strata')]).toEqual([['registers'], 'basic', true]);
    expect(lookOf('strata', {}).panels).toEqual([]);
  });

  test('read-only locks all that changes the machine, and leaves running and stepping', () => {
    const { lock, controls } = lookOf('lab', { readonly: true });
    expect([...lock]).toEqual(['workload', 'technique', 'source', 'settings', 'terminal']);
    expect(controls).toBe('full');
  });
});
