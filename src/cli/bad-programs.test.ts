// Programs that behave badly never hang the command: bare and under CP they end in a designed state within the limit.
import { describe, expect, test } from 'vitest';
import { file, program, run, strata } from './testing.ts';

const WAIT_FOR_EVER = program(`LOOP     B     LOOP`);
const PRIVILEGED_LOOP = program(
  `         LPSW  USER
         DS    0D
USER     DC    X'00010000',A(LOOP)
LOOP     SSM   0
         B     LOOP
BACK     LPSW  X'28'`,
  `         ORG   T+X'68'
         DC    A(0),A(BACK)`,
);
const WILD_BRANCH = `T        START X'200'
         BALR  12,0
         USING *,12
         L     15,=X'00FEDCBA'
         BR    15
         END
`;
const SELF_MODIFYING = program(`         LA    2,50
LOOP     MVI   PATCH+3,X'01'
PATCH    LA    3,0(3)
         MVI   PATCH+1,X'33'
         BCT   2,LOOP`);
const INVALID_PSW = program(
  `         SVC   0`,
  `         ORG   T+X'60'
         DC    X'FF08FFFFFFFFFFFF'
         ORG   T+X'68'
         DC    X'FF08FFFFFFFFFFFF'`,
);
const ENDLESS_CHANNEL_PROGRAM = program(`         LA    1,CCW
         ST    1,X'48'
         SIO   X'00E'
LOOP     B     LOOP
         DS    0D
CCW      CCW   3,0,X'60',1
         CCW   8,CCW,0,1`);

const LIMIT = ['--limit', '3000000'];

describe('on the bare machine', () => {
  test('an endless loop ends at the limit', async () => {
    expect(await run(WAIT_FOR_EVER, ...LIMIT)).toMatchObject({ status: 0, stopped: 'limit' });
  });

  test('a loop of privileged operations in the problem state ends at the limit', async () => {
    const result = await run(PRIVILEGED_LOOP, ...LIMIT);
    expect(result.stopped).toBe('limit');
    expect(result.traps['privileged operation']).toBeGreaterThan(1000);
  });

  test('a wild branch with no handler ends in a check that names the loop', async () => {
    const result = await run(WILD_BRANCH, ...LIMIT);
    expect(result).toMatchObject({ status: 1, stopped: 'check' });
    expect(result.reason).toContain('program-interruption loop');
  });

  test('self-modifying code sees its own stores', async () => {
    const result = await run(SELF_MODIFYING, ...LIMIT);
    expect(result).toMatchObject({ status: 0, stopped: 'wait' });
    expect(parseInt(result.gpr[3]!, 16)).toBe(50);
  });

  test('an invalid new PSW ends in a check', async () => {
    expect(await run(INVALID_PSW, ...LIMIT)).toMatchObject({ status: 1, stopped: 'check' });
  });

  test('an endless channel program ends at the limit', async () => {
    expect(await run(ENDLESS_CHANNEL_PROGRAM, ...LIMIT)).toMatchObject({ stopped: 'limit' });
  });
});

describe.each(['cp', 'cp,cp'])('under %s', (under) => {
  test.each([
    ['an endless loop', WAIT_FOR_EVER],
    ['a loop of privileged operations', PRIVILEGED_LOOP],
    ['a wild branch', WILD_BRANCH],
    ['an invalid new PSW', INVALID_PSW],
    ['an endless channel program', ENDLESS_CHANNEL_PROGRAM],
  ])('%s ends in a designed state', async (_, source) => {
    const { stopped, reason } = await run(source, '--under', under, ...LIMIT);
    expect(['wait', 'limit', 'check']).toContain(stopped);
    expect(reason).not.toContain('internal');
  });

  test('self-modifying code sees its own stores', async () => {
    const result = await run(SELF_MODIFYING, '--under', under, '--limit', '30000000');
    expect(parseInt(result.gpr[3]!, 16)).toBe(50);
  });
});

test.each(['\u0000\u0001\u0002', ' FROB 1,2', ')(*&^%$#@!', 'A'.repeat(5000), ' DC 4000000F'])(
  'garbage assembly %# as diagnostics in lines',
  async (source) => {
    const { status, out, err } = await strata('run', '--source', file(source), '--json');
    if (status === 0 || out !== '') return; // an empty program is a program
    expect(status).toBe(1);
    expect(err).toMatch(/^.+:\d+:\d+: (error|warning): .+\n/);
  },
);
